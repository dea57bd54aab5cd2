//! The state machine: events in, effects out.
//!
//! - `slot`: all that is remembered of one key.
//! - `reading`: somebody wants a value: reads, subscriptions, focus.
//! - `arriving`: a value came: fetched, hydrated, restored.
//! - `invalidating`: somebody changed what views are made of.
//! - `forgetting`: time, room, and people who want it gone.
//!
//! At most one fetch is in flight per key, and it lives in the slot. Invalidations that arrive meanwhile are written on
//! that flight, so what fences a flight disappears with it.

mod arriving;
mod forgetting;
mod invalidating;
mod reading;
mod slot;

use std::collections::BTreeMap;

use self::slot::{Flight, Slot};
use crate::fence::Fences;
use crate::{Catalog, Cause, Effect, EntryView, Event, FetchId, Operation, Shown};

/// How many invalidated tags a session remembers one by one.
const TAG_MEMORY: usize = 4096;

/// How much may be remembered. Mounted views count, but are never dropped for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The sum of [`Catalog::size_bytes`] over all values.
    pub memory_bytes: usize,
    /// The number of values.
    pub entries: usize,
}

/// What is remembered of an application's views.
pub struct Engine<A: Catalog> {
    limits: Limits,
    slots: BTreeMap<A::Key, Slot<A>>,
    fences: Fences<A>,
    /// Effects of the event at hand.
    effects: Vec<Effect<A>>,
    /// Counts events, to order uses.
    tick: u64,
    last_fetch: u64,
}

impl<A: Catalog> Engine<A> {
    /// An engine that remembers nothing yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self::with_tag_memory(limits, TAG_MEMORY)
    }

    pub(crate) fn with_tag_memory(limits: Limits, tags: usize) -> Self {
        Self { limits, slots: BTreeMap::new(), fences: Fences::new(tags), effects: Vec::new(), tick: 0, last_fetch: 0 }
    }

    /// Takes an event and says what to do about it.
    ///
    /// `now_ms` is the time in milliseconds since any fixed moment; it should not run backwards, but nothing breaks when
    /// it does: ages are then taken as 0.
    pub fn handle(&mut self, event: Event<A>, now_ms: u64) -> Vec<Effect<A>> {
        self.tick = self.tick.saturating_add(1);
        match event {
            Event::Read { key } => self.read(&key, now_ms),
            Event::Subscribe { key } => self.subscribe(&key, now_ms),
            Event::Unsubscribe { key } => self.unsubscribe(&key),
            Event::Fetched { key, fetch, snapshot } => self.fetched(&key, fetch, snapshot, now_ms),
            Event::Failed { key, fetch } => self.failed(&key, fetch),
            Event::Hydrated { key, snapshot } => self.hydrated(&key, snapshot, now_ms),
            Event::Restored { key, snapshot, stored_at_ms } => self.restored(&key, snapshot, stored_at_ms, now_ms),
            Event::Invalidated { invalidation } => self.invalidated(&invalidation, now_ms),
            Event::Focused => self.refresh_mounted(|| Cause::Focus, now_ms),
            Event::Online => self.refresh_mounted(|| Cause::Reconnect, now_ms),
            Event::Removed { key } => self.removed(&key),
            Event::Cleared => self.cleared(),
            Event::Swept => self.swept(now_ms),
        }
        std::mem::take(&mut self.effects)
    }

    /// What may be shown now. Has no side effects and counts as no use.
    #[must_use]
    pub fn peek(&self, key: &A::Key, now_ms: u64) -> Option<Shown<A>> {
        let slot = self.slots.get(key)?;
        let entry = slot.offered(now_ms)?;
        Some(Shown { value: entry.value.clone(), clock: entry.clock.clone(), state: slot.state(now_ms) })
    }

    /// Whether an answer is awaited for this key.
    #[must_use]
    pub fn is_fetching(&self, key: &A::Key) -> bool {
        self.slots.get(key).is_some_and(|slot| slot.flight.is_some())
    }

    /// Everything that is remembered, in the order of the keys.
    #[must_use]
    pub fn entries(&self, now_ms: u64) -> Vec<EntryView<A>> {
        self.slots.iter().map(|(key, slot)| slot.view(key, now_ms)).collect()
    }

    /// How many tags and groups are remembered beside the slots.
    #[cfg(test)]
    pub(crate) fn fenced(&self) -> usize {
        self.fences.len()
    }

    fn slot_mut(&mut self, key: &A::Key) -> &mut Slot<A> {
        let tick = self.tick;
        let slot = self.slots.entry(key.clone()).or_insert_with(|| Slot::new(key));
        slot.used = tick;
        slot
    }

    /// Starts a fetch, unless one is in flight. `discarded` counts the answers refused in a row before it.
    fn fetch(&mut self, key: &A::Key, discarded: u8) {
        let Some(slot) = self.slots.get_mut(key) else { return };
        if slot.flight.is_some() {
            return;
        }
        self.last_fetch = self.last_fetch.saturating_add(1);
        let fetch = FetchId(self.last_fetch);
        slot.flight = Some(Flight::new(fetch, discarded));
        self.effects.push(Effect::Fetch { key: key.clone(), fetch });
    }

    fn record(&mut self, key: &A::Key, operation: Operation, cause: Cause<A>) {
        self.effects.push(Effect::Recorded { key: Some(key.clone()), operation, cause });
    }

    fn keys_where(&self, wanted: impl Fn(&Slot<A>) -> bool) -> Vec<A::Key> {
        self.slots.iter().filter(|(_, slot)| wanted(slot)).map(|(key, _)| key.clone()).collect()
    }

    /// Drops a slot that nothing is remembered in.
    fn tidy(&mut self, key: &A::Key) {
        if self.slots.get(key).is_some_and(Slot::is_idle) {
            self.slots.remove(key);
        }
    }
}
