//! A value came: as the answer to a fetch, with the page, or out of storage.
//!
//! An answer is trusted because it was asked for: it is refused only if something says that it is too old. What nobody
//! asked for is refused unless its clock proves that it is new enough.

use super::Engine;
use super::slot::{Entry, Flight, Slot};
use crate::{Catalog, Cause, Effect, FetchId, Operation, Snapshot};

/// After this many refused answers in a row, without a new invalidation in between, the source is lagging: give up until
/// somebody asks again.
const PATIENCE: u8 = 3;

/// Where a value came from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Answer,
    Page,
    Storage,
}

impl Origin {
    fn cause<A: Catalog>(self) -> Cause<A> {
        match self {
            Origin::Answer => Cause::Answer,
            Origin::Page => Cause::Hydration,
            Origin::Storage => Cause::Storage,
        }
    }
}

impl<A: Catalog> Engine<A> {
    pub(super) fn fetched(
        &mut self,
        key: &A::Key,
        fetch: FetchId,
        snapshot: Snapshot<A::Value, A::Clock>,
        now_ms: u64,
    ) {
        let Some(flight) = self.land(key, fetch) else {
            return self.record(key, Operation::Discard, Cause::Answer);
        };
        if self.is_outdated(key, &flight, &snapshot.clock) {
            return self.discard(key, flight.discarded, now_ms);
        }

        let marked = !flight.marked.admits(&snapshot.clock);
        self.set(key, snapshot, now_ms, marked, Origin::Answer, now_ms);
        if marked && self.slots.get(key).is_some_and(Slot::is_mounted) {
            self.fetch(key, 0);
        }
        self.trim(Some(key));
    }

    pub(super) fn failed(&mut self, key: &A::Key, fetch: FetchId) {
        if self.land(key, fetch).is_some() {
            self.effects.push(Effect::Failed { key: key.clone() });
            self.tidy(key);
        }
    }

    pub(super) fn hydrated(&mut self, key: &A::Key, snapshot: Snapshot<A::Value, A::Clock>, now_ms: u64) {
        self.arrived(key, snapshot, now_ms, Origin::Page, now_ms);
    }

    pub(super) fn restored(
        &mut self,
        key: &A::Key,
        snapshot: Snapshot<A::Value, A::Clock>,
        stored_at_ms: u64,
        now_ms: u64,
    ) {
        // A device whose clock was set back must not keep an entry for ever.
        let stored_at_ms = stored_at_ms.min(now_ms);
        if now_ms - stored_at_ms >= A::lifetime(key).keep_ms {
            self.record(key, Operation::Evict, Cause::Expired);
            self.effects.push(Effect::Forget { key: key.clone() });
            return;
        }
        self.arrived(key, snapshot, stored_at_ms, Origin::Storage, now_ms);
    }

    /// Takes the fetch out of its slot, if it is the one in flight.
    fn land(&mut self, key: &A::Key, fetch: FetchId) -> Option<Flight<A::Clock>> {
        self.slots.get_mut(key)?.flight.take_if(|flight| flight.id == fetch)
    }

    fn is_outdated(&self, key: &A::Key, flight: &Flight<A::Clock>, clock: &A::Clock) -> bool {
        let Some(slot) = self.slots.get(key) else { return true };
        let goes_back = slot.entry.as_ref().is_some_and(|entry| *clock < entry.clock);
        goes_back || !flight.gone.admits(clock) || self.fences.outdates(&slot.tags, slot.group, clock)
    }

    /// Refuses an answer and asks again, unless a fresh value arrived by another way.
    fn discard(&mut self, key: &A::Key, discarded: u8, now_ms: u64) {
        self.record(key, Operation::Discard, Cause::Answer);
        let discarded = discarded.saturating_add(1);
        if self.slots.get(key).is_some_and(|slot| slot.is_fresh(now_ms)) {
            return;
        }
        if discarded < PATIENCE {
            self.fetch(key, discarded);
        } else {
            self.effects.push(Effect::Failed { key: key.clone() });
            self.tidy(key);
        }
    }

    /// Takes a value that nobody asked for.
    fn arrived(
        &mut self,
        key: &A::Key,
        snapshot: Snapshot<A::Value, A::Clock>,
        since_ms: u64,
        origin: Origin,
        now_ms: u64,
    ) {
        self.expire(key, now_ms);
        let (tags, group) = (A::tags(key), A::group(key));
        if !self.fences.admits(&tags, group, &snapshot.clock) {
            self.record(key, Operation::Discard, origin.cause());
            if origin == Origin::Storage {
                self.effects.push(Effect::Forget { key: key.clone() });
            }
            return self.refresh(key, origin.cause(), now_ms);
        }

        if let Some(held) = self.slots.get_mut(key).and_then(|slot| slot.entry.as_mut()) {
            if held.clock.partial_cmp(&snapshot.clock).is_none() {
                held.marked = true;
                return self.refresh(key, origin.cause(), now_ms);
            }
            if held.clock >= snapshot.clock {
                return;
            }
        }

        let marked = self.fences.marks(group, &snapshot.clock);
        let clock = snapshot.clock.clone();
        self.set(key, snapshot, since_ms, marked, origin, now_ms);
        // The order of requests says nothing between this value and an answer under way: only clocks do.
        if let Some(flight) = self.slots.get_mut(key).and_then(|slot| slot.flight.as_mut()) {
            flight.gone.raise(Some(&clock));
        }
        self.refresh(key, origin.cause(), now_ms);
        self.trim(Some(key));
    }

    /// Makes a value the one that is offered. An equal value is kept as it is, so that whoever shows it need not look.
    fn set(
        &mut self,
        key: &A::Key,
        snapshot: Snapshot<A::Value, A::Clock>,
        since_ms: u64,
        marked: bool,
        origin: Origin,
        now_ms: u64,
    ) {
        let stores = origin != Origin::Storage;
        let slot = self.slot_mut(key);
        let stored = slot.is_stored().then(|| snapshot.clone());
        let same = slot.offered(now_ms).is_some_and(|held| held.value == snapshot.value);
        let Snapshot { value, clock } = snapshot;
        let value = slot.entry.take().filter(|_| same).map_or(value, |held| held.value);
        let size_bytes = A::size_bytes(&value);
        slot.entry = Some(Entry { value, clock, since_ms, marked, size_bytes });

        self.record(key, Operation::Set, origin.cause());
        if !same {
            self.effects.push(Effect::Changed { key: key.clone() });
        }
        if let Some(snapshot) = stored.filter(|_| stores) {
            self.effects.push(Effect::Store { key: key.clone(), snapshot });
        }
    }
}
