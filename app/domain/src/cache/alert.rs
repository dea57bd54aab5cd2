//! When the caches need a person: rules, and what becomes of an alert over time.
//!
//! A rule looks at what a layer did in the last minutes and finds something wrong, or not. Findings come and go; an alert
//! does so slowly: it waits until a finding has lasted (*pending*), is shown (*firing*), and is taken back when nothing
//! was found for a while (*resolved*). Its id is that of its rule and layer, so an acknowledgement lasts as long as the
//! trouble does, however often it is looked at.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Figures, Layer};

/// How bad it is; the later, the worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Info,
    Warning,
    Error,
    Critical,
}

/// What may be wrong with a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    LowHitRate,
    SlowResponse,
    HighErrorRate,
    HighInvalidationRate,
    CacheUnavailable,
    StaleRead,
}

/// What a layer did in the last minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Health {
    pub hits: u64,
    pub misses: u64,
    pub errors: u64,
    pub invalidations: u64,
    /// All operations, those above included.
    pub operations: u64,
    /// Of reads, in milliseconds.
    pub p95_ms: f64,
    /// Hits that were compared with the database and found old.
    pub stale_reads: u64,
    /// Does the store of the layer not answer?
    pub is_away: bool,
}

/// Something is wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finding {
    pub severity: Severity,
    pub threshold: f64,
    pub current: f64,
}

/// Fewer operations than this say nothing about a rate.
pub const MIN_SAMPLE: u64 = 100;
/// Limits of a number, the worst first.
pub type Limits = [(f64, Severity); 2];
/// A share of hits below these.
pub const HIT_RATE_LIMITS: Limits = [(0.5, Severity::Critical), (0.7, Severity::Warning)];
/// A 95th percentile above these, in milliseconds.
pub const P95_MS_LIMITS: Limits = [(500.0, Severity::Critical), (200.0, Severity::Warning)];
/// A share of errors above these.
pub const ERROR_RATE_LIMITS: Limits = [(0.05, Severity::Critical), (0.01, Severity::Warning)];
/// A share of invalidations above these.
pub const INVALIDATION_RATE_LIMITS: Limits = [(0.5, Severity::Critical), (0.3, Severity::Warning)];
/// How long what is resolved is still told.
const TOLD_AFTERWARDS: TimeDelta = TimeDelta::hours(1);

impl Severity {
    /// The word in answers and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
            Severity::Critical => "critical",
        }
    }
}

impl AlertState {
    /// The word in answers and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            AlertState::Pending => "pending",
            AlertState::Firing => "firing",
            AlertState::Resolved => "resolved",
        }
    }
}

impl Rule {
    /// Every rule.
    pub const ALL: [Rule; 6] = [
        Rule::LowHitRate,
        Rule::SlowResponse,
        Rule::HighErrorRate,
        Rule::HighInvalidationRate,
        Rule::CacheUnavailable,
        Rule::StaleRead,
    ];

    /// What the rule finds wrong, if anything.
    pub fn finding(self, health: &Health) -> Option<Finding> {
        let reads = health.hits + health.misses;
        let of_operations = |part| (health.operations >= MIN_SAMPLE).then(|| share(part, health.operations));
        match self {
            Rule::LowHitRate => {
                below(if reads >= MIN_SAMPLE { share(health.hits, reads) } else { 1.0 }, HIT_RATE_LIMITS)
            }
            Rule::SlowResponse => {
                let p95_ms = if reads >= MIN_SAMPLE { health.p95_ms } else { 0.0 };
                above(p95_ms, P95_MS_LIMITS)
            }
            Rule::HighErrorRate => above(of_operations(health.errors)?, ERROR_RATE_LIMITS),
            Rule::HighInvalidationRate => above(of_operations(health.invalidations)?, INVALIDATION_RATE_LIMITS),
            Rule::CacheUnavailable => {
                health.is_away.then_some(Finding { severity: Severity::Critical, threshold: 0.0, current: 1.0 })
            }
            // One is one too many, however few there are to compare.
            Rule::StaleRead => above(float(health.stale_reads), [(0.0, Severity::Critical)]),
        }
    }

    /// How long a finding must last before it is an alert.
    fn patience(self) -> TimeDelta {
        match self {
            Rule::StaleRead => TimeDelta::zero(),
            // Two looks: with the page's own, a person knows well within a quarter of a minute.
            Rule::CacheUnavailable => TimeDelta::seconds(2),
            Rule::LowHitRate | Rule::SlowResponse | Rule::HighErrorRate | Rule::HighInvalidationRate => {
                TimeDelta::seconds(30)
            }
        }
    }

