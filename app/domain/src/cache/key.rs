//! The address of a cached view.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize, de};

use super::{
    NotAKey, Tag,
    parse::{Words, escape, unescape},
};
use crate::{
    id::{ChapterId, CharacterId, PostId, SceneId, SettingId, StoryId, UserId},
    page::Page,
    reading::{NovelsQuery, Sort},
};

/// For whose eyes a view was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// The same for everyone, holding published text only.
    Public,
    /// One person's, with what only they may know.
    User(UserId),
}

/// The address of one cached view, the same in Redis, in memory and in localStorage.
///
/// A view deep in a story names the story after an `@`: a chapter or a scene never changes its story, and the story's
/// own tag must reach all that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// `user:<id>:stories`: one writer's stories, drafts included.
    Shelf(UserId),
    /// `story:<id>:user:<uid>`: a story as its author sees it.
    Story { story: StoryId, author: UserId },
    /// `story:<id>:chapters:user:<uid>`: its parts, chapters and the heads of its scenes.
    Outline { story: StoryId, author: UserId },
    /// `chapter:<id>:user:<uid>@<story>`.
    Chapter { story: StoryId, chapter: ChapterId, author: UserId },
    /// `chapter:<id>:scenes:user:<uid>@<story>`: the scenes of a chapter with their working text.
    ChapterScenes { story: StoryId, chapter: ChapterId, author: UserId },
    /// `scene:<id>:user:<uid>@<story>`: one scene with its working text.
    Scene { story: StoryId, scene: SceneId, author: UserId },
    /// `story:<id>:characters:user:<uid>`: the cast of a story.
    Characters { story: StoryId, author: UserId },
    /// `character:<id>:user:<uid>@<story>`.
    Character { story: StoryId, character: CharacterId, author: UserId },
    /// `story:<id>:settings:user:<uid>`: the places of a story.
    Settings { story: StoryId, author: UserId },
    /// `setting:<id>:user:<uid>@<story>`.
    Setting { story: StoryId, setting: SettingId, author: UserId },
    /// `user:<uid>:progress:<story>`: how far one reader got in a story.
    Progress { reader: UserId, story: StoryId },
    /// `stories:published`, with `?genre=…&sort=…&limit=…&after=…` where they are not the usual ones.
    Novels(NovelsQuery),
    /// `story:<id>:public`: a published story and its contents.
    Novel(StoryId),
    /// `chapter:<id>:public@<story>`: the published text of one chapter, and its neighbours.
    Reading { story: StoryId, chapter: ChapterId },
    /// `community:stories:all`: the boards.
    Forums,
    /// `community:feed:<audience>`: posts of all boards.
    Feed { audience: Audience, page: Page },
    /// `community:story:<id>:posts:<audience>`: posts of one board.
    Board { story: StoryId, audience: Audience, page: Page },
    /// `post:<id>:<audience>`.
    Post { post: PostId, audience: Audience },
    /// `post:<id>:replies`.
    Replies(PostId),
}

impl Key {
    /// What this view depends on: when one of these changes, the view is stale.
    pub fn tags(&self) -> Vec<Tag> {
        match self {
            Key::Shelf(author) => vec![Tag::UserStories(*author)],
            Key::Story { story, .. } => vec![Tag::Story(*story)],
            Key::Outline { story, .. } => vec![Tag::Story(*story), Tag::StoryChapters(*story)],
            Key::Chapter { story, chapter, .. } => vec![Tag::Story(*story), Tag::Chapter(*chapter)],
            Key::ChapterScenes { story, chapter, .. } => {
                vec![Tag::Story(*story), Tag::Chapter(*chapter), Tag::ChapterScenes(*chapter)]
            }
            Key::Scene { story, scene, .. } => vec![Tag::Story(*story), Tag::Scene(*scene)],
            Key::Characters { story, .. } => vec![Tag::Story(*story), Tag::StoryCharacters(*story)],
            Key::Character { story, character, .. } => vec![Tag::Story(*story), Tag::Character(*character)],
            Key::Settings { story, .. } => vec![Tag::Story(*story), Tag::StorySettings(*story)],
            Key::Setting { story, setting, .. } => vec![Tag::Story(*story), Tag::Setting(*setting)],
            // A place that readers can no longer go to is none: so it depends on what is public.
            Key::Progress { reader, story } => {
                vec![Tag::Story(*story), Tag::StoryPublic(*story), Tag::UserProgress(*reader)]
            }
            Key::Novels(NovelsQuery { sort: Sort::Latest, .. }) => vec![Tag::StoriesPublished],
            Key::Novels(NovelsQuery { sort: Sort::Popular, .. }) => vec![Tag::StoriesPublished, Tag::CommunityStories],
            Key::Novel(story) => vec![Tag::Story(*story), Tag::StoryPublic(*story)],
            Key::Reading { story, chapter } => {
                vec![Tag::Story(*story), Tag::StoryPublic(*story), Tag::ChapterPublic(*chapter)]
            }
            // Boards and feeds show the titles of stories and the counts of posts, whoever's they are.
            Key::Forums => vec![Tag::CommunityStories, Tag::StoriesPublished],
            Key::Feed { .. } => vec![Tag::CommunityFeed, Tag::StoriesPublished],
            Key::Board { story, .. } => {
                vec![Tag::Story(*story), Tag::StoryPublic(*story), Tag::StoryCommunity(*story), Tag::CommunityFeed]
            }
            Key::Post { post, .. } => vec![Tag::Post(*post)],
            Key::Replies(post) => vec![Tag::PostReplies(*post)],
        }
    }

