//! What may be shown, and what a debug panel wants to know.

use crate::Catalog;

/// A value that may be shown now.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown<A: Catalog> {
    pub value: A::Value,
    /// The position it was read at.
    pub clock: A::Clock,
    pub state: State,
}

/// How a view stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Young enough to be shown without asking.
    Fresh,
    /// Too old for that, or (in an [`EntryView`]) without a value since its fetch failed.
    Stale,
    /// Being fetched, with or without a value.
    Fetching,
    /// Named by an invalidation of its group: to be asked for again at the next use.
    Marked,
}

/// One remembered view, for a debug panel.
#[derive(Clone, Debug, PartialEq)]
pub struct EntryView<A: Catalog> {
    pub key: A::Key,
    pub tags: Vec<A::Tag>,
    pub group: A::Group,
    pub state: State,
    /// The position the value was read at; `None` while there is no value.
    pub clock: Option<A::Clock>,
    /// Since the value was last confirmed; 0 while there is no value.
    pub age_ms: u64,
    /// The age at which the value is forgotten.
    pub keep_ms: u64,
    /// 0 while there is no value.
    pub size_bytes: usize,
    pub subscribers: u32,
    /// Reads that were offered a value, fresh or not, since the view was last forgotten.
    pub hits: u64,
    /// Reads that were offered none.
    pub misses: u64,
}
