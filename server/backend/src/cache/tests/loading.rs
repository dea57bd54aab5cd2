//! How the database is asked: once for all who ask the same, in a task that outlives whoever began it.

use std::{
    future::{pending, ready},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use domain::{cache::Key, error::Entity};
use tokio::sync::Notify;

use super::bench::{Bench, outline};
use crate::{
    Error,
    cache::{ServerCache, Status, View},
};

on_both_stores!(
    a_hundred_concurrent_misses_load_once,
    a_load_goes_on_when_the_one_who_began_it_has_left,
    when_a_load_panics_the_next_of_those_who_wait_loads,
    when_a_load_fails_the_next_of_those_who_wait_loads,
    a_failed_load_is_answered_and_not_remembered,
    all_who_wait_are_told_that_there_is_no_such_thing,
);

async fn read(cache: &ServerCache, key: &Key, value: &str) -> View<String> {
    cache.read(key, ready(Ok(value.to_owned()))).await.unwrap()
}

/// A load that a test holds up: it says when it has begun, and ends when it is told to.
#[derive(Clone, Default)]
struct Held {
    begun: Arc<Notify>,
    end: Arc<Notify>,
}

impl Held {
    async fn until_told(self) {
        self.begun.notify_one();
        self.end.notified().await;
    }
}

/// Reads in a task of its own.
fn spawn_read(cache: &ServerCache, key: &Key, value: &'static str) -> tokio::task::JoinHandle<View<String>> {
    let (cache, key) = (cache.clone(), key.clone());
    tokio::spawn(async move { read(&cache, &key, value).await })
}

/// Lets tasks that only wait for each other get as far as they can.
async fn until_all_wait() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}

/// A view whose tags have their generations already: of two who make one at once, one sees the other's instead.
async fn known_view(cache: &ServerCache) -> Key {
    let key = outline();
    read(cache, &key, "text").await;
    cache.forget(&key).await;
    key
}

/// Begins the read of a load that ends as `end` says, and waits until it is under way and `followers` wait for it.
async fn begin(
    cache: &ServerCache,
    key: &Key,
    end: fn() -> Result<String, Error>,
) -> (Held, tokio::task::JoinHandle<Result<View<String>, Error>>) {
    let held = Held::default();
    let leader = tokio::spawn({
        let (cache, key, held) = (cache.clone(), key.clone(), held.clone());
        async move {
            let load = async move {
                held.until_told().await;
                end()
            };
            cache.read(&key, load).await
        }
    });
    held.begun.notified().await;
    (held, leader)
}

async fn a_hundred_concurrent_misses_load_once(bench: Bench) {
    let cache = bench.cache();
    let (key, loads) = (known_view(&cache).await, Arc::new(AtomicU32::new(0)));

    let load = || {
        let loads = loads.clone();
        async move {
            loads.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(200)).await;
            Ok("text".to_owned())
        }
    };
    let views = futures::future::join_all((0..100).map(|_| cache.read(&key, load()))).await;

    assert_eq!(loads.load(Ordering::Relaxed), 1);
    assert!(views.into_iter().all(|view: Result<View<String>, Error>| view.unwrap().body == "\"text\""));
    assert_eq!(cache.inner.flights.len(), 0);
}

async fn a_load_goes_on_when_the_one_who_began_it_has_left(bench: Bench) {
    let cache = bench.cache();
    let key = known_view(&cache).await;
    let (held, leader) = begin(&cache, &key, || Ok("the leader's".to_owned())).await;
    let follower = spawn_read(&cache, &key, "the follower's");
    until_all_wait().await;

    leader.abort();
    assert!(leader.await.unwrap_err().is_cancelled());
    held.end.notify_one();

    assert_eq!(follower.await.unwrap().value().unwrap(), "the leader's");
    until_stored(&cache).await;
    assert_eq!(read(&cache, &key, "").await.status, Status::Hit);
}

async fn when_a_load_panics_the_next_of_those_who_wait_loads(bench: Bench) {
    let cache = bench.cache();
    let key = known_view(&cache).await;
    let (held, leader) = begin(&cache, &key, || panic!("as a test wants it")).await;
    let followers = [(); 3].map(|()| spawn_read(&cache, &key, "a follower's"));
    until_all_wait().await;

    held.end.notify_one();

    assert!(matches!(leader.await.unwrap(), Err(Error::Unavailable)));
    for follower in followers {
        assert_eq!(follower.await.unwrap().value().unwrap(), "a follower's");
    }
    until_stored(&cache).await;
}

async fn when_a_load_fails_the_next_of_those_who_wait_loads(bench: Bench) {
    let cache = bench.cache();
    let key = known_view(&cache).await;
    let (held, leader) = begin(&cache, &key, || Err(domain::Error::Forbidden.into())).await;
    let followers = [(); 3].map(|()| spawn_read(&cache, &key, "a follower's"));
    until_all_wait().await;

    held.end.notify_one();

    assert!(matches!(leader.await.unwrap(), Err(Error::Refused(domain::Error::Forbidden))));
    for follower in followers {
        assert_eq!(follower.await.unwrap().value().unwrap(), "a follower's");
    }
    until_stored(&cache).await;
}

async fn a_failed_load_is_answered_and_not_remembered(bench: Bench) {
    let (cache, key) = (bench.cache(), outline());

    let failed: Result<View<String>, Error> = cache.read(&key, ready(Err(domain::Error::Forbidden.into()))).await;
    let next = read(&cache, &key, "text").await;

    assert!(matches!(failed, Err(Error::Refused(domain::Error::Forbidden))));
    assert_eq!((next.status, next.value().unwrap().as_str()), (Status::Miss, "text"));
}

async fn all_who_wait_are_told_that_there_is_no_such_thing(bench: Bench) {
    let cache = bench.cache();
    let key = known_view(&cache).await;
    let (held, leader) = begin(&cache, &key, || Err(domain::Error::NotFound(Entity::Story).into())).await;
    let follower = tokio::spawn({
        let (cache, key) = (cache.clone(), key.clone());
        async move { cache.read(&key, pending::<Result<String, Error>>()).await }
    });
    until_all_wait().await;

    held.end.notify_one();

    for answer in [leader.await.unwrap(), follower.await.unwrap()] {
        assert!(matches!(answer, Err(Error::Refused(domain::Error::NotFound(Entity::Story)))));
    }
}

/// Waits for the loads that nobody waits for.
async fn until_stored(cache: &ServerCache) {
    while cache.inner.flights.len() > 0 {
        tokio::task::yield_now().await;
    }
}
