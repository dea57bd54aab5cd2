//! The first level: what this process has of the entries in Redis, so that they are not fetched again and again.
//!
//! A copy is never believed by itself. Each read asks Redis, in one command, for the epoch, the clock and the
//! generations, and says under which of them it holds its copy. If they are the present ones, and the entry is still
//! there, Redis leaves the body out; else it sends what it has. So there is nothing to invalidate here, and a copy is
//! served exactly when the entry would have been.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use domain::cache::Key;

use super::names::hex;
use crate::cache::{
    entry::{Answer, Stored},
    in_process::RECLAIM_AFTER,
    store::{Found, Generation},
};

/// How much memory copies may use.
const CAPACITY_BYTES: u64 = 32 * 1024 * 1024;
/// What a copy costs beside its body.
const OVERHEAD_BYTES: usize = 512;

/// Copies of entries whose bodies this process has made or decoded itself.
pub(super) struct Near(Option<moka::sync::Cache<Key, Arc<Stored>>>);

impl Near {
    /// Room for copies.
    pub(super) fn new() -> Self {
        Near::bounded(CAPACITY_BYTES)
    }

    /// The same with a bound of one's own.
    pub(super) fn bounded(bytes: u64) -> Self {
        let weigh = |_: &Key, stored: &Arc<Stored>| {
            u32::try_from(stored.answer.body.len() + OVERHEAD_BYTES).unwrap_or(u32::MAX)
        };
        Near(Some(moka::sync::Cache::builder().max_capacity(bytes).weigher(weigh).time_to_live(RECLAIM_AFTER).build()))
    }

    /// No first level: every hit is fetched.
    pub(super) fn none() -> Self {
        Near(None)
    }

    /// The copy of an entry.
    pub(super) fn get(&self, key: &Key) -> Option<Arc<Stored>> {
        self.0.as_ref()?.get(key)
    }

    /// Keeps a copy. Its body is copied, too: what came over the wire is part of a larger buffer.
    pub(super) fn keep(&self, key: &Key, stored: &Stored) {
        if let Some(copies) = &self.0 {
            let answer = Answer { body: Bytes::copy_from_slice(&stored.answer.body), etag: stored.answer.etag.clone() };
            copies.insert(key.clone(), Arc::new(Stored { answer, ..stored.clone() }));
        }
    }

    /// Drops a copy; that it is outdated is no reason, that it takes room without a use is one.
    pub(super) fn remove(&self, key: &Key) {
        if let Some(copies) = &self.0 {
            copies.invalidate(key);
        }
    }

    /// Drops all copies.
    pub(super) fn clear(&self) {
        if let Some(copies) = &self.0 {
            copies.invalidate_all();
        }
    }

    /// How many bytes the copies take, once the books are settled.
    #[cfg(test)]
    pub(super) fn used_bytes(&self) -> u64 {
        let copies = self.0.as_ref().expect("there is a first level");
        copies.run_pending_tasks();
        copies.weighted_size()
    }
}

/// What `observe.lua` wants to know: a new generation per tag, and under which epoch and generations the copy is held.
pub(super) fn arguments(life_secs: i64, tags: usize, held: Option<&Stored>) -> Vec<String> {
    let epoch = held.map(|held| format!("{:08x}", held.clock.epoch())).unwrap_or_default();
    let of_tag = |index: usize| {
        let own = held.and_then(|held| held.generations.get(index)).map(|generation| hex(generation.0));
        [hex(Generation::fresh().0), own.unwrap_or_default()]
    };
    [life_secs.to_string(), epoch].into_iter().chain((0..tags).flat_map(of_tag)).collect()
}

/// The entry, from how many milliseconds it will stay there and its bytes, which are left out if the copy holds.
pub(super) fn found(left_ms: Option<i64>, bytes: Option<Bytes>, held: Option<&Stored>) -> Option<Found> {
    let bytes = bytes?;
    let is_known = bytes.is_empty();
    let stored = if is_known { held?.clone() } else { Stored::decode(&bytes)? };
    // What has no end is not overdue, either.
    let left = left_ms.and_then(|left| u64::try_from(left).ok()).map(Duration::from_millis);
    Some(Found { overdue: left.and_then(|left| stored.overdue(left)), stored, is_known })
}
