//! One page of a list: how many, and after which.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Error, error::Problem};

/// How many entries a page has at most; asking for more gives this many.
pub const MAX_LIMIT: u32 = 100;
/// How many entries a page has when nobody says.
pub const DEFAULT_LIMIT: u32 = 20;

/// How long a cursor can be, in bytes.
const MAX_CURSOR: usize = 200;

/// Where a page begins: opaque to clients, minted by the server.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Cursor(#[schemars(length(min = 1, max = MAX_CURSOR), regex(pattern = "^[A-Za-z0-9_-]*$"))] String);

impl Cursor {
    /// Wraps text that the server minted.
    pub fn new(text: String) -> Self {
        Cursor(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Cursor {
    type Err = Error;

    /// Accepts only what could be a cursor by its look; whoever decodes it decides.
    fn from_str(text: &str) -> Result<Self, Error> {
        let plausible = (1..=MAX_CURSOR).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
        if plausible { Ok(Cursor(text.to_owned())) } else { Err(Error::invalid("after", Problem::NotAllowed)) }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which part of a list is wanted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Page {
    limit: u32,
    pub after: Option<Cursor>,
}

impl Page {
    /// A page of at most `limit` entries (1 to 100) after `after`.
    pub fn new(limit: Option<u32>, after: Option<Cursor>) -> Self {
        Page { limit: limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT), after }
    }

    /// The first page.
    pub fn first() -> Self {
        Page::new(None, None)
    }

    /// How many entries at most, 1 to 100.
    pub fn limit(&self) -> u32 {
        self.limit
    }
}
