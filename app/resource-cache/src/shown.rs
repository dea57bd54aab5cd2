//! What may be shown, and what a debug panel wants to know.

use crate::Catalog;

/// A value that may be shown now.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown<A: Catalog> {
    /// The committed value, with the patches that are shown on top.
    pub value: A::Value,
    /// The position the committed value was read at.
    pub clock: A::Clock,
    pub state: State,
    /// How many patches wait for their mutation to end. What the person did is not safe yet.
    pub pending: usize,
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
    /// Patches are shown upon a value that is not the newest any more, so that the view does not blink. Without the
    /// patches it would not be offered.
    Outdated,
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
    /// The age at which the value is to be asked for again.
    pub fresh_ms: u64,
    /// The age at which the value is forgotten.
    pub keep_ms: u64,
    /// How long the last fetch took, whatever came of it; `None` before the first one ended.
    pub fetched_in_ms: Option<u64>,
    /// 0 while there is no value.
    pub size_bytes: usize,
    pub subscribers: u32,
    /// Patches on top of the value, pending or waiting for a value that contains them.
    pub patches: usize,
    /// Tries that failed in a row, while there will be another.
    pub failures: u8,
    /// Reads that were offered a fresh value, since the view was last forgotten.
    pub hits: u64,
    /// Reads that were offered a stale one.
    pub stale: u64,
    /// Reads that were offered none.
    pub misses: u64,
}

/// How useful prefetching was. What was issued is used or wasted in the end, or still open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PrefetchCounts {
    /// Fetches that nobody had asked for yet.
    pub issued: u64,
    /// A read or a subscription came for it.
    pub used: u64,
    /// It failed, or was dropped before anybody came.
    pub wasted: u64,
}

/// How many things are remembered, to see that nothing is left behind: all 0 once nothing is mounted, fetched, held or
/// invalidated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tables {
    pub slots: usize,
    pub values: usize,
    pub flights: usize,
    /// Mutations that have not ended.
    pub mutations: usize,
    pub patches: usize,
    /// Outdated values that patches are shown upon.
    pub underlays: usize,
    /// Retries that will come.
    pub retries: usize,
    /// Prefetches that wait for their turn.
    pub queued: usize,
    /// Entries of the indices: by tag, group, mount, use and time.
    pub indexed: usize,
    /// Tags and groups whose invalidations are remembered one by one.
    pub fenced: usize,
}
