//! Reading through the cache, over both stores.

use std::{future::ready, time::Duration};

use domain::cache::{Act, Clock, Key};

use super::bench::{Bench, outline};
use crate::{
    Error,
    cache::{Floor, Report, Seen, ServerCache, Status, View},
};

on_both_stores!(
    the_second_read_is_a_hit,
    a_write_makes_the_next_read_a_miss,
    a_load_that_raced_a_write_is_never_served_again,
    a_reader_after_a_write_does_not_join_an_older_load,
    a_fenced_view_is_loaded_and_not_stored,
    the_clock_of_a_hit_is_that_of_its_own_reading,
    what_a_snapshot_shows_beyond_the_store_is_part_of_the_clock,
    what_is_missing_in_a_snapshot_is_missing_as_of_its_position,
    a_large_answer_is_not_stored,
    a_forgotten_entry_is_a_miss,
    operations_are_listed_newest_first_and_counted,
);

async fn read(cache: &ServerCache, key: &Key, value: &str) -> View<String> {
    cache.read(key, ready(Ok(value.to_owned()))).await.unwrap()
}

async fn write(cache: &ServerCache, key: &Key, seq: u64) -> Clock {
    let fence = cache.fence(&key.tags()[..1]).await;
    cache.release(fence, Clock::new(cache.clock().epoch(), seq)).await
}

/// A load whose snapshot shows the log up to 7, of which the store has not heard.
fn ahead(found: Result<String, Error>) -> impl Future<Output = Seen<String>> + Send + 'static {
    ready(Seen { found, position: 7 })
}

async fn what_a_snapshot_shows_beyond_the_store_is_part_of_the_clock(bench: Bench) {
    let (cache, key) = (bench.cache(), outline());
    let ahead_of_it = Clock::new(cache.clock().epoch(), 7);

    let miss = cache.read_seen(&key, ahead(Ok("new".to_owned()))).await.unwrap();
    let hit = read(&cache, &key, "never loaded").await;
    let told = cache.not_before(Floor::At(ahead_of_it)).read_seen(&key, ahead(Ok("new".to_owned()))).await.unwrap();

    assert_eq!([miss.status, hit.status, told.status], [Status::Miss, Status::Hit, Status::Bypass]);
    assert_eq!([miss.clock, hit.clock, told.clock], [ahead_of_it; 3]);
    assert!(cache.clock() < ahead_of_it, "what is not released is not known");
}

async fn what_is_missing_in_a_snapshot_is_missing_as_of_its_position(bench: Bench) {
    let (cache, key) = (bench.cache(), outline());
    let ahead_of_it = Clock::new(cache.clock().epoch(), 7);

    for (floor, status) in [(Floor::None, "loaded"), (Floor::None, "remembered"), (Floor::Database, "passed by")] {
        let report = Report::default();
        let reader = cache.not_before(floor).reporting(&report);
        let missing = || domain::Error::NotFound(domain::error::Entity::Story);
        reader.read_seen(&key, ahead(Err(missing().into()))).await.unwrap_err();

        assert_eq!(report.summary().clock, Some(ahead_of_it), "{status}");
    }
}

async fn the_second_read_is_a_hit(bench: Bench) {
    let (cache, key) = (bench.cache(), outline());

    let first = read(&cache, &key, "text").await;
    let second = read(&cache, &key, "never loaded").await;

    assert_eq!((first.status, second.status), (Status::Miss, Status::Hit));
    assert_eq!((&first.body, &first.etag), (&second.body, &second.etag));
    assert_eq!(second.body, "\"text\"");
    assert_eq!(second.key, Some(key));
    assert_eq!(second.value().unwrap(), "text");
    assert_eq!(second.into_snapshot().unwrap().value, "text");
}

async fn a_write_makes_the_next_read_a_miss(bench: Bench) {
    let (cache, key) = (bench.cache(), outline());
    read(&cache, &key, "old").await;

    let written = write(&cache, &key, 1).await;
    let view = read(&cache, &key, "new").await;

    assert_eq!((view.status, view.value().unwrap().as_str()), (Status::Miss, "new"));
    assert!(view.clock >= written);
}

