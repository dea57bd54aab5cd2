//! How far a reader got in a novel.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{ChapterId, SceneId};

/// A place in a novel that readers can go to now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReadingPlace {
    pub chapter_id: ChapterId,
    /// `None` is the beginning of the chapter.
    pub scene_id: Option<SceneId>,
    /// How much of the published text stands before this place, 0 to 100.
    pub percent: i32,
}

/// Where a reader is in a novel, and the furthest place they have been to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    #[serde(flatten)]
    pub place: ReadingPlace,
    pub furthest: ReadingPlace,
    pub updated_at: DateTime<Utc>,
}

/// Where a reader came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewProgress {
    pub chapter_id: ChapterId,
    #[serde(default)]
    pub scene_id: Option<SceneId>,
}

/// `{progress}`, or `null` where nobody has begun to read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProgressAnswer {
    pub progress: Option<Progress>,
}
