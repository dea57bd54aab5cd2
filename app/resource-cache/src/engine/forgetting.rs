//! Time is over, there is no room, or a person wants it gone.

use super::Engine;
use super::slot::Slot;
use crate::{Catalog, Cause, Effect, Operation};

impl<A: Catalog> Engine<A> {
    /// Drops a value whose time is over. Nobody is told: it was not offered any more.
    pub(super) fn expire(&mut self, key: &A::Key, now_ms: u64) {
        let Some(slot) = self.slots.get_mut(key) else { return };
        if !slot.is_expired(now_ms) {
            return;
        }
        slot.entry = None;
        let stored = slot.is_stored();
        self.record(key, Operation::Evict, Cause::Expired);
        if stored {
            self.effects.push(Effect::Forget { key: key.clone() });
        }
    }

    pub(super) fn swept(&mut self, now_ms: u64) {
        for key in self.keys_where(|slot| slot.is_expired(now_ms)) {
            self.expire(&key, now_ms);
            if self.slots.get(&key).is_some_and(Slot::is_mounted) {
                self.fetch(&key, 0);
            }
            self.tidy(&key);
        }
        self.trim(None);
    }

    pub(super) fn removed(&mut self, key: &A::Key) {
        let held = self.slots.get_mut(key).is_some_and(|slot| slot.entry.take().is_some());
        if held {
            self.record(key, Operation::Evict, Cause::ByHand);
            self.effects.push(Effect::Changed { key: key.clone() });
        }
        self.effects.push(Effect::Forget { key: key.clone() });
        if self.slots.get(key).is_some_and(Slot::is_mounted) {
            self.fetch(key, 0);
        }
        self.tidy(key);
    }

    /// Drops everything but the subscriptions. Nothing is fetched until somebody reads: after a log-out, nobody may.
    pub(super) fn cleared(&mut self) {
        self.effects.push(Effect::ForgetAll);
        self.effects.push(Effect::Recorded { key: None, operation: Operation::Evict, cause: Cause::ByHand });
        for (key, slot) in &mut self.slots {
            // The answer under way may be someone else's by now; it is ignored when it comes.
            if slot.flight.take().is_some() {
                self.effects.push(Effect::Failed { key: key.clone() });
            }
            if slot.entry.take().is_some() {
                self.effects.push(Effect::Changed { key: key.clone() });
            }
        }
        self.slots.retain(|_, slot| !slot.is_idle());
        self.fences.fold();
    }

    /// Drops what was not used for longest until the rest fits. Mounted views stay, and so does `keep`, which somebody
    /// is about to look at; storage keeps what memory has no room for.
    pub(super) fn trim(&mut self, keep: Option<&A::Key>) {
        let held = || self.slots.iter().filter_map(|(key, slot)| Some((key, slot, slot.entry.as_ref()?)));
        let mut entries = held().count();
        let mut bytes = held().fold(0_usize, |sum, (_, _, entry)| sum.saturating_add(entry.size_bytes));
        while entries > self.limits.entries || bytes > self.limits.memory_bytes {
            let spare = |(key, slot): &(&A::Key, &mut Slot<A>)| {
                slot.entry.is_some() && !slot.is_mounted() && Some(*key) != keep
            };
            let oldest = self.slots.iter_mut().filter(spare).min_by_key(|(_, slot)| slot.used);
            let Some((key, entry)) = oldest.and_then(|(key, slot)| Some((key.clone(), slot.entry.take()?))) else {
                break;
            };
            entries = entries.saturating_sub(1);
            bytes = bytes.saturating_sub(entry.size_bytes);
            self.record(&key, Operation::Evict, Cause::Pressure);
            self.tidy(&key);
        }
    }
}