    /// For whose eyes the view is.
    pub fn audience(&self) -> Audience {
        match self {
            Key::Shelf(author)
            | Key::Story { author, .. }
            | Key::Outline { author, .. }
            | Key::Chapter { author, .. }
            | Key::ChapterScenes { author, .. }
            | Key::Scene { author, .. }
            | Key::Characters { author, .. }
            | Key::Character { author, .. }
            | Key::Settings { author, .. }
            | Key::Setting { author, .. } => Audience::User(*author),
            Key::Progress { reader, .. } => Audience::User(*reader),
            Key::Feed { audience, .. } | Key::Board { audience, .. } | Key::Post { audience, .. } => *audience,
            Key::Novels(_) | Key::Novel(_) | Key::Reading { .. } | Key::Forums | Key::Replies(_) => Audience::Public,
        }
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Audience::Public => f.write_str("public"),
            Audience::User(user) => write!(f, "user:{user}"),
        }
    }
}

impl fmt::Display for Key {
    /// The stored form. Changing it abandons every stored entry.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Shelf(author) => write!(f, "user:{author}:stories"),
            Key::Story { story, author } => write!(f, "story:{story}:user:{author}"),
            Key::Outline { story, author } => write!(f, "story:{story}:chapters:user:{author}"),
            Key::Chapter { story, chapter, author } => write!(f, "chapter:{chapter}:user:{author}@{story}"),
            Key::ChapterScenes { story, chapter, author } => {
                write!(f, "chapter:{chapter}:scenes:user:{author}@{story}")
            }
            Key::Scene { story, scene, author } => write!(f, "scene:{scene}:user:{author}@{story}"),
            Key::Characters { story, author } => write!(f, "story:{story}:characters:user:{author}"),
            Key::Character { story, character, author } => write!(f, "character:{character}:user:{author}@{story}"),
            Key::Settings { story, author } => write!(f, "story:{story}:settings:user:{author}"),
            Key::Setting { story, setting, author } => write!(f, "setting:{setting}:user:{author}@{story}"),
            Key::Progress { reader, story } => write!(f, "user:{reader}:progress:{story}"),
            Key::Novels(query) => {
                f.write_str("stories:published")?;
                write_options(f, query.search.as_deref(), query.genre.as_deref(), query.sort, &query.page)
            }
            Key::Novel(story) => write!(f, "story:{story}:public"),
            Key::Reading { story, chapter } => write!(f, "chapter:{chapter}:public@{story}"),
            Key::Forums => f.write_str("community:stories:all"),
            Key::Feed { audience, page } => {
                write!(f, "community:feed:{audience}")?;
                write_options(f, None, None, Sort::Latest, page)
            }
            Key::Board { story, audience, page } => {
                write!(f, "community:story:{story}:posts:{audience}")?;
                write_options(f, None, None, Sort::Latest, page)
            }
            Key::Post { post, audience } => write!(f, "post:{post}:{audience}"),
            Key::Replies(post) => write!(f, "post:{post}:replies"),
        }
    }
}

