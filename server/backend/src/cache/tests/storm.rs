//! Readers and writers all at once, on two servers, with an oracle that watches every answer.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use domain::cache::{Clock, Key};

use super::bench::{Bench, cache_at, namespace, outline, redis_url};
use crate::cache::{ServerCache, Status};

const WRITES: u64 = 60;

/// One number that is written and read; `acked` is the newest that was answered.
#[derive(Default)]
struct Database {
    committed: AtomicU64,
    acked: AtomicU64,
    /// One writer at a time gets its position and commits, as the log orders them.
    commit: Mutex<()>,
}

async fn write(cache: ServerCache, key: Key, database: Arc<Database>) {
    for _ in 0..WRITES {
        let fence = cache.fence(&key.tags()[..1]).await;
        tokio::task::yield_now().await;
        let seq = {
            let _one_at_a_time = database.commit.lock().unwrap();
            database.committed.fetch_add(1, Ordering::SeqCst) + 1
        };
        tokio::task::yield_now().await;
        cache.release(fence, Clock::new(cache.clock().epoch(), seq)).await;
        database.acked.fetch_max(seq, Ordering::SeqCst);
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
}

/// Reads until all is written; counts the hits.
async fn watch(cache: ServerCache, key: Key, database: Arc<Database>, last: u64) -> u32 {
    let mut hits = 0;
    loop {
        let acked = database.acked.load(Ordering::SeqCst);
        let database = database.clone();
        let load = async move {
            let value = database.committed.load(Ordering::SeqCst);
            // What was read may be old by now: this is when a fill races a write.
            tokio::task::yield_now().await;
            Ok(value)
        };
        let view = cache.read(&key, load).await.unwrap();

        let value = view.value().unwrap();
        assert!(value >= acked, "{value} was answered after {acked} was acknowledged ({:?})", view.status);
        assert!(value >= view.clock.seq(), "{value} claims to be as new as {}", view.clock);
        hits += u32::from(view.status == Status::Hit);
        // A hit in process waits for nothing: readers would leave the writers no thread to run on.
        tokio::task::yield_now().await;
        if acked == last {
            return hits;
        }
    }
}

async fn storm(servers: [ServerCache; 2]) {
    let (key, database) = (outline(), Arc::new(Database::default()));
    let last = WRITES * 2;

    let writers = servers.clone().map(|server| tokio::spawn(write(server, key.clone(), database.clone())));
    let readers = (0..8)
        .zip(servers.iter().cycle())
        .map(|(_, server)| tokio::spawn(watch(server.clone(), key.clone(), database.clone(), last)));
    let readers: Vec<_> = readers.collect();

    for writer in writers {
        writer.await.unwrap();
    }
    let mut hits = 0;
    for reader in readers {
        hits += reader.await.unwrap();
    }
    assert!(hits > 0, "nobody was ever served from the cache");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_is_answered_late_in_process() {
    let cache = Bench::in_process().cache();

    storm([cache.clone(), cache]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_is_answered_late_over_redis() {
    let namespace = namespace();
    let connect = || async { cache_at(&redis_url(), &namespace).await };

    storm([connect().await, connect().await]).await;
}
