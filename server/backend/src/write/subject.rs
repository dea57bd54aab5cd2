//! What a row of the invalidation log is about, for people who ask why something was dropped.

use domain::cache::Change;

/// Who was changed, and how.
pub(super) struct Subject {
    pub(super) entity: &'static str,
    pub(super) id: String,
    pub(super) action: &'static str,
}

impl Subject {
    pub(super) fn of(change: &Change) -> Self {
        let subject = |entity, id: &dyn ToString, action| Subject { entity, id: id.to_string(), action };
        match change {
            Change::Story { story, .. } => subject("story", story, "saved"),
            Change::StoryRestored { story, .. } => subject("story", story, "restored"),
            Change::StoryDeleted { story, .. } => subject("story", story, "deleted"),
            Change::StoryPublished { story, .. } => subject("story", story, "published"),
            Change::StoryUnpublished { story, .. } => subject("story", story, "unpublished"),
            Change::Part { part, .. } => subject("part", part, "saved"),
            Change::PartDeleted { part, .. } => subject("part", part, "deleted"),
            Change::PartRestored { part, .. } => subject("part", part, "restored"),
            Change::Chapter { chapter, .. } => subject("chapter", chapter, "saved"),
            Change::ChapterMoved { chapter, .. } => subject("chapter", chapter, "moved"),
            Change::ChapterDeleted { chapter, .. } => subject("chapter", chapter, "deleted"),
            Change::ChapterRestored { chapter, .. } => subject("chapter", chapter, "restored"),
            Change::ChapterPublished { chapter, .. } => subject("chapter", chapter, "published"),
            Change::ChapterUnpublished { chapter, .. } => subject("chapter", chapter, "unpublished"),
            Change::Scene { scene, .. } => subject("scene", scene, "saved"),
            Change::SceneRestored { scene, .. } => subject("scene", scene, "restored"),
            Change::ScenesReplaced { story, .. } => subject("story", story, "words replaced"),
            Change::SceneMoved { scene, .. } => subject("scene", scene, "moved"),
            Change::SceneDeleted { scene, .. } => subject("scene", scene, "deleted"),
            Change::Character { character, .. } => subject("character", character, "saved"),
            Change::Setting { setting, .. } => subject("setting", setting, "saved"),
            Change::Progress { story, .. } => subject("story", story, "read"),
            Change::Post { post, .. } => subject("post", post, "saved"),
            Change::PostDeleted { post, .. } => subject("post", post, "deleted"),
            Change::Liked { post, .. } => subject("post", post, "liked"),
            Change::Reply { post, .. } => subject("post", post, "replied"),
        }
    }
}