async fn a_load_that_raced_a_write_is_never_served_again(bench: Bench) {
    let (cache, key) = (bench.cache(), outline());

    let (writer, written) = (cache.clone(), key.clone());
    let raced = cache.read(&key, async move {
        write(&writer, &written, 1).await;
        Ok("old".to_owned())
    });
    assert_eq!(raced.await.unwrap().status, Status::Miss);
    let view = read(&cache, &key, "new").await;

    assert_eq!((view.status, view.value().unwrap().as_str()), (Status::Miss, "new"));
}

async fn a_reader_after_a_write_does_not_join_an_older_load(bench: Bench) {
    let (cache, key) = (bench.cache(), outline());

    let (other, of) = (cache.clone(), key.clone());
    let old = cache.read(&key, async move {
        write(&other, &of, 1).await;
        // Joining the load that waits for it, it would wait for ever.
        let new = tokio::time::timeout(Duration::from_secs(2), read(&other, &of, "new")).await;
        assert_eq!(new.expect("a load of its own").value()?, "new");
        Ok("old".to_owned())
    });
    old.await.unwrap();

    assert_eq!(read(&cache, &key, "newer").await.value().unwrap(), "newer");
}

async fn a_fenced_view_is_loaded_and_not_stored(bench: Bench) {
    let (cache, key) = (bench.cache(), outline());
    read(&cache, &key, "old").await;

    let fence = cache.fence(&key.tags()).await;
    let during = read(&cache, &key, "as the database says").await;
    cache.abandon(fence).await;
    let after = read(&cache, &key, "after").await;

    assert_eq!((during.status, during.value().unwrap().as_str()), (Status::Bypass, "as the database says"));
    assert_eq!((after.status, after.value().unwrap().as_str()), (Status::Miss, "after"));
}

async fn the_clock_of_a_hit_is_that_of_its_own_reading(bench: Bench) {
    let (cache, key) = (bench.cache(), outline());
    let first = read(&cache, &key, "text").await;

    let written = write(&cache, &outline(), 1).await;
    let second = read(&cache, &key, "text").await;

    assert_eq!(second.status, Status::Hit);
    assert!(first.clock < second.clock);
    assert_eq!((second.clock, cache.clock()), (written, written));
}

async fn a_large_answer_is_not_stored(bench: Bench) {
    let (cache, key, large) = (bench.cache(), outline(), "x".repeat(3 * 1024 * 1024));

    let [one, other] = [read(&cache, &key, &large).await, read(&cache, &key, &large).await];

    assert_eq!((one.status, other.status), (Status::Miss, Status::Miss));
    assert_eq!(other.body.len(), large.len() + 2);
}

async fn a_forgotten_entry_is_a_miss(bench: Bench) {
    let (cache, key) = (bench.cache(), outline());
    read(&cache, &key, "text").await;

    assert_eq!(cache.entries(&key.to_string(), 10).await.len(), 1);
    assert!(cache.forget(&key).await);

    assert_eq!(cache.entries("", 10).await, []);
    assert_eq!(read(&cache, &key, "text").await.status, Status::Miss);
}

async fn operations_are_listed_newest_first_and_counted(bench: Bench) {
    let (cache, key) = (bench.cache(), outline());
    read(&cache, &key, "text").await;
    read(&cache, &key, "text").await;
    write(&cache, &key, 1).await;
    read(&cache, &key, "text").await;

    let seen: Vec<(Act, String, Option<String>)> = cache
        .recent(5)
        .into_iter()
        .map(|done| (done.kind, done.subject.to_string(), done.cause.map(|cause| cause.to_string())))
        .collect();

    let (key, tag) = (key.to_string(), key.tags()[0].to_string());
    let expected = [
        // A miss is over when its reader is answered, and by then it is stored.
        (Act::Miss, key.clone(), Some(format!("{tag} was written"))),
        (Act::Set, key.clone(), None),
        (Act::Invalidate, tag, Some("written".to_owned())),
        (Act::Hit, key.clone(), None),
        (Act::Miss, key, Some("not stored".to_owned())),
    ];
    assert_eq!(seen, expected);
    let counted = cache.counters();
    assert_eq!((counted.hits, counted.misses, counted.sets, counted.invalidations, counted.errors), (1, 2, 2, 1, 0));
}
