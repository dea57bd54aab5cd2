//! The answer to those who ask for numbers.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::cache::{Act, Figures, GroupBy, Health, Layer, MetricsAnswer, RecentMetric, TimeRange};

use super::{
    durations::{Durations, millis},
    series::Steps,
    stored,
};
use crate::{
    Backend, Error,
    cache::Operation,
    database::Database,
    entity::{cache_metric_bucket::Model, word},
};

/// How many of the last operations are told.
const RECENT: usize = 50;

impl Backend {
    /// What all layers did in `range`, as all servers have counted it; the others up to a few seconds ago.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn metrics(&self, range: TimeRange, by: GroupBy) -> Result<MetricsAnswer, Error> {
        self.save_metrics().await?;
        let from = range.minutes().map(|minutes| self.time.now() - TimeDelta::minutes(minutes));
        let rows = stored::since(&self.database, from).await?;

        let mut all = Tally::default();
        let [mut by_type, mut grouped, mut by_group] = [const { BTreeMap::<String, Tally>::new() }; 3];
        for layer in Layer::ALL {
            by_type.insert(layer.as_str().to_owned(), Tally::default());
        }
        let mut steps = Steps::of(range);
        for row in &rows {
            let counted = Counted::of(row)?;
            steps.add(row, &counted);
            all.add(&counted);
            by_type.entry(row.layer.clone()).or_default().add(&counted);
            by_group.entry(row.key_group.clone()).or_default().add(&counted);
            grouped.entry(group(row, by)).or_default().add(&counted);
        }
        let Figures { hits, misses, hit_rate, average_duration, p50, p95, p99, .. } = all.figures();
        Ok(MetricsAnswer {
            time_range: range,
            group_by: by,
            store: self.cache.store_name().to_owned(),
            total_hits: hits,
            total_misses: misses,
            hit_rate,
            average_duration,
            p50,
            p95,
            p99,
            by_type: figures(&by_type),
            grouped: figures(&grouped),
            by_group: figures(&by_group),
            step_secs: range.step_secs(),
            series: steps.told(),
            recent_metrics: self.cache.recent(RECENT).into_iter().map(recent).collect(),
        })
    }
}

pub(super) fn figures(tallies: &BTreeMap<String, Tally>) -> BTreeMap<String, Figures> {
    tallies.iter().map(|(name, tally)| (name.clone(), tally.figures())).collect()
}

fn group(row: &Model, by: GroupBy) -> String {
    let beginning = |form| row.bucket_start.format(form).to_string();
    match by {
        GroupBy::CacheType => row.layer.clone(),
        GroupBy::Operation => row.operation.clone(),
        GroupBy::Hour => beginning("%Y-%m-%dT%H:00:00Z"),
        GroupBy::Day => beginning("%Y-%m-%dT00:00:00Z"),
    }
}

fn recent(operation: Operation) -> RecentMetric {
    RecentMetric {
        timestamp: operation.at,
        operation: operation.kind,
        cache_type: Layer::Server,
        key: operation.subject.to_string(),
        duration: millis(operation.duration_us),
        cause: operation.cause.map(|cause| cause.to_string()),
    }
}

/// A row, read.
pub(super) struct Counted {
    act: Act,
    count: u64,
    sum_us: u64,
    pairs: Vec<(u64, u64)>,
}

impl Counted {
    fn of(row: &Model) -> Result<Self, Error> {
        let [count, sum_us] = [row.count, row.sum_us].map(|number| u64::try_from(number).unwrap_or(0));
        Ok(Counted { act: word(&row.operation)?, count, sum_us, pairs: stored::pairs(row)? })
    }
}

/// What each layer did since `from`, as all servers counted it.
pub(crate) async fn by_layer(database: &Database, from: DateTime<Utc>) -> Result<BTreeMap<Layer, Tally>, Error> {
    let mut tallies = BTreeMap::<Layer, Tally>::new();
    for row in stored::since(database, Some(from)).await? {
        tallies.entry(word(&row.layer)?).or_default().add(&Counted::of(&row)?);
    }
    Ok(tallies)
}

/// Numbers that are added up.
#[derive(Default)]
pub(crate) struct Tally {
    counts: BTreeMap<Act, u64>,
    reads: u64,
    read_us: u64,
    durations: Durations,
}

impl Tally {
    pub(super) fn add(&mut self, counted: &Counted) {
        *self.counts.entry(counted.act).or_default() += counted.count;
        if counted.act.is_read() {
            self.reads += counted.count;
            self.read_us = self.read_us.saturating_add(counted.sum_us);
            self.durations.add(&counted.pairs);
        }
    }

    /// All of them together.
    pub(crate) fn sum<'a>(tallies: impl Iterator<Item = &'a Tally>) -> Tally {
        tallies.fold(Tally::default(), |mut sum, tally| {
            tally.counts.iter().for_each(|(act, count)| *sum.counts.entry(*act).or_default() += count);
            sum.reads += tally.reads;
            sum.read_us = sum.read_us.saturating_add(tally.read_us);
            sum.durations.add(&tally.durations.pairs());
            sum
        })
    }

    /// What rules look at.
    pub(crate) fn health(&self) -> Health {
        let Figures { hits, misses, errors, invalidations, stale_reads, operations, p95: p95_ms, .. } = self.figures();
        Health { hits, misses, errors, invalidations, operations, p95_ms, stale_reads, is_away: false }
    }

    pub(crate) fn figures(&self) -> Figures {
        let count = |act| self.counts.get(&act).copied().unwrap_or(0);
        let (hits, misses) = (count(Act::Hit), count(Act::Miss));
        Figures {
            hits,
            misses,
            stale: count(Act::Stale),
            bypasses: count(Act::Bypass),
            sets: count(Act::Set),
            warmed: count(Act::Warm),
            invalidations: count(Act::Invalidate),
            errors: count(Act::Error),
            checked: count(Act::Agree) + count(Act::Disagree),
            stale_reads: count(Act::Disagree),
            hit_rate: share(hits, hits + misses),
            average_duration: share(self.read_us, self.reads) / 1000.0,
            p50: self.durations.quantile_ms(0.5),
            p95: self.durations.quantile_ms(0.95),
            p99: self.durations.quantile_ms(0.99),
            operations: self.counts.iter().filter(|(act, _)| act.is_traffic()).map(|(_, count)| count).sum(),
        }
    }
}

/// `part` of `whole`; 0 where there is none.
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { float(part) / float(whole) }
}

/// A number that is no longer counted with. Counts are far below the 2⁵³ up to which this is exact.
fn float(number: u64) -> f64 {
    std::time::Duration::from_micros(number).as_secs_f64() * 1_000_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_of_traffic_adds_up_to_the_operations() {
        let mut tally = Tally::default();
        // Each act so often that no other sum of them is the same.
        for (act, count) in Act::ALL.into_iter().zip((0..).map(|power| 1 << power)) {
            tally.add(&Counted { act, count, sum_us: 0, pairs: Vec::new() });
        }

        let seen = tally.figures();

        assert_eq!(seen.reads(), seen.hits + seen.misses + seen.stale + seen.bypasses);
        assert_eq!(seen.reads() + seen.sets + seen.invalidations + seen.errors, seen.operations);
        assert_eq!(tally.reads, seen.reads(), "and every read has its duration");
        let beside = tally.counts[&Act::Warm] + seen.checked;
        assert_eq!(tally.counts.values().sum::<u64>(), seen.operations + beside);
    }
}
