//! How long a reader waits for the database, and what it is shown meanwhile.

use std::{
    future::{pending, ready},
    time::Duration,
};

use domain::cache::{Act, Clock, Key};
use sea_orm::DbErr;
use tokio::time::Instant;

use super::bench::{Bench, SHORT, outline};
use crate::{
    Error,
    cache::{Cause, Floor, OpenRow, ServerCache, Status, View},
};

const GRACE: Duration = Duration::from_secs(60);

on_both_stores!(
    an_overdue_view_is_loaded_anew_if_the_database_answers_in_time,
    an_overdue_view_is_shown_while_the_database_is_slow,
    the_load_goes_on_behind_an_overdue_view_and_is_stored,
    an_overdue_view_is_shown_when_the_database_fails,
    what_the_database_refuses_is_refused_whatever_is_overdue,
    an_overdue_view_that_was_written_is_never_shown,
    an_overdue_view_that_is_being_written_is_never_shown,
    an_overdue_view_is_not_shown_to_whom_has_seen_more,
    an_overdue_view_says_for_how_long,
    a_view_that_is_not_overdue_is_never_called_stale,
    nobody_waits_for_the_database_without_an_end,
    among_other_servers_nothing_is_shown_once_the_log_cannot_be_read,
);

/// A cache with a view whose time is over.
async fn overdue(bench: Bench) -> (ServerCache, Key) {
    let key = outline();
    bench.fill_with_grace(&key, "as it was", SHORT, GRACE).await;
    bench.wait().await;
    (bench.cache(), key)
}

async fn failing(cache: &ServerCache, key: &Key) -> Result<View<String>, Error> {
    cache.read(key, ready(Err(DbErr::Custom("gone".to_owned()).into()))).await
}

async fn slow(cache: &ServerCache, key: &Key) -> Result<View<String>, Error> {
    cache.read(key, pending()).await
}

#[track_caller]
fn assert_stale(view: &View<String>) {
    assert_eq!((view.status, view.value().unwrap().as_str()), (Status::Stale, "as it was"));
}

async fn an_overdue_view_is_loaded_anew_if_the_database_answers_in_time(bench: Bench) {
    let (cache, key) = overdue(bench).await;

    let view: View<String> = cache.read(&key, ready(Ok("as it is".to_owned()))).await.unwrap();
    let next = slow(&cache, &key).await.unwrap();

    assert_eq!((view.status, view.value().unwrap().as_str(), view.overdue), (Status::Miss, "as it is", None));
    assert_eq!((next.status, next.value().unwrap().as_str()), (Status::Hit, "as it is"));
}

async fn an_overdue_view_is_shown_while_the_database_is_slow(bench: Bench) {
    let (cache, key) = overdue(bench).await;
    let began = Instant::now();

    let view = slow(&cache, &key).await.unwrap();

    assert_stale(&view);
    assert!((Duration::from_millis(250)..Duration::from_secs(2)).contains(&began.elapsed()));
    let last = &cache.recent(1)[0];
    assert_eq!((last.kind, cache.counters().stale), (Act::Stale, 1));
    assert_eq!(last.cause.as_ref().unwrap().to_string(), "its time was over, and the database is slow");
}

async fn the_load_goes_on_behind_an_overdue_view_and_is_stored(bench: Bench) {
    let (cache, key) = overdue(bench).await;

    let load = async {
        tokio::time::sleep(Duration::from_millis(400)).await;
        Ok("as it is".to_owned())
    };
    assert_stale(&cache.read(&key, load).await.unwrap());
    // Whoever comes now joins it.
    assert_stale_or_loaded(&slow(&cache, &key).await.unwrap());
    while cache.inner.flights.len() > 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }

    let view = slow(&cache, &key).await.unwrap();
    assert_eq!((view.status, view.value().unwrap().as_str()), (Status::Hit, "as it is"));
}

/// It depends on how long the first one took to be shown what was stored.
fn assert_stale_or_loaded(view: &View<String>) {
    let seen = (view.status, view.value().unwrap());
    assert!([(Status::Stale, "as it was".to_owned()), (Status::Miss, "as it is".to_owned())].contains(&seen));
}

