//! Entries as the debug tools see them, out of what Redis says about each key.

use std::collections::HashMap;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::cache::{Key, Tag};

use crate::cache::{
    entry::Header,
    store::{CachedEntry, TagState},
};

/// One key: its text, and the entry's header without its body.
pub(super) struct Listed {
    key: String,
    tags: Vec<Tag>,
    header: Header,
    size_bytes: u64,
    /// What is left of its time and its grace.
    left_ms: u64,
}

impl Listed {
    /// Reads the beginning of an entry; one that expired meanwhile or cannot be read is not listed.
    pub(super) fn new(key: &str, head: &Bytes, size_bytes: u64, left_ms: u64) -> Option<Self> {
        let (header, _) = Header::decode(head)?;
        let tags = key.parse().map(|key: Key| key.tags()).unwrap_or_default();
        Some(Listed { key: key.to_owned(), tags, header, size_bytes, left_ms })
    }

    /// What the entry depends on.
    pub(super) fn tags(&self) -> &[Tag] {
        &self.tags
    }

    /// The whole, given how tags stand and what time it is.
    pub(super) fn entry(self, states: &HashMap<Tag, TagState>, now: DateTime<Utc>) -> CachedEntry {
        let current = self.tags.iter().map(|tag| states.get(tag).copied());
        let stored = self.header.generations.iter().map(|generation| Some(TagState::Open(*generation)));
        let ttl_ms = self.left_ms.saturating_sub(self.header.grace_ms);
        CachedEntry {
            is_fresh: ttl_ms > 0 && !self.tags.is_empty() && current.eq(stored),
            key: self.key,
            tags: self.tags,
            age_ms: u64::try_from((now - self.header.stored_at).num_milliseconds()).unwrap_or(0),
            ttl_ms,
            size_bytes: self.size_bytes,
        }
    }
}
