//! Numbers over time: which ranges there are, in which steps each is told, and what one step says.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Figures, GroupBy, TimeRange};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// One step of a range in which something was counted. Steps without traffic are left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MetricsStep {
    /// When it begins; it lasts `stepSecs`.
    pub start: DateTime<Utc>,
    /// All layers together.
    pub all: Figures,
    /// The layers that did something.
    pub by_type: BTreeMap<String, Figures>,
}

impl TimeRange {
    /// Every range, the shortest first.
    pub const ALL: [TimeRange; 6] =
        [TimeRange::Hour, TimeRange::SixHours, TimeRange::Day, TimeRange::Week, TimeRange::Month, TimeRange::All];

    /// The word in addresses and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            TimeRange::Hour => "1h",
            TimeRange::SixHours => "6h",
            TimeRange::Day => "24h",
            TimeRange::Week => "7d",
            TimeRange::Month => "30d",
            TimeRange::All => "all",
        }
    }

    /// The range that this is the word for.
    pub fn of(word: &str) -> Option<Self> {
        TimeRange::ALL.into_iter().find(|range| range.as_str() == word)
    }

    /// The length of a step, so that no range has more than about sixty. Minutes are kept for a day, then hours.
    pub fn step_secs(self) -> i64 {
        match self {
            TimeRange::Hour => MINUTE,
            TimeRange::SixHours => 6 * MINUTE,
            TimeRange::Day => 30 * MINUTE,
            TimeRange::Week => 3 * HOUR,
            TimeRange::Month | TimeRange::All => 12 * HOUR,
        }
    }

    /// The beginning of the step that `at` is in.
    pub fn step_of(self, at: DateTime<Utc>) -> DateTime<Utc> {
        let step_secs = self.step_secs();
        DateTime::from_timestamp(at.timestamp().div_euclid(step_secs) * step_secs, 0).unwrap_or(at)
    }
}

impl GroupBy {
    /// Every way to group.
    pub const ALL: [GroupBy; 4] = [GroupBy::CacheType, GroupBy::Operation, GroupBy::Hour, GroupBy::Day];

    /// The word in addresses and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            GroupBy::CacheType => "cacheType",
            GroupBy::Operation => "operation",
            GroupBy::Hour => "hour",
            GroupBy::Day => "day",
        }
    }

    /// The grouping that this is the word for.
    pub fn of(word: &str) -> Option<Self> {
        GroupBy::ALL.into_iter().find(|by| by.as_str() == word)
    }
}

impl Figures {
    /// Invalidations of all operations; none where nothing was done.
    pub fn invalidation_rate(&self) -> Option<f64> {
        share(self.invalidations, self.operations)
    }

    /// Errors of all operations; none where nothing was done.
    pub fn error_rate(&self) -> Option<f64> {
        share(self.errors, self.operations)
    }

    /// Hits of hits and misses; none where nothing was read, which is not the same as 0.
    pub fn read_hit_rate(&self) -> Option<f64> {
        share(self.hits, self.hits + self.misses)
    }

    /// How often something was read, whatever came of it.
    pub fn reads(&self) -> u64 {
        self.hits + self.misses + self.stale + self.bypasses
    }

    /// Was anything read, and so measured?
    pub fn has_reads(&self) -> bool {
        self.reads() > 0
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| super::alert::share(part, whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_of_the_answers() {
        for range in TimeRange::ALL {
            assert_eq!(serde_json::to_value(range).unwrap(), range.as_str());
            assert_eq!(TimeRange::of(range.as_str()), Some(range));
        }
        for by in GroupBy::ALL {
            assert_eq!(serde_json::to_value(by).unwrap(), by.as_str());
            assert_eq!(GroupBy::of(by.as_str()), Some(by));
        }
        assert_eq!((TimeRange::of("2h"), GroupBy::of("")), (None, None));
    }

    #[test]
    fn no_range_has_more_than_sixty_steps_and_all_are_whole() {
        for range in TimeRange::ALL {
            let Some(minutes) = range.minutes() else { continue };
            assert_eq!(minutes * 60 % range.step_secs(), 0, "{range:?}");
            assert!((40..=60).contains(&(minutes * 60 / range.step_secs())), "{range:?}");
        }
    }

    #[test]
    fn a_step_begins_at_a_round_time() {
        let at = "2026-03-04T17:47:31Z".parse().unwrap();
        let begins = [TimeRange::Hour, TimeRange::Day, TimeRange::Month].map(|range| range.step_of(at).to_rfc3339());

        assert_eq!(begins, ["2026-03-04T17:47:00+00:00", "2026-03-04T17:30:00+00:00", "2026-03-04T12:00:00+00:00"]);
    }

    #[test]
    fn a_rate_of_nothing_is_none() {
        let quiet = Figures::default();
        assert_eq!((quiet.read_hit_rate(), quiet.error_rate(), quiet.invalidation_rate()), (None, None, None));

        let busy = Figures { misses: 2, errors: 1, invalidations: 1, operations: 4, ..quiet };
        assert_eq!((busy.read_hit_rate(), busy.error_rate()), (Some(0.0), Some(0.25)));
    }
}
