//! The store of a single server: this process's own memory.
//!
//! The protocol needs less than it seems. The tags and the clock are one value under one lock, so an observation of them
//! is a single instant, and so is each fence and each release. Entries live apart, in a map that is bounded by bytes.
//! They may be read a moment after the tags, be overwritten or evicted meanwhile: whatever entry is found, it is served
//! only if it carries the generations of that instant, and an entry that does was loaded after the last release of each
//! of its tags.

mod tags;

use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use chrono::{DateTime, Utc};
use domain::cache::{Clock, Key, Tag};
use tokio::time::Instant;

use super::{
    entry::Stored,
    store::{CachedEntry, FENCE_LIFE, Found, Observation, Store, StoreError, Token},
};
use tags::Tags;

/// How much memory entries may use.
const CAPACITY_BYTES: u64 = 64 * 1024 * 1024;
/// What an entry costs beside its body: key, generations, and the map's own books.
const OVERHEAD_BYTES: usize = 512;
/// How many generations are remembered: far more than there are entries.
const CAPACITY_TAGS: usize = 200_000;
/// Entries leave the map after this, so that expired ones do not hold memory. No policy is longer, grace included.
pub(super) const RECLAIM_AFTER: Duration = Duration::from_secs(90 * 60);

/// A store in this process.
pub(super) struct InProcess {
    entries: moka::sync::Cache<Key, Arc<Slot>>,
    tags: Mutex<Tags>,
    fence_life: Duration,
}

struct Slot {
    stored: Stored,
    /// The end of its grace.
    ends: Instant,
}

impl Slot {
    fn found(&self, now: Instant) -> Found {
        let overdue = self.stored.overdue(self.ends.duration_since(now));
        Found { stored: self.stored.clone(), overdue, is_known: true }
    }
}

impl InProcess {
    /// An empty store whose clock stands at `start`.
    pub(super) fn new(start: Clock) -> Self {
        InProcess::bounded(start, CAPACITY_BYTES, CAPACITY_TAGS, FENCE_LIFE)
    }

    /// The same with bounds of one's own.
    pub(super) fn bounded(start: Clock, bytes: u64, tags: usize, fence_life: Duration) -> Self {
        let entries = moka::sync::Cache::builder()
            .max_capacity(bytes)
            .weigher(|_: &Key, slot: &Arc<Slot>| u32::try_from(size_bytes(slot)).unwrap_or(u32::MAX))
            .time_to_live(RECLAIM_AFTER)
            .build();
        InProcess { entries, tags: Mutex::new(Tags::new(start, tags)), fence_life }
    }

    fn tags(&self) -> MutexGuard<'_, Tags> {
        self.tags.lock().expect("nothing panics while it holds this lock")
    }

    /// How many bytes the entries take, once the books are settled.
    #[cfg(test)]
    pub(super) fn used_bytes(&self) -> u64 {
        self.entries.run_pending_tasks();
        self.entries.weighted_size()
    }
}

fn size_bytes(slot: &Slot) -> usize {
    slot.stored.answer.body.len() + OVERHEAD_BYTES
}

impl Store for InProcess {
    async fn observe(&self, key: &Key, tags: &[Tag]) -> Result<Observation, StoreError> {
        let now = Instant::now();
        let (clock, tags) = {
            let mut guard = self.tags();
            (guard.clock(), tags.iter().map(|tag| guard.state(*tag, now)).collect())
        };
        let entry = self.entries.get(key).filter(|slot| slot.ends > now).map(|slot| slot.found(now));
        Ok(Observation { clock, tags, entry })
    }

    async fn put(&self, key: &Key, stored: Stored, ttl: Duration) -> Result<(), StoreError> {
        let ends = Instant::now() + ttl + stored.grace;
        self.entries.insert(key.clone(), Arc::new(Slot { stored, ends }));
        Ok(())
    }

    /// Nobody else puts anything here.
    fn vouch(&self, _: &Key, _: &Stored) {}

    async fn fence(&self, tags: &[Tag], token: Token) -> Result<(), StoreError> {
        let now = Instant::now();
        let mut guard = self.tags();
        for tag in tags {
            guard.fence(*tag, token, now, self.fence_life);
        }
        Ok(())
    }

    async fn release(&self, tags: &[Tag], token: Token, seq: u64) -> Result<Clock, StoreError> {
        let now = Instant::now();
        let mut guard = self.tags();
        if !guard.is_done(seq) {
            tags.iter().for_each(|tag| guard.release(*tag, token, now));
            guard.done(seq);
        }
        Ok(guard.clock())
    }

    async fn reach(&self, position: u64) -> Result<Clock, StoreError> {
        let mut guard = self.tags();
        guard.reach(position);
        Ok(guard.clock())
    }

    async fn scan(&self, prefix: &str, limit: usize, now: DateTime<Utc>) -> Result<Vec<CachedEntry>, StoreError> {
        let instant = Instant::now();
        let mut found: Vec<(String, Arc<Key>, Arc<Slot>)> = self
            .entries
            .iter()
            .map(|(key, slot)| (key.to_string(), key, slot))
            .filter(|(text, _, slot)| text.starts_with(prefix) && slot.ends > instant)
            .collect();
        found.sort_by(|(one, ..), (other, ..)| one.cmp(other));
        found.truncate(limit);

        let mut guard = self.tags();
        let entry = |(text, key, slot): (String, Arc<Key>, Arc<Slot>)| {
            let (tags, ttl) = (key.tags(), slot.stored.ttl(slot.ends - instant));
            CachedEntry {
                key: text,
                is_fresh: !ttl.is_zero() && guard.are(&tags, &slot.stored.generations, instant),
                tags,
                age_ms: u64::try_from((now - slot.stored.stored_at).num_milliseconds()).unwrap_or(0),
                ttl_ms: u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX),
                size_bytes: u64::try_from(size_bytes(&slot)).unwrap_or(u64::MAX),
            }
        };
        Ok(found.into_iter().map(entry).collect())
    }

    async fn remove(&self, key: &Key) -> Result<bool, StoreError> {
        Ok(self.entries.remove(key).is_some_and(|slot| slot.ends > Instant::now()))
    }

    async fn clear_all(&self) -> Result<u64, StoreError> {
        self.entries.run_pending_tasks();
        let count = self.entries.entry_count();
        self.entries.invalidate_all();
        Ok(count)
    }
}
