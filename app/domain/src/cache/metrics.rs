//! How the layers of the cache are counted: the words that browser and server share.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{KEY_GROUPS, MetricsStep};
use crate::{Error, error::Problem};

/// A layer of the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Layer {
    /// The server's, whichever store runs.
    #[serde(rename = "redis")]
    Server,
    /// What a browser keeps for later.
    #[serde(rename = "localStorage")]
    LocalStorage,
    /// What an open page remembers.
    #[serde(rename = "memory")]
    Memory,
}

impl Layer {
    /// Every layer.
    pub const ALL: [Layer; 3] = [Layer::Server, Layer::LocalStorage, Layer::Memory];

    /// The word in answers and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Layer::Server => "redis",
            Layer::LocalStorage => "localStorage",
            Layer::Memory => "memory",
        }
    }
}

/// Something a layer did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Act {
    Hit,
    Miss,
    Stale,
    Bypass,
    Set,
    /// A view was loaded before anybody asked for it.
    Warm,
    Invalidate,
    Error,
    /// A hit was compared with the database, which says the same.
    Agree,
    /// A hit was compared with the database, which says something else: somebody was shown old text.
    Disagree,
}

impl Act {
    /// Every act.
    pub const ALL: [Act; 10] = [
        Act::Hit,
        Act::Miss,
        Act::Stale,
        Act::Bypass,
        Act::Set,
        Act::Warm,
        Act::Invalidate,
        Act::Error,
        Act::Agree,
        Act::Disagree,
    ];

    /// The word in answers and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Act::Hit => "hit",
            Act::Miss => "miss",
            Act::Stale => "stale",
            Act::Bypass => "bypass",
            Act::Set => "set",
            Act::Warm => "warm",
            Act::Invalidate => "invalidate",
            Act::Error => "error",
            Act::Agree => "agree",
            Act::Disagree => "disagree",
        }
    }

    /// Is it an answer to somebody who reads?
    pub fn is_read(self) -> bool {
        match self {
            Act::Hit | Act::Miss | Act::Stale | Act::Bypass => true,
            Act::Set | Act::Warm | Act::Invalidate | Act::Error | Act::Agree | Act::Disagree => false,
        }
    }

    /// Is it work for those who read and write? The rest looks after the cache itself, and is no part of any rate.
    pub fn is_traffic(self) -> bool {
        match self {
            Act::Hit | Act::Miss | Act::Stale | Act::Bypass | Act::Set | Act::Invalidate | Act::Error => true,
            Act::Warm | Act::Agree | Act::Disagree => false,
        }
    }
}

/// What a browser counted since it last said so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricsBatch {
    #[schemars(length(max = 200))]
    pub metrics: Vec<Counted>,
}

/// How often one thing happened, and how long it took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Counted {
    pub layer: Layer,
    pub operation: Act,
    /// One of the groups of keys.
    pub group: String,
    /// Pairs of a duration in microseconds and how often it was measured.
    #[schemars(length(max = 64))]
    pub durations: Vec<(u32, u32)>,
}

/// How many rows one batch has at most; a browser has no more layers, operations and groups than that.
const MAX_ROWS: usize = 200;
/// How many durations one row has at most.
const MAX_DURATIONS: usize = 64;
/// How often one duration can have been measured since the last batch.
const MAX_COUNT: u32 = 100_000;
/// No read takes longer than this, in microseconds.
const MAX_DURATION_US: u32 = 60_000_000;

impl MetricsBatch {
    /// Says what is wrong with it.
    ///
    /// # Errors
    /// Refuses what no browser of ours can have counted: the server's own layer, and what only a server does.
    pub fn check(&self) -> Result<(), Error> {
        if self.metrics.len() > MAX_ROWS {
            return Err(Error::invalid("metrics", Problem::TooManyEntries { max: MAX_ROWS }));
        }
        self.metrics.iter().try_for_each(Counted::check)
    }
}

