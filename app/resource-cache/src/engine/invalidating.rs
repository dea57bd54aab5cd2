//! Somebody changed what views are made of.

use super::Engine;
use crate::{Catalog, Cause, Effect, Invalidation, Operation, Purpose, Scope, Source};

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
        for key in self.index.concerned(&invalidation.tags, &invalidation.groups) {
            match self.verdict(&key, invalidation) {
                Verdict::Gone(cause) => self.drop_older(&key, clock, cause, now_ms),
                Verdict::Marked(cause) => self.mark_older(&key, clock, cause, now_ms),
                Verdict::Untouched => {}
            }
        }
    }

    /// Everything that is not provably as new as `clock` is gone.
    pub(super) fn reset(&mut self, clock: Option<&A::Clock>, source: Source, now_ms: u64) {
        self.fences.remember_reset(clock);
        self.effects.push(Effect::ForgetOlder { clock: clock.cloned() });
        for key in self.keys() {
            self.drop_older(&key, clock, Cause::Reset { source }, now_ms);
        }
    }

    /// Everything that is not provably as new as `clock` is to be asked for again.
    pub(super) fn resumed(&mut self, clock: Option<&A::Clock>, now_ms: u64) {
        self.fences.remember_doubt(clock);
        for key in self.keys() {
            self.mark_older(&key, clock, Cause::Resumed, now_ms);
        }
    }

    fn keys(&self) -> Vec<A::Key> {
        self.slots.keys().cloned().collect()
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
        let (source, label) = (invalidation.source, invalidation.label.clone());
        if let Some(tag) = slot.tags.iter().find(|tag| invalidation.tags.contains(tag)) {
            return Verdict::Gone(Cause::Tag { tag: tag.clone(), source, label });
        }
        if !invalidation.groups.contains(&slot.group) {
            return Verdict::Untouched;
        }
        let cause = Cause::Group { group: slot.group, source, label };
        match invalidation.scope {
            Scope::Tags => Verdict::Marked(cause),
            Scope::Groups => Verdict::Gone(cause),
        }
    }

    fn drop_older(&mut self, key: &A::Key, clock: Option<&A::Clock>, cause: Cause<A>, now_ms: u64) {
        let before = self.shown(key, now_ms);
        let Some(slot) = self.slot(key) else { return };
        if let Some(flight) = &mut slot.flight {
            flight.gone.raise(clock);
            // An answer refused for this invalidation says nothing about the source: patience starts anew.
            flight.discarded = 0;
        }
        if slot.entry.as_ref().is_some_and(|entry| !entry.reaches(clock)) {
            slot.outdate();
            self.record(key, Operation::Invalidate, cause);
            self.tell(key, before, now_ms);
        }
        if self.slots.get(key).is_some_and(|slot| slot.is_mounted() && slot.entry.is_none()) {
            self.fetch(key, Purpose::Use, 0, now_ms);
        }
    }

    pub(super) fn mark_older(&mut self, key: &A::Key, clock: Option<&A::Clock>, cause: Cause<A>, now_ms: u64) {
        let Some(slot) = self.slot(key) else { return };
        if let Some(flight) = &mut slot.flight {
            flight.marked.raise(clock);
        }
        if let Some(entry) = slot.entry.as_mut().filter(|entry| !entry.reaches(clock)) {
            entry.marked = true;
            self.record(key, Operation::Invalidate, cause);
        }
        if self.slots.get(key).is_some_and(|slot| slot.is_mounted() && !slot.is_fresh(now_ms)) {
            self.fetch(key, Purpose::Use, 0, now_ms);
        }
    }
}
