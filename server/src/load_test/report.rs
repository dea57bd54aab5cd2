//! What a load test comes to: for people, for programs, and for whoever waits for its exit code.

use std::{fmt, path::Path};

use serde::Serialize;

use super::{
    LoadTestError,
    options::LoadTest,
    oracle::Oracle,
    tally::{Failure, Tally, Times},
};
use crate::client::Caching;

/// How many stale reads, losses and kinds of errors are shown in full.
const SHOWN: usize = 10;

/// The figures of one run.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Figures {
    seconds: f64,
    requests: u64,
    requests_per_second: f64,
    all: Times,
    reads: Times,
    writes: Times,
    hits: u64,
    misses: u64,
    stale_answers: u64,
    bypasses: u64,
    hit_rate: f64,
    error_rate: f64,
    conflicts: u64,
    bytes: u64,
    nobody: u64,
    errors: Vec<(String, u64)>,
}

/// One thing that is asked of the product, and whether it holds.
#[derive(Debug, Serialize)]
struct Target {
    name: &'static str,
    wanted: &'static str,
    found: String,
    met: bool,
    /// Does missing it fail the run?
    binding: bool,
}

/// Everything worth knowing about a load test.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    users: u16,
    write_share: f64,
    servers: Vec<String>,
    cache: bool,
    figures: Figures,
    without_cache: Option<Figures>,
    acknowledged: usize,
    stale_reads: Vec<String>,
    lost_writes: Vec<String>,
    /// Each failure of the main run, with its time and its server.
    failures: Vec<Failure>,
    targets: Vec<Target>,
}

impl Report {
    pub(super) fn new(
        asked: &LoadTest,
        measured: &Tally,
        compared: Option<&Tally>,
        oracle: &Oracle,
        losses: Vec<String>,
    ) -> Self {
        let stale_reads = oracle.stale();
        let cache = asked.caching() == Caching::On;
        Report {
            users: asked.users,
            write_share: asked.write_share,
            servers: asked.bases(),
            cache,
            targets: targets(asked, measured, stale_reads.len(), losses.len()),
            figures: Figures::of(measured),
            without_cache: compared.map(Figures::of),
            acknowledged: oracle.promises(),
            stale_reads,
            lost_writes: losses,
            failures: measured.failures(),
        }
    }

    /// Writes it as JSON.
    ///
    /// # Errors
    /// Says which file could not be written.
    pub(super) fn export(&self, path: &Path) -> Result<(), LoadTestError> {
        let failed = |cause| LoadTestError::Export { path: path.display().to_string(), cause };
        let json = serde_json::to_vec_pretty(self).map_err(|error| failed(error.into()))?;
        std::fs::write(path, json).map_err(failed)
    }

    /// Passes, or names what was missed.
    ///
    /// # Errors
    /// Names every target that was missed.
    pub(super) fn verdict(&self) -> Result<(), String> {
        let missed: Vec<_> = self.targets.iter().filter(|target| target.binding && !target.met).collect();
        if missed.is_empty() {
            return Ok(());
        }
        let words = missed.iter().map(|target| format!("{} is {}, not {}", target.name, target.found, target.wanted));
        Err(words.collect::<Vec<_>>().join("; "))
    }
}

impl Figures {
    fn of(tally: &Tally) -> Self {
        let all = tally.all_times();
        Figures {
            seconds: tally.took.as_secs_f64(),
            requests: all.count,
            requests_per_second: tally.per_second(),
            all,
            reads: tally.read_times(),
            writes: tally.write_times(),
            hits: tally.hits,
            misses: tally.misses,
            stale_answers: tally.stale,
            bypasses: tally.bypasses,
            hit_rate: tally.hit_rate(),
            error_rate: tally.error_rate(),
            conflicts: tally.conflicts,
            bytes: tally.bytes,
            nobody: tally.nobody,
            errors: tally.errors().into_iter().map(|(cause, count)| (cause.to_owned(), count)).collect(),
        }
    }
}