async fn an_overdue_view_is_shown_when_the_database_fails(bench: Bench) {
    let (cache, key) = overdue(bench).await;

    assert_stale(&failing(&cache, &key).await.unwrap());
    // It does not become fresh by being shown.
    assert_stale(&failing(&cache, &key).await.unwrap());
    assert!(!cache.entries("", 1).await[0].is_fresh);
}

async fn what_the_database_refuses_is_refused_whatever_is_overdue(bench: Bench) {
    let (cache, key) = overdue(bench).await;

    let refused: Result<View<String>, Error> = cache.read(&key, ready(Err(domain::Error::Forbidden.into()))).await;

    assert!(matches!(refused, Err(Error::Refused(domain::Error::Forbidden))));
}

async fn an_overdue_view_that_was_written_is_never_shown(bench: Bench) {
    let (cache, key) = overdue(bench).await;
    let fence = cache.fence(&key.tags()[1..]).await;
    cache.release(fence, Clock::new(cache.clock().epoch(), 1)).await;

    assert!(matches!(failing(&cache, &key).await, Err(Error::Database(_))));
    assert!(matches!(slow(&cache, &key).await, Err(Error::Unavailable)));
}

async fn an_overdue_view_that_is_being_written_is_never_shown(bench: Bench) {
    let (cache, key) = overdue(bench).await;
    let fence = cache.fence(&key.tags()[..1]).await;

    assert!(matches!(failing(&cache, &key).await, Err(Error::Database(_))));

    // Nor after the relay has lifted the fence of a writer that died.
    let row = OpenRow::new(1, &fence.mutation_id(), key.tags());
    drop(fence);
    assert!(cache.settle(&[row], Some(1)).await);
    assert!(matches!(failing(&cache, &key).await, Err(Error::Database(_))));
}

async fn an_overdue_view_is_not_shown_to_whom_has_seen_more(bench: Bench) {
    let (cache, key) = overdue(bench).await;
    let later = Floor::At(Clock::new(cache.clock().epoch(), 1));

    assert!(matches!(failing(&cache.not_before(later), &key).await, Err(Error::Database(_))));
}

async fn an_overdue_view_says_for_how_long(bench: Bench) {
    let (cache, key) = overdue(bench).await;

    let overdue = failing(&cache, &key).await.unwrap().overdue.unwrap();

    assert!((SHORT / 2..SHORT * 20).contains(&overdue), "{overdue:?}");
}

async fn a_view_that_is_not_overdue_is_never_called_stale(bench: Bench) {
    let key = outline();
    bench.fill_with_grace(&key, "as it is", GRACE, GRACE).await;
    let cache = bench.cache();

    let view = failing(&cache, &key).await.unwrap();

    assert_eq!((view.status, view.overdue), (Status::Hit, None));
    assert!(cache.entries("", 1).await[0].is_fresh);
}

/// The log is in the database: while it is gone, nobody can tell what others wrote.
async fn among_other_servers_nothing_is_shown_once_the_log_cannot_be_read(bench: Bench) {
    let (key, fresh) = (outline(), outline());
    bench.fill_with_grace(&key, "as it was", SHORT, GRACE).await;
    bench.fill_with_grace(&fresh, "as it is", GRACE, GRACE).await;
    bench.wait().await;
    let cache = bench.cache_among_others();

    assert_stale(&failing(&cache, &key).await.unwrap());
    // As long as a look at the log counts, and a little more.
    tokio::time::sleep(Duration::from_secs(1)).await;

    for key in [&key, &fresh] {
        assert!(matches!(failing(&cache, key).await, Err(Error::Database(_))));
        let last = &cache.recent(1)[0];
        assert_eq!((last.kind, last.cause.clone()), (Act::Bypass, Some(Cause::Unconfirmed)));
    }
}

async fn nobody_waits_for_the_database_without_an_end(bench: Bench) {
    let (cache, key) = (bench.cache(), outline());
    let began = Instant::now();

    assert!(matches!(slow(&cache, &key).await, Err(Error::Unavailable)));

    assert!((Duration::from_secs(5)..Duration::from_secs(8)).contains(&began.elapsed()));
}
