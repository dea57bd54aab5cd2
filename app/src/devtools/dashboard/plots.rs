//! What the charts show: numbers of a range, put into lines and bars.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::cache::{
    ERROR_RATE_LIMITS, Figures, HIT_RATE_LIMITS, INVALIDATION_RATE_LIMITS, Layer, Limits, MetricsStep, P95_MS_LIMITS,
    TimeRange,
};

use super::{
    geometry::{Mark, axis},
    words::Unit,
};
use crate::api::cache_tools::CacheNumbers;

/// No more steps than this are drawn, however old the oldest is.
const MAX_STEPS: usize = 120;

/// One chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    pub range: TimeRange,
    /// The beginnings of all steps, with traffic or without.
    pub steps: Vec<DateTime<Utc>>,
    pub unit: Unit,
    /// Where the axis ends, and its parts.
    pub axis: (f64, u32),
    pub zones: Vec<Zone>,
    pub series: Vec<Series>,
    /// Do the series stand on each other?
    pub is_stacked: bool,
}

/// One line, or one kind of bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    pub name: &'static str,
    /// The end of its class, which says colour and dash, or filling.
    pub class: &'static str,
    pub mark: Mark,
    /// One for each step.
    pub values: Vec<Option<f64>>,
}

/// Values that are not well, between two limits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Zone {
    pub from: f64,
    pub to: f64,
    pub severity: &'static str,
    /// The limit where it begins, seen from what is well.
    pub limit: f64,
}

impl Plot {
    /// The share of hits in each layer, with what is too low.
    pub fn hit_rate(numbers: &CacheNumbers) -> Plot {
        let series = by_layer(numbers, Figures::read_hit_rate);
        let [(critical, bad), (warning, poor)] = HIT_RATE_LIMITS;
        let zones = vec![
            Zone { from: 0.0, to: critical, severity: bad.as_str(), limit: critical },
            Zone { from: critical, to: warning, severity: poor.as_str(), limit: warning },
        ];
        Plot { zones, axis: (1.0, 4), ..Plot::of(numbers, Unit::Share, series) }
    }

    /// How long reads took, in one layer or in all.
    pub fn durations(numbers: &CacheNumbers, layer: Option<Layer>) -> Plot {
        let timeline = Timeline::of(numbers);
        let percentile = |name, class, mark, of: fn(&Figures) -> f64| {
            let values = timeline.values(|step| figures(step, layer).filter(|it| it.has_reads()).map(of));
            Series { name, class, mark, values }
        };
        let series = vec![
            percentile("p50", "p50", Mark::Circle, |figures| figures.p50),
            percentile("p95", "p95", Mark::Square, |figures| figures.p95),
            percentile("p99", "p99", Mark::Triangle, |figures| figures.p99),
        ];
        Plot::of(numbers, Unit::Millis, series).with_zones_above(P95_MS_LIMITS)
    }

    /// What was done, in one layer or in all, one on top of the other.
    pub fn operations(numbers: &CacheNumbers, layer: Option<Layer>) -> Plot {
        let timeline = Timeline::of(numbers);
        let count = |name, of: fn(&Figures) -> u64| {
            let values = timeline.values(|step| figures(step, layer).map(|figures| float(of(figures))));
            Series { name, class: name, mark: Mark::Square, values }
        };
        let series = vec![
            count("hit", |figures| figures.hits),
            count("stale", |figures| figures.stale),
            count("miss", |figures| figures.misses),
            count("set", |figures| figures.sets),
            count("invalidate", |figures| figures.invalidations),
        ];
        let total = |step: usize| series.iter().filter_map(|series| series.values[step]).sum::<f64>();
        let most = (0..timeline.steps.len()).map(total).fold(0.0, f64::max);
        // A count has no halves.
        let axis = axis(most.max(4.0));
        Plot { axis, is_stacked: true, ..Plot::of(numbers, Unit::Count, series) }
    }

    /// Invalidations of all operations, in each layer.
    pub fn invalidation_rate(numbers: &CacheNumbers) -> Plot {
        let series = by_layer(numbers, Figures::invalidation_rate);
        Plot::of(numbers, Unit::Share, series)
            .up_to(INVALIDATION_RATE_LIMITS)
            .with_zones_above(INVALIDATION_RATE_LIMITS)
    }