impl Counted {
    fn check(&self) -> Result<(), Error> {
        if self.layer == Layer::Server {
            return Err(Error::invalid("layer", Problem::NotAllowed));
        }
        if !self.operation.is_traffic() {
            return Err(Error::invalid("operation", Problem::NotAllowed));
        }
        if !KEY_GROUPS.contains(&self.group.as_str()) {
            return Err(Error::invalid("group", Problem::NotAllowed));
        }
        if self.durations.len() > MAX_DURATIONS {
            return Err(Error::invalid("durations", Problem::TooManyEntries { max: MAX_DURATIONS }));
        }
        let is_possible = |(duration_us, count): &(u32, u32)| *duration_us <= MAX_DURATION_US && *count <= MAX_COUNT;
        if self.durations.iter().all(is_possible) {
            Ok(())
        } else {
            Err(Error::invalid("durations", Problem::NotAllowed))
        }
    }
}

/// `1h`, `6h`, `24h`, `7d`, `30d` or `all`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum TimeRange {
    #[serde(rename = "1h")]
    Hour,
    #[serde(rename = "6h")]
    SixHours,
    #[default]
    #[serde(rename = "24h")]
    Day,
    #[serde(rename = "7d")]
    Week,
    #[serde(rename = "30d")]
    Month,
    #[serde(rename = "all")]
    All,
}

impl TimeRange {
    /// Its length in minutes; none without an end.
    pub fn minutes(self) -> Option<i64> {
        match self {
            TimeRange::Hour => Some(60),
            TimeRange::SixHours => Some(6 * 60),
            TimeRange::Day => Some(24 * 60),
            TimeRange::Week => Some(7 * 24 * 60),
            TimeRange::Month => Some(30 * 24 * 60),
            TimeRange::All => None,
        }
    }
}

/// What numbers are put together by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum GroupBy {
    #[default]
    CacheType,
    Operation,
    Hour,
    Day,
}

/// Numbers of one group. Durations are in milliseconds, rates between 0 and 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    pub hits: u64,
    pub misses: u64,
    /// Reads that were shown a value at once whose time was over, while a newer one was asked for: neither hits nor misses.
    pub stale: u64,
    pub bypasses: u64,
    pub sets: u64,
    /// Views that were loaded before anybody asked for them. They are no misses.
    pub warmed: u64,
    pub invalidations: u64,
    pub errors: u64,
    /// Hits that were compared with the database.
    pub checked: u64,
    /// Of these, the ones that showed something old: always 0, or we have broken our word.
    pub stale_reads: u64,
    /// Hits of hits and misses; 0 when there were none.
    pub hit_rate: f64,
    /// Of reads.
    pub average_duration: f64,
    pub p50: f64,
    pub p95: f64,
    pub p99: f64,
    /// All operations, those above included: what the rates of errors and invalidations are parts of.
    pub operations: u64,
}

/// One of the last operations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecentMetric {
    pub timestamp: DateTime<Utc>,
    pub operation: Act,
    pub cache_type: Layer,
    /// The key, or the tag that was invalidated.
    pub key: String,
    pub duration: f64,
    pub cause: Option<String>,
}

/// The answer of `GET /studio/api/cache/metrics`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MetricsAnswer {
    pub time_range: TimeRange,
    pub group_by: GroupBy,
    /// `redis` or `in-process`.
    pub store: String,
    pub total_hits: u64,
    pub total_misses: u64,
    pub hit_rate: f64,
    pub average_duration: f64,
    pub p50: f64,
    pub p95: f64,
    pub p99: f64,
    /// Every layer.
    pub by_type: BTreeMap<String, Figures>,
    /// By what was asked for: layers, operations, or the beginnings of hours or days.
    pub grouped: BTreeMap<String, Figures>,
    /// By kind of view; an invalidation counts under the kind of tag.
    pub by_group: BTreeMap<String, Figures>,
    /// How long a step of `series` is, in seconds.
    pub step_secs: i64,
    /// The same over time, the oldest step first.
    pub series: Vec<MetricsStep>,
    /// What the layer of this server did last, the newest first.
    pub recent_metrics: Vec<RecentMetric>,
}
