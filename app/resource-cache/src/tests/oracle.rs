//! What must hold after each event of each schedule, whatever happens.

use super::browser::{Effects, recorded};
use super::library::{Clock, Key, Library};
use super::simulation::{Fate, KEYS, MARKS, World};
use crate::engine::{HOLD_MS, SETTLE_MS};
use crate::{Catalog, Cause, Effect, Operation, Scope, Shown, State};

type Peeked = Option<Shown<Library>>;

impl World {
    pub(super) fn check(&mut self, before: &[Peeked], effects: &Effects, swept: bool) {
        for (key, before) in KEYS.into_iter().zip(before) {
            let after = self.peek(key);
            if let Some(after) = &after {
                self.check_age(key, after);
                self.check_marks(key, before.as_ref(), after);
            }
            check_step(key, before.as_ref(), after.as_ref(), effects);
            check_blink(key, before.as_ref(), after.as_ref(), effects);
            self.note_outdated(key, after.as_ref());
        }
        let counts = self.browser.engine.prefetch_counts();
        assert!(counts.used + counts.wasted <= counts.issued, "{counts:?}");
        if swept {
            let due_ms = self.browser.engine.next_due_ms();
            assert!(due_ms.is_none_or(|due_ms| due_ms > self.browser.now_ms), "what was due is still due");
        }
    }

    /// What is offered is not older than any invalidation the engine was told of, but for what patches lie on.
    fn check_age(&self, key: Key, shown: &Shown<Library>) {
        let position = shown.clock.seq;
        if shown.state == State::Outdated {
            assert!(!self.layers(key, shown).is_empty(), "{key:?} is outdated, and there is no patch on it");
            return;
        }
        let (tags, group) = (Library::tags(&key), Library::group(&key));
        for told in self.told.iter().filter(|told| told.position > position) {
            let tagged = tags.iter().any(|tag| told.tags.contains(tag));
            let grouped = told.groups.contains(&group);
            assert!(
                !(tagged || grouped && told.scope == Scope::Groups),
                "{key:?} of {position} is offered after {}",
                told.position,
            );
            let unmarked = grouped && shown.state == State::Fresh && !self.lagged;
            assert!(!unmarked, "{key:?} of {position} lost its mark of {}", told.position);
        }
    }

    /// What is shown is the truth of its position and then the patches, in the order they began: none is lost, and none
    /// counts twice.
    fn check_marks(&mut self, key: Key, before: Option<&Shown<Library>>, shown: &Shown<Library>) {
        let layers = self.layers(key, shown);
        assert!(layers.is_sorted_by(|a, b| a < b), "{key:?} shows patches twice or out of order: {}", shown.value);
        let pending = self.mutations.iter().filter(|mutation| mutation.keys.contains(&key));
        let pending = pending.filter(|mutation| mutation.fate == Fate::Pending).count();
        assert_eq!(shown.pending, pending, "{key:?}");
        let mut landed = Vec::new();
        for (number, mutation) in self.mutations.iter().enumerate().filter(|(_, it)| it.keys.contains(&key)) {
            let contained = mutation.position.is_some_and(|position| position <= shown.clock.seq);
            let on_top = layers.contains(&number);
            let what = format!("{} ({:?}) in {key:?}, shown as {}", MARKS[number], mutation.fate, shown.value);
            match mutation.fate {
                Fate::Pending => {
                    assert!(on_top, "lost {what}");
                    assert!(!contained || self.may_count_twice(key, number, before), "doubled {what}");
                }
                Fate::Confirmed { at_ms, .. } => {
                    let over = self.lagged || self.steady_ms - at_ms >= SETTLE_MS;
                    let over = over || self.landed.contains(&(number, key));
                    assert!(on_top || contained || over, "lost {what}");
                    let doubled = on_top && contained;
                    assert!(!doubled || self.may_linger(number, shown.clock), "doubled {what}");
                    landed.extend((contained && !on_top).then_some((number, key)));
                }
                Fate::Undone | Fate::Forgotten => assert!(!on_top, "not taken back: {what}"),
                Fate::Kept => {}
            }
        }
        self.landed.extend(landed);
    }

    /// Whether nothing tells that a value of this clock contains what a mutation did that has ended.
    pub(super) fn may_linger(&self, number: usize, shown: Clock) -> bool {
        let mutation = &self.mutations[number];
        match mutation.fate {
            Fate::Kept => true,
            Fate::Confirmed { clock, .. } => {
                !clock || mutation.position.is_some_and(|position| self.clock(position).epoch != shown.epoch)
            }
            Fate::Pending | Fate::Undone | Fate::Forgotten => false,
        }
    }

    /// A pending patch may count twice where nothing was shown before, so that there was nothing to keep it on, and when
    /// a newer value has waited for long enough.
    fn may_count_twice(&self, key: Key, number: usize, before: Option<&Shown<Library>>) -> bool {
        let Some(before) = before else { return true };
        let doubled = self.mutations[number].position.is_some_and(|position| position <= before.clock.seq);
        let held = self.outdated_ms.get(&key).is_some_and(|since_ms| self.steady_ms - since_ms >= HOLD_MS);
        doubled || held
    }

    /// The numbers of the mutations whose patches lie on the committed value.
    pub(super) fn layers(&self, key: Key, shown: &Shown<Library>) -> Vec<usize> {
        let truth = self.truth(key, shown.clock.seq).value;
        let rest = shown.value.strip_prefix(&truth);
        let rest = rest.unwrap_or_else(|| panic!("{} is not the truth: {truth}", shown.value));
        rest.split('+').skip(1).map(|number| number.parse().expect("a mark")).collect()
    }

    fn note_outdated(&mut self, key: Key, after: Option<&Shown<Library>>) {
        if after.is_some_and(|shown| shown.state == State::Outdated) {
            self.outdated_ms.entry(key).or_insert(self.steady_ms);
        } else {
            self.outdated_ms.remove(&key);
        }
    }
}

/// A view with a pending patch does not go blank, unless the patch or the view was taken away, or the mutation is over:
/// then what lies below is gone like any other value that was invalidated.
fn check_blink(key: Key, before: Option<&Shown<Library>>, after: Option<&Shown<Library>>, effects: &Effects) {
    let taken = effects.iter().any(|effect| match effect {
        Effect::ForgetAll => true,
        Effect::Forget { key: forgotten } => *forgotten == key,
        Effect::Recorded { key: Some(of), operation: Operation::Rollback | Operation::Confirm, .. } => *of == key,
        _ => false,
    });
    let blank = before.is_some_and(|shown| shown.pending > 0) && after.is_none();
    assert!(!blank || taken, "{key:?} blinked");
}

/// One step never goes back, and tells of every change of value and of nothing else.
fn check_step(key: Key, before: Option<&Shown<Library>>, after: Option<&Shown<Library>>, effects: &Effects) {
    if let (Some(before), Some(after)) = (before, after) {
        assert!(after.clock.seq >= before.clock.seq, "{key:?} went back");
    }
    let mut reasons = [Cause::Pressure, Cause::Unused].into_iter();
    let evicted = reasons.any(|cause| recorded(effects, key, Operation::Evict, cause));
    let differs = before.map(|shown| &shown.value) != after.map(|shown| &shown.value);
    let told = effects.contains(&Effect::Changed { key });
    assert!(told || !differs || evicted, "{key:?} changed and nobody was told");
    assert!(!told || differs || before.is_none(), "{key:?} did not change");
}
