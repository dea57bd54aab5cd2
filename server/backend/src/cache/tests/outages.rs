//! A store that does not answer makes the cache slow, never wrong.

use std::{future::ready, time::Duration};

use domain::cache::{Clock, Key};
use tokio::time::{Instant, timeout};

use super::{
    bench::{Bench, cache_at, namespace, now, outline, redis_url},
    proxy::{Proxy, Wire},
};
use crate::cache::{
    Company, OpenRow, ServerCache, Status, View,
    store::{AnyStore, Store, TagState, Token},
};

async fn read(cache: &ServerCache, key: &Key, value: &str) -> View<String> {
    cache.read(key, ready(Ok(value.to_owned()))).await.unwrap()
}

async fn write(cache: &ServerCache, key: &Key, seq: u64) -> Clock {
    let fence = cache.fence(&key.tags()).await;
    cache.release(fence, Clock::new(cache.clock().epoch(), seq)).await
}

/// Spoils the wire and waits until that is noticed. What is under way at that moment is sent again later, and would settle
/// what the outage left open.
async fn lose(cache: &ServerCache, proxy: &Proxy, wire: Wire) {
    proxy.make(wire);
    for _ in 0..5 {
        read(cache, &outline(), "text").await;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(read(cache, &outline(), "text").await.status, Status::Bypass);
}

/// Reads until the store is there again, with a relay that finds `rows` open; gives what was read first then.
async fn until_it_answers(cache: &ServerCache, key: &Key, value: &str, rows: &[OpenRow]) -> View<String> {
    let answered = async {
        loop {
            let confirmation = cache.begin_confirmation();
            if cache.settle(rows, Some(1)).await {
                cache.confirm(confirmation);
            }
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
    for outage in [Wire::Cut, Wire::BlackHole, Wire::Slow(Duration::from_millis(300))] {
        let (proxy, key) = (Proxy::to(&redis_url()).await, outline());
        let cache = cache_at(&proxy.url(), &namespace()).await;
        read(&cache, &key, "old").await;
        assert_eq!(read(&cache, &key, "").await.status, Status::Hit);

        lose(&cache, &proxy, outage).await;
        write(&cache, &key, 1).await;
        assert_eq!(read(&cache, &key, "new").await.value().unwrap(), "new");
        proxy.make(Wire::Whole);

        let view = until_it_answers(&cache, &key, "new", &[OpenRow::new(1, "", key.tags())]).await;
        assert_eq!((view.status, view.value().unwrap().as_str()), (Status::Miss, "new"), "{outage:?}");
        assert_eq!(read(&cache, &key, "").await.value().unwrap(), "new");
    }
}

#[tokio::test]
async fn a_fence_that_arrives_when_its_write_is_released_is_not_put_up() {
    let (bench, tag, late, other) = (Bench::redis().await, outline().tags()[0], Token::fresh(), Token::fresh());

    bench.store.release(&[tag], late, 1).await.unwrap();
    bench.store.fence(&[tag], late).await.unwrap();
    assert!(matches!(bench.state(tag).await, TagState::Open(_)));

    bench.store.fence(&[tag], other).await.unwrap();
    assert_eq!(bench.state(tag).await, TagState::Fenced);
}

#[tokio::test]
async fn what_was_not_written_during_an_outage_is_still_cached_after_it() {
    let (proxy, key) = (Proxy::to(&redis_url()).await, outline());
    let cache = cache_at(&proxy.url(), &namespace()).await;
    read(&cache, &key, "text").await;

    lose(&cache, &proxy, Wire::Cut).await;
    let other = outline();
    write(&cache, &other, 1).await;
    proxy.make(Wire::Whole);

    let rows = [OpenRow::new(1, "", other.tags())];
    assert_eq!(until_it_answers(&cache, &key, "text", &rows).await.status, Status::Hit);
}

#[tokio::test]
async fn a_store_is_believed_for_less_than_a_second_and_a_writer_it_does_not_answer_waits_that_second() {
    let cache = with_others().await;
    let key = outline();
    let AnyStore::Redis(redis) = &cache.inner.store else { panic!("a store in Redis") };
    redis.hang_up().await;

    tokio::time::pause();
    cache.confirm(cache.begin_confirmation());
    tokio::time::advance(Duration::from_millis(899)).await;
    assert!(cache.inner.trust.holds());
    tokio::time::advance(Duration::from_millis(1)).await;
    assert!(!cache.inner.trust.holds());

    let began = Instant::now();
    write(&cache, &key, 1).await;
    assert!(began.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn what_was_confirmed_before_a_release_failed_counts_for_nothing() {
    let cache = with_others().await;
    let confirmation = cache.begin_confirmation();

    cache.inner.trust.lose();
    cache.confirm(confirmation);
    assert!(!cache.inner.trust.holds());

    cache.confirm(cache.begin_confirmation());
    assert!(cache.inner.trust.holds());
}

#[tokio::test]
async fn a_store_that_failed_three_times_is_left_alone_for_a_while() {
    let cache = Bench::redis().await.cache();
    let AnyStore::Redis(redis) = &cache.inner.store else { panic!("a store in Redis") };
    redis.hang_up().await;

    for _ in 0..10 {
        read(&cache, &outline(), "text").await;
    }

    assert_eq!(cache.counters().errors, 3);
}

/// A cache that is shared with other servers.
async fn with_others() -> ServerCache {
    ServerCache::redis(&redis_url(), &namespace(), Company::Others, now()).await.unwrap()
}
