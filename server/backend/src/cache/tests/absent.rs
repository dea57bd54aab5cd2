//! What is not there is remembered for a moment, and not for a moment longer than it is so.

use std::{
    future::{pending, ready},
    time::Duration,
};

use domain::{
    cache::{Clock, Key},
    error::Entity,
    id::{PostId, StoryId},
};

use super::bench::{Bench, outline};
use crate::{
    Error,
    cache::{Floor, ServerCache, Status, View},
};

on_both_stores!(
    what_was_not_found_is_not_looked_for_again,
    what_comes_to_be_is_found_at_once,
    what_may_be_coming_to_be_is_looked_for,
    whom_has_seen_more_is_looked_for,
    an_absence_that_raced_a_write_is_not_remembered,
    absences_are_never_in_the_store,
    a_forgotten_absence_is_looked_for,
    replies_are_looked_for_each_time,
);

async fn not_found(cache: &ServerCache, key: &Key) -> Result<View<String>, Error> {
    cache.read(key, ready(Err(domain::Error::NotFound(Entity::Story).into()))).await
}

/// What a read says that would wait for ever for the database.
async fn known(cache: &ServerCache, key: &Key) -> Result<View<String>, Error> {
    let read = cache.read(key, pending());
    tokio::time::timeout(Duration::from_secs(1), read).await.expect("the cache knows it")
}

async fn text(cache: &ServerCache, key: &Key) -> View<String> {
    cache.read(key, ready(Ok("text".to_owned()))).await.unwrap()
}

#[track_caller]
fn assert_missing(answer: &Result<View<String>, Error>) {
    assert!(matches!(answer, Err(Error::Refused(domain::Error::NotFound(Entity::Story)))), "{answer:?}");
}

async fn what_was_not_found_is_not_looked_for_again(bench: Bench) {
    let (cache, key) = (bench.cache(), outline());

    assert_missing(&not_found(&cache, &key).await);
    assert_missing(&known(&cache, &key).await);

    let counted = cache.counters();
    assert_eq!((counted.misses, counted.hits, counted.sets), (1, 1, 0));
}

async fn what_comes_to_be_is_found_at_once(bench: Bench) {
    let (cache, key) = (bench.cache(), outline());
    assert_missing(&not_found(&cache, &key).await);

    let fence = cache.fence(&key.tags()[..1]).await;
    cache.release(fence, Clock::new(cache.clock().epoch(), 1)).await;

    assert_eq!(text(&cache, &key).await.status, Status::Miss);
    assert_eq!(known(&cache, &key).await.unwrap().status, Status::Hit);
}

async fn what_may_be_coming_to_be_is_looked_for(bench: Bench) {
    let (cache, key) = (bench.cache(), outline());
    assert_missing(&not_found(&cache, &key).await);

    let fence = cache.fence(&key.tags()[1..]).await;
    let during = text(&cache, &key).await;
    cache.abandon(fence).await;

    assert_eq!(during.status, Status::Bypass);
    assert_eq!(text(&cache, &key).await.status, Status::Miss);
}

async fn whom_has_seen_more_is_looked_for(bench: Bench) {
    let (cache, key) = (bench.cache(), outline());
    assert_missing(&not_found(&cache, &key).await);

    let later = Floor::At(Clock::new(cache.clock().epoch(), 1));

    assert_eq!(text(&cache.not_before(later), &key).await.status, Status::Bypass);
}

async fn an_absence_that_raced_a_write_is_not_remembered(bench: Bench) {
    let (cache, key) = (bench.cache(), outline());
    let (writer, of) = (cache.clone(), key.clone());

    let raced: Result<View<String>, Error> = cache
        .read(&key, async move {
            let fence = writer.fence(&of.tags()).await;
            writer.release(fence, Clock::new(writer.clock().epoch(), 1)).await;
            Err(domain::Error::NotFound(Entity::Story).into())
        })
        .await;

    assert_missing(&raced);
    assert_eq!(text(&cache, &key).await.status, Status::Miss);
}

async fn absences_are_never_in_the_store(bench: Bench) {
    let cache = bench.cache();

    for _ in 0..50 {
        assert_missing(&not_found(&cache, &outline()).await);
    }

    assert_eq!(cache.entries("", 100).await, []);
}

async fn a_forgotten_absence_is_looked_for(bench: Bench) {
    let (cache, key) = (bench.cache(), outline());

    assert_missing(&not_found(&cache, &key).await);
    cache.forget(&key).await;
    assert_eq!(text(&cache, &key).await.status, Status::Miss);
}

async fn replies_are_looked_for_each_time(bench: Bench) {
    let (cache, key) = (bench.cache(), Key::Replies(PostId::from_random(rand::random())));

    assert_missing(&not_found(&cache, &key).await);

    assert_eq!(text(&cache, &key).await.status, Status::Miss);
}

#[tokio::test(start_paused = true)]
async fn an_absence_is_forgotten_after_half_a_minute() {
    let (cache, key) = (Bench::in_process().cache(), outline());
    assert_missing(&not_found(&cache, &key).await);

    tokio::time::advance(Duration::from_secs(29)).await;
    assert_missing(&known(&cache, &key).await);
    tokio::time::advance(Duration::from_secs(1)).await;

    assert_eq!(text(&cache, &key).await.status, Status::Miss);
}

#[tokio::test]
async fn whoever_asks_for_many_things_that_are_not_there_pushes_nothing_out() {
    let cache = Bench::in_process().cache();
    let popular = outline();
    text(&cache, &popular).await;

    for _ in 0..20_000 {
        let key = Key::Novel(StoryId::from_random(rand::random()));
        assert_missing(&not_found(&cache, &key).await);
    }

    assert!((1..=4_096).contains(&cache.inner.absences.len()));
    assert_eq!(known(&cache, &popular).await.unwrap().status, Status::Hit);
}
