//! How long answers took, and what came instead of them.

use std::{collections::BTreeMap, time::Duration};

use hdrhistogram::Histogram;

use chrono::{DateTime, Utc};

use crate::client::{CacheStatus, Missing, NoReply, Reply};

/// The longest time that is told apart, in microseconds.
const MAX_MICROS: u64 = 60_000_000;

/// How many failures are remembered one by one; all are counted.
const MAX_FAILURES: usize = 20_000;

/// What kind of request it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Read,
    Write,
}

/// What one user, or all of them, saw.
pub(super) struct Tally {
    pub(super) took: Duration,
    reads: Histogram<u64>,
    writes: Histogram<u64>,
    pub(super) hits: u64,
    pub(super) misses: u64,
    pub(super) stale: u64,
    pub(super) bypasses: u64,
    pub(super) bytes: u64,
    pub(super) conflicts: u64,
    /// How often nobody was there to answer.
    pub(super) nobody: u64,
    errors: BTreeMap<String, u64>,
    failures: Vec<Failure>,
}

/// One action that failed: when and where, for whoever knows what was done to that server.
#[derive(Clone, Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Failure {
    at: DateTime<Utc>,
    server: String,
    cause: String,
    /// Did nobody answer at all?
    nobody: bool,
}

/// Times in milliseconds.
#[derive(Clone, Copy, Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Times {
    pub(super) count: u64,
    pub(super) average_ms: f64,
    pub(super) p50_ms: f64,
    pub(super) p95_ms: f64,
    pub(super) p99_ms: f64,
    pub(super) max_ms: f64,
}

impl Default for Tally {
    fn default() -> Self {
        let empty = || Histogram::new_with_bounds(1, MAX_MICROS, 3).expect("these bounds are legal");
        Tally {
            took: Duration::ZERO,
            reads: empty(),
            writes: empty(),
            hits: 0,
            misses: 0,
            stale: 0,
            bypasses: 0,
            bytes: 0,
            conflicts: 0,
            nobody: 0,
            errors: BTreeMap::new(),
            failures: Vec::new(),
        }
    }
}

impl Tally {
    /// Notes an answer.
    pub(super) fn answered(&mut self, kind: Kind, took: Duration, answer: &Reply) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(MAX_MICROS);
        match kind {
            Kind::Read => self.reads.saturating_record(micros),
            Kind::Write => self.writes.saturating_record(micros),
        }
        self.bytes += u64::try_from(answer.size_bytes()).unwrap_or_default();
        if kind == Kind::Read {
            match answer.cache_status() {
                Some(CacheStatus::Hit) => self.hits += 1,
                Some(CacheStatus::Miss) => self.misses += 1,
                Some(CacheStatus::Stale) => self.stale += 1,
                Some(CacheStatus::Bypass) => self.bypasses += 1,
                None => {}
            }
        }
    }

    /// Notes that there was no answer at `at`, or not the right one.
    pub(super) fn missing(&mut self, missing: NoReply, at: DateTime<Utc>) {
        let NoReply { base, cause, kind } = missing;
        let nobody = kind == Missing::Nobody;
        self.nobody += u64::from(nobody);
        self.error(cause.clone());
        if self.failures.len() < MAX_FAILURES {
            self.failures.push(Failure { at, server: base, cause, nobody });
        }
    }

    fn error(&mut self, cause: String) {
        *self.errors.entry(cause).or_default() += 1;
    }

    /// Notes that a user could not go on.
    pub(super) fn crashed(&mut self) {
        self.error("a user of the load test crashed".to_owned());
    }

    /// Notes that somebody else had saved first, which is no error.
    pub(super) fn conflict(&mut self) {
        self.conflicts += 1;
    }

    /// Adds what another saw.
    pub(super) fn add(&mut self, other: &Tally) {
        self.reads += &other.reads;
        self.writes += &other.writes;
        self.hits += other.hits;
        self.misses += other.misses;
        self.stale += other.stale;
        self.bypasses += other.bypasses;
        self.bytes += other.bytes;
        self.conflicts += other.conflicts;
        self.nobody += other.nobody;
        let room = MAX_FAILURES.saturating_sub(self.failures.len());
        self.failures.extend(other.failures.iter().take(room).cloned());
        for (cause, count) in &other.errors {
            *self.errors.entry(cause.clone()).or_default() += count;
        }
    }

    pub(super) fn read_times(&self) -> Times {
        Times::of(&self.reads)
    }

    pub(super) fn write_times(&self) -> Times {
        Times::of(&self.writes)
    }

    pub(super) fn all_times(&self) -> Times {
        let mut all = self.reads.clone();
        all += &self.writes;
        Times::of(&all)
    }

    /// What went wrong, the most frequent first.
    pub(super) fn errors(&self) -> Vec<(&str, u64)> {
        let mut errors: Vec<_> = self.errors.iter().map(|(cause, count)| (cause.as_str(), *count)).collect();
        errors.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        errors
    }

    /// The failures one by one, as far as they are remembered.
    pub(super) fn failures(&self) -> Vec<Failure> {
        self.failures.clone()
    }

    /// The share of actions that failed, 0–1.
    pub(super) fn error_rate(&self) -> f64 {
        let errors: u64 = self.errors.values().sum();
        ratio(errors, self.reads.len() + self.writes.len() + errors)
    }

    /// The same without those that found nobody.
    pub(super) fn wrong_rate(&self) -> f64 {
        let errors = self.errors.values().sum::<u64>().saturating_sub(self.nobody);
        ratio(errors, self.reads.len() + self.writes.len() + errors)
    }

    /// The share of cached reads that the cache answered, 0–1.
    pub(super) fn hit_rate(&self) -> f64 {
        ratio(self.hits, self.hits + self.misses + self.stale + self.bypasses)
    }

    /// Requests answered in a second.
    pub(super) fn per_second(&self) -> f64 {
        let seconds = self.took.as_secs_f64();
        if seconds > 0.0 { to_f64(self.reads.len() + self.writes.len()) / seconds } else { 0.0 }
    }
}

