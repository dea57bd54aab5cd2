//! All that is remembered of one key.

use super::index::Place;
use super::layers::Layers;
use super::retrying::Tries;
use crate::fence::Frontier;
use crate::{Catalog, EntryView, FetchId, Lifetime, Persist, Purpose, Snapshot, SnapshotOf, State};

/// A key's value, its fetch in flight, its patches and its subscribers. Each may be missing; a slot with none of them is
/// dropped.
pub(super) struct Slot<A: Catalog> {
    pub(super) tags: Vec<A::Tag>,
    pub(super) group: A::Group,
    pub(super) lifetime: Lifetime,
    pub(super) entry: Option<Entry<A>>,
    pub(super) flight: Option<Flight<A::Clock>>,
    pub(super) layers: Layers<A>,
    pub(super) tries: Tries,
    pub(super) subscribers: u32,
    pub(super) hits: u64,
    pub(super) stale: u64,
    pub(super) misses: u64,
    /// Fetched before anybody asked, and nobody has asked yet.
    pub(super) prefetched: bool,
    /// Its last use, counted over all slots: no two are equal.
    pub(super) used: u64,
    pub(super) used_ms: u64,
    /// When it was last asked for.
    pub(super) asked_ms: u64,
    /// How long the last fetch took, whatever came of it.
    pub(super) fetched_in_ms: Option<u64>,
    /// Where it stands in the index.
    pub(super) place: Place,
}

/// A value.
pub(super) struct Entry<A: Catalog> {
    pub(super) value: A::Value,
    pub(super) clock: A::Clock,
    /// When it was last confirmed.
    pub(super) since_ms: u64,
    pub(super) marked: bool,
    pub(super) size_bytes: usize,
    /// The number of the fetch it answers; 0 if it was not asked for.
    pub(super) asked: u64,
    /// The event it came with.
    pub(super) tick: u64,
}

/// A fetch without an answer yet, and what happened since it started.
pub(super) struct Flight<C> {
    pub(super) id: FetchId,
    pub(super) purpose: Purpose,
    /// What the answer must be at or after to be accepted.
    pub(super) gone: Frontier<C>,
    /// What the answer must be at or after not to be marked.
    pub(super) marked: Frontier<C>,
    /// Answers refused in a row before this fetch.
    pub(super) discarded: u8,
}

