//! What the benchmarks in `benches/` need and nobody else: caches that are believed at once, and a way to fill them.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use domain::cache::{Act, Clock, Key, Tag};
use futures::{FutureExt, StreamExt, stream};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    CannotConnect, Company, Now, Operation, Seen, ServerCache, Subject, View,
    entry::{Answer, Stored},
    in_process::InProcess,
    redis::Redis,
    store::{AnyStore, FENCE_LIFE, Generation, Store},
};
use crate::{
    Error,
    time::{SystemTime, Time},
};

/// Enough for a million entries.
const CAPACITY_BYTES: u64 = 4 * 1024 * 1024 * 1024;
const CAPACITY_TAGS: usize = 200_000;
/// How many entries are on their way at once while a cache is filled.
const AT_ONCE: usize = 256;
/// Entries of a benchmark that was interrupted go by themselves.
const LIFE: Duration = Duration::from_secs(600);

/// Whether a cache in Redis keeps what it has fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstLevel {
    On,
    Off,
}

/// A cache in this process, with room for a million entries.
pub fn in_process() -> ServerCache {
    let start = Clock::new(rand::random(), 0);
    let store = InProcess::bounded(start, CAPACITY_BYTES, CAPACITY_TAGS, FENCE_LIFE);
    believed(ServerCache::over(AnyStore::InProcess(Box::new(store)), start, Company::Alone, now()))
}

/// A cache in the Redis at `url`, alone in its namespace.
///
/// # Errors
/// As for [`ServerCache::redis`].
pub async fn redis(url: &str, first_level: FirstLevel) -> Result<ServerCache, CannotConnect> {
    let (redis, start) = Redis::connect(url, &format!("bench:{:016x}", rand::random::<u64>())).await?;
    let redis = match first_level {
        FirstLevel::On => redis,
        FirstLevel::Off => redis.without_first_level(),
    };
    Ok(believed(ServerCache::over(AnyStore::Redis(redis), start, Company::Alone, now())))
}

impl ServerCache {
    /// As [`ServerCache::read_seen`], for a load that reads no database.
    ///
    /// # Errors
    /// Those of `load`.
    pub async fn read<T>(
        &self,
        key: &Key,
        load: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<View<T>, Error>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
    {
        self.read_seen(key, load.map(Seen::from)).await
    }
}

/// Puts an entry with this body at each of `keys`, past everything that reads do.
pub async fn fill(cache: &ServerCache, keys: impl Iterator<Item = Key>, body: &'static [u8]) {
    let puts = keys.map(|key| async move {
        let stored = Stored {
            answer: Answer { body: Bytes::from_static(body), etag: "\"0\"".to_owned() },
            generations: vec![Generation::fresh(); key.tags().len()],
            clock: cache.clock(),
            stored_at: (cache.inner.now)(),
            grace: Duration::ZERO,
        };
        cache.inner.store.put(&key, stored, LIFE).await.expect("the store takes what it is given");
    });
    stream::iter(puts).buffer_unordered(AT_ONCE).collect::<()>().await;
}

/// Everything that a write does to the cache, as the write at `seq`.
pub async fn invalidate(cache: &ServerCache, tags: &[Tag], seq: u64) {
    let fence = cache.fence(tags).await;
    cache.release(fence, Clock::new(cache.clock().epoch(), seq)).await;
}

/// What is noted of one read.
pub fn record(cache: &ServerCache, key: &Key) {
    let done = Operation::new((cache.inner.now)(), Act::Hit, Subject::Key(key.clone()), Duration::from_micros(1));
    cache.inner.operations.record(done);
}

fn believed(cache: ServerCache) -> ServerCache {
    cache.confirm(cache.begin_confirmation());
    cache
}

fn now() -> Now {
    Arc::new(|| SystemTime.now())
}
