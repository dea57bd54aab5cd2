//! One after the other: requests with the same key at this server.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use chrono::{DateTime, Utc};
use domain::id::UserId;
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::IdempotencyKey;

/// How many queues there are. Two keys share one now and then; then one of them waits for nothing.
const QUEUES: u64 = 256;
/// How often old keys are dropped, in milliseconds.
const PURGE_EVERY_MS: i64 = 60 * 60 * 1_000;

/// The queues. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Waiting(Arc<Queues>);

#[derive(Debug)]
struct Queues {
    queues: Vec<Arc<Mutex<()>>>,
    seed: RandomState,
    purged_at_ms: AtomicI64,
}

impl Waiting {
    /// Nobody waits yet.
    pub(crate) fn new() -> Self {
        let queues = (0..QUEUES).map(|_| Arc::default()).collect();
        Waiting(Arc::new(Queues { queues, seed: RandomState::new(), purged_at_ms: AtomicI64::new(i64::MIN) }))
    }

    /// Waits until nobody before us uses this key; it is ours until the guard is dropped.
    pub(super) async fn turn(&self, user: UserId, key: &IdempotencyKey) -> OwnedMutexGuard<()> {
        let hash = self.0.seed.hash_one((user, key));
        let place = usize::try_from(hash % QUEUES).expect("a place among a few");
        self.0.queues[place].clone().lock_owned().await
    }

    /// Has nobody dropped old keys for an hour? Says so once.
    pub(super) fn is_time_to_purge(&self, now: DateTime<Utc>) -> bool {
        let (last, now) = (self.0.purged_at_ms.load(Ordering::Relaxed), now.timestamp_millis());
        let is_time = last.saturating_add(PURGE_EVERY_MS) <= now;
        is_time && self.0.purged_at_ms.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}