impl<C> Flight<C> {
    pub(super) fn new(id: FetchId, purpose: Purpose, discarded: u8) -> Self {
        Self { id, purpose, gone: Frontier::default(), marked: Frontier::default(), discarded }
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
            layers: Layers::default(),
            tries: Tries::default(),
            subscribers: 0,
            hits: 0,
            stale: 0,
            misses: 0,
            prefetched: false,
            used: 0,
            used_ms: 0,
            asked_ms: 0,
            fetched_in_ms: None,
            place: Place::default(),
        }
    }

    /// The committed value, unless its time is over.
    pub(super) fn offered(&self, now_ms: u64) -> Option<&Entry<A>> {
        self.entry.as_ref().filter(|entry| self.lives(entry, now_ms))
    }

    /// What the shown value is made of: the committed value, or an outdated one below patches.
    pub(super) fn base(&self, now_ms: u64) -> Option<&Entry<A>> {
        self.layers.underlay().or_else(|| self.offered(now_ms))
    }

    /// The value that is shown.
    pub(super) fn shown(&self, now_ms: u64) -> Option<&A::Value> {
        let base = self.base(now_ms)?;
        Some(self.layers.patched().unwrap_or(&base.value))
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
        self.entry.is_none() && self.flight.is_none() && self.layers.is_empty() && !self.is_mounted()
    }

    /// Whether the value could be dropped without anybody seeing it.
    pub(super) fn is_spare(&self) -> bool {
        self.entry.is_some() && self.layers.is_empty() && !self.is_mounted()
    }

    pub(super) fn is_stored(&self) -> bool {
        self.lifetime.persist == Persist::Stored
    }

    /// When the value leaves memory because nobody uses it.
    pub(super) fn leaves_ms(&self) -> Option<u64> {
        let waits = self.is_spare() && self.flight.is_none();
        waits.then(|| self.used_ms.saturating_add(self.lifetime.linger_ms))
    }

    /// When a mounted view is asked for by itself.
    pub(super) fn polled_ms(&self) -> Option<u64> {
        let entry = self.entry.as_ref()?;
        Some(entry.since_ms.max(self.asked_ms).saturating_add(self.lifetime.poll_ms?))
    }

    /// When something is to be done without an event.
    pub(super) fn due_ms(&self, paused: bool) -> Option<u64> {
        let expires = self.entry.as_ref().map(|entry| entry.since_ms.saturating_add(self.lifetime.keep_ms));
        let asks = self.is_mounted() && self.flight.is_none() && !paused;
        let again = if self.tries.at_ms.is_some() { self.tries.at_ms } else { self.polled_ms() };
        let times = [expires, self.leaves_ms(), again.filter(|_| asks), self.layers.due_ms(self.entry.is_some())];
        times.into_iter().flatten().min()
    }

    /// Makes a value the committed one. An equal value is kept as it is, so that whoever shows it need not look.
    pub(super) fn put(&mut self, mut entry: Entry<A>, now_ms: u64) {
        self.tries = Tries::default();
        let before = self.entry.take().filter(|held| self.lives(held, now_ms));
        match before {
            Some(held) if held.value == entry.value => entry.value = held.value,
            before => self.layers.supersede(before, &entry.value, now_ms),
        }
        self.entry = Some(entry);
    }

    /// Drops the committed value. Patches stay on it until the next one comes.
    pub(super) fn outdate(&mut self) {
        if let Some(entry) = self.entry.take() {
            self.layers.keep_below(entry);
        }
    }

    /// Patches and values whose time is over go; see [`Layers::settle`].
    pub(super) fn settle(&mut self, key: &A::Key, now_ms: u64) {
        let keep_ms = self.lifetime.keep_ms;
        let entry = self.entry.as_ref().filter(|entry| entry.age_ms(now_ms) < keep_ms);
        self.layers.settle(key, entry, now_ms);
    }

    pub(super) fn state(&self, now_ms: u64) -> State {
        if self.layers.underlay().is_some() {
            State::Outdated
        } else if self.flight.is_some() {
            State::Fetching
        } else if self.is_fresh(now_ms) {
            State::Fresh
        } else if self.offered(now_ms).is_some_and(|entry| entry.marked) {
            State::Marked
        } else {
            State::Stale
        }
    }

    pub(super) fn snapshot(&self) -> Option<SnapshotOf<A>> {
        self.entry.as_ref().map(|entry| Snapshot { value: entry.value.clone(), clock: entry.clock.clone() })
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
            fresh_ms: self.lifetime.fresh_ms,
            keep_ms: self.lifetime.keep_ms,
            fetched_in_ms: self.fetched_in_ms,
            size_bytes: entry.map_or(0, |entry| entry.size_bytes),
            subscribers: self.subscribers,
            patches: self.layers.len(),
            failures: self.tries.failures,
            hits: self.hits,
            stale: self.stale,
            misses: self.misses,
        }
    }

    fn lives(&self, entry: &Entry<A>, now_ms: u64) -> bool {
        entry.age_ms(now_ms) < self.lifetime.keep_ms
    }
}

impl<A: Catalog> Entry<A> {
    pub(super) fn age_ms(&self, now_ms: u64) -> u64 {
        now_ms.saturating_sub(self.since_ms)
    }

    /// Whether the value was provably read before or at a clock.
    pub(super) fn is_before(&self, clock: &A::Clock) -> bool {
        self.clock <= *clock
    }

    /// Whether the value was provably read at or after an event. Nothing is provably after an event without a clock.
    pub(super) fn reaches(&self, event: Option<&A::Clock>) -> bool {
        event.is_some_and(|event| self.clock >= *event)
    }
}
