//! From an answer to lines and bars.

use domain::cache::{GroupBy, MetricsAnswer, MonitoringAnswer};

use super::*;

fn at(time: &str) -> DateTime<Utc> {
    format!("2026-03-04T{time}Z").parse().unwrap()
}

/// An answer of the hour up to 12:34:56, with these figures of the server's layer in these minutes.
fn numbers(minutes: &[(&str, Figures)]) -> CacheNumbers {
    let step = |(start, figures): &(&str, Figures)| MetricsStep {
        start: at(start),
        all: *figures,
        by_type: BTreeMap::from([("redis".to_owned(), *figures)]),
    };
    CacheNumbers {
        metrics: MetricsAnswer {
            time_range: TimeRange::Hour,
            group_by: GroupBy::CacheType,
            store: "in-process".to_owned(),
            total_hits: 0,
            total_misses: 0,
            hit_rate: 0.0,
            average_duration: 0.0,
            p50: 0.0,
            p95: 0.0,
            p99: 0.0,
            by_type: BTreeMap::new(),
            grouped: BTreeMap::new(),
            by_group: BTreeMap::new(),
            step_secs: 60,
            series: minutes.iter().map(step).collect(),
            recent_metrics: Vec::new(),
        },
        monitoring: MonitoringAnswer {
            healthy: true,
            timestamp: at("12:34:56"),
            summary: Figures::default(),
            alerts: Vec::new(),
            by_type: BTreeMap::new(),
        },
    }
}

fn reads(hits: u64, misses: u64) -> Figures {
    Figures { hits, misses, operations: hits + misses, ..Figures::default() }
}

#[test]
fn each_minute_of_the_hour_has_its_place_and_quiet_ones_have_no_value() {
    let plot = Plot::hit_rate(&numbers(&[("11:34:00", reads(1, 1)), ("12:34:00", reads(3, 1))]));

    assert_eq!((plot.steps.len(), plot.steps[0], plot.steps[60]), (61, at("11:34:00"), at("12:34:00")));
    let redis = &plot.series[0];
    assert_eq!((redis.name, redis.values[0], redis.values[60]), ("redis", Some(0.5), Some(0.75)));
    assert!(redis.values[1..60].iter().all(Option::is_none));
    assert!(plot.series[1..].iter().all(|series| series.values.iter().all(Option::is_none)));
}

#[test]
fn hit_rates_have_the_zones_of_the_alerts() {
    let plot = Plot::hit_rate(&numbers(&[("12:00:00", reads(1, 0))]));

    let zones: Vec<_> = plot.zones.iter().map(|zone| (zone.from, zone.to, zone.severity, zone.limit)).collect();
    assert_eq!(zones, [(0.0, 0.5, "critical", 0.5), (0.5, 0.7, "warning", 0.7)]);
    assert_eq!(plot.axis, (1.0, 4));
}

#[test]
fn limits_beyond_the_axis_are_not_drawn() {
    let fast = Figures { p50: 1.0, p95: 2.0, p99: 4.0, ..reads(9, 1) };
    let slow = Figures { p99: 900.0, ..fast };

    assert_eq!(Plot::durations(&numbers(&[("12:00:00", fast)]), None).zones, []);
    let zones = Plot::durations(&numbers(&[("12:00:00", slow)]), None).zones;
    assert_eq!(zones.iter().map(|zone| (zone.from, zone.to)).collect::<Vec<_>>(), [(500.0, 1_000.0), (200.0, 500.0)]);
}

#[test]
fn operations_are_as_high_as_their_sum() {
    let busy = Figures { stale: 20, sets: 30, invalidations: 5, ..reads(40, 30) };
    let plot = Plot::operations(&numbers(&[("12:00:00", busy)]), Some(Layer::Server));

    assert!(plot.is_stacked);
    assert_eq!(plot.axis.0, 200.0);
    let index = plot.steps.iter().position(|start| *start == at("12:00:00")).unwrap();
    let counts: Vec<_> = plot.series.iter().map(|series| (series.name, series.values[index])).collect();
    let expected = [("hit", 40.0), ("stale", 20.0), ("miss", 30.0), ("set", 30.0), ("invalidate", 5.0)];
    assert_eq!(counts, expected.map(|(name, count)| (name, Some(count))));
    assert!(Plot::operations(&numbers(&[("12:00:00", busy)]), Some(Layer::Memory)).is_empty());
}

#[test]
fn rates_are_of_all_operations() {
    let troubled = Figures { errors: 1, invalidations: 4, operations: 10, ..reads(4, 1) };
    let numbers = numbers(&[("12:00:00", troubled)]);
    let value = |plot: &Plot| plot.series[0].values.iter().flatten().copied().collect::<Vec<_>>();

    assert_eq!(value(&Plot::error_rate(&numbers)), [0.1]);
    assert_eq!(value(&Plot::invalidation_rate(&numbers)), [0.4]);
    assert!(Plot::invalidation_rate(&numbers).zones.iter().any(|zone| zone.severity == "warning"));
    assert_eq!(Plot::error_rate(&numbers).axis.0, 0.1, "limits of a few percent are told apart");
}

#[test]
fn without_traffic_there_is_nothing_to_draw() {
    let quiet = numbers(&[]);

    assert!(Plot::hit_rate(&quiet).is_empty());
    assert!(Plot::durations(&quiet, None).is_empty());
}
