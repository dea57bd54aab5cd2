//! What a run comes to: what was done, what was seen, and which failure has which cause.

use std::{collections::BTreeMap, fmt};

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::faults::{Fault, Inflicted};

/// How long before a fault was noted a failure may come of it.
const BEFORE: TimeDelta = TimeDelta::milliseconds(200);
/// How many failures are shown that have no cause.
const SHOWN: usize = 10;

/// The counts of a run.
pub(super) struct Verdict {
    faults: BTreeMap<Fault, usize>,
    requests: u64,
    hits: u64,
    acknowledged: u64,
    stale: Vec<String>,
    lost: Vec<String>,
    explained: BTreeMap<Fault, usize>,
    unexplained: Vec<String>,
}

/// What the load test says of one failure.
#[derive(Deserialize)]
struct Failure {
    at: DateTime<Utc>,
    server: String,
    cause: String,
    nobody: bool,
}

impl Verdict {
    /// Holds the report of the load test against what was done.
    pub(super) fn new(inflicted: &[Inflicted], report: &Value) -> Self {
        let mut verdict = Verdict {
            faults: BTreeMap::new(),
            requests: report["figures"]["requests"].as_u64().unwrap(),
            hits: report["figures"]["hits"].as_u64().unwrap(),
            acknowledged: report["acknowledged"].as_u64().unwrap(),
            stale: serde_json::from_value(report["staleReads"].clone()).unwrap(),
            lost: serde_json::from_value(report["lostWrites"].clone()).unwrap(),
            explained: BTreeMap::new(),
            unexplained: Vec::new(),
        };
        for done in inflicted {
            *verdict.faults.entry(done.fault).or_default() += 1;
        }
        let failures: Vec<Failure> = serde_json::from_value(report["failures"].clone()).unwrap();
        for failure in failures {
            match inflicted.iter().find(|done| explains(done, &failure)) {
                Some(done) => *verdict.explained.entry(done.fault).or_default() += 1,
                None => verdict.unexplained.push(format!("{} {}: {}", failure.at, failure.server, failure.cause)),
            }
        }
        verdict
    }

    /// Was nothing stale and nothing lost, and did no request fail only because Redis did?
    pub(super) fn is_good(&self) -> bool {
        let all_quiet = self.stale.is_empty() && self.lost.is_empty() && self.unexplained.is_empty();
        all_quiet && self.hits > 0 && self.acknowledged > 0
    }
}

/// Can this failure come of that fault?
fn explains(done: &Inflicted, failure: &Failure) -> bool {
    let Some(after) = done.fault.explains_for() else { return false };
    if !(done.from - BEFORE..done.until + after).contains(&failure.at) {
        return false;
    }
    match done.fault {
        Fault::RedisEmptied
        | Fault::RedisRestartedEmpty
        | Fault::RedisRestartedOld
        | Fault::RedisPaused
        | Fault::RedisSlow
        | Fault::RedisCutOffFromOne
        | Fault::RedisSwallowedForOne => false,
        Fault::ServerKilled => failure.nobody && done.server.as_ref() == Some(&failure.server),
        // Any server may fail: it has lost its connections, or the paused one holds the lock under which all commit.
        Fault::DatabaseConnectionsEnded | Fault::ServerPaused => !failure.nobody,
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total: usize = self.faults.values().sum();
        writeln!(f, "{total} faults:")?;
        for (fault, count) in &self.faults {
            writeln!(f, "{count:>5} × {fault}")?;
        }
        writeln!(f, "{} requests, {} of them hits", self.requests, self.hits)?;
        writeln!(f, "{} stale reads", self.stale.len())?;
        writeln!(
            f,
            "{} lost writes, of {} texts, posts and replies that were acknowledged",
            self.lost.len(),
            self.acknowledged
        )?;
        for (fault, count) in &self.explained {
            writeln!(f, "{count:>5} requests failed because of: {fault}")?;
        }
        writeln!(f, "{} requests failed for no other reason than Redis", self.unexplained.len())?;
        for line in self.stale.iter().chain(&self.lost).chain(&self.unexplained).take(SHOWN) {
            writeln!(f, "      {line}")?;
        }
        write!(f, "{}", if self.is_good() { "All well" } else { "NOT WELL" })
    }
}
