//! Numbers for a scraper, in the text format of Prometheus: what this server counted since it started.

use std::{collections::BTreeMap, fmt::Write};

use domain::cache::{Act, Layer};

use super::{
    durations::millis,
    recorder::{BOUNDS_US, Total},
};
use crate::Backend;

impl Backend {
    /// What this server counted, and how it stands.
    pub fn prometheus(&self) -> String {
        let totals = self.cache.recorder().totals();
        let mut text = Text::default();
        text.head("fictures_cache_operations_total", "counter", "What the layers of the cache did.");
        for (what, total) in &totals {
            let (layer, act, group) = (what.layer.as_str(), what.act.as_str(), what.group);
            let labels = format!("layer=\"{layer}\",operation=\"{act}\",group=\"{group}\"");
            text.line("fictures_cache_operations_total", &labels, total.count);
        }

        let mut reads = BTreeMap::<(Layer, Act), Total>::new();
        for (what, total) in totals.iter().filter(|(what, _)| what.act.is_read()) {
            reads.entry((what.layer, what.act)).or_default().add(total);
        }
        text.head("fictures_cache_read_duration_seconds", "histogram", "How long a read took.");
        for ((layer, act), total) in &reads {
            text.histogram(&format!("layer=\"{}\",operation=\"{}\"", layer.as_str(), act.as_str()), total);
        }

        text.head("fictures_event_streams", "gauge", "Open streams of events.");
        text.line("fictures_event_streams", "", self.push.streams());
        text.head("fictures_cache_store_up", "gauge", "Did the store of the cache answer last?");
        let labels = format!("store=\"{}\"", self.cache.store_name());
        text.line("fictures_cache_store_up", &labels, u8::from(self.cache.is_store_there()));
        text.0
    }
}

impl Total {
    fn add(&mut self, other: &Total) {
        self.count += other.count;
        self.sum_us = self.sum_us.saturating_add(other.sum_us);
        for (mine, others) in self.within.iter_mut().zip(other.within) {
            *mine += others;
        }
    }
}

#[derive(Default)]
struct Text(String);

impl Text {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        self.push(format_args!("# HELP {name} {help}\n# TYPE {name} {kind}\n"));
    }

    fn line(&mut self, name: &str, labels: &str, value: impl std::fmt::Display) {
        let braced = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
        self.push(format_args!("{name}{braced} {value}\n"));
    }

    fn histogram(&mut self, labels: &str, total: &Total) {
        const NAME: &str = "fictures_cache_read_duration_seconds";
        for (within, bound_us) in total.within.iter().zip(BOUNDS_US) {
            let labels = format!("{labels},le=\"{}\"", millis(bound_us) / 1000.0);
            self.line(&format!("{NAME}_bucket"), &labels, within);
        }
        self.line(&format!("{NAME}_bucket"), &format!("{labels},le=\"+Inf\""), total.count);
        self.line(&format!("{NAME}_sum"), labels, millis(total.sum_us) / 1000.0);
        self.line(&format!("{NAME}_count"), labels, total.count);
    }

    fn push(&mut self, words: std::fmt::Arguments<'_>) {
        self.0.write_fmt(words).expect("a string takes all");
    }
}