    /// Errors of all operations, in each layer.
    pub fn error_rate(numbers: &CacheNumbers) -> Plot {
        let series = by_layer(numbers, Figures::error_rate);
        Plot::of(numbers, Unit::Share, series).up_to(ERROR_RATE_LIMITS).with_zones_above(ERROR_RATE_LIMITS)
    }

    /// Is there anything to draw?
    pub fn is_empty(&self) -> bool {
        self.series.iter().all(|series| series.values.iter().all(Option::is_none))
    }

    fn of(numbers: &CacheNumbers, unit: Unit, series: Vec<Series>) -> Plot {
        let (range, steps) = (numbers.metrics.time_range, Timeline::of(numbers).steps);
        Plot { range, steps, unit, axis: axis(most(&series)), zones: Vec::new(), series, is_stacked: false }
    }

    /// The axis reaches well beyond the worst limit, and no further than the values.
    fn up_to(mut self, limits: Limits) -> Plot {
        let top = limits.into_iter().map(|(limit, _)| 2.0 * limit).fold(most(&self.series), f64::max);
        self.axis = axis(top);
        self
    }

    /// What is above the limits is not well; limits beyond the axis are not drawn.
    fn with_zones_above(mut self, limits: Limits) -> Plot {
        let mut to = self.axis.0;
        for (limit, severity) in limits {
            if limit < to {
                self.zones.push(Zone { from: limit, to, severity: severity.as_str(), limit });
                to = limit;
            }
        }
        self
    }
}

/// The largest of all values.
fn most(series: &[Series]) -> f64 {
    series.iter().flat_map(|series| series.values.iter().flatten()).copied().fold(0.0, f64::max)
}

/// All steps of a range, and what is known of some.
struct Timeline<'a> {
    steps: Vec<DateTime<Utc>>,
    known: BTreeMap<DateTime<Utc>, &'a MetricsStep>,
}

impl<'a> Timeline<'a> {
    fn of(CacheNumbers { metrics, monitoring }: &'a CacheNumbers) -> Self {
        let range = metrics.time_range;
        let known: BTreeMap<_, _> = metrics.series.iter().map(|step| (step.start, step)).collect();
        let last = range.step_of(monitoring.timestamp);
        let begin = match range.minutes() {
            Some(minutes) => range.step_of(monitoring.timestamp - TimeDelta::minutes(minutes)),
            None => known.keys().next().copied().unwrap_or(last),
        };
        let step = TimeDelta::seconds(range.step_secs());
        let steps = std::iter::successors(Some(begin), |start| Some(*start + step));
        let steps = steps.take_while(|start| *start <= last).take(MAX_STEPS).collect();
        Timeline { steps, known }
    }

    fn values(&self, of: impl Fn(&MetricsStep) -> Option<f64>) -> Vec<Option<f64>> {
        self.steps.iter().map(|start| self.known.get(start).and_then(|step| of(step))).collect()
    }
}

fn by_layer(numbers: &CacheNumbers, of: fn(&Figures) -> Option<f64>) -> Vec<Series> {
    let timeline = Timeline::of(numbers);
    let series = |layer: Layer| Series {
        name: layer.as_str(),
        class: class_of(layer),
        mark: mark_of(layer),
        values: timeline.values(|step| figures(step, Some(layer)).and_then(of)),
    };
    Layer::ALL.map(series).into()
}

fn figures(step: &MetricsStep, layer: Option<Layer>) -> Option<&Figures> {
    match layer {
        Some(layer) => step.by_type.get(layer.as_str()),
        None => Some(&step.all),
    }
}

/// The class that gives a layer its colour, shape and dash.
pub fn class_of(layer: Layer) -> &'static str {
    match layer {
        Layer::Server => "redis",
        Layer::LocalStorage => "local-storage",
        Layer::Memory => "memory",
    }
}

fn mark_of(layer: Layer) -> Mark {
    match layer {
        Layer::Server => Mark::Circle,
        Layer::LocalStorage => Mark::Square,
        Layer::Memory => Mark::Triangle,
    }
}

/// A count, to be drawn. Exact up to four billions; nobody sees the difference above.
fn float(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests;
