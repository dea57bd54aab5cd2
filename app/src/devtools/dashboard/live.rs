//! The numbers, and when they are asked for again.

use std::{sync::Arc, time::Duration};

use domain::cache::{GroupBy, Layer, TimeRange};
use leptos::{ev, prelude::*};

use crate::{
    api::{
        Failure,
        cache_tools::{CacheNumbers, read_cache_numbers},
    },
    client::in_browser,
    components::loaded::Source,
};

/// How often they are asked for while somebody can see them.
const PERIOD: Duration = Duration::from_secs(5);

/// What somebody wants to see.
#[derive(Clone, Copy)]
pub struct Wish {
    pub range: RwSignal<TimeRange>,
    pub by: RwSignal<GroupBy>,
    /// All layers together, if none is chosen.
    pub layer: RwSignal<Option<Layer>>,
    /// Are the numbers kept up to date?
    pub is_live: RwSignal<bool>,
}

impl Wish {
    /// What an address, or a form, asks for; the last hour by layer where it asks for nothing.
    pub fn of(field: impl Fn(&str) -> Option<String>) -> Self {
        let range = field("timeRange").and_then(|word| TimeRange::of(&word)).unwrap_or(TimeRange::Hour);
        let by = field("groupBy").and_then(|word| GroupBy::of(&word)).unwrap_or_default();
        let layer = field("layer").and_then(|word| Layer::ALL.into_iter().find(|layer| layer.as_str() == word));
        Wish {
            range: RwSignal::new(range),
            by: RwSignal::new(by),
            layer: RwSignal::new(layer),
            is_live: RwSignal::new(true),
        }
    }
}

/// The numbers as they were answered last.
#[derive(Clone, Copy)]
pub struct Live {
    answered: Resource<Result<CacheNumbers, Failure>>,
}

impl Source for Live {
    type Value = Arc<CacheNumbers>;

    fn get(self) -> Option<Result<Arc<CacheNumbers>, Failure>> {
        self.answered.get().map(|answer| answer.map(Arc::new))
    }

    fn retry(self) {
        self.answered.refetch();
    }
}

/// Asks for what is wished, at once and then every few seconds; not while the page is hidden, and not while somebody has
/// stopped it.
pub fn use_live(Wish { range, by, is_live, .. }: Wish) -> Live {
    let answered = Resource::new(move || (range.get(), by.get()), |(range, by)| read_cache_numbers(range, by));
    let live = Live { answered };
    if in_browser() {
        // A question is not taken back by the next one, however long its answer takes.
        let is_waiting = StoredValue::new(false);
        Effect::new(move |_| {
            answered.track();
            is_waiting.set_value(false);
        });
        let ask = move || {
            if is_live.get_untracked() && !document().hidden() && !is_waiting.get_value() {
                is_waiting.set_value(true);
                live.retry();
            }
        };
        if let Ok(ticks) = set_interval_with_handle(ask, PERIOD) {
            on_cleanup(move || ticks.clear());
        }
        let shown = window_event_listener(ev::visibilitychange, move |_| ask());
        on_cleanup(move || shown.remove());
    }
    live
}