/// The promises of the product, and the seed's targets for its speed.
fn targets(asked: &LoadTest, tally: &Tally, stale: usize, lost: usize) -> Vec<Target> {
    let all = tally.all_times();
    let promise = |name, wanted, found, met| Target { name, wanted, found, met, binding: true };
    let speed = |name, wanted, found, met| Target { name, wanted, found, met, binding: !asked.promises_only };
    let hits = tally.hit_rate();
    let errors = if asked.expect_outages { tally.wrong_rate() } else { tally.error_rate() };
    let mut targets = vec![
        promise("stale reads", "0", stale.to_string(), stale == 0),
        promise("lost writes", "0", lost.to_string(), lost == 0),
        promise("error rate", "below 1 %", percent(errors), all.count > 0 && errors < 0.01),
        speed("average", "below 100 ms", millis(all.average_ms), all.average_ms < 100.0),
        speed("P95", "below 200 ms", millis(all.p95_ms), all.p95_ms < 200.0),
        speed("P99", "below 500 ms", millis(all.p99_ms), all.p99_ms < 500.0),
    ];
    if asked.caching() == Caching::On {
        targets.push(speed("hit rate", "above 80 %", percent(hits), hits > 0.8));
    }
    targets
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cache = if self.cache { "with the cache" } else { "without the cache" };
        writeln!(f, "{} users, {} of the actions write, {cache}", self.users, percent(self.write_share))?;
        writeln!(f, "at {}\n", self.servers.join(", "))?;
        self.figures.write(f)?;
        if let Some(other) = &self.without_cache {
            writeln!(f, "\nWithout the cache, for {:.0} s:", other.seconds)?;
            other.write(f)?;
            let faster = other.reads.average_ms / self.figures.reads.average_ms.max(f64::EPSILON);
            let more = self.figures.requests_per_second / other.requests_per_second.max(f64::EPSILON);
            writeln!(
                f,
                "With the cache a read is answered {faster:.1} times as fast; {more:.1} times as many requests."
            )?;
        }
        writeln!(f, "\n{} texts, posts and replies were acknowledged.", self.acknowledged)?;
        list(f, "Stale", &self.stale_reads)?;
        list(f, "Lost", &self.lost_writes)?;
        for Target { name, wanted, found, met, .. } in &self.targets {
            let mark = if *met { "ok  " } else { "MISS" };
            writeln!(f, "{mark} {name:<12} {found:>10}   wanted: {wanted}")?;
        }
        Ok(())
    }
}

impl Figures {
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Figures { requests, requests_per_second, seconds, hits, misses, stale_answers, bypasses, .. } = self;
        writeln!(f, "{requests} requests in {seconds:.0} s, {requests_per_second:.0} in a second")?;
        writeln!(f, "          count  average      P50      P95      P99      max  (ms)")?;
        for (name, times) in [("reads", self.reads), ("writes", self.writes), ("all", self.all)] {
            let Times { count, average_ms, p50_ms, p95_ms, p99_ms, max_ms } = times;
            writeln!(
                f,
                "{name:<7}{count:>8} {average_ms:>8.1} {p50_ms:>8.1} {p95_ms:>8.1} {p99_ms:>8.1} {max_ms:>8.1}"
            )?;
        }
        let rate = percent(self.hit_rate);
        writeln!(f, "hit rate {rate}: {hits} hits, {misses} misses, {stale_answers} stale, {bypasses} bypasses")?;
        let (conflicts, errors) = (self.conflicts, percent(self.error_rate));
        writeln!(f, "{conflicts} conflicts, {} times nobody was there, {errors} errors in all:", self.nobody)?;
        for (cause, count) in self.errors.iter().take(SHOWN) {
            writeln!(f, "  {count} × {cause}")?;
        }
        Ok(())
    }
}

fn list(f: &mut fmt::Formatter<'_>, what: &str, lines: &[String]) -> fmt::Result {
    for line in lines.iter().take(SHOWN) {
        writeln!(f, "{what}: {line}")?;
    }
    if lines.len() > SHOWN {
        writeln!(f, "{what}: and {} more", lines.len() - SHOWN)?;
    }
    Ok(())
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn millis(time: f64) -> String {
    format!("{time:.1} ms")
}
