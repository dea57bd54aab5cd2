//! A store that does not answer makes the cache slow, never wrong.

use std::time::Duration;

use domain::cache::{Clock, Key};
use tokio::time::{Instant, timeout};

use super::{
    bench::{Bench, namespace, now, outline, redis_url},
    proxy::Proxy,
};
use crate::cache::{ServerCache, Status, View, store::AnyStore};

async fn read(cache: &ServerCache, key: &Key, value: &str) -> View<String> {
    cache.read(key, async || Ok(value.to_owned())).await.unwrap()
}

async fn write(cache: &ServerCache, key: &Key, seq: u64) -> Clock {
    let fence = cache.fence(&key.tags()).await;
    cache.release(fence, Clock::new(cache.clock().epoch(), seq)).await
}

/// Cuts the wire and waits until that is noticed. What is under way at that moment is sent again later, and would settle
/// what the outage left open.
async fn lose(cache: &ServerCache, proxy: &Proxy) {
    proxy.cut();
    for _ in 0..5 {
        read(cache, &outline(), "text").await;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(read(cache, &outline(), "text").await.status, Status::Bypass);
}

/// Reads until the store is there again; gives what was read first then.
async fn until_it_answers(cache: &ServerCache, key: &Key, value: &str) -> View<String> {
    let answered = async {
        loop {
            let view = read(cache, key, value).await;
            if view.status != Status::Bypass {
                return view;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(10), answered).await.expect("a Redis that is back is found")
}

#[tokio::test]
async fn without_a_store_reads_and_writes_go_on_at_once() {
    let (cache, key) = (Bench::redis().await.cache(), outline());
    read(&cache, &key, "old").await;
    let AnyStore::Redis(redis) = &cache.inner.store else { panic!("a store in Redis") };
    redis.hang_up().await;
    let (began, before) = (Instant::now(), cache.clock());

    let written = write(&cache, &key, 5).await;
    let view = read(&cache, &key, "new").await;

    assert_eq!((view.status, view.value().unwrap().as_str()), (Status::Bypass, "new"));
    assert_eq!((view.clock, written), (before, Clock::new(before.epoch(), 5)));
    assert_eq!((cache.entries("", 10).await, cache.forget(&key).await, cache.clear().await), (vec![], false, 0));
    assert!(cache.counters().errors > 0);
    assert!(began.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn what_was_written_during_an_outage_is_not_served_old_after_it() {
    let (proxy, key) = (Proxy::to(&redis_url()).await, outline());
    let cache = ServerCache::redis(&proxy.url(), &namespace(), 0, now()).await.unwrap();
    read(&cache, &key, "old").await;
    assert_eq!(read(&cache, &key, "").await.status, Status::Hit);

    lose(&cache, &proxy).await;
    write(&cache, &key, 1).await;
    assert_eq!(read(&cache, &key, "new").await.value().unwrap(), "new");
    proxy.mend();

    let view = until_it_answers(&cache, &key, "new").await;
    assert_eq!((view.status, view.value().unwrap().as_str()), (Status::Miss, "new"));
    assert_eq!(read(&cache, &key, "").await.value().unwrap(), "new");
}

#[tokio::test]
async fn what_was_not_written_during_an_outage_is_still_cached_after_it() {
    let (proxy, key) = (Proxy::to(&redis_url()).await, outline());
    let cache = ServerCache::redis(&proxy.url(), &namespace(), 0, now()).await.unwrap();
    read(&cache, &key, "text").await;

    lose(&cache, &proxy).await;
    write(&cache, &outline(), 1).await;
    proxy.mend();

    assert_eq!(until_it_answers(&cache, &key, "text").await.status, Status::Hit);
}
