//! Redis goes away, and comes back: both servers look, and there is one alert.

use std::time::{Duration, Instant};

use domain::cache::{AlertState, AlertTold, Severity};

use super::Pair;

async fn alert(pair: &Pair) -> Option<AlertTold> {
    let alerts = pair.reads.monitoring().await.unwrap().alerts;
    alerts.into_iter().find(|alert| alert.id == "cache_unavailable:redis")
}

async fn until(pair: &Pair, state: AlertState) -> AlertTold {
    loop {
        if let Some(alert) = alert(pair).await.filter(|alert| alert.state == state) {
            return alert;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_is_away_is_critical_within_fifteen_seconds_and_resolved_when_it_is_back() {
    let pair = Pair::start().await;
    pair.until_served().await;
    assert_eq!(alert(&pair).await, None);
    let mut announced = [pair.reads.alerts(), pair.writes.alerts()];

    pair.redis.stop();
    let stopped = Instant::now();
    let fired = until(&pair, AlertState::Firing).await;
    assert!(stopped.elapsed() < Duration::from_secs(15), "{:?}", stopped.elapsed());
    assert_eq!(fired.severity, Severity::Critical);
    assert!(!pair.writes.monitoring().await.unwrap().healthy);

    pair.redis.go_on();
    assert_eq!(until(&pair, AlertState::Resolved).await.severity, Severity::Info);
    assert!(pair.writes.monitoring().await.unwrap().healthy);
    // Both looked, and one of them announced it.
    let told = announced.iter_mut().flat_map(|news| std::iter::from_fn(|| news.try_recv().ok()));
    let mut told: Vec<_> = told.map(|alert| (alert.severity, alert.state)).collect();
    told.sort_by_key(|(severity, _)| std::cmp::Reverse(*severity));
    assert_eq!(told, [(Severity::Critical, AlertState::Firing), (Severity::Info, AlertState::Resolved)]);
}
