//! Mutations of this page: what they are expected to do is shown at once, what they did as soon as it is known.

use super::Engine;
use super::arriving::Origin;
use super::layers::{SETTLE_MS, Standing};
use crate::{Catalog, Cause, MutationId, Operation, Rollback, SnapshotOf};

/// This many mutations may be pending. Further ones are not shown early; what they change is still fetched.
const MUTATIONS: usize = 256;

impl<A: Catalog> Engine<A> {
    pub(super) fn begun(&mut self, mutation: MutationId, patches: Vec<(A::Key, A::Patch)>, now_ms: u64) {
        if self.mutations.iter().any(|(begun, _)| *begun == mutation) || self.mutations.len() >= MUTATIONS {
            return;
        }
        let mut keys: Vec<A::Key> = Vec::new();
        for (key, patch) in patches {
            let before = self.shown(&key, now_ms);
            self.used_slot(&key, now_ms).layers.push(mutation, patch);
            self.record(&key, Operation::Patch, Cause::Mutation(mutation));
            self.tell(&key, before, now_ms);
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        self.mutations.push((mutation, keys));
    }

    pub(super) fn confirmed(
        &mut self,
        mutation: MutationId,
        clock: Option<&A::Clock>,
        mut values: Vec<(A::Key, SnapshotOf<A>)>,
        now_ms: u64,
    ) {
        // What began before a log-out is nobody's business after it.
        let Some(keys) = self.ended(mutation) else { return };
        for key in keys {
            let place = values.iter().position(|(given, _)| *given == key);
            let value = place.map(|place| values.remove(place).1);
            self.confirm(&key, mutation, clock, value, now_ms);
        }
        for (key, snapshot) in values {
            self.arrived(&key, snapshot, now_ms, Origin::Mutation(mutation), now_ms);
        }
    }

    /// Takes a mutation off the list, with the views it patched.
    fn ended(&mut self, mutation: MutationId) -> Option<Vec<A::Key>> {
        let place = self.mutations.iter().position(|(begun, _)| *begun == mutation)?;
        Some(self.mutations.remove(place).1)
    }

    /// One patched view of a mutation that was carried out.
    fn confirm(
        &mut self,
        key: &A::Key,
        mutation: MutationId,
        clock: Option<&A::Clock>,
        value: Option<SnapshotOf<A>>,
        now_ms: u64,
    ) {
        self.expire(key, now_ms);
        let before = self.shown(key, now_ms);
        let (asked, until_ms) = (self.last_fetch, now_ms.saturating_add(SETTLE_MS));
        let reached = value.as_ref().map(|snapshot| &snapshot.clock).or(clock).cloned();
        let Some(slot) = self.slot(key) else { return };
        slot.layers.end(mutation, || Standing::Confirmed { clock: reached.clone(), asked, until_ms });
        self.record(key, Operation::Confirm, Cause::Mutation(mutation));
        if let Some(snapshot) = value {
            self.take_in(key, snapshot, now_ms, Origin::Mutation(mutation), now_ms);
        }
        self.tell(key, before, now_ms);
        // The value below does not contain what the mutation did, so it is not the newest, whether a tag says so or not.
        if self.slots.get(key).is_some_and(|slot| slot.layers.hold(mutation)) {
            self.mark_older(key, reached.as_ref(), Cause::Mutation(mutation), now_ms);
        }
    }

    pub(super) fn rolled_back(&mut self, mutation: MutationId, rollback: Rollback, now_ms: u64) {
        let tick = self.tick;
        for key in self.ended(mutation).unwrap_or_default() {
            let before = self.shown(&key, now_ms);
            let Some(slot) = self.slot(&key) else { continue };
            match rollback {
                Rollback::Undo => slot.layers.undo(mutation),
                Rollback::Keep => {
                    let until_ms = now_ms.saturating_add(slot.lifetime.keep_ms);
                    slot.layers.end(mutation, || Standing::Kept { tick, until_ms });
                }
            }
            self.tell(&key, before, now_ms);
            if rollback == Rollback::Undo {
                self.record(&key, Operation::Rollback, Cause::Mutation(mutation));
                self.mark_older(&key, None, Cause::Mutation(mutation), now_ms);
            }
        }
    }
}
