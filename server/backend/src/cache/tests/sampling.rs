//! Comparing hits with the database, over both stores.

use std::{
    future::{Future, ready},
    time::Duration,
};

use domain::{
    cache::{Act, Clock, Key},
    error::Entity,
};

use super::bench::Bench;
use crate::{
    Error,
    cache::{Counters, ServerCache, Status},
};

on_both_stores!(
    a_hit_that_the_database_contradicts_is_a_stale_read,
    what_is_gone_is_contradicted_too,
    a_hit_that_the_database_confirms_is_counted,
    an_absence_that_the_database_contradicts_is_a_stale_read,
    an_absence_that_the_database_confirms_is_counted,
    what_is_written_meanwhile_proves_nothing,
    a_write_that_becomes_known_a_moment_later_is_no_stale_read,
    every_hit_after_a_write_is_compared_for_a_while,
    without_a_share_nothing_is_compared,
    who_finds_no_place_is_not_compared,
);

/// What is read.
const VIEW: Key = Key::Forums;

/// Everything is compared.
fn watchful(bench: Bench) -> ServerCache {
    let cache = bench.cache();
    cache.compare_hits(1.0);
    cache
}

async fn fill(cache: &ServerCache) {
    let filled = cache.read(&VIEW, ready(Ok("shown".to_owned()))).await.unwrap();
    assert_eq!(filled.status, Status::Miss);
}

/// A hit, beside which the database says what `load` does.
async fn hit(cache: &ServerCache, load: impl Future<Output = Result<String, Error>> + Send + 'static) {
    let view = cache.read(&VIEW, load).await.unwrap();
    assert_eq!((view.status, view.value().unwrap().as_str()), (Status::Hit, "shown"));
}

async fn write(cache: &ServerCache, seq: u64) {
    let fence = cache.fence(&VIEW.tags()[..1]).await;
    cache.release(fence, Clock::new(cache.clock().epoch(), seq)).await;
}

/// What was counted, once no comparison is under way.
async fn counted(cache: &ServerCache) -> Counters {
    while !cache.inner.sampler.is_idle() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    cache.counters()
}

async fn a_hit_that_the_database_contradicts_is_a_stale_read(bench: Bench) {
    let cache = watchful(bench);
    fill(&cache).await;

    hit(&cache, ready(Ok("newer".to_owned()))).await;

    let counters = counted(&cache).await;
    assert_eq!((counters.agreements, counters.disagreements), (0, 1));
    let last = &cache.recent(1)[0];
    assert_eq!((last.kind, last.subject.to_string()), (Act::Disagree, VIEW.to_string()));
}

async fn what_is_gone_is_contradicted_too(bench: Bench) {
    let cache = watchful(bench);
    fill(&cache).await;

    hit(&cache, ready(not_there())).await;

    assert_eq!(counted(&cache).await.disagreements, 1);
}

async fn a_hit_that_the_database_confirms_is_counted(bench: Bench) {
    let cache = watchful(bench);
    fill(&cache).await;

    hit(&cache, ready(Ok("shown".to_owned()))).await;
    // A database that does not answer confirms nothing.
    hit(&cache, ready(Err(Error::Unavailable))).await;

    let counters = counted(&cache).await;
    assert_eq!((counters.agreements, counters.disagreements, counters.hits), (1, 0, 2));
}

/// What is remembered as not there, beside which the database says what `load` does.
async fn miss_it(cache: &ServerCache, load: Result<String, Error>) {
    let answer = cache.read(&VIEW, ready(load)).await;
    assert!(matches!(answer, Err(Error::Refused(domain::Error::NotFound(Entity::Story)))), "{answer:?}");
}

fn not_there() -> Result<String, Error> {
    Err(domain::Error::NotFound(Entity::Story).into())
}

async fn an_absence_that_the_database_contradicts_is_a_stale_read(bench: Bench) {
    let cache = watchful(bench);
    miss_it(&cache, not_there()).await;

    miss_it(&cache, Ok("there it is".to_owned())).await;

    let counters = counted(&cache).await;
    assert_eq!((counters.agreements, counters.disagreements), (0, 1));
}

async fn an_absence_that_the_database_confirms_is_counted(bench: Bench) {
    let cache = watchful(bench);
    miss_it(&cache, not_there()).await;

    miss_it(&cache, not_there()).await;
    // A database that does not answer confirms nothing, nor does one that says something else.
    miss_it(&cache, Err(Error::Unavailable)).await;
    miss_it(&cache, Err(domain::Error::Forbidden.into())).await;

    let counters = counted(&cache).await;
    assert_eq!((counters.agreements, counters.disagreements, counters.hits), (1, 0, 3));
}

async fn what_is_written_meanwhile_proves_nothing(bench: Bench) {
    let cache = watchful(bench);
    fill(&cache).await;

    let writer = cache.clone();
    hit(&cache, async move {
        write(&writer, 1).await;
        Ok("newer".to_owned())
    })
    .await;

    let counters = counted(&cache).await;
    assert_eq!((counters.agreements, counters.disagreements), (0, 0));
}

/// The writer did not reach the store, and is answered when the log was read.
async fn a_write_that_becomes_known_a_moment_later_is_no_stale_read(bench: Bench) {
    let cache = watchful(bench);
    fill(&cache).await;

    hit(&cache, ready(Ok("newer".to_owned()))).await;
    write(&cache, 1).await;

    assert_eq!(counted(&cache).await.disagreements, 0);
}

async fn every_hit_after_a_write_is_compared_for_a_while(bench: Bench) {
    let cache = bench.cache();
    cache.compare_hits(f64::MIN_POSITIVE);
    fill(&cache).await;
    hit(&cache, ready(Ok("shown".to_owned()))).await;
    assert_eq!(counted(&cache).await.agreements, 0);

    write(&cache, 1).await;
    fill(&cache).await;
    for _ in 0..3 {
        hit(&cache, ready(Ok("shown".to_owned()))).await;
        counted(&cache).await;
    }

    assert_eq!(counted(&cache).await.agreements, 3);
}

async fn without_a_share_nothing_is_compared(bench: Bench) {
    let cache = bench.cache();
    cache.compare_hits(0.0);
    write(&cache, 1).await;
    fill(&cache).await;

    hit(&cache, ready(Ok("newer".to_owned()))).await;

    assert!(cache.inner.sampler.is_idle());
    assert_eq!(cache.counters().disagreements, 0);
}

async fn who_finds_no_place_is_not_compared(bench: Bench) {
    let cache = watchful(bench);
    fill(&cache).await;

    let gate = std::sync::Arc::new(tokio::sync::Semaphore::new(0));
    for _ in 0..20 {
        let gate = gate.clone();
        hit(&cache, async move {
            let _through = gate.acquire().await;
            Ok("shown".to_owned())
        })
        .await;
    }
    gate.add_permits(20);

    assert_eq!(counted(&cache).await.agreements, 4);
}
