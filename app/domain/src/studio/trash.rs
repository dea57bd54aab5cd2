//! The trash: what was removed, and can be had back.
//!
//! What goes together is one item and comes back together. A part, a chapter or a scene that went earlier, and alone,
//! stays an item of its own.

use chrono::{DateTime, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{StoryId, TrashId};

/// For how many days a thing is kept in the trash.
pub const TRASH_DAYS: i64 = 30;

/// What an item of the trash was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TrashKind {
    Story,
    Part,
    Chapter,
    Scene,
    Character,
    Setting,
}

/// Something that was removed, with all that went with it. `id` is what restoring takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrashItem {
    pub id: TrashId,
    pub kind: TrashKind,
    pub title: String,
    pub deleted_at: DateTime<Utc>,
    /// For how many more days it is kept, at least: 30 on the first, never below 0.
    pub days_left: i64,
    /// The story it is of; of a story, itself.
    pub story_id: StoryId,
    pub story_title: String,
    /// How many parts went with it, itself not counted.
    pub part_count: i64,
    /// How many chapters went with it, itself not counted.
    pub chapter_count: i64,
    /// How many scenes went with it, itself not counted.
    pub scene_count: i64,
    /// How many characters went with it, itself not counted.
    pub character_count: i64,
    /// How many settings went with it, itself not counted.
    pub setting_count: i64,
    /// The words of all scenes that went, itself counted.
    pub word_count: i64,
}

/// `{trash}`, what went last first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Trash {
    pub trash: Vec<TrashItem>,
}

/// What came back from the trash, and the story it is in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Restored {
    pub id: TrashId,
    pub kind: TrashKind,
    pub title: String,
    pub story_id: StoryId,
}

/// `{restored}`, as the contract answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RestoredAnswer {
    pub restored: Restored,
}

/// How many days are left of those that a thing is kept; a day that has begun counts.
pub fn days_left(deleted_at: DateTime<Utc>, now: DateTime<Utc>) -> i64 {
    let day = TimeDelta::days(1).num_seconds();
    let gone = now.signed_duration_since(deleted_at).num_seconds().max(0);
    (TRASH_DAYS - gone / day).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_has_begun_counts_and_none_is_less_than_none() {
        let deleted: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().expect("a time");
        let left = |hours| days_left(deleted, deleted + TimeDelta::hours(hours));

        assert_eq!([left(-1), left(0), left(23), left(24), left(30 * 24), left(9_999)], [30, 30, 30, 29, 0, 0]);
    }
}
