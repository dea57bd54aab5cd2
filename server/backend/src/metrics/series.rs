//! The same numbers over time: one tally per step of a range, for all layers and for each.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::cache::{MetricsStep, TimeRange};

use super::report::{Counted, Tally, figures};
use crate::entity::cache_metric_bucket::Model;

/// The steps of a range in which something was counted.
pub(super) struct Steps {
    range: TimeRange,
    steps: BTreeMap<DateTime<Utc>, Step>,
}

#[derive(Default)]
struct Step {
    all: Tally,
    by_type: BTreeMap<String, Tally>,
}

impl Steps {
    /// No steps yet.
    pub(super) fn of(range: TimeRange) -> Self {
        Steps { range, steps: BTreeMap::new() }
    }

    /// Adds a row to the step that it began in.
    pub(super) fn add(&mut self, row: &Model, counted: &Counted) {
        let step = self.steps.entry(self.range.step_of(row.bucket_start)).or_default();
        step.all.add(counted);
        step.by_type.entry(row.layer.clone()).or_default().add(counted);
    }

    /// The steps, the oldest first.
    pub(super) fn told(self) -> Vec<MetricsStep> {
        let told =
            |(start, step): (_, Step)| MetricsStep { start, all: step.all.figures(), by_type: figures(&step.by_type) };
        self.steps.into_iter().map(told).collect()
    }
}
