//! What a view depends on.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize, de};

use super::parse::{NotAKey, Words};
use crate::id::{ChapterId, CharacterId, PartId, PostId, SceneId, SettingId, StoryId, UserId};

/// A thing whose change makes views stale. `Display` is its form in headers and in Redis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tag {
    /// `scene:<id>`: a scene and its working text.
    Scene(SceneId),
    /// `chapter:<id>`: a chapter's own fields.
    Chapter(ChapterId),
    /// `chapter:<id>:scenes`: the working scenes of a chapter.
    ChapterScenes(ChapterId),
    /// `chapter:<id>:public`: what readers see of a chapter.
    ChapterPublic(ChapterId),
    /// `part:<id>`.
    Part(PartId),
    /// `story:<id>`: a story, and with it every view that belongs to it.
    Story(StoryId),
    /// `story:<id>:chapters`: the outline of a story.
    StoryChapters(StoryId),
    /// `story:<id>:public`: what readers see of a story as a whole: is it there, and in which order.
    StoryPublic(StoryId),
    /// `story:<id>:characters`.
    StoryCharacters(StoryId),
    /// `story:<id>:settings`.
    StorySettings(StoryId),
    /// `story:<id>:community`: the board of a story.
    StoryCommunity(StoryId),
    /// `character:<id>`.
    Character(CharacterId),
    /// `setting:<id>`.
    Setting(SettingId),
    /// `user:<id>:stories`: a writer's shelf.
    UserStories(UserId),
    /// `user:<id>:progress`: how far a reader got in what they read.
    UserProgress(UserId),
    /// `stories:published`: the public list of novels.
    StoriesPublished,
    /// `community:stories:all`: the list of boards.
    CommunityStories,
    /// `community:feed`: posts of all boards.
    CommunityFeed,
    /// `post:<id>`.
    Post(PostId),
    /// `post:<id>:replies`.
    PostReplies(PostId),
}

impl Tag {
    /// May everyone know that it changed, if the story it belongs to is public?
    ///
    /// A tag is public exactly if a view for everyone depends on it. The others name what only an author or one reader
    /// sees: that a scene is being written is nobody's business.
    pub fn is_public(&self) -> bool {
        match self {
            Tag::Story(_)
            | Tag::StoryPublic(_)
            | Tag::ChapterPublic(_)
            | Tag::StoryCommunity(_)
            | Tag::StoriesPublished
            | Tag::CommunityStories
            | Tag::CommunityFeed
            | Tag::Post(_)
            | Tag::PostReplies(_) => true,
            Tag::Scene(_)
            | Tag::Chapter(_)
            | Tag::ChapterScenes(_)
            | Tag::Part(_)
            | Tag::StoryChapters(_)
            | Tag::StoryCharacters(_)
            | Tag::StorySettings(_)
            | Tag::Character(_)
            | Tag::Setting(_)
            | Tag::UserStories(_)
            | Tag::UserProgress(_) => false,
        }
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Tag::Scene(id) => write!(f, "scene:{id}"),
            Tag::Chapter(id) => write!(f, "chapter:{id}"),
            Tag::ChapterScenes(id) => write!(f, "chapter:{id}:scenes"),
            Tag::ChapterPublic(id) => write!(f, "chapter:{id}:public"),
            Tag::Part(id) => write!(f, "part:{id}"),
            Tag::Story(id) => write!(f, "story:{id}"),
            Tag::StoryChapters(id) => write!(f, "story:{id}:chapters"),
            Tag::StoryPublic(id) => write!(f, "story:{id}:public"),
            Tag::StoryCharacters(id) => write!(f, "story:{id}:characters"),
            Tag::StorySettings(id) => write!(f, "story:{id}:settings"),
            Tag::StoryCommunity(id) => write!(f, "story:{id}:community"),
            Tag::Character(id) => write!(f, "character:{id}"),
            Tag::Setting(id) => write!(f, "setting:{id}"),
            Tag::UserStories(id) => write!(f, "user:{id}:stories"),
            Tag::UserProgress(id) => write!(f, "user:{id}:progress"),
            Tag::StoriesPublished => f.write_str("stories:published"),
            Tag::CommunityStories => f.write_str("community:stories:all"),
            Tag::CommunityFeed => f.write_str("community:feed"),
            Tag::Post(id) => write!(f, "post:{id}"),
            Tag::PostReplies(id) => write!(f, "post:{id}:replies"),
        }
    }
}

impl FromStr for Tag {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let words = Words::of(text);
        Ok(match words.as_slice() {
            ["scene", id] => Tag::Scene(id.parse()?),
            ["chapter", id] => Tag::Chapter(id.parse()?),
            ["chapter", id, "scenes"] => Tag::ChapterScenes(id.parse()?),
            ["chapter", id, "public"] => Tag::ChapterPublic(id.parse()?),
            ["part", id] => Tag::Part(id.parse()?),
            ["story", id] => Tag::Story(id.parse()?),
            ["story", id, "chapters"] => Tag::StoryChapters(id.parse()?),
            ["story", id, "public"] => Tag::StoryPublic(id.parse()?),
            ["story", id, "characters"] => Tag::StoryCharacters(id.parse()?),
            ["story", id, "settings"] => Tag::StorySettings(id.parse()?),
            ["story", id, "community"] => Tag::StoryCommunity(id.parse()?),
            ["character", id] => Tag::Character(id.parse()?),
            ["setting", id] => Tag::Setting(id.parse()?),
            ["user", id, "stories"] => Tag::UserStories(id.parse()?),
            ["user", id, "progress"] => Tag::UserProgress(id.parse()?),
            ["stories", "published"] => Tag::StoriesPublished,
            ["community", "stories", "all"] => Tag::CommunityStories,
            ["community", "feed"] => Tag::CommunityFeed,
            ["post", id] => Tag::Post(id.parse()?),
            ["post", id, "replies"] => Tag::PostReplies(id.parse()?),
            _ => return Err(NotAKey),
        })
    }
}

impl Serialize for Tag {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Tag {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
