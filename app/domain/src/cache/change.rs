//! What a person did, and what that makes stale: the only map from entities to caches.

use std::collections::BTreeSet;

use super::{PageType, Plan, Tag};
use crate::id::{ChapterId, CharacterId, PartId, PostId, SceneId, SettingId, StoryId, UserId};

/// What a person did.
///
/// Creating and editing share a variant: they make the same views stale. What readers can see has variants of its own:
/// editing working text never touches them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A story was created or edited.
    Story { story: StoryId, author: UserId },
    /// A story was taken back from the trash with all that is in it, unpublished.
    StoryRestored { story: StoryId, author: UserId },
    /// A story went to the trash; a published one leaves its readers with it.
    StoryDeleted { story: StoryId, author: UserId },
    /// A story and all its chapters became public, or were published anew.
    StoryPublished { story: StoryId, author: UserId, chapters: Vec<ChapterId>, scenes: Vec<SceneId> },
    /// A story was hidden from everyone but its author.
    StoryUnpublished { story: StoryId, author: UserId },
    /// A part was created or edited; or it went or came back, and was empty.
    Part { part: PartId, story: StoryId },
    /// A part went to the trash with its chapters; readers lose them at once.
    PartDeleted { part: PartId, story: StoryId, author: UserId },
    /// A part was taken back from the trash with its chapters.
    PartRestored { part: PartId, story: StoryId, author: UserId },
    /// A chapter was created or edited.
    Chapter { chapter: ChapterId, story: StoryId, author: UserId },
    /// A chapter found another place among its siblings.
    ChapterMoved { chapter: ChapterId, story: StoryId, author: UserId },
    /// A chapter went to the trash with its scenes.
    ChapterDeleted { chapter: ChapterId, story: StoryId, author: UserId, scenes: Vec<SceneId> },
    /// A chapter was taken back from the trash with its scenes, unpublished.
    ChapterRestored { chapter: ChapterId, story: StoryId, author: UserId, scenes: Vec<SceneId> },
    /// The present text of a chapter became what readers see.
    ChapterPublished { chapter: ChapterId, story: StoryId, author: UserId, scenes: Vec<SceneId> },
    /// A chapter was hidden from readers.
    ChapterUnpublished { chapter: ChapterId, story: StoryId, author: UserId, scenes: Vec<SceneId> },
    /// A scene was created or edited.
    Scene { scene: SceneId, chapter: ChapterId, story: StoryId },
    /// A scene was taken back from the trash, unpublished.
    SceneRestored { scene: SceneId, chapter: ChapterId, story: StoryId },
    /// Words were replaced in several scenes at once; each comes with its chapter.
    ScenesReplaced { story: StoryId, scenes: Vec<(SceneId, ChapterId)> },
    /// A scene found another place, in its chapter (`from` is `to`) or in another.
    SceneMoved { scene: SceneId, from: ChapterId, to: ChapterId, story: StoryId },
    /// A scene went to the trash; readers lose it at once.
    SceneDeleted { scene: SceneId, chapter: ChapterId, story: StoryId },
    /// A character was created or edited, or went.
    Character { character: CharacterId, story: StoryId },
    /// A place was created or edited, or went.
    Setting { setting: SettingId, story: StoryId },
    /// A reader came to another place in a story.
    Progress { reader: UserId, story: StoryId },
    /// A post was written or edited.
    Post { post: PostId, story: StoryId },
    /// A post was removed.
    PostDeleted { post: PostId, story: StoryId },
    /// Someone liked a post, or no longer does.
    Liked { post: PostId, story: StoryId },
    /// A reply was written, edited or removed.
    Reply { post: PostId, story: StoryId },
}

/// Whom a change concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// A story: its author may know all of it, everyone else what is public, and that only if the story is.
    Story(StoryId),
    /// A story that its readers lose as a whole: whether it was public before decides who may know.
    HiddenStory(StoryId),
    /// One person alone.
    Person(UserId),
}