    /// For how long nothing must be found before the alert is taken back: what flaps is one alert.
    fn caution(self) -> TimeDelta {
        match self {
            Rule::CacheUnavailable => TimeDelta::seconds(10),
            Rule::LowHitRate
            | Rule::SlowResponse
            | Rule::HighErrorRate
            | Rule::HighInvalidationRate
            | Rule::StaleRead => TimeDelta::seconds(60),
        }
    }

    /// What to do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Rule::LowHitRate => "Investigate the cache strategy: see which kinds of view miss, and why.",
            Rule::SlowResponse => "Optimize queries, and look at the store and the network to it.",
            Rule::HighErrorRate => "Check the error logs.",
            Rule::HighInvalidationRate => "Review the invalidation logic: see which writes make most views stale.",
            Rule::CacheUnavailable => "Start the store again; until then everything is read from the database.",
            Rule::StaleRead => {
                "A promise is broken: keep the log, which names the views, and report it; DELETE /studio/api/cache/keys \
                 drops what is stored."
            }
        }
    }

    /// The word for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Rule::LowHitRate => "low_hit_rate",
            Rule::SlowResponse => "slow_response",
            Rule::HighErrorRate => "high_error_rate",
            Rule::HighInvalidationRate => "high_invalidation_rate",
            Rule::CacheUnavailable => "cache_unavailable",
            Rule::StaleRead => "stale_read",
        }
    }

    /// The number it looks at.
    pub fn metric(self) -> &'static str {
        match self {
            Rule::LowHitRate => "hitRate",
            Rule::SlowResponse => "p95",
            Rule::HighErrorRate => "errorRate",
            Rule::HighInvalidationRate => "invalidationRate",
            Rule::CacheUnavailable => "unavailable",
            Rule::StaleRead => "staleReads",
        }
    }
}

/// Where an alert is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AlertState {
    /// Found, but not for long enough.
    Pending,
    Firing,
    /// It is over; told for a while.
    Resolved,
}

/// One rule's trouble with one layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alert {
    pub rule: Rule,
    pub layer: Layer,
    pub state: AlertState,
    pub finding: Finding,
    pub first_seen: DateTime<Utc>,
    /// When something was found last; once it is resolved, when that was.
    pub last_seen: DateTime<Utc>,
    pub is_acknowledged: bool,
}

impl Alert {
    /// What becomes of the alert of a rule and a layer when this is found, or nothing is.
    pub fn step(
        known: Option<Alert>,
        rule: Rule,
        layer: Layer,
        finding: Option<Finding>,
        now: DateTime<Utc>,
    ) -> Option<Alert> {
        match (known, finding) {
            (None, None) => None,
            (Some(alert), Some(finding)) if alert.state != AlertState::Resolved => Some(alert.goes_on(finding, now)),
            (None | Some(_), Some(finding)) => Some(Alert::begins(rule, layer, finding, now)),
            (Some(alert), None) => alert.eases(now),
        }
    }

    /// The name of the alert: the same for the same rule and layer, for ever.
    pub fn id(&self) -> String {
        Alert::id_of(self.rule, self.layer)
    }

    /// The name that an alert of this rule and layer has.
    pub fn id_of(rule: Rule, layer: Layer) -> String {
        format!("{}:{}", rule.as_str(), layer.as_str())
    }

    /// One sentence for people.
    pub fn message(&self) -> String {
        let (layer, Finding { threshold, current, .. }) = (self.layer.as_str(), self.finding);
        let percent = |part: f64| part * 100.0;
        match (self.state, self.rule) {
            (AlertState::Resolved, Rule::CacheUnavailable) => format!("The store of {layer} answers again."),
            (AlertState::Resolved, Rule::StaleRead) => format!("No stale read from {layer} was found lately."),
            (AlertState::Resolved, _) => format!("The {} of {layer} is as it should be again.", self.rule.metric()),
            (_, Rule::LowHitRate) => {
                format!(
                    "{:.0} % of the reads from {layer} were hits, fewer than {:.0} %.",
                    percent(current),
                    percent(threshold)
                )
            }
            (_, Rule::SlowResponse) => format!("One read in twenty from {layer} took longer than {current:.0} ms."),
            (_, Rule::HighErrorRate) => format!("{:.1} % of the operations of {layer} failed.", percent(current)),
            (_, Rule::HighInvalidationRate) => {
                format!("{:.0} % of the operations of {layer} were invalidations.", percent(current))
            }
            (_, Rule::CacheUnavailable) => format!("The store of {layer} does not answer."),
            (_, Rule::StaleRead) => format!("{current:.0} hits from {layer} showed something older than the database."),
        }
    }

