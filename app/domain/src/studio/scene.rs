//! A scene: the unit of writing, and its revisions.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Spot;
use crate::{
    Error,
    id::{ChapterId, SceneId, StoryId},
    text::{SCENE, SUMMARY, TITLE},
};

/// How far along its writer thinks a scene is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SceneStatus {
    Idea,
    #[default]
    Draft,
    Revised,
    Done,
}

impl SceneStatus {
    /// Every status, from first to last.
    pub const ALL: [SceneStatus; 4] = [SceneStatus::Idea, SceneStatus::Draft, SceneStatus::Revised, SceneStatus::Done];

    /// The stored and printed form.
    pub fn as_str(self) -> &'static str {
        match self {
            SceneStatus::Idea => "idea",
            SceneStatus::Draft => "draft",
            SceneStatus::Revised => "revised",
            SceneStatus::Done => "done",
        }
    }
}

/// A scene with its working text, which is Markdown. Readers see the text of the last publication instead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Scene {
    pub id: SceneId,
    pub story_id: StoryId,
    pub chapter_id: ChapterId,
    pub title: String,
    pub content: String,
    pub summary: String,
    pub goal: String,
    pub conflict: String,
    pub outcome: String,
    pub status: SceneStatus,
    pub position: i64,
    pub word_count: i64,
    pub version: i64,
    /// The version whose text readers see, if they see any.
    pub published_version: Option<i64>,
    /// Is there a title or text that readers have not got?
    pub unpublished: bool,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A scene without its text, for the outline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SceneHead {
    pub id: SceneId,
    pub title: String,
    pub status: SceneStatus,
    pub position: i64,
    pub word_count: i64,
    pub version: i64,
    pub published_version: Option<i64>,
    /// Is there a title or text that readers have not got?
    pub unpublished: bool,
}

/// What a new scene is made of; it goes to the end of its chapter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewScene {
    #[schemars(length(min = TITLE.min, max = TITLE.max))]
    pub title: String,
    #[serde(default)]
    #[schemars(length(max = SCENE.max))]
    pub content: Option<String>,
}

/// What to change in a scene; absent fields stay.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SceneEdit {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = TITLE.min, max = TITLE.max))]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = SCENE.max))]
    pub content: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = SUMMARY.max))]
    pub summary: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = SUMMARY.max))]
    pub goal: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = SUMMARY.max))]
    pub conflict: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = SUMMARY.max))]
    pub outcome: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<SceneStatus>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// Where a scene goes, among the scenes of `chapter_id`: to an index counted without itself, or beside a neighbour.
///
/// From an outdated order an index means nothing any more and is refused; a neighbour that is still there is not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SceneMove {
    pub chapter_id: ChapterId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_id: Option<SceneId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_id: Option<SceneId>,
    /// The version of the story's order that this was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub structure_version: Option<i64>,
}

impl SceneMove {
    /// To an index, in whatever order the story has by then.
    pub fn to_index(chapter_id: ChapterId, index: u32) -> Self {
        SceneMove { chapter_id, index: Some(index), after_id: None, before_id: None, structure_version: None }
    }

    /// The place it names.
    ///
    /// # Errors
    /// Refuses a wish that names none, or several.
    pub fn spot(&self) -> Result<Spot<SceneId>, Error> {
        Spot::of(self.index, self.after_id, self.before_id)
    }
}

/// Why a revision was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RevisionKind {
    Auto,
    Named,
    Conflict,
    PreRestore,
    /// The text before words were replaced in the whole story.
    PreReplace,
    Import,
    Publish,
}

impl RevisionKind {
    /// The stored form.
    pub fn as_str(self) -> &'static str {
        match self {
            RevisionKind::Auto => "auto",
            RevisionKind::Named => "named",
            RevisionKind::Conflict => "conflict",
            RevisionKind::PreRestore => "pre_restore",
            RevisionKind::PreReplace => "pre_replace",
            RevisionKind::Import => "import",
            RevisionKind::Publish => "publish",
        }
    }
}

/// A text that was once acknowledged, and can be had back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Revision {
    /// Counts up from 1 within a scene.
    pub n: i64,
    pub title: String,
    pub content: String,
    pub word_count: i64,
    pub kind: RevisionKind,
    pub name: Option<String>,
    pub created_at: DateTime<Utc>,
}

/// A revision in a list of them, without its text: the texts together would be as long as a novel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RevisionHead {
    /// Counts up from 1 within a scene.
    pub n: i64,
    pub word_count: i64,
    pub kind: RevisionKind,
    pub name: Option<String>,
    pub created_at: DateTime<Utc>,
}

/// `{revisions}`, the newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Revisions {
    pub revisions: Vec<Revision>,
}

/// `{revision}`, as the contract answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RevisionAnswer {
    pub revision: Revision,
}

/// `{scene}`, as the contract answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SceneAnswer {
    pub scene: Scene,
}

/// `{scenes}` of one chapter, in reading order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Scenes {
    pub scenes: Vec<Scene>,
}
