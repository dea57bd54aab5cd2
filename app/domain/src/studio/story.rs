//! A story, and the outline of what is in it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Chapter, Part, SceneHead};
use crate::id::{StoryId, UserId};

/// Is a story the writer's own, or everyone's?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StoryStatus {
    Writing,
    Published,
}

/// A novel, without its text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Story {
    pub id: StoryId,
    pub author_id: UserId,
    pub title: String,
    pub summary: String,
    pub genre: Option<String>,
    pub status: StoryStatus,
    pub published_at: Option<DateTime<Utc>>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// What a new story is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewStory {
    pub title: String,
    #[serde(default)]
    pub summary: Option<String>,
    #[serde(default)]
    pub genre: Option<String>,
}

/// What to change in a story; absent fields stay. An empty `genre` removes it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct StoryEdit {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub genre: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// `{story}`, as the contract answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoryAnswer {
    pub story: Story,
}

/// `{stories}`: a writer's shelf, the last edited first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stories {
    pub stories: Vec<Story>,
}

/// `{parts, chapters}`: everything in a story but the text, in reading order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Outline {
    pub parts: Vec<Part>,
    pub chapters: Vec<OutlineChapter>,
}

/// A chapter and the heads of its scenes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutlineChapter {
    #[serde(flatten)]
    pub chapter: Chapter,
    pub scenes: Vec<SceneHead>,
}

impl Outline {
    /// The words of all scenes together.
    pub fn word_count(&self) -> i64 {
        self.chapters.iter().flat_map(|chapter| &chapter.scenes).map(|scene| scene.word_count).sum()
    }
}