impl Times {
    fn of(histogram: &Histogram<u64>) -> Self {
        let quantile = |share| to_f64(histogram.value_at_quantile(share)) / 1000.0;
        Times {
            count: histogram.len(),
            average_ms: histogram.mean() / 1000.0,
            p50_ms: quantile(0.5),
            p95_ms: quantile(0.95),
            p99_ms: quantile(0.99),
            max_ms: to_f64(histogram.max()) / 1000.0,
        }
    }
}

fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { to_f64(part) / to_f64(whole) }
}

#[expect(clippy::as_conversions, reason = "a count is far below 2^53, where a float is exact")]
fn to_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::STATUS;

    const QUICK: Duration = Duration::from_micros(50);

    /// What was counted of hits, misses, stale answers and bypasses.
    fn counts(tally: &Tally) -> [u64; 4] {
        [tally.hits, tally.misses, tally.stale, tally.bypasses]
    }

    fn answer(status: &'static str) -> Reply {
        Reply::made(200, &[(STATUS, status)], "{}")
    }

    #[test]
    fn each_answer_counts_as_what_it_says_it_is() {
        for (status, expected) in [
            ("HIT", [1, 0, 0, 0]),
            ("MISS", [0, 1, 0, 0]),
            ("STALE", [0, 0, 1, 0]),
            ("BYPASS", [0, 0, 0, 1]),
            ("hit", [0, 0, 0, 0]),
        ] {
            let mut tally = Tally::default();

            tally.answered(Kind::Read, QUICK, &answer(status));

            assert_eq!(counts(&tally), expected, "{status}");
        }
    }

    #[test]
    fn an_answer_that_says_nothing_is_no_hit_however_quick_it_was() {
        let mut tally = Tally::default();

        tally.answered(Kind::Read, QUICK, &Reply::made(200, &[], "{}"));

        assert_eq!(counts(&tally), [0; 4]);
        assert!(tally.hit_rate() == 0.0 && tally.read_times().count == 1);
    }

    #[test]
    fn a_write_is_no_hit_whatever_it_says() {
        let mut tally = Tally::default();

        tally.answered(Kind::Write, QUICK, &answer("HIT"));

        assert_eq!(counts(&tally), [0; 4]);
        assert_eq!((tally.read_times().count, tally.write_times().count), (0, 1));
    }

    #[test]
    fn only_hits_are_hits_of_all_that_was_read() {
        let (mut one, mut other) = (Tally::default(), Tally::default());
        for status in ["HIT", "HIT", "STALE", "BYPASS"] {
            one.answered(Kind::Read, QUICK, &answer(status));
        }
        for status in ["HIT", "MISS", "MISS", "MISS"] {
            other.answered(Kind::Read, QUICK, &answer(status));
        }

        one.add(&other);

        assert_eq!(counts(&one), [3, 3, 1, 1]);
        assert!((one.hit_rate() - 3.0 / 8.0).abs() < f64::EPSILON);
        assert_eq!((one.read_times().count, one.bytes), (8, 16));
    }

    #[test]
    fn who_found_nobody_is_told_apart_from_who_was_answered_wrongly() {
        let mut tally = Tally::default();
        tally.answered(Kind::Read, QUICK, &answer("HIT"));

        let missing = |kind| NoReply { base: "http://a".to_owned(), cause: "gone".to_owned(), kind };
        tally.missing(missing(Missing::Nobody), DateTime::UNIX_EPOCH);
        tally.missing(missing(Missing::Wrong), DateTime::UNIX_EPOCH);

        assert!((tally.error_rate() - 2.0 / 3.0).abs() < f64::EPSILON);
        assert!((tally.wrong_rate() - 1.0 / 2.0).abs() < f64::EPSILON);
        assert_eq!(tally.errors(), [("gone", 2)]);
    }
}
