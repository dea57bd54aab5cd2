//! All that is remembered of one key.

use crate::fence::Frontier;
use crate::{Catalog, EntryView, FetchId, Lifetime, Persist, State};

/// A key's value, its fetch in flight and its subscribers. Each may be missing; a slot with none of them is dropped.
pub(super) struct Slot<A: Catalog> {
    pub(super) tags: Vec<A::Tag>,
    pub(super) group: A::Group,
    pub(super) lifetime: Lifetime,
    pub(super) entry: Option<Entry<A>>,
    pub(super) flight: Option<Flight<A::Clock>>,
    pub(super) subscribers: u32,
    pub(super) hits: u64,
    pub(super) misses: u64,
    /// The event that used it last.
    pub(super) used: u64,
}

/// A value.
pub(super) struct Entry<A: Catalog> {
    pub(super) value: A::Value,
    pub(super) clock: A::Clock,
    /// When it was last confirmed.
    pub(super) since_ms: u64,
    pub(super) marked: bool,
    pub(super) size_bytes: usize,
}

/// A fetch without an answer yet, and what happened since it started.
pub(super) struct Flight<C> {
    pub(super) id: FetchId,
    /// What the answer must be at or after to be accepted.
    pub(super) gone: Frontier<C>,
    /// What the answer must be at or after not to be marked.
    pub(super) marked: Frontier<C>,
    /// Answers refused in a row before this fetch.
    pub(super) discarded: u8,
}

impl<C> Flight<C> {
    pub(super) fn new(id: FetchId, discarded: u8) -> Self {
        Self { id, gone: Frontier::default(), marked: Frontier::default(), discarded }
    }
}

impl<A: Catalog> Slot<A> {
    pub(super) fn new(key: &A::Key) -> Self {
        Self {
            tags: A::tags(key),
            group: A::group(key),
            lifetime: A::lifetime(key),
            entry: None,
            flight: None,
            subscribers: 0,
            hits: 0,
            misses: 0,
            used: 0,
        }
    }

    /// The value, unless its time is over.
    pub(super) fn offered(&self, now_ms: u64) -> Option<&Entry<A>> {
        self.entry.as_ref().filter(|entry| entry.age_ms(now_ms) < self.lifetime.keep_ms)
    }

    pub(super) fn is_expired(&self, now_ms: u64) -> bool {
        self.entry.is_some() && self.offered(now_ms).is_none()
    }

    /// Whether a value is offered that need not be asked for again.
    pub(super) fn is_fresh(&self, now_ms: u64) -> bool {
        self.offered(now_ms).is_some_and(|entry| !entry.marked && entry.age_ms(now_ms) < self.lifetime.fresh_ms)
    }

    pub(super) fn is_mounted(&self) -> bool {
        self.subscribers > 0
    }

    pub(super) fn is_idle(&self) -> bool {
        self.entry.is_none() && self.flight.is_none() && !self.is_mounted()
    }

    pub(super) fn is_stored(&self) -> bool {
        self.lifetime.persist == Persist::Stored
    }

    pub(super) fn state(&self, now_ms: u64) -> State {
        if self.flight.is_some() {
            State::Fetching
        } else if self.is_fresh(now_ms) {
            State::Fresh
        } else if self.offered(now_ms).is_some_and(|entry| entry.marked) {
            State::Marked
        } else {
            State::Stale
        }
    }

    pub(super) fn view(&self, key: &A::Key, now_ms: u64) -> EntryView<A> {
        let entry = self.entry.as_ref();
        EntryView {
            key: key.clone(),
            tags: self.tags.clone(),
            group: self.group,
            state: self.state(now_ms),
            clock: entry.map(|entry| entry.clock.clone()),
            age_ms: entry.map_or(0, |entry| entry.age_ms(now_ms)),
            keep_ms: self.lifetime.keep_ms,
            size_bytes: entry.map_or(0, |entry| entry.size_bytes),
            subscribers: self.subscribers,
            hits: self.hits,
            misses: self.misses,
        }
    }
}

impl<A: Catalog> Entry<A> {
    pub(super) fn age_ms(&self, now_ms: u64) -> u64 {
        now_ms.saturating_sub(self.since_ms)
    }

    /// Whether the value was provably read at or after an event. Nothing is provably after an event without a clock.
    pub(super) fn reaches(&self, event: Option<&A::Clock>) -> bool {
        event.is_some_and(|event| self.clock >= *event)
    }
}
