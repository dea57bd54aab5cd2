//! How things are called and written in Redis; nothing here talks to it.

use std::fmt::Display;

use crate::cache::store::{Generation, TagState};

/// The keys of one namespace.
#[derive(Clone)]
pub(super) struct Names(String);

impl Names {
    /// Keys that begin with `namespace` in braces: a cluster keeps them in one slot.
    pub(super) fn new(namespace: &str) -> Self {
        Names(format!("{{{namespace}}}"))
    }

    /// Where the entry of `key` is.
    pub(super) fn entry(&self, key: &impl Display) -> String {
        format!("{}:e:{key}", self.0)
    }

    /// Where the generation or the fences of `tag` are.
    pub(super) fn tag(&self, tag: &impl Display) -> String {
        format!("{}:g:{tag}", self.0)
    }

    /// Where the position in the log is.
    pub(super) fn clock(&self) -> String {
        format!("{}:clock", self.0)
    }

    /// Where the positions above it are whose writes are done.
    pub(super) fn done(&self) -> String {
        format!("{}:done", self.0)
    }

    /// Where the epoch is.
    pub(super) fn epoch(&self) -> String {
        format!("{}:epoch", self.0)
    }

    /// What entries begin with whose keys begin with `prefix`, as a pattern for `SCAN`.
    pub(super) fn entries_pattern(&self, prefix: &str) -> String {
        format!("{}*", literally(&self.entry(&prefix)))
    }

    /// The text of the cache key whose entry is at `name`.
    pub(super) fn key_of<'a>(&self, name: &'a str) -> &'a str {
        name.strip_prefix(&self.entry(&"")).unwrap_or(name)
    }
}

/// Makes every character of a pattern stand for itself.
fn literally(text: &str) -> String {
    let escaped = |letter: char| {
        let special = matches!(letter, '*' | '?' | '[' | ']' | '\\' | '^' | '-');
        special.then_some('\\').into_iter().chain([letter])
    };
    text.chars().flat_map(escaped).collect()
}

/// The written form of generations and tokens.
pub(super) fn hex(value: u64) -> String {
    format!("{value:016x}")
}

/// A new epoch, as it is written.
pub(super) fn new_epoch() -> String {
    format!("{:08x}", rand::random::<u32>())
}

/// Reads an epoch.
pub(super) fn parse_epoch(text: &str) -> Option<u32> {
    u32::from_str_radix(text, 16).ok()
}

/// How a tag with this value stands. What cannot be read is treated as fenced.
pub(super) fn state(value: &str) -> TagState {
    u64::from_str_radix(value, 16).map_or(TagState::Fenced, |generation| TagState::Open(Generation(generation)))
}
