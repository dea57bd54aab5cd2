//! Settings: the places of a novel, as its writer knows them.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    id::{SettingId, StoryId},
    text::{MAX_ENTRIES, NAME, SUMMARY},
};

/// A place. All of it is the writer's own: readers never see a line of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Setting {
    pub id: SettingId,
    pub story_id: StoryId,
    pub name: String,
    pub summary: String,
    pub mood: String,
    /// What can be seen, heard, smelt, touched and tasted there.
    pub senses: Vec<String>,
    pub details: Vec<String>,
    pub position: i64,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// What a new place is made of; it goes to the end of the list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewSetting {
    #[schemars(length(min = NAME.min, max = NAME.max))]
    pub name: String,
    #[serde(default)]
    #[schemars(length(max = SUMMARY.max))]
    pub summary: Option<String>,
    #[serde(default)]
    #[schemars(length(max = SUMMARY.max))]
    pub mood: Option<String>,
    #[serde(default)]
    #[schemars(length(max = MAX_ENTRIES), inner(length(min = NAME.min, max = NAME.max)))]
    pub senses: Option<Vec<String>>,
    #[serde(default)]
    #[schemars(length(max = MAX_ENTRIES), inner(length(min = NAME.min, max = NAME.max)))]
    pub details: Option<Vec<String>>,
}

/// What to change in a place; absent fields stay.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SettingEdit {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = NAME.min, max = NAME.max))]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = SUMMARY.max))]
    pub summary: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = SUMMARY.max))]
    pub mood: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = MAX_ENTRIES), inner(length(min = NAME.min, max = NAME.max)))]
    pub senses: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = MAX_ENTRIES), inner(length(min = NAME.min, max = NAME.max)))]
    pub details: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

impl From<NewSetting> for SettingEdit {
    /// A new place is an edit of an empty one.
    fn from(new: NewSetting) -> Self {
        SettingEdit {
            name: Some(new.name),
            summary: new.summary,
            mood: new.mood,
            senses: Some(new.senses.unwrap_or_default()),
            details: Some(new.details.unwrap_or_default()),
            version: None,
        }
    }
}

/// `{setting}`, as the contract answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SettingAnswer {
    pub setting: Setting,
}

/// `{settings}`: the places of one story, in their order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Settings {
    pub settings: Vec<Setting>,
}
