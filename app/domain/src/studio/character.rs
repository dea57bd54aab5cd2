//! Characters: the people of a novel, as its writer knows them.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    id::{CharacterId, StoryId},
    text::{MAX_ENTRIES, NAME, SUMMARY},
};

/// How much of a novel turns around a character.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CharacterRole {
    Main,
    Secondary,
    #[default]
    Minor,
}

impl CharacterRole {
    /// The stored and printed form.
    pub fn as_str(self) -> &'static str {
        match self {
            CharacterRole::Main => "main",
            CharacterRole::Secondary => "secondary",
            CharacterRole::Minor => "minor",
        }
    }
}

/// A character. All of it is the writer's own: readers never see a line of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Character {
    pub id: CharacterId,
    pub story_id: StoryId,
    pub name: String,
    /// Other names the text uses.
    pub aliases: Vec<String>,
    pub role: CharacterRole,
    pub summary: String,
    pub traits: Vec<String>,
    pub goal: String,
    pub flaw: String,
    pub backstory: String,
    pub appearance: String,
    pub voice: String,
    /// `#rrggbb`, to tell characters apart at a glance.
    pub colour: Option<String>,
    pub position: i64,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// What a new character is made of; it goes to the end of the cast.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewCharacter {
    #[schemars(length(min = NAME.min, max = NAME.max))]
    pub name: String,
    #[serde(default)]
    #[schemars(length(max = MAX_ENTRIES), inner(length(min = NAME.min, max = NAME.max)))]
    pub aliases: Option<Vec<String>>,
    #[serde(default)]
    pub role: Option<CharacterRole>,
    #[serde(default)]
    #[schemars(length(max = SUMMARY.max))]
    pub summary: Option<String>,
    #[serde(default)]
    #[schemars(length(max = MAX_ENTRIES), inner(length(min = NAME.min, max = NAME.max)))]
    pub traits: Option<Vec<String>>,
    #[serde(default)]
    #[schemars(length(max = SUMMARY.max))]
    pub goal: Option<String>,
    #[serde(default)]
    #[schemars(length(max = SUMMARY.max))]
    pub flaw: Option<String>,
    #[serde(default)]
    #[schemars(length(max = SUMMARY.max))]
    pub backstory: Option<String>,
    #[serde(default)]
    #[schemars(length(max = SUMMARY.max))]
    pub appearance: Option<String>,
    #[serde(default)]
    #[schemars(length(max = SUMMARY.max))]
    pub voice: Option<String>,
    #[serde(default)]
    #[schemars(regex(pattern = "^(#[0-9A-Fa-f]{6})?$"))]
    pub colour: Option<String>,
}

/// What to change in a character; absent fields stay. An empty `colour` removes it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CharacterEdit {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = NAME.min, max = NAME.max))]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = MAX_ENTRIES), inner(length(min = NAME.min, max = NAME.max)))]
    pub aliases: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<CharacterRole>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = SUMMARY.max))]
    pub summary: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = MAX_ENTRIES), inner(length(min = NAME.min, max = NAME.max)))]
    pub traits: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = SUMMARY.max))]
    pub goal: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = SUMMARY.max))]
    pub flaw: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = SUMMARY.max))]
    pub backstory: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = SUMMARY.max))]
    pub appearance: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = SUMMARY.max))]
    pub voice: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^(#[0-9A-Fa-f]{6})?$"))]
    pub colour: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

impl From<NewCharacter> for CharacterEdit {
    /// A new character is an edit of an empty one.
    fn from(new: NewCharacter) -> Self {
        CharacterEdit {
            name: Some(new.name),
            aliases: Some(new.aliases.unwrap_or_default()),
            role: new.role,
            summary: new.summary,
            traits: Some(new.traits.unwrap_or_default()),
            goal: new.goal,
            flaw: new.flaw,
            backstory: new.backstory,
            appearance: new.appearance,
            voice: new.voice,
            colour: new.colour,
            version: None,
        }
    }
}

/// `{character}`, as the contract answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CharacterAnswer {
    pub character: Character,
}

/// `{characters}` of one story, in the order of its cast.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Characters {
    pub characters: Vec<Character>,
}
