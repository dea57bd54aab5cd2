//! Somebody changed what views are made of.

use super::Engine;
use super::slot::Slot;
use crate::{Catalog, Cause, Effect, Invalidation, Operation, Scope};

/// What an invalidation means for one view.
enum Verdict<A: Catalog> {
    /// Values from before it must not be offered again.
    Gone(Cause<A>),
    /// Values from before it are to be asked for again.
    Marked(Cause<A>),
    Untouched,
}

impl<A: Catalog> Engine<A> {
    pub(super) fn invalidated(&mut self, invalidation: &Invalidation<A>, now_ms: u64) {
        self.fences.remember(invalidation);
        self.forget_stored(invalidation);

        let clock = invalidation.clock.as_ref();
        for key in self.keys_where(|_| true) {
            match self.verdict(&key, invalidation) {
                Verdict::Gone(cause) => self.drop_older(&key, clock, cause),
                Verdict::Marked(cause) => self.mark_older(&key, clock, cause, now_ms),
                Verdict::Untouched => {}
            }
        }
    }

    fn forget_stored(&mut self, invalidation: &Invalidation<A>) {
        if !invalidation.tags.is_empty() {
            let (tags, clock) = (invalidation.tags.clone(), invalidation.clock.clone());
            self.effects.push(Effect::ForgetTagged { tags, clock });
        }
        if invalidation.scope == Scope::Groups && !invalidation.groups.is_empty() {
            self.effects.push(Effect::ForgetGroups { groups: invalidation.groups.clone() });
        }
    }

    fn verdict(&self, key: &A::Key, invalidation: &Invalidation<A>) -> Verdict<A> {
        let Some(slot) = self.slots.get(key) else { return Verdict::Untouched };
        if let Some(tag) = slot.tags.iter().find(|tag| invalidation.tags.contains(tag)) {
            return Verdict::Gone(Cause::Tag(tag.clone()));
        }
        if !invalidation.groups.contains(&slot.group) {
            return Verdict::Untouched;
        }
        let cause = Cause::Group(slot.group);
        match invalidation.scope {
            Scope::Tags => Verdict::Marked(cause),
            Scope::Groups => Verdict::Gone(cause),
        }
    }

    fn drop_older(&mut self, key: &A::Key, clock: Option<&A::Clock>, cause: Cause<A>) {
        let Some(slot) = self.slots.get_mut(key) else { return };
        if let Some(flight) = &mut slot.flight {
            flight.gone.raise(clock);
            // An answer refused for this invalidation says nothing about the source: patience starts anew.
            flight.discarded = 0;
        }
        if slot.entry.take_if(|entry| !entry.reaches(clock)).is_some() {
            self.record(key, Operation::Invalidate, cause);
            self.effects.push(Effect::Changed { key: key.clone() });
        }
        if self.slots.get(key).is_some_and(|slot| slot.is_mounted() && slot.entry.is_none()) {
            self.fetch(key, 0);
        }
        self.tidy(key);
    }

    fn mark_older(&mut self, key: &A::Key, clock: Option<&A::Clock>, cause: Cause<A>, now_ms: u64) {
        let Some(slot) = self.slots.get_mut(key) else { return };
        if let Some(flight) = &mut slot.flight {
            flight.marked.raise(clock);
        }
        if let Some(entry) = slot.entry.as_mut().filter(|entry| !entry.reaches(clock)) {
            entry.marked = true;
            self.record(key, Operation::Invalidate, cause);
        }
        if self.slots.get(key).is_some_and(|slot: &Slot<A>| slot.is_mounted() && !slot.is_fresh(now_ms)) {
            self.fetch(key, 0);
        }
    }
}
