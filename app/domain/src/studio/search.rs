//! Finding words in all scenes of a story, and replacing those that are wanted.
//!
//! Places are counted in characters (Unicode scalar values), from 0, as limits are.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Scene;
use crate::{
    error::{Error, Problem},
    id::{ChapterId, SceneId},
    text::{Lines, Rule},
};

/// What is searched for: 1 to 255 characters. White space counts, so it is not trimmed.
pub const QUERY: Rule = Rule { min: 0, max: 255, lines: Lines::Many };
/// What hits are replaced with; nothing is allowed, and removes them.
pub const REPLACEMENT: Rule = Rule { min: 0, max: 5_000, lines: Lines::Many };
/// How many hits one search gives, and one replacement takes.
pub const MAX_HITS: usize = 1_000;

/// What is searched for, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    pub query: String,
    /// Do capitals matter?
    pub case: bool,
    /// Only whole words?
    pub word: bool,
    /// Is the query a regular expression? `^` and `$` are the ends of lines.
    pub regex: bool,
}

impl Search {
    /// Checks the length of the query, blaming `field`.
    ///
    /// # Errors
    /// Refuses an empty query, one that is too long, and control characters.
    pub fn check(self, field: &str) -> Result<Self, Error> {
        let query = QUERY.check(field, &self.query)?;
        if query.is_empty() { Err(Error::invalid(field, Problem::Empty)) } else { Ok(Search { query, ..self }) }
    }
}

/// Where in a scene something was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum HitField {
    Title,
    Content,
}

/// One place that was found. Replacing takes it back as it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Hit {
    pub scene_id: SceneId,
    pub chapter_id: ChapterId,
    pub scene_title: String,
    /// The version of the scene that was searched.
    pub version: i64,
    pub field: HitField,
    /// How many characters stand before it in its field.
    pub start: u32,
    /// How many characters it has.
    pub length: u32,
    /// What stands right before it, up to forty characters.
    pub before: String,
    #[serde(rename = "match")]
    pub text: String,
    /// What stands right behind it, up to forty characters.
    pub after: String,
}

/// `{hits, truncated}`, in reading order; `truncated` says that there are more than one search gives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Hits {
    pub hits: Vec<Hit>,
    pub truncated: bool,
}

/// Which hits to replace, and with what.
///
/// With `regex`, `$1` and `${name}` in the replacement stand for groups of the query, and `$$` for a dollar.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Replace {
    #[schemars(length(min = 1, max = QUERY.max))]
    pub query: String,
    #[schemars(length(max = REPLACEMENT.max))]
    pub replacement: String,
    #[schemars(length(min = 1, max = MAX_HITS))]
    pub hits: Vec<Hit>,
    #[serde(default)]
    pub case: bool,
    #[serde(default)]
    pub word: bool,
    #[serde(default)]
    pub regex: bool,
}

/// `{replaced, scenes}`: how many hits were replaced, and the scenes they were in, as they stand now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Replaced {
    pub replaced: u32,
    pub scenes: Vec<Scene>,
}