/// Writes what differs from the usual as `?name=value&…`, in one fixed order.
fn write_options(
    f: &mut fmt::Formatter<'_>,
    search: Option<&str>,
    genre: Option<&str>,
    sort: Sort,
    page: &Page,
) -> fmt::Result {
    let options = [
        search.map(|search| format!("q={}", escape(search))),
        genre.map(|genre| format!("genre={}", escape(genre))),
        (sort != Sort::Latest).then(|| format!("sort={sort}")),
        (page.limit() != Page::first().limit()).then(|| format!("limit={}", page.limit())),
        page.after.as_ref().map(|after| format!("after={after}")),
    ];
    for (index, option) in options.into_iter().flatten().enumerate() {
        f.write_str(if index == 0 { "?" } else { "&" })?;
        f.write_str(&option)?;
    }
    Ok(())
}

impl FromStr for Key {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let (path, options) = text.split_once('?').map_or((text, ""), |(path, options)| (path, options));
        let (path, shelf) = path.split_once('@').map_or((path, None), |(path, story)| (path, Some(story)));
        let story = || shelf.ok_or(NotAKey)?.parse().map_err(NotAKey::from);
        let list = || read_options(options);

        let key = match Words::of(path).as_slice() {
            ["user", id, "stories"] => Key::Shelf(id.parse()?),
            ["story", id, "user", user] => Key::Story { story: id.parse()?, author: user.parse()? },
            ["story", id, "chapters", "user", user] => Key::Outline { story: id.parse()?, author: user.parse()? },
            ["story", id, "public"] => Key::Novel(id.parse()?),
            ["chapter", id, "user", user] => {
                Key::Chapter { story: story()?, chapter: id.parse()?, author: user.parse()? }
            }
            ["chapter", id, "scenes", "user", user] => {
                Key::ChapterScenes { story: story()?, chapter: id.parse()?, author: user.parse()? }
            }
            ["chapter", id, "public"] => Key::Reading { story: story()?, chapter: id.parse()? },
            ["scene", id, "user", user] => Key::Scene { story: story()?, scene: id.parse()?, author: user.parse()? },
            ["story", id, "characters", "user", user] => Key::Characters { story: id.parse()?, author: user.parse()? },
            ["character", id, "user", user] => {
                Key::Character { story: story()?, character: id.parse()?, author: user.parse()? }
            }
            ["story", id, "settings", "user", user] => Key::Settings { story: id.parse()?, author: user.parse()? },
            ["setting", id, "user", user] => {
                Key::Setting { story: story()?, setting: id.parse()?, author: user.parse()? }
            }
            ["user", id, "progress", story] => Key::Progress { reader: id.parse()?, story: story.parse()? },
            ["stories", "published"] => Key::Novels(list()?),
            ["community", "stories", "all"] => Key::Forums,
            ["community", "feed", audience @ ..] => {
                Key::Feed { audience: read_audience(audience)?, page: list()?.page }
            }
            ["community", "story", id, "posts", audience @ ..] => {
                Key::Board { story: id.parse()?, audience: read_audience(audience)?, page: list()?.page }
            }
            ["post", id, "replies"] => Key::Replies(id.parse()?),
            ["post", id, audience @ ..] => Key::Post { post: id.parse()?, audience: read_audience(audience)? },
            _ => return Err(NotAKey),
        };
        // One view, one form: whatever was spelled otherwise is not a key.
        if key.to_string() == text { Ok(key) } else { Err(NotAKey) }
    }
}

fn read_audience(words: &[&str]) -> Result<Audience, NotAKey> {
    match words {
        ["public"] => Ok(Audience::Public),
        ["user", user] => Ok(Audience::User(user.parse()?)),
        _ => Err(NotAKey),
    }
}

fn read_options(options: &str) -> Result<NovelsQuery, NotAKey> {
    let mut query = NovelsQuery::first();
    let (mut limit, mut after) = (None, None);
    for option in options.split('&').filter(|option| !option.is_empty()) {
        match option.split_once('=').ok_or(NotAKey)? {
            ("q", value) => query.search = Some(unescape(value)?),
            ("genre", value) => query.genre = Some(unescape(value)?),
            ("sort", value) => query.sort = value.parse()?,
            ("limit", value) => limit = Some(value.parse().map_err(|_| NotAKey)?),
            ("after", value) => after = Some(value.parse()?),
            _ => return Err(NotAKey),
        }
    }
    query.page = Page::new(limit, after);
    Ok(query)
}

impl Serialize for Key {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
