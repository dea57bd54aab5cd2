//! The last things the cache did, and how often it did each: for the debug panel and for metrics.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use chrono::{DateTime, Utc};
use domain::cache::{Act, Key, Layer, Tag};
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::view::Status;
use crate::metrics::{Recorder, What};

/// How many operations are remembered.
const CAPACITY: usize = 1_000;

impl From<Status> for Act {
    fn from(status: Status) -> Self {
        match status {
            Status::Hit => Act::Hit,
            Status::Stale => Act::Stale,
            Status::Miss => Act::Miss,
            Status::Bypass => Act::Bypass,
        }
    }
}

/// Why it did so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// There was no entry.
    Absent,
    /// The entry had outlived its time.
    Expired,
    /// The entry had outlived its time, and the database took too long to answer.
    Slow,
    /// The entry had outlived its time, and the database failed.
    Failing,
    /// It was known that there is no such thing.
    Missing,
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
    /// The database says something else.
    Older,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Absent => f.write_str("not stored"),
            Cause::Expired => f.write_str("its time was over"),
            Cause::Slow => f.write_str("its time was over, and the database is slow"),
            Cause::Failing => f.write_str("its time was over, and the database fails"),
            Cause::Missing => f.write_str("known not to exist"),
            Cause::Outdated(tag) => write!(f, "{tag} was written"),
            Cause::Fenced(tag) => write!(f, "{tag} is being written"),
            Cause::Unreadable => f.write_str("stored by another version"),
            Cause::TooLarge => f.write_str("too large to store"),
            Cause::Written => f.write_str("written"),
            Cause::Abandoned => f.write_str("write abandoned"),
            Cause::StoreAway => f.write_str("the store does not answer"),
            Cause::Unconfirmed => f.write_str("the log was not read lately"),
            Cause::Behind => f.write_str("the reader has seen a later write"),
            Cause::Older => f.write_str("the database says something else"),
        }
    }
}

impl Serialize for Cause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What it was done to. Every read is recorded, and hardly one is looked at: so this is put into words when it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    Key(Key),
    Tag(Tag),
    /// The store, which says this.
    Store(String),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Key(key) => key.fmt(f),
            Subject::Tag(tag) => tag.fmt(f),
            Subject::Store(failure) => f.write_str(failure),
        }
    }
}

impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Subject {
    /// What kind of thing, as numbers are grouped.
    fn group(&self) -> &'static str {
        match self {
            Subject::Key(key) => key.group(),
            Subject::Tag(tag) => tag.group(),
            Subject::Store(_) => "store",
        }
    }
}

/// One thing the cache did.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    pub at: DateTime<Utc>,
    #[serde(rename = "operation")]
    pub kind: Act,
    /// The key; the tag where one was invalidated; the failure of a store that does not answer.
    #[schemars(with = "String")]
    pub subject: Subject,
    pub duration_us: u64,
    #[schemars(with = "Option<String>")]
    pub cause: Option<Cause>,
}

impl Operation {
    /// What was done to `subject` at `at`, and took `duration`.
    pub(super) fn new(at: DateTime<Utc>, kind: Act, subject: Subject, duration: Duration) -> Self {
        let duration_us = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        Operation { at, kind, subject, duration_us, cause: None }
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
    pub warmed: u64,
    pub invalidations: u64,
    pub errors: u64,
    /// Hits that the database was asked about, and said the same.
    pub agreements: u64,
    /// Hits that it said something else than.
    pub disagreements: u64,
}

impl Counters {
    fn count(&mut self, kind: Act) {
        let counter = match kind {
            Act::Hit => &mut self.hits,
            Act::Miss => &mut self.misses,
            Act::Stale => &mut self.stale,
            Act::Bypass => &mut self.bypasses,
            Act::Set => &mut self.sets,
            Act::Warm => &mut self.warmed,
            Act::Invalidate => &mut self.invalidations,
            Act::Error => &mut self.errors,
            Act::Agree => &mut self.agreements,
            Act::Disagree => &mut self.disagreements,
        };
        *counter += 1;
    }
}

/// A ring of operations, counters that go on, and numbers over time.
#[derive(Default)]
pub(super) struct Operations {
    log: Mutex<Log>,
    recorder: Arc<Recorder>,
}

#[derive(Default)]
struct Log {
    ring: VecDeque<Operation>,
    counters: Counters,
}

impl Operations {
    /// Remembers and counts `operation`.
    pub(super) fn record(&self, operation: Operation) {
        self.recorder.record(what(&operation), operation.at, operation.duration_us);
        let mut log = self.log();
        log.counters.count(operation.kind);
        if log.ring.len() == CAPACITY {
            log.ring.pop_front();
        }
        log.ring.push_back(operation);
    }

    /// Counts `operation` without listing it.
    pub(super) fn count(&self, operation: &Operation) {
        self.recorder.record(what(operation), operation.at, operation.duration_us);
        self.log().counters.count(operation.kind);
    }

    pub(super) fn recorder(&self) -> &Arc<Recorder> {
        &self.recorder
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
        self.recorder.reset();
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().expect("nothing panics while it holds this lock")
    }
}

/// As what an operation is counted.
fn what(operation: &Operation) -> What {
    What { layer: Layer::Server, act: operation.kind, group: operation.subject.group() }
}
