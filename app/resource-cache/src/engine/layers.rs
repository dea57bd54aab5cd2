//! What is shown on top of a committed value.
//!
//! A mutation that was sent puts a patch on the views it is expected to change. Patches lie in the order their mutations
//! began and go one by one, in whatever order the mutations end:
//!
//! - *failed*: the patch goes; those above and below stay.
//! - *confirmed*: the patch goes as soon as the value below contains it: a value given with the confirmation, or one that
//!   was read at or after the mutation's position.
//!
//! A value that arrives while a mutation is pending may contain the mutation's effect already, and nothing tells: put on
//! top, the patch would count twice. And a value that is invalidated (as a mutation invalidates just what it patches)
//! would leave the patch without ground, and the screen blank. So the patches stay on the value they lie on, the
//! *underlay*, for a moment: until no mutation is pending any more and a newer value is there, or until [`HOLD_MS`] after
//! that value came. The underlay is never offered without patches and never stored.

use super::slot::Entry;
use crate::{Catalog, MutationId};

/// A newer value waits for pending mutations at most this long. Their answers are usually a few milliseconds behind.
pub(crate) const HOLD_MS: u64 = 3_000;
/// A confirmed patch waits for a value that contains it at most this long.
pub(crate) const SETTLE_MS: u64 = 60_000;

/// The patches of one view.
pub(super) struct Layers<A: Catalog> {
    stack: Vec<Layer<A>>,
    underlay: Option<Underlay<A>>,
    /// What the patches make of the value below.
    patched: Option<A::Value>,
}

struct Layer<A: Catalog> {
    mutation: MutationId,
    patch: A::Patch,
    standing: Standing<A::Clock>,
}

/// How the mutation of a layer stands.
pub(super) enum Standing<C> {
    Pending,
    /// Carried out at `clock`, when `asked` fetches had been sent.
    Confirmed {
        clock: Option<C>,
        asked: u64,
        until_ms: u64,
    },
    /// Failed at the event `tick`, and shown until the source says something newer.
    Kept {
        tick: u64,
        until_ms: u64,
    },
}

/// A value that only lies below patches.
struct Underlay<A: Catalog> {
    entry: Entry<A>,
    /// Set once a newer value is there.
    until_ms: Option<u64>,
}

impl<A: Catalog> Default for Layers<A> {
    fn default() -> Self {
        Self { stack: Vec::new(), underlay: None, patched: None }
    }
}

impl<A: Catalog> Layers<A> {
    pub(super) fn is_empty(&self) -> bool {
        self.stack.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.stack.len()
    }

    /// How many mutations have not ended.
    pub(super) fn pending(&self) -> usize {
        self.stack.iter().filter(|layer| matches!(layer.standing, Standing::Pending)).count()
    }

    pub(super) fn underlay(&self) -> Option<&Entry<A>> {
        self.underlay.as_ref().map(|underlay| &underlay.entry)
    }

    pub(super) fn patched(&self) -> Option<&A::Value> {
        self.patched.as_ref()
    }

    pub(super) fn push(&mut self, mutation: MutationId, patch: A::Patch) {
        self.stack.push(Layer { mutation, patch, standing: Standing::Pending });
    }

    /// Ends a mutation that leaves its patches for now.
    pub(super) fn end(&mut self, mutation: MutationId, standing: impl Fn() -> Standing<A::Clock>) {
        for layer in self.stack.iter_mut().filter(|layer| layer.mutation == mutation) {
            layer.standing = standing();
        }
    }

    /// Takes the patches of a mutation off.
    pub(super) fn undo(&mut self, mutation: MutationId) {
        self.stack.retain(|layer| layer.mutation != mutation);
    }

    /// Whether patches of the mutation are still there.
    pub(super) fn hold(&self, mutation: MutationId) -> bool {
        self.stack.iter().any(|layer| layer.mutation == mutation)
    }

    /// Keeps a value that is no longer offered as what the patches lie on, if there are any.
    pub(super) fn keep_below(&mut self, entry: Entry<A>) {
        if !self.stack.is_empty() && self.underlay.is_none() {
            self.underlay = Some(Underlay { entry, until_ms: None });
        }
    }

    /// Whether a value is certainly older than a mutation of this page that was carried out.
    pub(super) fn outdate(&self, value: &A::Clock) -> bool {
        self.stack.iter().any(|layer| match &layer.standing {
            Standing::Confirmed { clock: Some(clock), .. } => value < clock,
            Standing::Confirmed { clock: None, .. } | Standing::Pending | Standing::Kept { .. } => false,
        })
    }

    pub(super) fn drop_underlay(&mut self) {
        self.underlay = None;
    }

    /// A newer value takes the place of `before`.
    pub(super) fn supersede(&mut self, before: Option<Entry<A>>, value: &A::Value, now_ms: u64) {
        if self.pending() > 0
            && let Some(before) = before
        {
            self.keep_below(before);
        }
        // What did not change contains no mutation.
        self.underlay.take_if(|underlay| underlay.entry.value == *value);
        if let Some(underlay) = &mut self.underlay {
            underlay.until_ms.get_or_insert(now_ms.saturating_add(HOLD_MS));
        }
    }

    /// Drops what has served its time, and puts the rest on the value below: the underlay, or else `entry`.
    pub(super) fn settle(&mut self, key: &A::Key, entry: Option<&Entry<A>>, now_ms: u64) {
        let waits = self.pending() > 0;
        self.underlay.take_if(|underlay| {
            entry.is_some() && (!waits || underlay.until_ms.is_some_and(|until_ms| until_ms <= now_ms))
        });
        let base = self.underlay.as_ref().map(|underlay| &underlay.entry).or(entry);
        self.stack.retain(|layer| layer.standing.waits(base, now_ms));
        self.patched = base.filter(|_| !self.stack.is_empty()).map(|base| self.over(key, &base.value));
        if self.stack.is_empty() {
            self.underlay = None;
        }
    }

    /// When something is to be done without an event.
    pub(super) fn due_ms(&self, has_entry: bool) -> Option<u64> {
        let underlay = self.underlay.as_ref().filter(|_| has_entry).and_then(|underlay| underlay.until_ms);
        self.stack.iter().filter_map(|layer| layer.standing.until_ms()).chain(underlay).min()
    }

    fn over(&self, key: &A::Key, value: &A::Value) -> A::Value {
        let apply = |value: A::Value, layer: &Layer<A>| A::apply(key, &value, &layer.patch).unwrap_or(value);
        self.stack.iter().fold(value.clone(), apply)
    }
}

impl<C: PartialOrd> Standing<C> {
    fn until_ms(&self) -> Option<u64> {
        match self {
            Standing::Pending => None,
            Standing::Confirmed { until_ms, .. } | Standing::Kept { until_ms, .. } => Some(*until_ms),
        }
    }

    /// Whether the patch is still needed on top of `base`.
    fn waits<A: Catalog<Clock = C>>(&self, base: Option<&Entry<A>>, now_ms: u64) -> bool {
        if self.until_ms().is_some_and(|until_ms| until_ms <= now_ms) {
            return false;
        }
        let Some(base) = base else { return true };
        match self {
            Standing::Pending => true,
            Standing::Kept { tick, .. } => base.tick <= *tick,
            Standing::Confirmed { clock, asked, .. } => {
                let contains = match clock.as_ref().map(|clock| base.clock.partial_cmp(clock)) {
                    Some(Some(order)) => order.is_ge(),
                    // Only the order of requests tells.
                    Some(None) | None => base.asked > *asked,
                };
                !contains
            }
        }
    }
}
