//! How much goes over the wire to Redis: a hit that is held here brings no body, an invalidation touches no entry.

use std::future::ready;

use domain::cache::{Clock, Key};

use super::{
    bench::{cache_at, chapter_of, namespace, outline, redis_url},
    meter::Meter,
};
use crate::cache::{ServerCache, Status, store::AnyStore};

/// A cache behind a wire, and nothing but what is asked from now on in the books.
async fn behind_a_wire(namespace: &str) -> (ServerCache, Meter) {
    let meter = Meter::to(&redis_url()).await;
    let cache = cache_at(&meter.url(), namespace).await;
    meter.traffic();
    (cache, meter)
}

async fn read(cache: &ServerCache, key: &Key, bytes: usize) -> Status {
    cache.read(key, ready(Ok("x".repeat(bytes)))).await.unwrap().status
}

#[tokio::test]
async fn a_body_that_is_held_is_not_sent_again() {
    let (namespace, key) = (namespace(), outline());
    let (one, _) = behind_a_wire(&namespace).await;
    read(&one, &key, 100_000).await;
    let (other, wire) = behind_a_wire(&namespace).await;

    assert_eq!(read(&other, &key, 0).await, Status::Hit);
    let first = wire.traffic();
    assert_eq!(read(&other, &key, 0).await, Status::Hit);
    let second = wire.traffic();

    assert!(first.answered_bytes > 100_000, "{first:?}");
    assert!(second.answered_bytes < 500, "{second:?}");
    assert_eq!((first.commands, second.commands), (vec!["EVAL".to_owned()], vec!["EVAL".to_owned()]));
}

#[tokio::test]
async fn a_body_that_was_made_here_is_never_fetched() {
    let (cache, wire) = behind_a_wire(&namespace()).await;
    let key = outline();

    read(&cache, &key, 100_000).await;
    assert_eq!(read(&cache, &key, 0).await, Status::Hit);

    assert!(wire.traffic().answered_bytes < 1_000);
}

#[tokio::test]
async fn what_is_held_goes_with_the_entry() {
    let (namespace, key) = (namespace(), outline());
    let ((one, _), (other, _)) = (behind_a_wire(&namespace).await, behind_a_wire(&namespace).await);
    read(&one, &key, 10).await;
    assert_eq!(read(&other, &key, 10).await, Status::Hit);

    assert!(one.forget(&key).await);

    assert_eq!(read(&other, &key, 10).await, Status::Miss);
}

#[tokio::test]
async fn what_is_held_never_takes_more_than_its_share() {
    let (cache, _) = behind_a_wire(&namespace()).await;
    let AnyStore::Redis(redis) = &cache.inner.store else { panic!("a store in Redis") };

    for _ in 0..60 {
        read(&cache, &outline(), 1_000_000).await;
    }

    assert!((1..=32 * 1024 * 1024).contains(&redis.near_bytes()), "{}", redis.near_bytes());
    cache.clear().await;
}

#[tokio::test]
async fn an_invalidation_is_two_commands_however_much_is_cached() {
    let (cache, wire) = behind_a_wire(&namespace()).await;
    let story = outline();
    let mut seen = Vec::new();

    for (seq, views) in [(1, 1), (2, 500)] {
        for _ in 0..views {
            read(&cache, &chapter_of(&story), 10).await;
        }
        wire.traffic();
        let fence = cache.fence(&story.tags()).await;
        cache.release(fence, Clock::new(cache.clock().epoch(), seq)).await;
        seen.push(wire.traffic());
    }

    assert_eq!(seen[0].commands, ["EVAL", "EVAL"]);
    assert_eq!(seen[0], seen[1]);
    assert!(cache.entries("", 1_000).await.iter().all(|entry| !entry.is_fresh));
    cache.clear().await;
}
