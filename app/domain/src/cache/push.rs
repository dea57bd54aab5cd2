//! What open pages are told, one event after the other (`GET /api/events`).

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Clock, PageType, Tag};

/// The data of `event: invalidate`: these views are stale, and whoever asks again gets newer ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invalidation {
    /// All tags of the write that the listener may know.
    pub tags: Vec<Tag>,
    pub page_types: Vec<PageType>,
    /// The position of the write.
    pub clock: Clock,
    /// Why, for developers who ask.
    #[serde(flatten)]
    pub cause: Deed,
}

/// What somebody did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// The kind of thing it was done to, e.g. `scene`.
    pub entity: String,
    /// Which one; told to those alone who may see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What was done, e.g. `saved`.
    pub action: String,
    /// The name of the write in the invalidation log.
    pub mutation: String,
    /// What made us write it; not told of a request, which is the rule.
    #[serde(default, skip_serializing_if = "Origin::is_request")]
    pub origin: Origin,
    pub at: DateTime<Utc>,
}

/// What made us write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Somebody asked for it.
    #[default]
    Request,
    /// It was time for it: the hourly upkeep.
    Schedule,
    /// Whoever runs the server did it, with a command.
    Manual,
}

impl Origin {
    /// The word in the invalidation log.
    pub fn as_str(self) -> &'static str {
        match self {
            Origin::Request => "request",
            Origin::Schedule => "schedule",
            Origin::Manual => "manual",
        }
    }

    /// Reads the log's word. What only another version knows is a request, as far as this one can tell.
    pub fn read(word: &str) -> Self {
        [Origin::Schedule, Origin::Manual].into_iter().find(|origin| origin.as_str() == word).unwrap_or_default()
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
    fn is_request(&self) -> bool {
        *self == Origin::Request
    }
}

/// The data of `event: ping` and `event: reset`: where the listener stands in history.
///
/// After a ping it has heard of everything up to here that concerns it. After a reset it may have missed something:
/// whatever it remembers that is older than this is to be asked for again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub clock: Clock,
}
