//! Time is over, there is no room, or a person wants it gone.

use super::Engine;
use super::layers::Layers;
use super::retrying::Tries;
use crate::{Catalog, Cause, Effect, Operation, Purpose};

impl<A: Catalog> Engine<A> {
    /// Drops a value whose time is over. Nobody is told: it was not offered any more.
    pub(super) fn expire(&mut self, key: &A::Key, now_ms: u64) {
        if !self.slots.get(key).is_some_and(|slot| slot.is_expired(now_ms)) {
            return;
        }
        let Some(slot) = self.slot(key) else { return };
        slot.entry = None;
        let stored = slot.is_stored();
        self.record(key, Operation::Evict, Cause::Expired);
        if stored {
            self.effects.push(Effect::Forget { key: key.clone() });
        }
    }

    pub(super) fn swept(&mut self, now_ms: u64) {
        for key in self.index.due(now_ms) {
            self.expire(&key, now_ms);
            let before = self.shown(&key, now_ms);
            self.tell(&key, before, now_ms);
            self.leave(&key, now_ms);
            self.ask_again(&key, now_ms);
        }
    }

    /// Drops a value that nobody has used for a while. Storage keeps it.
    fn leave(&mut self, key: &A::Key, now_ms: u64) {
        let Some(slot) = self.slot(key) else { return };
        if slot.leaves_ms().is_some_and(|leaves_ms| leaves_ms <= now_ms) {
            slot.entry = None;
            self.record(key, Operation::Evict, Cause::Unused);
        }
    }

    /// Fetches a mounted view whose value expired, whose next try is due, or that is asked for now and then.
    fn ask_again(&mut self, key: &A::Key, now_ms: u64) {
        if self.page.is_paused() {
            return;
        }
        let Some(slot) = self.slots.get(key).filter(|slot| slot.is_mounted() && slot.flight.is_none()) else { return };
        let is_due = |due_ms: Option<u64>| due_ms.is_some_and(|due_ms| due_ms <= now_ms);
        if is_due(slot.tries.at_ms) {
            self.ask(key, Cause::Retry, now_ms);
        } else if is_due(slot.polled_ms()) {
            self.ask(key, Cause::Poll, now_ms);
        } else if slot.entry.is_none() && slot.tries.at_ms.is_none() {
            self.ask(key, Cause::Expired, now_ms);
        }
    }

    pub(super) fn removed(&mut self, key: &A::Key, now_ms: u64) {
        let before = self.shown(key, now_ms);
        if let Some(slot) = self.slot(key) {
            let held = slot.entry.take().is_some();
            slot.layers.drop_underlay();
            if held {
                self.record(key, Operation::Evict, Cause::ByHand);
            }
        }
        self.tell(key, before, now_ms);
        self.effects.push(Effect::Forget { key: key.clone() });
        if self.slots.get(key).is_some_and(|slot| slot.is_mounted()) {
            self.fetch(key, Purpose::Use, 0, now_ms);
        }
    }

    /// Drops everything but the subscriptions. Nothing is fetched until somebody reads: after a log-out, nobody may.
    pub(super) fn cleared(&mut self, now_ms: u64) {
        self.effects.push(Effect::ForgetAll);
        self.effects.push(Effect::Recorded { key: None, operation: Operation::Evict, cause: Cause::ByHand });
        self.mutations.clear();
        self.prefetching.drop_queue();
        let keys: Vec<A::Key> = self.slots.keys().cloned().collect();
        for key in keys {
            let before = self.shown(&key, now_ms);
            let Some(slot) = self.slot(&key) else { continue };
            slot.entry = None;
            slot.layers = Layers::default();
            slot.tries = Tries::default();
            // The answer under way may be someone else's by now; it is ignored when it comes.
            if slot.flight.take().is_some() {
                self.effects.push(Effect::Failed { key: key.clone(), retry_at_ms: None });
            }
            self.tell(&key, before, now_ms);
        }
        self.fences.fold();
    }

    /// Drops what was not used for longest until the rest fits. Mounted and patched views stay, and so does what this
    /// event used, which somebody is about to look at; storage keeps what memory has no room for.
    pub(super) fn trim(&mut self) {
        while self.index.values > self.limits.entries || self.index.bytes > self.limits.memory_bytes {
            let Some(key) = self.index.oldest_before(self.first_use) else { break };
            if let Some(slot) = self.slot(&key) {
                slot.entry = None;
            }
            self.record(&key, Operation::Evict, Cause::Pressure);
            self.file(&key);
        }
    }
}
