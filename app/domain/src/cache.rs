//! The model of caching, shared by every layer.
//!
//! A **view** is a thing that is cached. A [`Key`] is its address, the same text in Redis, in memory and in
//! localStorage. A [`Tag`] is what a view depends on, and follows from the key alone. A [`Change`] is what a person did;
//! one exhaustive match turns it into a [`Plan`]: the tags that are stale now and the page types to look at again. The
//! plan becomes Redis generations, response headers and client invalidations. A [`Clock`] orders writes. A [`Policy`]
//! says how long a view lives.
//!
//! Writing text and reading it are different views under different tags (`chapter:<id>:scenes` and
//! `chapter:<id>:public`), so that a writer's autosave never costs a reader a cache hit.

mod alert;
mod change;
mod clock;
mod explain;
mod grade;
mod group;
mod header;
mod key;
mod metrics;
mod parse;
mod plan;
mod policy;
mod push;
mod series;
mod tag;
#[cfg(test)]
mod tests;

pub use alert::{
    Alert, AlertState, AlertTold, AlertWish, ERROR_RATE_LIMITS, Finding, HIT_RATE_LIMITS, Health,
    INVALIDATION_RATE_LIMITS, Limits, MIN_SAMPLE, MonitoringAnswer, P95_MS_LIMITS, Rule, Severity,
};
pub use change::{Change, Whose};
pub use clock::Clock;
pub use explain::{EntryExplained, Explanation, Outlook, TagExplained, WriteExplained};
pub use grade::{Condition, Grade};
pub use group::{KEY_GROUPS, views_of_tag};
pub use header::{
    HeaderError, MAX_HEADER_TAGS, group_invalidation, page_types_from_header, page_types_header, tags_from_header,
    tags_header,
};
pub use key::{Audience, Key};
pub use metrics::{Act, Counted, Figures, GroupBy, Layer, MetricsAnswer, MetricsBatch, RecentMetric, TimeRange};
pub use parse::NotAKey;
pub use plan::{PageType, Plan, Saved, Snapshot};
pub use policy::{Policy, Sharing};
pub use push::{Deed, Invalidation, Origin, Position};
pub use series::MetricsStep;
pub use tag::Tag;
