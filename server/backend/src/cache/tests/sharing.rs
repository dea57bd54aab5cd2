//! Several servers with one Redis, and a Redis that holds what it should not.

use std::{future::ready, time::Duration};

use domain::cache::{Clock, Key};

use super::bench::{Bench, cache_at, namespace, now, outline, redis_url};
use crate::cache::{CannotConnect, Company, Floor, OpenRow, ServerCache, Status, View, store::AnyStore};

async fn server(namespace: &str) -> ServerCache {
    cache_at(&redis_url(), namespace).await
}

async fn read(cache: &ServerCache, key: &Key, value: &str) -> View<String> {
    cache.read(key, ready(Ok(value.to_owned()))).await.unwrap()
}

async fn write(cache: &ServerCache, key: &Key, seq: u64) -> Clock {
    let fence = cache.fence(&key.tags()).await;
    cache.release(fence, Clock::new(cache.clock().epoch(), seq)).await
}

#[tokio::test]
async fn what_one_server_stored_is_a_hit_on_another() {
    let (namespace, key) = (namespace(), outline());
    let (one, other) = (server(&namespace).await, server(&namespace).await);

    read(&one, &key, "text").await;

    assert_eq!(read(&other, &key, "never loaded").await.status, Status::Hit);
}

#[tokio::test]
async fn what_one_server_wrote_is_a_miss_on_another() {
    let (namespace, key) = (namespace(), outline());
    let (one, other) = (server(&namespace).await, server(&namespace).await);
    read(&other, &key, "old").await;

    let written = write(&one, &key, 1).await;
    let view = read(&other, &key, "new").await;

    assert_eq!((view.status, view.value().unwrap().as_str(), view.clock), (Status::Miss, "new", written));
    assert_eq!(other.clock(), written);
}

#[tokio::test]
async fn servers_of_two_databases_share_nothing() {
    let (one, other) = (server(&namespace()).await, server(&namespace()).await);

    read(&one, &Key::Forums, "of one").await;
    let view = read(&other, &Key::Forums, "of the other").await;

    assert_eq!(view.value().unwrap(), "of the other");
    assert_eq!(other.clear().await, 1);
    assert_eq!(read(&one, &Key::Forums, "").await.status, Status::Hit);
}

#[tokio::test]
async fn a_server_serves_nothing_before_it_has_read_the_log() {
    let (namespace, key) = (namespace(), outline());
    read(&server(&namespace).await, &key, "old").await;
    let cache = ServerCache::redis(&redis_url(), &namespace, Company::Alone, now()).await.unwrap();

    let before = read(&cache, &key, "as the database says").await;
    let confirmation = cache.begin_confirmation();
    let row = OpenRow::new(1, "a write of a server that crashed", key.tags());
    assert!(cache.settle(&[row], Some(42)).await);
    cache.confirm(confirmation);
    let after = read(&cache, &key, "new").await;

    assert_eq!((before.status, before.value().unwrap().as_str()), (Status::Bypass, "as the database says"));
    assert_eq!((after.status, after.value().unwrap().as_str()), (Status::Miss, "new"));
    assert_eq!((after.clock.seq(), cache.clock()), (42, after.clock));
}

#[tokio::test]
async fn a_row_that_was_settled_twice_costs_one_miss() {
    let (cache, key) = (Bench::redis().await.cache(), outline());
    let rows = [OpenRow::new(1, "", key.tags())];

    assert!(cache.settle(&rows, None).await);
    read(&cache, &key, "text").await;
    assert!(cache.settle(&rows, Some(1)).await);

    assert_eq!(read(&cache, &key, "").await.status, Status::Hit);
}

#[tokio::test]
async fn a_relay_lifts_the_fence_of_a_writer_that_crashed() {
    let (cache, key) = (Bench::redis().await.cache(), outline());
    let fence = cache.fence(&key.tags()).await;
    let row = OpenRow::new(1, &fence.mutation_id(), key.tags());
    drop(fence);

    assert_eq!(read(&cache, &key, "text").await.status, Status::Bypass);
    assert!(cache.settle(&[row], Some(1)).await);

    assert_eq!(read(&cache, &key, "text").await.status, Status::Miss);
}

#[tokio::test]
async fn the_clock_waits_for_the_write_that_is_not_released() {
    let cache = Bench::redis().await.cache();
    let start = cache.clock().seq();

    write(&cache, &outline(), 2).await;
    assert_eq!(cache.clock().seq(), start);
    write(&cache, &outline(), 1).await;

    assert_eq!(cache.clock().seq(), 2);
}

