//! Somebody wants a value: reads, subscriptions, and a person who comes back.

use super::Engine;
use super::retrying::Tries;
use crate::{Catalog, Cause, Operation, Purpose};

impl<A: Catalog> Engine<A> {
    pub(super) fn read(&mut self, key: &A::Key, now_ms: u64) {
        self.expire(key, now_ms);
        self.count_use(key);
        let slot = self.used_slot(key, now_ms);
        let offered = slot.shown(now_ms).is_some();
        let fresh = slot.is_fresh(now_ms);
        let reads = match (offered, fresh) {
            (true, true) => &mut slot.hits,
            (true, false) => &mut slot.stale,
            (false, _) => &mut slot.misses,
        };
        *reads = reads.saturating_add(1);

        self.record(key, Self::use_of(offered, fresh), Cause::Read);
        if !fresh {
            self.fetch(key, Purpose::Use, 0, now_ms);
        }
    }

    pub(super) fn subscribe(&mut self, key: &A::Key, now_ms: u64) {
        self.count_use(key);
        let slot = self.used_slot(key, now_ms);
        slot.subscribers = slot.subscribers.saturating_add(1);
        if let Some(flight) = &mut slot.flight {
            flight.purpose = Purpose::Use;
        }
        self.refresh(key, Cause::Subscribed, now_ms);
    }

    pub(super) fn unsubscribe(&mut self, key: &A::Key, now_ms: u64) {
        if !self.slots.contains_key(key) {
            return;
        }
        let slot = self.used_slot(key, now_ms);
        slot.subscribers = slot.subscribers.saturating_sub(1);
        if !slot.is_mounted() {
            slot.tries = Tries::default();
        }
    }

    pub(super) fn refresh_mounted(&mut self, cause: fn() -> Cause<A>, now_ms: u64) {
        for key in self.index.mounted() {
            // Circumstances are new: so is the patience.
            if let Some(slot) = self.slot(&key) {
                slot.tries = Tries::default();
            }
            self.refresh(&key, cause(), now_ms);
        }
    }

    /// Fetches a mounted view that is not fresh. Does nothing while it is being fetched.
    pub(super) fn refresh(&mut self, key: &A::Key, cause: Cause<A>, now_ms: u64) {
        self.expire(key, now_ms);
        let Some(slot) = self.slots.get(key) else { return };
        if !slot.is_mounted() || slot.flight.is_some() || slot.is_fresh(now_ms) {
            return;
        }
        self.ask(key, cause, now_ms);
    }

    /// Fetches a mounted view, fresh or not, and says why.
    pub(super) fn ask(&mut self, key: &A::Key, cause: Cause<A>, now_ms: u64) {
        let offered = self.slots.get(key).is_some_and(|slot| slot.shown(now_ms).is_some());
        self.record(key, Self::use_of(offered, false), cause);
        self.fetch(key, Purpose::Use, 0, now_ms);
    }

    /// A use of a value, for statistics.
    pub(super) fn use_of(offered: bool, fresh: bool) -> Operation {
        match (offered, fresh) {
            (true, true) => Operation::Hit,
            (true, false) => Operation::Stale,
            (false, _) => Operation::Miss,
        }
    }
}