impl Change {
    /// Whom this change concerns.
    pub fn whose(&self) -> Whose {
        match self {
            Change::StoryDeleted { story, .. } | Change::StoryUnpublished { story, .. } => Whose::HiddenStory(*story),
            Change::Progress { reader, .. } => Whose::Person(*reader),
            Change::Story { story, .. }
            | Change::StoryRestored { story, .. }
            | Change::StoryPublished { story, .. }
            | Change::Part { story, .. }
            | Change::PartDeleted { story, .. }
            | Change::PartRestored { story, .. }
            | Change::Chapter { story, .. }
            | Change::ChapterMoved { story, .. }
            | Change::ChapterDeleted { story, .. }
            | Change::ChapterRestored { story, .. }
            | Change::ChapterPublished { story, .. }
            | Change::ChapterUnpublished { story, .. }
            | Change::Scene { story, .. }
            | Change::SceneRestored { story, .. }
            | Change::ScenesReplaced { story, .. }
            | Change::SceneMoved { story, .. }
            | Change::SceneDeleted { story, .. }
            | Change::Character { story, .. }
            | Change::Setting { story, .. }
            | Change::Post { story, .. }
            | Change::PostDeleted { story, .. }
            | Change::Liked { story, .. }
            | Change::Reply { story, .. } => Whose::Story(*story),
        }
    }

    /// What this change makes stale, and no others.
    pub fn plan(&self) -> Plan {
        Plan { tags: self.tags(), page_types: self.page_types().to_vec() }
    }

    fn tags(&self) -> Vec<Tag> {
        match self {
            Change::Story { story, author } => {
                vec![Tag::Story(*story), Tag::UserStories(*author), Tag::StoriesPublished]
            }
            Change::StoryRestored { story, author } => {
                vec![Tag::Story(*story), Tag::StoryChapters(*story), Tag::UserStories(*author), Tag::StoriesPublished]
            }
            Change::StoryDeleted { story, author } | Change::StoryUnpublished { story, author } => {
                hidden(*story, *author)
            }
            Change::StoryPublished { story, author, chapters, scenes } => {
                let public = chapters
                    .iter()
                    .flat_map(|id| [Tag::Chapter(*id), Tag::ChapterScenes(*id), Tag::ChapterPublic(*id)]);
                [hidden(*story, *author), public.collect(), scene_tags(scenes)].concat()
            }
            Change::Part { part, story } => vec![Tag::Part(*part), Tag::StoryChapters(*story)],
            // However many chapters went with it, the story's own tag reaches every view of them.
            Change::PartDeleted { part, story, author } => {
                [whole_part(*part, *story, *author), vec![Tag::StoriesPublished]].concat()
            }
            Change::PartRestored { part, story, author } => whole_part(*part, *story, *author),
            Change::Chapter { chapter, story, author } => chapter_tags(*chapter, *story, *author),
            Change::ChapterMoved { chapter, story, author } => {
                [chapter_tags(*chapter, *story, *author), vec![Tag::StoryPublic(*story)]].concat()
            }
            Change::ChapterRestored { chapter, story, author, scenes } => {
                [chapter_tags(*chapter, *story, *author), scene_tags(scenes)].concat()
            }
            Change::ChapterDeleted { chapter, story, author, scenes }
            | Change::ChapterPublished { chapter, story, author, scenes }
            | Change::ChapterUnpublished { chapter, story, author, scenes } => {
                let own = [chapter_tags(*chapter, *story, *author), scene_tags(scenes)].concat();
                [own, chapter_shown(*chapter, *story)].concat()
            }
            Change::Scene { scene, chapter, story } | Change::SceneRestored { scene, chapter, story } => {
                one_scene(*scene, *chapter, *story)
            }
            Change::ScenesReplaced { story, scenes } => replaced(*story, scenes),
            Change::SceneMoved { scene, from, to, story } => moved(*scene, *from, *to, *story),
            Change::SceneDeleted { scene, chapter, story } => {
                let readers = [Tag::ChapterPublic(*chapter), Tag::StoryPublic(*story), Tag::StoriesPublished];
                [one_scene(*scene, *chapter, *story), readers.to_vec()].concat()
            }
            Change::Character { character, story } => {
                vec![Tag::Character(*character), Tag::StoryCharacters(*story)]
            }
            Change::Setting { setting, story } => {
                vec![Tag::Setting(*setting), Tag::StorySettings(*story)]
            }
            Change::Progress { reader, .. } => vec![Tag::UserProgress(*reader)],
            Change::Post { post, story } => {
                vec![Tag::Post(*post), Tag::StoryCommunity(*story), Tag::CommunityFeed, Tag::CommunityStories]
            }
            Change::PostDeleted { post, story } => post_deleted(*post, *story),
            Change::Liked { post, .. } => {
                vec![Tag::Post(*post), Tag::CommunityFeed, Tag::CommunityStories]
            }
            Change::Reply { post, .. } => vec![Tag::PostReplies(*post), Tag::Post(*post), Tag::CommunityFeed],
        }
    }

