//! The last things the cache did, and how often it did each: for the debug panel and for metrics.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Mutex, MutexGuard},
    time::Duration,
};

use chrono::{DateTime, Utc};
use domain::cache::Tag;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::view::Status;

/// How many operations are remembered.
const CAPACITY: usize = 1_000;

/// What the cache did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[schemars(rename = "OperationKind")]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Hit,
    Miss,
    Stale,
    Bypass,
    Set,
    Invalidate,
    Error,
}

impl From<Status> for Kind {
    fn from(status: Status) -> Self {
        match status {
            Status::Hit => Kind::Hit,
            Status::Stale => Kind::Stale,
            Status::Miss => Kind::Miss,
            Status::Bypass => Kind::Bypass,
        }
    }
}

/// Why it did so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// There was no entry.
    Absent,
    /// This tag was written since the entry was stored.
    Outdated(Tag),
    /// A write to this tag is about to commit, or just did.
    Fenced(Tag),
    /// The entry belongs to an epoch or a version that is gone.
    Unreadable,
    /// The body is above what is kept.
    TooLarge,
    /// A write changed it.
    Written,
    /// A write ended without having changed anything.
    Abandoned,
    /// The store did not answer.
    StoreAway,
    /// The log was not read lately, so the store is not believed.
    Unconfirmed,
    /// The reader has seen more than the store knows of.
    Behind,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Absent => f.write_str("not stored"),
            Cause::Outdated(tag) => write!(f, "{tag} was written"),
            Cause::Fenced(tag) => write!(f, "{tag} is being written"),
            Cause::Unreadable => f.write_str("stored by another version"),
            Cause::TooLarge => f.write_str("too large to store"),
            Cause::Written => f.write_str("written"),
            Cause::Abandoned => f.write_str("write abandoned"),
            Cause::StoreAway => f.write_str("the store does not answer"),
            Cause::Unconfirmed => f.write_str("the log was not read lately"),
            Cause::Behind => f.write_str("the reader has seen a later write"),
        }
    }
}

impl Serialize for Cause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One thing the cache did.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    pub at: DateTime<Utc>,
    #[serde(rename = "operation")]
    pub kind: Kind,
    /// The key, or the tag where it was invalidated.
    pub subject: String,
    pub duration_us: u64,
    #[schemars(with = "Option<String>")]
    pub cause: Option<Cause>,
}

impl Operation {
    /// What was done to `subject` at `at`, and took `duration`.
    pub(super) fn new(at: DateTime<Utc>, kind: Kind, subject: &impl fmt::Display, duration: Duration) -> Self {
        let duration_us = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        Operation { at, kind, subject: subject.to_string(), duration_us, cause: None }
    }

    /// The same, and why.
    pub(super) fn because(self, cause: Cause) -> Self {
        Operation { cause: Some(cause), ..self }
    }
}

/// How often each thing happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counters {
    pub hits: u64,
    pub misses: u64,
    pub stale: u64,
    pub bypasses: u64,
    pub sets: u64,
    pub invalidations: u64,
    pub errors: u64,
}

impl Counters {
    fn count(&mut self, kind: Kind) {
        let counter = match kind {
            Kind::Hit => &mut self.hits,
            Kind::Miss => &mut self.misses,
            Kind::Stale => &mut self.stale,
            Kind::Bypass => &mut self.bypasses,
            Kind::Set => &mut self.sets,
            Kind::Invalidate => &mut self.invalidations,
            Kind::Error => &mut self.errors,
        };
        *counter += 1;
    }
}

/// A ring of operations, and counters that go on.
#[derive(Default)]
pub(super) struct Operations(Mutex<Log>);

#[derive(Default)]
struct Log {
    ring: VecDeque<Operation>,
    counters: Counters,
}

impl Operations {
    /// Remembers and counts `operation`.
    pub(super) fn record(&self, operation: Operation) {
        let mut log = self.log();
        log.counters.count(operation.kind);
        if log.ring.len() == CAPACITY {
            log.ring.pop_front();
        }
        log.ring.push_back(operation);
    }

    /// The last `limit` operations, newest first.
    pub(super) fn recent(&self, limit: usize) -> Vec<Operation> {
        self.log().ring.iter().rev().take(limit).cloned().collect()
    }

    /// How often each thing happened.
    pub(super) fn counters(&self) -> Counters {
        self.log().counters
    }

    /// Begins anew.
    pub(super) fn reset(&self) {
        *self.log() = Log::default();
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.0.lock().expect("nothing panics while it holds this lock")
    }
}
