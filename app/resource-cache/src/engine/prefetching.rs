//! What somebody may soon need: fetched when there is nothing better to do, at most two at a time.

use std::collections::VecDeque;

use super::Engine;
use crate::{Catalog, Cause, PrefetchCounts, Purpose};

/// How many are in flight.
const LANES: usize = 2;
/// How many wait. The oldest makes room.
const QUEUE: usize = 16;
/// Who waited for so long was not needed.
const PATIENCE_MS: u64 = 10_000;

/// The prefetches that wait, and those under way.
pub(super) struct Prefetching<K> {
    /// With the time they were wished for, the newest last.
    queue: VecDeque<(K, u64)>,
    lanes: Vec<K>,
    pub(super) counts: PrefetchCounts,
}

impl<K> Default for Prefetching<K> {
    fn default() -> Self {
        Self { queue: VecDeque::new(), lanes: Vec::new(), counts: PrefetchCounts::default() }
    }
}

impl<K: PartialEq> Prefetching<K> {
    /// Drops what waits.
    pub(super) fn drop_queue(&mut self) {
        self.queue.clear();
    }

    /// A key that need not wait any more.
    pub(super) fn forget(&mut self, key: &K) {
        self.queue.retain(|(waiting, _)| waiting != key);
    }

    pub(super) fn queued(&self) -> usize {
        self.queue.len()
    }
}

impl<A: Catalog> Engine<A> {
    pub(super) fn prefetch(&mut self, key: &A::Key, now_ms: u64) {
        if self.page.is_paused() || !self.lacks(key, now_ms) {
            return;
        }
        self.prefetching.forget(key);
        self.prefetching.queue.push_back((key.clone(), now_ms));
        if self.prefetching.queue.len() > QUEUE {
            self.prefetching.queue.pop_front();
        }
    }

    /// Starts what waits, the newest wish first, as far as there are lanes.
    pub(super) fn start_prefetches(&mut self, now_ms: u64) {
        let Self { prefetching, slots, .. } = self;
        prefetching.lanes.retain(|key| {
            let flight = slots.get(key).and_then(|slot| slot.flight.as_ref());
            flight.is_some_and(|flight| flight.purpose == Purpose::Prefetch)
        });
        while self.prefetching.lanes.len() < LANES {
            let Some((key, wished_ms)) = self.prefetching.queue.pop_back() else { return };
            if now_ms.saturating_sub(wished_ms) >= PATIENCE_MS || !self.lacks(&key, now_ms) {
                continue;
            }
            let slot = self.used_slot(&key, now_ms);
            let offered = slot.shown(now_ms).is_some();
            // One that was there already is still to be used or wasted.
            let before = std::mem::replace(&mut slot.prefetched, true);
            self.prefetching.counts.wasted += u64::from(before);
            self.prefetching.counts.issued += 1;
            self.record(&key, Self::use_of(offered, false), Cause::Prefetch);
            self.fetch(&key, Purpose::Prefetch, 0, now_ms);
            self.prefetching.lanes.push(key);
        }
    }

    /// Somebody came for a value: what was prefetched for it was of use.
    pub(super) fn count_use(&mut self, key: &A::Key) {
        let used = self.slots.get_mut(key).is_some_and(|slot| std::mem::take(&mut slot.prefetched));
        self.prefetching.counts.used += u64::from(used);
    }

    /// Whether fetching would bring something.
    fn lacks(&self, key: &A::Key, now_ms: u64) -> bool {
        self.slots.get(key).is_none_or(|slot| slot.flight.is_none() && !slot.is_fresh(now_ms))
    }
}