    fn page_types(&self) -> &'static [PageType] {
        use PageType::{Browse, Community, Reading, Writing};
        match self {
            Change::Story { .. } | Change::StoryRestored { .. } => &[Writing, Reading, Browse],
            Change::StoryDeleted { .. }
            | Change::StoryPublished { .. }
            | Change::StoryUnpublished { .. }
            | Change::ChapterPublished { .. }
            | Change::ChapterUnpublished { .. } => &[Writing, Reading, Browse, Community],
            Change::Part { .. }
            | Change::PartDeleted { .. }
            | Change::PartRestored { .. }
            | Change::Chapter { .. }
            | Change::ChapterMoved { .. }
            | Change::ChapterDeleted { .. }
            | Change::ChapterRestored { .. }
            | Change::Scene { .. }
            | Change::SceneRestored { .. }
            | Change::ScenesReplaced { .. }
            | Change::SceneMoved { .. }
            | Change::SceneDeleted { .. } => &[Writing, Reading],
            Change::Character { .. } | Change::Setting { .. } => &[Writing],
            Change::Progress { .. } => &[Reading],
            Change::Post { .. } | Change::PostDeleted { .. } | Change::Liked { .. } => &[Community],
            Change::Reply { .. } => &[Community, Reading],
        }
    }
}

fn chapter_tags(chapter: ChapterId, story: StoryId, author: UserId) -> Vec<Tag> {
    vec![Tag::Chapter(chapter), Tag::ChapterScenes(chapter), Tag::StoryChapters(story), Tag::UserStories(author)]
}

/// What readers see of a chapter, and where they see that it is there.
fn chapter_shown(chapter: ChapterId, story: StoryId) -> Vec<Tag> {
    vec![Tag::ChapterPublic(chapter), Tag::StoryPublic(story), Tag::StoriesPublished, Tag::CommunityStories]
}

fn one_scene(scene: SceneId, chapter: ChapterId, story: StoryId) -> Vec<Tag> {
    vec![Tag::Scene(scene), Tag::ChapterScenes(chapter), Tag::StoryChapters(story)]
}

/// Each scene and each chapter once.
fn replaced(story: StoryId, scenes: &[(SceneId, ChapterId)]) -> Vec<Tag> {
    let chapters: BTreeSet<ChapterId> = scenes.iter().map(|(_, chapter)| *chapter).collect();
    let scenes = scenes.iter().map(|(scene, _)| Tag::Scene(*scene));
    scenes.chain(chapters.into_iter().map(Tag::ChapterScenes)).chain([Tag::StoryChapters(story)]).collect()
}

fn post_deleted(post: PostId, story: StoryId) -> Vec<Tag> {
    let (itself, replies) = (Tag::Post(post), Tag::PostReplies(post));
    vec![itself, replies, Tag::StoryCommunity(story), Tag::CommunityFeed, Tag::CommunityStories]
}

fn whole_part(part: PartId, story: StoryId, author: UserId) -> Vec<Tag> {
    vec![Tag::Part(part), Tag::Story(story), Tag::StoryChapters(story), Tag::UserStories(author)]
}

fn scene_tags(scenes: &[SceneId]) -> Vec<Tag> {
    scenes.iter().copied().map(Tag::Scene).collect()
}

/// Readers see a published scene in its new place at once; in another chapter it may be hidden, or no longer, and then
/// the list of novels counts other words.
fn moved(scene: SceneId, from: ChapterId, to: ChapterId, story: StoryId) -> Vec<Tag> {
    let mut tags = vec![Tag::Scene(scene), Tag::ChapterScenes(from), Tag::ChapterPublic(from)];
    if from != to {
        tags.extend([Tag::ChapterScenes(to), Tag::ChapterPublic(to), Tag::StoriesPublished]);
    }
    tags.extend([Tag::StoryChapters(story), Tag::StoryPublic(story)]);
    tags
}

/// Everything that shows a story, or shows that it is there.
fn hidden(story: StoryId, author: UserId) -> Vec<Tag> {
    vec![
        Tag::Story(story),
        Tag::StoryChapters(story),
        Tag::StoryPublic(story),
        Tag::UserStories(author),
        Tag::StoriesPublished,
        Tag::StoryCommunity(story),
        Tag::CommunityFeed,
        Tag::CommunityStories,
    ]
}
