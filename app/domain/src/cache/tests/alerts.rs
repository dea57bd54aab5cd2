//! When somebody is told that something is wrong, and when no longer.

use chrono::{DateTime, TimeDelta, Utc};

use crate::cache::{Alert, AlertState, Health, Layer, MIN_SAMPLE, Rule, Severity};

fn healthy() -> Health {
    Health { hits: 900, misses: 100, operations: 1_000, p95_ms: 20.0, ..Health::default() }
}

fn severity(rule: Rule, health: Health) -> Option<Severity> {
    rule.finding(&health).map(|finding| finding.severity)
}

#[test]
fn each_rule_has_the_thresholds_of_the_seed() {
    let hits = |hits| Health { hits, misses: 1_000 - hits, ..healthy() };
    let slow = |p95_ms| Health { p95_ms, ..healthy() };
    let errors = |errors| Health { errors, ..healthy() };
    let invalidations = |invalidations| Health { invalidations, ..healthy() };
    let (warning, critical) = (Some(Severity::Warning), Some(Severity::Critical));

    for (rule, health, expected) in [
        (Rule::LowHitRate, hits(700), None),
        (Rule::LowHitRate, hits(699), warning),
        (Rule::LowHitRate, hits(499), critical),
        (Rule::SlowResponse, slow(200.0), None),
        (Rule::SlowResponse, slow(201.0), warning),
        (Rule::SlowResponse, slow(501.0), critical),
        (Rule::HighErrorRate, errors(10), None),
        (Rule::HighErrorRate, errors(11), warning),
        (Rule::HighErrorRate, errors(51), critical),
        (Rule::HighInvalidationRate, invalidations(300), None),
        (Rule::HighInvalidationRate, invalidations(301), warning),
        (Rule::HighInvalidationRate, invalidations(501), critical),
        (Rule::CacheUnavailable, healthy(), None),
        (Rule::CacheUnavailable, Health { is_away: true, ..healthy() }, critical),
        (Rule::StaleRead, healthy(), None),
        (Rule::StaleRead, Health { stale_reads: 1, ..healthy() }, critical),
    ] {
        assert_eq!(severity(rule, health), expected, "{rule:?} {health:?}");
    }
}

#[test]
fn no_traffic_and_little_traffic_is_no_trouble() {
    let few = MIN_SAMPLE - 1;
    let worst =
        Health { misses: few, errors: few, invalidations: few, operations: few, p95_ms: 60_000.0, ..Health::default() };

    for rule in Rule::ALL {
        assert_eq!(rule.finding(&Health::default()), None, "{rule:?}");
        assert_eq!(rule.finding(&worst), None, "{rule:?}");
    }
}

/// An alert about the hit rate, and how the time goes on.
struct Watch {
    alert: Option<Alert>,
    now: DateTime<Utc>,
}

impl Watch {
    fn new() -> Self {
        Watch { alert: None, now: DateTime::UNIX_EPOCH }
    }

    /// Looks every five seconds for so long, and finds this hit rate each time.
    fn see(&mut self, secs: i64, hits: u64) -> Option<AlertState> {
        let health = Health { hits, misses: 1_000 - hits, operations: 1_000, ..Health::default() };
        for _ in 0..secs / 5 {
            self.now += TimeDelta::seconds(5);
            let finding = Rule::LowHitRate.finding(&health);
            self.alert = Alert::step(self.alert, Rule::LowHitRate, Layer::Server, finding, self.now);
        }
        self.alert.map(|alert| alert.state)
    }
}

#[test]
fn trouble_that_lasts_fires_and_is_resolved_when_it_has_been_over_for_a_while() {
    let mut watch = Watch::new();

    assert_eq!(watch.see(5, 400), Some(AlertState::Pending));
    assert_eq!(watch.see(30, 400), Some(AlertState::Firing));
    assert_eq!(watch.see(50, 900), Some(AlertState::Firing));
    assert_eq!(watch.see(15, 900), Some(AlertState::Resolved));
    assert_eq!(watch.alert.unwrap().finding.severity, Severity::Info);
    assert_eq!(watch.see(3_700, 900), None);
}

#[test]
fn a_moment_of_trouble_is_no_alert() {
    let mut watch = Watch::new();
    watch.see(5, 400);

    assert_eq!(watch.see(65, 900), None);
}

#[test]
fn what_flaps_is_one_alert_and_stays_acknowledged() {
    let mut watch = Watch::new();
    watch.see(60, 400);
    let first_seen = watch.alert.unwrap().first_seen;
    watch.alert.as_mut().unwrap().is_acknowledged = true;

    for _ in 0..20 {
        assert_eq!(watch.see(20, 900), Some(AlertState::Firing));
        assert_eq!(watch.see(20, 400), Some(AlertState::Firing));
    }

    let alert = watch.alert.unwrap();
    assert!(alert.is_acknowledged && alert.first_seen == first_seen);
    assert_eq!(alert.id(), "low_hit_rate:redis");
}

#[test]
fn what_gets_worse_or_comes_back_is_not_acknowledged_any_more() {
    let mut watch = Watch::new();
    watch.see(60, 600);
    watch.alert.as_mut().unwrap().is_acknowledged = true;
    watch.see(5, 600);
    assert!(watch.alert.unwrap().is_acknowledged);

    watch.see(5, 400);
    assert!(!watch.alert.unwrap().is_acknowledged);

    watch.alert.as_mut().unwrap().is_acknowledged = true;
    assert_eq!(watch.see(65, 900), Some(AlertState::Resolved));
    assert_eq!(watch.see(5, 400), Some(AlertState::Pending));
    assert!(!watch.alert.unwrap().is_acknowledged);
}

#[test]
fn a_store_that_is_away_for_two_looks_is_told() {
    let away = Rule::CacheUnavailable.finding(&Health { is_away: true, ..healthy() });
    let look = |known, secs| {
        Alert::step(known, Rule::CacheUnavailable, Layer::Server, away, DateTime::UNIX_EPOCH + TimeDelta::seconds(secs))
    };

    let first = look(None, 0);
    let second = look(first, 3);

    assert_eq!(first.unwrap().state, AlertState::Pending);
    assert_eq!(second.unwrap().state, AlertState::Firing);
}
