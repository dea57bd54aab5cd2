//! A story, and the outline of what is in it.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Chapter, Part, SceneHead};
use crate::{
    id::{StoryId, UserId},
    text::{GENRE, SUMMARY, TITLE},
};

/// Is a story the writer's own, or everyone's?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StoryStatus {
    Writing,
    Published,
}

/// A novel, without its text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewStory {
    #[schemars(length(min = TITLE.min, max = TITLE.max))]
    pub title: String,
    #[serde(default)]
    #[schemars(length(max = SUMMARY.max))]
    pub summary: Option<String>,
    #[serde(default)]
    #[schemars(length(max = GENRE.max))]
    pub genre: Option<String>,
}

/// What to change in a story; absent fields stay. An empty `genre` removes it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct StoryEdit {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = TITLE.min, max = TITLE.max))]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = SUMMARY.max))]
    pub summary: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = GENRE.max))]
    pub genre: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// `{story}`, as the contract answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StoryAnswer {
    pub story: Story,
}

/// `{stories}`: a writer's shelf, the last edited first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Stories {
    pub stories: Vec<Story>,
}

/// `{parts, chapters}`: everything in a story but the text, in reading order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Outline {
    /// Grows whenever something comes, goes or moves; a move names the one it was made from.
    pub structure_version: i64,
    pub parts: Vec<Part>,
    pub chapters: Vec<OutlineChapter>,
}

/// A chapter and the heads of its scenes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
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
