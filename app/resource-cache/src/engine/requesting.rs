//! A person with a tool wants to see a view fetched.

use super::Engine;
use crate::{Catalog, Cause, Effect};

impl<A: Catalog> Engine<A> {
    /// Marks one view, as an invalidation of its group would, but nothing else with it.
    pub(super) fn doubted(&mut self, key: &A::Key, now_ms: u64) {
        self.mark_older(key, None, Cause::ByHand, now_ms);
        self.effects.push(Effect::Forget { key: key.clone() });
    }

    /// Fetches one view. What is under way already answers as well.
    pub(super) fn requested(&mut self, key: &A::Key, now_ms: u64) {
        self.expire(key, now_ms);
        if self.used_slot(key, now_ms).flight.is_none() {
            self.ask(key, Cause::ByHand, now_ms);
        }
    }
}
