//! Numbers of several servers, written down and thinned out.

use std::{pin::pin, time::Duration};

use backend::Backend;
use chrono::TimeDelta;
use domain::cache::{GroupBy, MetricsAnswer, TimeRange};
use futures::{
    future::{join, join4},
    poll,
};
use sea_orm::{ConnectionTrait, TransactionTrait};

use crate::support::{Fixture, on_both_databases};

async fn numbers(backend: &Backend, range: TimeRange) -> MetricsAnswer {
    backend.metrics(range, GroupBy::CacheType).await.expect("numbers can be asked for")
}

/// Asks for the list of novels so often.
async fn read(backend: &Backend, times: usize) {
    for _ in 0..times {
        backend.novels(domain::reading::NovelsQuery::first()).await.expect("the list can be read");
    }
}

on_both_databases! {
    async fn three_servers_together_give_exactly_what_they_did(fixture) {
        let mut servers = Vec::new();
        for _ in 0..3 {
            servers.push(Backend::open(fixture.config.clone()).await.unwrap());
        }

        for (server, times) in servers.iter().zip([3, 5, 9]) {
            read(server, times).await;
            server.save_metrics().await.unwrap();
            read(server, 1).await;
            server.save_metrics().await.unwrap();
            server.save_metrics().await.unwrap();
        }

        for server in &servers {
            let seen = numbers(server, TimeRange::Hour).await;
            assert_eq!((seen.total_hits, seen.total_misses), (17, 3));
            assert_eq!(seen.by_type["redis"].sets, 3);
        }
    }

    async fn saves_that_overlap_lose_nothing(fixture) {
        let server = &fixture.backend;
        read(server, 3).await;

        let (mut first, mut second) = (pin!(server.save_metrics()), pin!(server.save_metrics()));
        assert!(poll!(first.as_mut()).is_pending());
        // The first has taken what there is. The second may not say that it is written down before it is.
        assert!(poll!(second.as_mut()).is_pending());
        let (first, second) = join(first, second).await;
        first.and(second).unwrap();
        let seen = numbers(server, TimeRange::Hour).await;
        assert_eq!((seen.total_hits, seen.total_misses), (2, 1));

        let saving = async || for _ in 0..20 { server.save_metrics().await.unwrap() };
        join4(read(server, 200), saving(), saving(), saving()).await;
        server.save_metrics().await.unwrap();
        assert_eq!(numbers(server, TimeRange::Hour).await.total_hits, 202);
    }

    async fn a_day_later_minutes_are_hours_with_the_same_numbers(fixture) {
        let server = &fixture.backend;
        for _ in 0..3 {
            read(server, 2).await;
            server.save_metrics().await.unwrap();
            fixture.time.advance(TimeDelta::minutes(20));
        }
        let before = numbers(server, TimeRange::All).await;

        fixture.time.advance(TimeDelta::hours(26));
        fixture.backend.tidy_up().await.unwrap();
        fixture.backend.tidy_up().await.unwrap();

        let after = numbers(server, TimeRange::All).await;
        assert_eq!((after.total_hits, after.total_misses), (before.total_hits, before.total_misses));
        assert_eq!((after.p50, after.p95, after.average_duration), (before.p50, before.p95, before.average_duration));
        let widths: Vec<i32> = fixture.look("SELECT DISTINCT width FROM cache_metric_buckets").await;
        assert_eq!(widths, [3_600]);
        assert_eq!(numbers(server, TimeRange::Day).await.total_hits, 0);
        assert_eq!(numbers(server, TimeRange::Week).await.total_hits, before.total_hits);
    }

    async fn after_thirty_days_they_are_gone(fixture) {
        read(&fixture.backend, 2).await;
        fixture.backend.save_metrics().await.unwrap();

        fixture.time.advance(TimeDelta::days(31));
        fixture.backend.tidy_up().await.unwrap();

        assert_eq!(fixture.look::<i64>("SELECT COUNT(*) FROM cache_metric_buckets").await, [0]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_miss_took_as_long_as_its_database() {
    let fixture = Fixture::own_postgres().await;
    let held = fixture.stored.begin().await.unwrap();
    held.execute_unprepared("LOCK TABLE stories IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let server = fixture.backend.clone();
    let reading = tokio::spawn(async move { read(&server, 1).await });
    fixture.until_locked_out(1).await;

    tokio::time::sleep(Duration::from_millis(300)).await;
    held.rollback().await.unwrap();
    reading.await.unwrap();

    fixture.backend.save_metrics().await.unwrap();
    let seen = numbers(&fixture.backend, TimeRange::Hour).await;
    assert_eq!((seen.total_hits, seen.total_misses), (0, 1));
    assert!(seen.average_duration >= 300.0 && seen.by_group["novels"].p95 >= 295.0, "{seen:?}");
}

#[tokio::test]
async fn every_tag_of_a_write_is_counted_however_many_there_are() {
    let fixture = Fixture::sqlite().await;
    let draft = fixture.draft("text").await;
    for _ in 0..150 {
        fixture.add_scene(&draft.author, draft.chapter, "text").await;
    }
    fixture.backend.clear_metrics().await.unwrap();

    let saved = fixture.backend.publish_story(&draft.author, draft.story).await.unwrap();

    let tags = u64::try_from(saved.plan().tags.len()).unwrap();
    assert!(tags > 150);
    assert_eq!(numbers(&fixture.backend, TimeRange::Hour).await.by_type["redis"].invalidations, tags);
}
