//! Why a read of a key would be answered from the server's cache now, or not: the answer of
//! `GET /studio/api/cache/explain?key=`. It says nothing of what the view shows.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Origin;

/// What would happen, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    pub key: String,
    /// `redis` or `in-process`.
    pub store: String,
    pub outlook: Outlook,
    /// One sentence for people.
    pub reason: String,
    /// What is stored, fresh or not.
    pub entry: Option<EntryExplained>,
    /// What the view depends on: all of it.
    pub tags: Vec<TagExplained>,
}

/// How a read would be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outlook {
    /// From the store.
    Hit,
    /// From the database, and the answer would be stored.
    Miss,
    /// From the database, and nothing would be stored.
    Bypass,
}

impl Outlook {
    /// The word in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Outlook::Hit => "hit",
            Outlook::Miss => "miss",
            Outlook::Bypass => "bypass",
        }
    }
}

/// A stored entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntryExplained {
    /// The position that the database was read at.
    pub clock: String,
    pub age_ms: u64,
    /// For how long such a view is stored, up to a tenth more or less.
    pub lifetime_ms: u64,
    pub size_bytes: u64,
    /// Whether a read would be served this entry now, without asking the database.
    pub is_fresh: bool,
}

/// A tag, as the store has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TagExplained {
    pub tag: String,
    /// A write is about to commit, or just did.
    pub is_fenced: bool,
    /// It was written since the entry was stored.
    pub is_stale: bool,
    /// The last write of it, if it is among the last ten thousand that the log still has.
    pub last_write: Option<WriteExplained>,
}

/// A write, as the invalidation log has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WriteExplained {
    pub at: DateTime<Utc>,
    /// Its position.
    pub clock: String,
    /// What was done, e.g. `scene saved`.
    pub change: String,
    /// Its name, as listeners are told it.
    pub mutation: String,
    /// What made us write it.
    pub origin: Origin,
}
