//! How long a read is said to have taken: until it was answered, with what the database took.

use std::{future::pending, time::Duration};

use domain::cache::{Act, Key};

use super::bench::{Bench, SHORT, outline};
use crate::{
    Error,
    cache::{ServerCache, Status, View},
};

/// How long the database takes.
const LOAD: Duration = Duration::from_millis(300);

on_both_stores!(
    a_miss_takes_as_long_as_its_load,
    a_read_past_the_cache_takes_as_long_as_its_load,
    an_overdue_view_takes_as_long_as_its_reader_waited,
    a_miss_is_counted_though_its_reader_left,
);

async fn read(cache: &ServerCache, key: &Key, takes: Duration) -> View<String> {
    let load = async move {
        tokio::time::sleep(takes).await;
        Ok("text".to_owned())
    };
    cache.read(key, load).await.unwrap()
}

/// How long the last read of this kind took.
fn took(cache: &ServerCache, kind: Act) -> Duration {
    let operation = cache.recent(10).into_iter().find(|operation| operation.kind == kind).expect("there was one");
    Duration::from_micros(operation.duration_us)
}

async fn a_miss_takes_as_long_as_its_load(bench: Bench) {
    let (cache, key) = (bench.cache(), outline());

    assert_eq!(read(&cache, &key, LOAD).await.status, Status::Miss);
    assert_eq!(read(&cache, &key, LOAD).await.status, Status::Hit);

    assert!(took(&cache, Act::Miss) >= LOAD, "{:?}", took(&cache, Act::Miss));
    assert!(took(&cache, Act::Hit) < LOAD, "{:?}", took(&cache, Act::Hit));
}

async fn a_read_past_the_cache_takes_as_long_as_its_load(bench: Bench) {
    let (cache, key) = (bench.cache(), outline());
    let fence = cache.fence(&key.tags()).await;

    assert_eq!(read(&cache, &key, LOAD).await.status, Status::Bypass);

    assert!(took(&cache, Act::Bypass) >= LOAD, "{:?}", took(&cache, Act::Bypass));
    cache.abandon(fence).await;
}

async fn an_overdue_view_takes_as_long_as_its_reader_waited(bench: Bench) {
    let key = outline();
    bench.fill_with_grace(&key, "as it was", SHORT, LOAD * 100).await;
    bench.wait().await;
    let cache = bench.cache();

    assert_eq!(read(&cache, &key, LOAD * 100).await.status, Status::Stale);

    assert!((Duration::from_millis(250)..LOAD * 100).contains(&took(&cache, Act::Stale)));
}

async fn a_miss_is_counted_though_its_reader_left(bench: Bench) {
    let (cache, key) = (bench.cache(), outline());

    let leaving = tokio::time::timeout(LOAD, cache.read(&key, pending::<Result<String, Error>>())).await;

    assert!(leaving.is_err());
    assert_eq!(cache.counters().misses, 1);
    assert!(took(&cache, Act::Miss) >= LOAD);
}
