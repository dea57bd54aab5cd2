//! Groups of keys, so that numbers can be compared without naming everybody's things.

use super::{Audience, Key, Tag};
use crate::{
    id::{ChapterId, CharacterId, LENGTH, PostId, SceneId, SettingId, StoryId, UserId},
    page::Page,
    reading::{NovelsQuery, Sort},
};

/// Every group of a key; what a browser counts is counted under one of these.
pub const KEY_GROUPS: [&str; 19] = [
    "shelf",
    "story",
    "outline",
    "chapter",
    "chapter-scenes",
    "scene",
    "characters",
    "character",
    "settings",
    "setting",
    "progress",
    "novels",
    "novel",
    "reading",
    "forums",
    "feed",
    "board",
    "post",
    "replies",
];

impl Key {
    /// The kind of view, as numbers about it are grouped.
    pub fn group(&self) -> &'static str {
        match self {
            Key::Shelf(_) => "shelf",
            Key::Story { .. } => "story",
            Key::Outline { .. } => "outline",
            Key::Chapter { .. } => "chapter",
            Key::ChapterScenes { .. } => "chapter-scenes",
            Key::Scene { .. } => "scene",
            Key::Characters { .. } => "characters",
            Key::Character { .. } => "character",
            Key::Settings { .. } => "settings",
            Key::Setting { .. } => "setting",
            Key::Progress { .. } => "progress",
            Key::Novels(_) => "novels",
            Key::Novel(_) => "novel",
            Key::Reading { .. } => "reading",
            Key::Forums => "forums",
            Key::Feed { .. } => "feed",
            Key::Board { .. } => "board",
            Key::Post { .. } => "post",
            Key::Replies(_) => "replies",
        }
    }
}

impl Tag {
    /// The kind of tag: its form without the ids.
    pub fn group(&self) -> &'static str {
        match self {
            Tag::Scene(_) => "scene",
            Tag::Chapter(_) => "chapter",
            Tag::ChapterScenes(_) => "chapter:scenes",
            Tag::ChapterPublic(_) => "chapter:public",
            Tag::Part(_) => "part",
            Tag::Story(_) => "story",
            Tag::StoryChapters(_) => "story:chapters",
            Tag::StoryPublic(_) => "story:public",
            Tag::StoryCharacters(_) => "story:characters",
            Tag::StorySettings(_) => "story:settings",
            Tag::StoryCommunity(_) => "story:community",
            Tag::Character(_) => "character",
            Tag::Setting(_) => "setting",
            Tag::UserStories(_) => "user:stories",
            Tag::UserProgress(_) => "user:progress",
            Tag::StoriesPublished => "stories:published",
            Tag::CommunityStories => "community:stories",
            Tag::CommunityFeed => "community:feed",
            Tag::Post(_) => "post",
            Tag::PostReplies(_) => "post:replies",
        }
    }
}

/// The kinds of view that are stale when something of this kind of tag was written; none for what is no kind of tag.
pub fn views_of_tag(group: &str) -> Vec<&'static str> {
    let depends = |key: &Key| key.tags().iter().any(|tag| tag.group() == group);
    examples().iter().filter(|key| depends(key)).map(Key::group).collect()
}

/// A key of every kind, in the order of [`KEY_GROUPS`].
fn examples() -> [Key; KEY_GROUPS.len()] {
    const BYTES: [u8; LENGTH] = [0; LENGTH];
    let (story, chapter, scene) =
        (StoryId::from_random(BYTES), ChapterId::from_random(BYTES), SceneId::from_random(BYTES));
    let (character, setting) = (CharacterId::from_random(BYTES), SettingId::from_random(BYTES));
    let (author, post, audience) = (UserId::from_random(BYTES), PostId::from_random(BYTES), Audience::Public);
    [
        Key::Shelf(author),
        Key::Story { story, author },
        Key::Outline { story, author },
        Key::Chapter { story, chapter, author },
        Key::ChapterScenes { story, chapter, author },
        Key::Scene { story, scene, author },
        Key::Characters { story, author },
        Key::Character { story, character, author },
        Key::Settings { story, author },
        Key::Setting { story, setting, author },
        Key::Progress { reader: author, story },
        // The order that depends on more.
        Key::Novels(NovelsQuery { sort: Sort::Popular, ..NovelsQuery::first() }),
        Key::Novel(story),
        Key::Reading { story, chapter },
        Key::Forums,
        Key::Feed { audience, page: Page::first() },
        Key::Board { story, audience, page: Page::first() },
        Key::Post { post, audience },
        Key::Replies(post),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_an_example_of_every_kind() {
        assert_eq!(examples().map(|key| key.group()), KEY_GROUPS);
    }

    #[test]
    fn a_kind_of_tag_knows_the_views_that_depend_on_it() {
        assert_eq!(views_of_tag("chapter:public"), ["reading"]);
        assert_eq!(views_of_tag("community:stories"), ["novels", "forums"]);
        assert_eq!(views_of_tag("store"), Vec::<&str>::new());
    }
}
