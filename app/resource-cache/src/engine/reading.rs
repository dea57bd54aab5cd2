//! Somebody wants a value: reads, subscriptions, and a person who comes back.

use super::Engine;
use super::slot::Slot;
use crate::{Catalog, Cause, Operation};

impl<A: Catalog> Engine<A> {
    pub(super) fn read(&mut self, key: &A::Key, now_ms: u64) {
        self.expire(key, now_ms);
        let slot = self.slot_mut(key);
        let offered = slot.offered(now_ms).is_some();
        let fresh = slot.is_fresh(now_ms);
        if offered {
            slot.hits = slot.hits.saturating_add(1);
        } else {
            slot.misses = slot.misses.saturating_add(1);
        }

        self.record(key, Self::use_of(offered, fresh), Cause::Read);
        if !fresh {
            self.fetch(key, 0);
        }
    }

    pub(super) fn subscribe(&mut self, key: &A::Key, now_ms: u64) {
        let slot = self.slot_mut(key);
        slot.subscribers = slot.subscribers.saturating_add(1);
        self.refresh(key, Cause::Subscribed, now_ms);
    }

    pub(super) fn unsubscribe(&mut self, key: &A::Key) {
        if let Some(slot) = self.slots.get_mut(key) {
            slot.subscribers = slot.subscribers.saturating_sub(1);
            slot.used = self.tick;
        }
        self.tidy(key);
    }

    pub(super) fn refresh_mounted(&mut self, cause: fn() -> Cause<A>, now_ms: u64) {
        for key in self.keys_where(Slot::is_mounted) {
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
        let offered = slot.offered(now_ms).is_some();
        self.record(key, Self::use_of(offered, false), cause);
        self.fetch(key, 0);
    }

    fn use_of(offered: bool, fresh: bool) -> Operation {
        match (offered, fresh) {
            (true, true) => Operation::Hit,
            (true, false) => Operation::Stale,
            (false, _) => Operation::Miss,
        }
    }
}