    fn begins(rule: Rule, layer: Layer, finding: Finding, now: DateTime<Utc>) -> Alert {
        let (first_seen, last_seen) = (now, now);
        let new =
            Alert { rule, layer, state: AlertState::Pending, finding, first_seen, last_seen, is_acknowledged: false };
        new.goes_on(finding, now)
    }

    fn goes_on(self, finding: Finding, now: DateTime<Utc>) -> Alert {
        let has_lasted = now - self.first_seen >= self.rule.patience();
        let state = if has_lasted { AlertState::Firing } else { self.state };
        // What got worse is news to whoever had taken note of it.
        let is_acknowledged = self.is_acknowledged && finding.severity <= self.finding.severity;
        Alert { state, finding, last_seen: now, is_acknowledged, ..self }
    }

    fn eases(self, now: DateTime<Utc>) -> Option<Alert> {
        let quiet = now - self.last_seen;
        match self.state {
            // Another server may have found it just now.
            AlertState::Pending | AlertState::Firing if quiet < self.rule.caution() => Some(self),
            AlertState::Pending => None,
            AlertState::Firing => {
                let finding = Finding { severity: Severity::Info, ..self.finding };
                Some(Alert { state: AlertState::Resolved, finding, last_seen: now, ..self })
            }
            AlertState::Resolved => (quiet < TOLD_AFTERWARDS).then_some(self),
        }
    }
}

/// An alert, as it is told. Rates are between 0 and 1, durations in milliseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AlertTold {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: Rule,
    pub cache_type: Layer,
    pub severity: Severity,
    pub state: AlertState,
    pub message: String,
    /// What to do about it.
    pub action: String,
    pub metric: String,
    pub threshold: f64,
    pub current_value: f64,
    pub first_seen: DateTime<Utc>,
    pub acknowledged: bool,
}

impl From<Alert> for AlertTold {
    fn from(alert: Alert) -> Self {
        AlertTold {
            id: alert.id(),
            kind: alert.rule,
            cache_type: alert.layer,
            severity: alert.finding.severity,
            state: alert.state,
            message: alert.message(),
            action: alert.rule.advice().to_owned(),
            metric: alert.rule.metric().to_owned(),
            threshold: alert.finding.threshold,
            current_value: alert.finding.current,
            first_seen: alert.first_seen,
            acknowledged: alert.is_acknowledged,
        }
    }
}

/// The answer of `GET /studio/api/cache/monitoring`: the last five minutes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MonitoringAnswer {
    /// Is nothing firing that is an error or worse?
    pub healthy: bool,
    pub timestamp: DateTime<Utc>,
    pub summary: Figures,
    pub alerts: Vec<AlertTold>,
    pub by_type: BTreeMap<String, Figures>,
}

/// `{action: "acknowledge", alertId}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AlertWish {
    pub action: String,
    pub alert_id: String,
}

/// The first of the limits, the worst first, that `current` is above.
fn above<const N: usize>(current: f64, limits: [(f64, Severity); N]) -> Option<Finding> {
    let found = limits.into_iter().find(|(threshold, _)| current > *threshold);
    found.map(|(threshold, severity)| Finding { severity, threshold, current })
}

/// The first of the limits, the worst first, that `current` is below.
fn below<const N: usize>(current: f64, limits: [(f64, Severity); N]) -> Option<Finding> {
    let found = limits.into_iter().find(|(threshold, _)| current < *threshold);
    found.map(|(threshold, severity)| Finding { severity, threshold, current })
}

/// `part` of `whole`, which is not 0.
pub(super) fn share(part: u64, whole: u64) -> f64 {
    float(part) / float(whole)
}

/// A number that is no longer counted with. Counts are far below the 2⁵³ up to which this is exact.
fn float(number: u64) -> f64 {
    std::time::Duration::from_micros(number).as_secs_f64() * 1_000_000.0
}
