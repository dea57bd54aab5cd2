//! Which story a chapter, a scene, a character, a place or a post belongs to.
//!
//! None of them ever changes its story, so the answer can be kept without ever being outdated. Keys of views need it:
//! the story's own tag must reach all that belongs to it.

use domain::{
    error::Entity as Kind,
    id::{ChapterId, CharacterId, PostId, SceneId, SettingId, StoryId},
};
use moka::sync::Cache;
use sea_orm::{EntityTrait, QuerySelect};

use crate::{
    Backend, Error,
    entity::{chapter, character, id, post, scene, setting},
};

/// How many of each kind are remembered; an entry is two ids.
const CAPACITY: u64 = 50_000;

/// What is remembered.
#[derive(Clone, Debug)]
pub(crate) struct Parents {
    chapters: Cache<ChapterId, StoryId>,
    scenes: Cache<SceneId, StoryId>,
    characters: Cache<CharacterId, StoryId>,
    settings: Cache<SettingId, StoryId>,
    posts: Cache<PostId, StoryId>,
}

impl Parents {
    /// Remembers nothing yet.
    pub(crate) fn new() -> Self {
        Parents {
            chapters: Cache::new(CAPACITY),
            scenes: Cache::new(CAPACITY),
            characters: Cache::new(CAPACITY),
            settings: Cache::new(CAPACITY),
            posts: Cache::new(CAPACITY),
        }
    }
}

impl Backend {
    /// The story of a chapter, in the trash or not.
    pub(crate) async fn story_of_chapter(&self, chapter: ChapterId) -> Result<StoryId, Error> {
        if let Some(story) = self.parents.chapters.get(&chapter) {
            return Ok(story);
        }
        let row = chapter::Entity::find_by_id(chapter.as_str()).select_only().column(chapter::Column::StoryId);
        let story = found(row.into_tuple().one(self.database.read()).await?, Kind::Chapter)?;
        self.parents.chapters.insert(chapter, story);
        Ok(story)
    }

    /// The story of a scene, in the trash or not.
    pub(crate) async fn story_of_scene(&self, scene: SceneId) -> Result<StoryId, Error> {
        if let Some(story) = self.parents.scenes.get(&scene) {
            return Ok(story);
        }
        let row = scene::Entity::find_by_id(scene.as_str()).select_only().column(scene::Column::StoryId);
        let story = found(row.into_tuple().one(self.database.read()).await?, Kind::Scene)?;
        self.parents.scenes.insert(scene, story);
        Ok(story)
    }

    /// The story of a character, in the trash or not.
    pub(crate) async fn story_of_character(&self, character: CharacterId) -> Result<StoryId, Error> {
        if let Some(story) = self.parents.characters.get(&character) {
            return Ok(story);
        }
        let row = character::Entity::find_by_id(character.as_str()).select_only().column(character::Column::StoryId);
        let story = found(row.into_tuple().one(self.database.read()).await?, Kind::Character)?;
        self.parents.characters.insert(character, story);
        Ok(story)
    }

    /// The story of a place, in the trash or not.
    pub(crate) async fn story_of_setting(&self, setting: SettingId) -> Result<StoryId, Error> {
        if let Some(story) = self.parents.settings.get(&setting) {
            return Ok(story);
        }
        let row = setting::Entity::find_by_id(setting.as_str()).select_only().column(setting::Column::StoryId);
        let story = found(row.into_tuple().one(self.database.read()).await?, Kind::Setting)?;
        self.parents.settings.insert(setting, story);
        Ok(story)
    }

    /// The story on whose board a post is, removed or not.
    pub(crate) async fn story_of_post(&self, post: PostId) -> Result<StoryId, Error> {
        if let Some(story) = self.parents.posts.get(&post) {
            return Ok(story);
        }
        let row = post::Entity::find_by_id(post.as_str()).select_only().column(post::Column::StoryId);
        let story = found(row.into_tuple().one(self.database.read()).await?, Kind::Post)?;
        self.parents.posts.insert(post, story);
        Ok(story)
    }
}

/// Ids that nothing has are not remembered: anyone can make up any number of them, and some may come to be.
fn found(row: Option<String>, missing: Kind) -> Result<StoryId, Error> {
    let text = row.ok_or(domain::Error::NotFound(missing))?;
    Ok(id(&text)?)
}
