//! Chapters, and the parts that group them.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Spot;
use crate::{
    Error,
    id::{ChapterId, PartId, StoryId},
    text::{SUMMARY, TITLE},
};

/// A group of chapters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    pub id: PartId,
    pub story_id: StoryId,
    pub title: String,
    pub summary: String,
    pub position: i64,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// Can a chapter be read by others (once its story is published)?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChapterStatus {
    Draft,
    Published,
}

/// A chapter, without its scenes. `position` orders siblings; its value has no other meaning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Chapter {
    pub id: ChapterId,
    pub story_id: StoryId,
    pub part_id: Option<PartId>,
    pub title: String,
    pub summary: String,
    pub status: ChapterStatus,
    pub published_at: Option<DateTime<Utc>>,
    /// Do readers have another title, or none?
    pub unpublished: bool,
    pub position: i64,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// What a new part is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewPart {
    #[schemars(length(min = TITLE.min, max = TITLE.max))]
    pub title: String,
    #[serde(default)]
    #[schemars(length(max = SUMMARY.max))]
    pub summary: Option<String>,
}

/// What to change in a part; absent fields stay.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PartEdit {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = TITLE.min, max = TITLE.max))]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = SUMMARY.max))]
    pub summary: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// What a new chapter is made of; it goes to the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewChapter {
    #[schemars(length(min = TITLE.min, max = TITLE.max))]
    pub title: String,
    #[serde(default)]
    #[schemars(length(max = SUMMARY.max))]
    pub summary: Option<String>,
    #[serde(default)]
    pub part_id: Option<PartId>,
}

/// What to change in a chapter; absent fields stay.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ChapterEdit {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = TITLE.min, max = TITLE.max))]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = SUMMARY.max))]
    pub summary: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// Where a chapter goes, among the chapters of a part or those without one: to an index counted without itself, or
/// beside a neighbour.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ChapterMove {
    #[serde(default)]
    pub part_id: Option<PartId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_id: Option<ChapterId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_id: Option<ChapterId>,
    /// The version of the story's order that this was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub structure_version: Option<i64>,
}

impl ChapterMove {
    /// To an index, in whatever order the story has by then.
    pub fn to_index(part_id: Option<PartId>, index: u32) -> Self {
        ChapterMove { part_id, index: Some(index), after_id: None, before_id: None, structure_version: None }
    }

    /// The place it names.
    ///
    /// # Errors
    /// Refuses a wish that names none, or several.
    pub fn spot(&self) -> Result<Spot<ChapterId>, Error> {
        Spot::of(self.index, self.after_id, self.before_id)
    }
}

/// `{part}`, as the contract answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PartAnswer {
    pub part: Part,
}

/// `{chapter}`, as the contract answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChapterAnswer {
    pub chapter: Chapter,
}
