//! A value came: as the answer to a fetch, with the page, out of storage, or with the answer to a mutation.
//!
//! An answer is trusted because it was asked for: it is refused only if something says that it is too old. What nobody
//! asked for is refused unless its clock proves that it is new enough.

use super::Engine;
use super::slot::{Entry, Flight};
use crate::{Catalog, Cause, Effect, FetchId, MutationId, Operation, Purpose, Retry, Snapshot, SnapshotOf};

/// After this many refused answers in a row, without a new invalidation in between, the source is lagging: it has failed.
const PATIENCE: u8 = 3;

/// Where a value came from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The fetch of this number.
    Answer(u64),
    Page,
    Storage,
    Mutation(MutationId),
}

impl Origin {
    fn cause<A: Catalog>(self) -> Cause<A> {
        match self {
            Origin::Answer(_) => Cause::Answer,
            Origin::Page => Cause::Hydration,
            Origin::Storage => Cause::Storage,
            Origin::Mutation(mutation) => Cause::Mutation(mutation),
        }
    }

    fn asked(self) -> u64 {
        match self {
            Origin::Answer(number) => number,
            Origin::Page | Origin::Storage | Origin::Mutation(_) => 0,
        }
    }
}

impl<A: Catalog> Engine<A> {
    pub(super) fn fetched(&mut self, key: &A::Key, fetch: FetchId, snapshot: SnapshotOf<A>, now_ms: u64) {
        let Some(flight) = self.land(key, fetch, now_ms) else {
            return self.record(key, Operation::Discard, Cause::Answer);
        };
        if self.is_outdated(key, &flight, &snapshot.clock) {
            return self.discard(key, &flight, now_ms);
        }

        let before = self.shown(key, now_ms);
        let marked = !flight.marked.admits(&snapshot.clock);
        self.put(key, snapshot, now_ms, marked, Origin::Answer(fetch.0), now_ms);
        self.tell(key, before, now_ms);
        if marked && self.slots.get(key).is_some_and(|slot| slot.is_mounted()) {
            self.fetch(key, Purpose::Use, 0, now_ms);
        }
    }

    pub(super) fn hydrated(&mut self, key: &A::Key, snapshot: SnapshotOf<A>, now_ms: u64) {
        self.arrived(key, snapshot, now_ms, Origin::Page, now_ms);
    }

    /// `age_ms` is how long ago it was stored.
    pub(super) fn restored(&mut self, key: &A::Key, snapshot: SnapshotOf<A>, age_ms: u64, now_ms: u64) {
        if age_ms >= A::lifetime(key).keep_ms {
            self.record(key, Operation::Evict, Cause::Expired);
            self.effects.push(Effect::Forget { key: key.clone() });
            return;
        }
        self.arrived(key, snapshot, now_ms.saturating_sub(age_ms), Origin::Storage, now_ms);
    }

    /// Takes the fetch out of its slot, if it is the one in flight.
    pub(super) fn land(&mut self, key: &A::Key, fetch: FetchId, now_ms: u64) -> Option<Flight<A::Clock>> {
        let slot = self.slot(key)?;
        let flight = slot.flight.take_if(|flight| flight.id == fetch)?;
        slot.fetched_in_ms = Some(now_ms.saturating_sub(slot.asked_ms));
        Some(flight)
    }

    fn is_outdated(&self, key: &A::Key, flight: &Flight<A::Clock>, clock: &A::Clock) -> bool {
        let Some(slot) = self.slots.get(key) else { return true };
        let goes_back = slot.entry.iter().chain(slot.layers.underlay()).any(|seen| *clock < seen.clock);
        goes_back
            || slot.layers.outdate(clock)
            || !flight.gone.admits(clock)
            || self.fences.outdates(&slot.tags, slot.group, clock)
    }

    /// Refuses an answer and asks again, unless a fresh value arrived by another way.
    fn discard(&mut self, key: &A::Key, flight: &Flight<A::Clock>, now_ms: u64) {
        self.record(key, Operation::Discard, Cause::Answer);
        let discarded = flight.discarded.saturating_add(1);
        if self.slots.get(key).is_some_and(|slot| slot.is_fresh(now_ms)) {
            return;
        }
        if discarded < PATIENCE {
            self.fetch(key, flight.purpose, discarded, now_ms);
        } else {
            self.give_up(key, Retry::Later, now_ms);
        }
    }

    /// Takes a value that nobody asked for.
    pub(super) fn arrived(
        &mut self,
        key: &A::Key,
        snapshot: SnapshotOf<A>,
        since_ms: u64,
        origin: Origin,
        now_ms: u64,
    ) {
        self.expire(key, now_ms);
        let before = self.shown(key, now_ms);
        self.take_in(key, snapshot, since_ms, origin, now_ms);
        self.tell(key, before, now_ms);
        self.refresh(key, origin.cause(), now_ms);
    }

    /// Makes a value that nobody asked for the committed one, if it proves to be new enough.
    pub(super) fn take_in(
        &mut self,
        key: &A::Key,
        snapshot: SnapshotOf<A>,
        since_ms: u64,
        origin: Origin,
        now_ms: u64,
    ) {
        let (tags, group) = (A::tags(key), A::group(key));
        let underlay = self.slots.get(key).and_then(|slot| slot.layers.underlay());
        let goes_back = underlay.is_some_and(|seen| !seen.is_before(&snapshot.clock));
        if goes_back || !self.fences.admits(&tags, group, &snapshot.clock) {
            self.record(key, Operation::Discard, origin.cause());
            if origin == Origin::Storage {
                self.effects.push(Effect::Forget { key: key.clone() });
            }
            return;
        }
        if let Some(held) = self.slot(key).and_then(|slot| slot.entry.as_mut()) {
            if held.clock.partial_cmp(&snapshot.clock).is_none() {
                held.marked = true;
                return;
            }
            if held.clock >= snapshot.clock {
                return;
            }
        }

        let marked = self.fences.marks(group, &snapshot.clock);
        let clock = snapshot.clock.clone();
        self.put(key, snapshot, since_ms, marked, origin, now_ms);
        // The order of requests says nothing between this value and an answer under way: only clocks do.
        if let Some(flight) = self.slot(key).and_then(|slot| slot.flight.as_mut()) {
            flight.gone.raise(Some(&clock));
        }
    }

    fn put(
        &mut self,
        key: &A::Key,
        Snapshot { value, clock }: SnapshotOf<A>,
        since_ms: u64,
        marked: bool,
        origin: Origin,
        now_ms: u64,
    ) {
        let (size_bytes, asked, tick) = (A::size_bytes(&value), origin.asked(), self.tick);
        let slot = self.used_slot(key, now_ms);
        slot.put(Entry { value, clock, since_ms, marked, size_bytes, asked, tick }, now_ms);
        let stored = slot.snapshot().filter(|_| slot.is_stored() && origin != Origin::Storage);

        self.record(key, Operation::Set, origin.cause());
        if let Some(snapshot) = stored {
            self.effects.push(Effect::Store { key: key.clone(), snapshot });
        }
    }
}