#[tokio::test]
async fn a_reader_who_has_seen_more_than_the_store_is_sent_to_the_database() {
    let (cache, key) = (Bench::redis().await.cache(), outline());
    read(&cache, &key, "old").await;
    let clock = |epoch, seq| Floor::At(Clock::new(epoch, seq));
    let epoch = cache.clock().epoch();

    for floor in [clock(epoch, 1), clock(epoch ^ 1, 0), Floor::parse("no clock")] {
        let view = read(&cache.not_before(floor), &key, "new").await;

        assert_eq!((view.status, view.value().unwrap().as_str()), (Status::Bypass, "new"), "{floor:?}");
    }
    assert_eq!(read(&cache.not_before(clock(epoch, 0)), &key, "").await.status, Status::Hit);
}

#[tokio::test]
async fn corrupt_values_are_misses() {
    let (namespace, key) = (namespace(), outline());
    for junk in [&b""[..], b"\x02", b"\x02{}\n", b"\x01{\"etag\":\"\"}\nbody", b"\xff\xfe\n\n", b"text"] {
        // One that has no copy of what was there before.
        let cache = server(&namespace).await;
        let AnyStore::Redis(redis) = &cache.inner.store else { panic!("a store in Redis") };
        redis.plant(&key, junk.into()).await;

        assert_eq!(read(&cache, &key, "text").await.status, Status::Miss);
        assert_eq!(read(&cache, &key, "text").await.status, Status::Hit);
    }
}

#[tokio::test]
async fn an_entry_of_another_shape_is_loaded_anew() {
    let (namespace, key) = (namespace(), outline());
    read(&server(&namespace).await, &key, "text").await;

    let cache = server(&namespace).await;
    let number = cache.read(&key, ready(Ok(7))).await.unwrap();
    let again: View<i32> = cache.read(&key, ready(Ok(7))).await.unwrap();

    assert_eq!((number.status, number.value().unwrap()), (Status::Bypass, 7));
    assert_eq!(again.status, Status::Miss);
}

#[tokio::test]
async fn a_redis_that_lost_its_tags_starts_a_new_epoch_and_serves_nothing_of_the_old() {
    let (cache, key) = (Bench::redis().await.cache(), outline());
    let before = write(&cache, &key, 1).await;
    read(&cache, &key, "old").await;
    let AnyStore::Redis(redis) = &cache.inner.store else { panic!("a store in Redis") };

    redis.forget_all_but_entries(&key.tags()).await;
    let view = read(&cache, &key, "new").await;
    let after = write(&cache, &key, 2).await;

    assert_eq!((view.status, view.value().unwrap().as_str()), (Status::Miss, "new"));
    assert_eq!(view.clock.epoch(), after.epoch());
    assert_ne!(before.epoch(), after.epoch());
    assert_eq!(after.seq(), 2);
}

#[tokio::test]
async fn a_reader_of_a_new_epoch_does_not_join_a_load_of_the_old_one() {
    let (cache, key) = (Bench::redis().await.cache(), outline());

    let (other, of) = (cache.clone(), key.clone());
    let old = cache.read(&key, async move {
        let AnyStore::Redis(redis) = &other.inner.store else { panic!("a store in Redis") };
        // The tags come back with their old generations, as in a copy.
        redis.forget_all_but_entries(&[]).await;
        // Joining the load that waits for it, it would wait for ever.
        let new = tokio::time::timeout(Duration::from_secs(2), read(&other, &of, "new")).await;
        assert_eq!(new.expect("a load of its own").value()?, "new");
        Ok("old".to_owned())
    });
    old.await.unwrap();

    assert_eq!(read(&cache, &key, "newer").await.value().unwrap(), "newer");
}

#[tokio::test]
async fn addresses_that_cannot_work_are_refused_in_one_sentence() {
    for (url, expected) in [
        ("not an address", "REDIS_URL is not the address of a Redis: "),
        ("redis-cluster://user:secret@127.0.0.1:1", "Redis does not answer at 127.0.0.1:1 "),
        ("redis://user:secret@127.0.0.1:1", "Redis does not answer at 127.0.0.1:1 "),
    ] {
        let refusal: CannotConnect = ServerCache::redis(url, "test", Company::Alone, now()).await.unwrap_err();

        let sentence = refusal.to_string();
        assert!(sentence.starts_with(expected), "{sentence}");
        assert!(!sentence.contains("secret"), "{sentence}");
    }
}
