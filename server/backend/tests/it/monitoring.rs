//! Alerts over a real database: found, shown, acknowledged, over.

use backend::{Backend, Config};
use chrono::TimeDelta;
use domain::{
    cache::{AlertState, AlertTold, Severity},
    error::Entity as Kind,
    reading::NovelsQuery,
};
use sea_orm::{ConnectionTrait, TransactionTrait};

use crate::support::{Fixture, assert_not_found, on_both_databases};

/// Reads that all miss: each drops what it has cached.
async fn miss(backend: &Backend, times: usize) {
    for _ in 0..times {
        backend.novels(NovelsQuery::first()).await.expect("the list can be read");
        backend.cache().clear().await;
    }
}

async fn look(fixture: &Fixture, backend: &Backend, times: usize) -> Vec<AlertTold> {
    for _ in 0..times {
        fixture.time.advance(TimeDelta::seconds(5));
        backend.look_at_caches().await.unwrap();
    }
    backend.monitoring().await.unwrap().alerts
}

on_both_databases! {
    async fn a_healthy_cache_has_no_alerts(fixture) {
        for _ in 0..200 {
            fixture.backend.novels(NovelsQuery::first()).await.unwrap();
        }

        assert_eq!(look(fixture, &fixture.backend, 10).await, []);
        let seen = fixture.backend.monitoring().await.unwrap();
        assert!(seen.healthy);
        assert_eq!((seen.summary.hits, seen.summary.misses), (199, 1));
    }

    async fn a_cache_that_misses_too_often_is_told_until_it_is_over(fixture) {
        miss(&fixture.backend, 200).await;

        let [alert] = look(fixture, &fixture.backend, 1).await.try_into().unwrap();
        assert_eq!((alert.id.as_str(), alert.state), ("low_hit_rate:redis", AlertState::Pending));
        let [alert] = look(fixture, &fixture.backend, 7).await.try_into().unwrap();
        assert_eq!((alert.state, alert.severity), (AlertState::Firing, Severity::Critical));
        assert!(!fixture.backend.monitoring().await.unwrap().healthy);

        // Five minutes later nobody has missed anything for a while.
        fixture.time.advance(TimeDelta::minutes(6));
        let [alert] = look(fixture, &fixture.backend, 1).await.try_into().unwrap();
        assert_eq!((alert.state, alert.severity), (AlertState::Resolved, Severity::Info));
        assert!(fixture.backend.monitoring().await.unwrap().healthy);
        fixture.time.advance(TimeDelta::hours(2));
        assert_eq!(look(fixture, &fixture.backend, 1).await, []);
    }

    async fn an_acknowledgement_survives_checks_and_restarts(fixture) {
        miss(&fixture.backend, 200).await;
        look(fixture, &fixture.backend, 8).await;

        fixture.backend.acknowledge("low_hit_rate:redis").await.unwrap();
        let [alert] = look(fixture, &fixture.backend, 3).await.try_into().unwrap();
        assert!(alert.acknowledged);

        let restarted = Backend::open(Config { ..fixture.config.clone() }).await.unwrap();
        let [alert] = look(fixture, &restarted, 3).await.try_into().unwrap();
        assert!(alert.acknowledged && alert.state == AlertState::Firing);
        assert_not_found(restarted.acknowledge("slow_response:redis").await, Kind::Alert);
        assert_not_found(restarted.acknowledge("nonsense").await, Kind::Alert);
    }
}

/// The look reads what is acknowledged and writes it again: nobody may acknowledge in between and be overwritten.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_acknowledgement_that_a_look_overtakes_is_kept() {
    let fixture = Fixture::own_postgres().await;
    miss(&fixture.backend, 200).await;
    look(&fixture, &fixture.backend, 8).await;
    let held = fixture.stored.begin().await.unwrap();
    // Who wants to write the row waits behind each other.
    held.execute_unprepared("SELECT 1 FROM cache_alerts FOR UPDATE").await.unwrap();

    let (one, other) = (fixture.backend.clone(), fixture.backend.clone());
    let acknowledging = tokio::spawn(async move { one.acknowledge("low_hit_rate:redis").await });
    fixture.until_locked_out(1).await;
    fixture.time.advance(TimeDelta::seconds(3));
    let looking = tokio::spawn(async move { other.look_at_caches().await });
    fixture.until_locked_out(2).await;
    held.commit().await.unwrap();
    acknowledging.await.unwrap().unwrap();
    looking.await.unwrap().unwrap();

    let [alert] = fixture.backend.monitoring().await.unwrap().alerts.try_into().unwrap();
    assert!(alert.acknowledged);
}
