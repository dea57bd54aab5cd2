//! Counting, in memory: a few numbers per minute, layer, operation and kind of view.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard},
};

use chrono::{DateTime, Utc};
use domain::cache::{Act, KEY_GROUPS, Layer, MetricsBatch};

use super::durations::Durations;

/// For how many minutes a minute may still be counted in; a server's clock does not go back further.
const OPEN_MINUTES: i64 = 2;
/// The upper bounds of the buckets that a scraper is told, in microseconds.
pub(super) const BOUNDS_US: [u64; 12] =
    [100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 500_000, 2_500_000];

/// What is counted apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct What {
    pub(crate) layer: Layer,
    pub(crate) act: Act,
    /// The kind of view or tag.
    pub(crate) group: &'static str,
}

/// What one minute holds of it, the minute counted since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Slot {
    pub(super) minute: i64,
    pub(super) what: What,
}

/// How often, and how long.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    pub(super) count: u64,
    pub(super) sum_us: u64,
    pub(super) durations: Durations,
    is_saved: bool,
}

/// The same since the server started, in the few buckets of a scraper.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Total {
    pub(super) count: u64,
    pub(super) sum_us: u64,
    /// How often it took at most this long, for each of [`BOUNDS_US`].
    pub(super) within: [u64; BOUNDS_US.len()],
}

/// Counts for one server.
pub(crate) struct Recorder {
    /// The rows of this server are its own.
    pub(super) server: String,
    /// Held while they are written: a write that overtook another would put back what the other had counted less.
    pub(super) saving: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    cells: HashMap<Slot, Cell>,
    totals: HashMap<What, Total>,
}

impl Default for Recorder {
    fn default() -> Self {
        Recorder {
            server: format!("{:016x}", rand::random::<u64>()),
            saving: tokio::sync::Mutex::default(),
            state: Mutex::default(),
        }
    }
}

impl Recorder {
    /// Counts something that was done at `at`.
    pub(crate) fn record(&self, what: What, at: DateTime<Utc>, duration_us: u64) {
        self.state().count(what, minute(at), duration_us, 1);
    }

    /// Counts what a browser counted, as if it had just happened. A group that nobody knows is passed over.
    pub(super) fn add(&self, batch: &MetricsBatch, at: DateTime<Utc>) {
        let mut state = self.state();
        for row in &batch.metrics {
            let Some(group) = KEY_GROUPS.into_iter().find(|group| *group == row.group) else { continue };
            let what = What { layer: row.layer, act: row.operation, group };
            for (duration_us, count) in &row.durations {
                state.count(what, minute(at), (*duration_us).into(), (*count).into());
            }
        }
    }

    /// What was not written down yet; it counts as written from here on.
    pub(super) fn take_unsaved(&self, now: DateTime<Utc>) -> Vec<(Slot, Cell)> {
        let mut state = self.state();
        let oldest = minute(now) - OPEN_MINUTES;
        state.cells.retain(|slot, cell| slot.minute >= oldest || !cell.is_saved);
        let unsaved = state.cells.iter_mut().filter(|(_, cell)| !cell.is_saved);
        unsaved
            .map(|(slot, cell)| {
                cell.is_saved = true;
                (*slot, cell.clone())
            })
            .collect()
    }

    /// Takes back that these were written down.
    pub(super) fn not_saved(&self, slots: impl IntoIterator<Item = Slot>) {
        let mut state = self.state();
        for slot in slots {
            if let Some(cell) = state.cells.get_mut(&slot) {
                cell.is_saved = false;
            }
        }
    }

    /// Everything since the server started, in order.
    pub(super) fn totals(&self) -> Vec<(What, Total)> {
        let mut totals: Vec<_> = self.state().totals.iter().map(|(what, total)| (*what, *total)).collect();
        totals.sort_by_key(|(what, _)| *what);
        totals
    }

    /// Forgets the minutes. What a scraper is told goes on: a counter never goes back.
    pub(crate) fn reset(&self) {
        self.state().cells.clear();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds this lock")
    }
}

impl State {
    fn count(&mut self, what: What, minute: i64, duration_us: u64, count: u64) {
        let sum_us = duration_us.saturating_mul(count);
        let cell = self.cells.entry(Slot { minute, what }).or_default();
        cell.count += count;
        cell.sum_us = cell.sum_us.saturating_add(sum_us);
        cell.durations.record(duration_us, count);
        cell.is_saved = false;

        let total = self.totals.entry(what).or_default();
        total.count += count;
        total.sum_us = total.sum_us.saturating_add(sum_us);
        for (within, bound) in total.within.iter_mut().zip(BOUNDS_US) {
            *within += if duration_us <= bound { count } else { 0 };
        }
    }
}

fn minute(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(60)
}
