//! What an analysis finds in numbers that are made up for it.

use super::*;

fn figures(hits: u64, misses: u64) -> Figures {
    let share =
        u32::try_from(hits).map(f64::from).unwrap() / u32::try_from((hits + misses).max(1)).map(f64::from).unwrap();
    Figures { hits, misses, hit_rate: share, average_duration: 2.0, ..Figures::default() }
}

fn written(invalidations: u64) -> Figures {
    Figures { invalidations, ..Figures::default() }
}

/// Numbers of the server alone.
fn metrics(groups: &[(&str, Figures)], average_duration: f64) -> MetricsAnswer {
    let sum = |number: fn(&Figures) -> u64| groups.iter().map(|(_, it)| number(it)).sum::<u64>();
    let mut server = figures(sum(|it| it.hits), sum(|it| it.misses));
    server.invalidations = sum(|it| it.invalidations);
    server.average_duration = average_duration;
    MetricsAnswer {
        time_range: TimeRange::Day,
        group_by: domain::cache::GroupBy::CacheType,
        store: "in-process".to_owned(),
        total_hits: server.hits,
        total_misses: server.misses,
        hit_rate: server.hit_rate,
        average_duration,
        p50: 1.0,
        p95: 3.0,
        p99: 4.0,
        by_type: [("redis".to_owned(), server)].into(),
        grouped: BTreeMap::new(),
        by_group: groups.iter().map(|(name, it)| ((*name).to_owned(), *it)).collect(),
        recent_metrics: Vec::new(),
        step_secs: 60,
        series: Vec::new(),
    }
}

fn names(marks: &[Marks]) -> Vec<&str> {
    marks.iter().map(|marks| marks.name.as_str()).collect()
}

#[test]
fn many_fast_hits_are_excellent_and_nothing_needs_to_be_done() {
    let analysis = Analysis::of(&metrics(&[("novels", figures(950, 50))], 2.0));

    assert_eq!((analysis.hit_rate.grade, analysis.average_duration.grade), (Grade::A, Grade::A));
    assert_eq!(analysis.condition, Condition::Excellent);
    assert_eq!(analysis.advice, ["Nothing needs to be done."]);
}

#[test]
fn few_hits_are_poor_and_so_are_slow_ones() {
    let missing = Analysis::of(&metrics(&[("novels", figures(40, 60))], 2.0));
    let slow = Analysis::of(&metrics(&[("novels", figures(99, 1))], 500.0));

    assert_eq!((missing.condition, slow.condition), (Condition::Poor, Condition::Poor));
    assert!(missing.advice.iter().any(|line| line == Rule::LowHitRate.advice()), "{:?}", missing.advice);
}

#[test]
fn that_nobody_read_anything_is_not_poor() {
    let analysis = Analysis::of(&metrics(&[("chapter:public", written(20))], 0.0));

    assert_eq!(analysis.condition, Condition::NoTraffic);
    assert!(analysis.layers.iter().all(|layer| layer.hit_rate_grade.is_none()));
    assert_eq!(analysis.advice.len(), 1);
}

#[test]
fn every_layer_has_its_own_marks() {
    let mut metrics = metrics(&[("novels", figures(75, 25))], 2.0);
    metrics.by_type.insert("memory".to_owned(), Figures { average_duration: 120.0, ..figures(95, 5) });

    let layers = Analysis::of(&metrics).layers;

    let marks: Vec<_> = layers.iter().map(|it| (it.name.as_str(), it.hit_rate_grade, it.speed_grade)).collect();
    let expected = [
        ("redis", Some(Grade::C), Some(Grade::A)),
        ("localStorage", None, None),
        ("memory", Some(Grade::A), Some(Grade::C)),
    ];
    assert_eq!(marks, expected);
}

#[test]
fn the_most_read_come_first_and_the_coldest_too() {
    let groups = [
        ("novels", figures(500, 10)),
        ("reading", figures(100, 600)),
        ("post", figures(1, 19)),
        ("shelf", figures(0, 9)),
    ];

    let analysis = Analysis::of(&metrics(&groups, 2.0));

    assert_eq!(names(&analysis.top), ["reading", "novels", "post", "shelf"]);
    assert_eq!(names(&analysis.cold), ["reading", "post"]);
}

#[test]
fn what_is_written_more_often_than_it_is_read_stands_out() {
    let groups = [
        ("reading", figures(15, 5)),
        ("chapter:public", written(30)),
        ("novels", figures(90, 10)),
        ("stories:published", written(30)),
        ("post:replies", written(9)),
    ];

    let over = Analysis::of(&metrics(&groups, 2.0)).over_invalidated;

    assert_eq!(over, [Invalidated { name: "chapter:public".to_owned(), invalidations: 30, reads: 20 }]);
}

#[test]
fn the_report_tells_all_of_it() {
    let groups = [("novels", figures(40, 60)), ("reading", figures(3, 9)), ("chapter:public", written(30))];

    let text = Analysis::of(&metrics(&groups, 2.0)).to_string();

    for part in ["the last 24 hours", "poor", "F", "38.4 %", "redis", "localStorage", "novels", "chapter:public"] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
}
