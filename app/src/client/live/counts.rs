//! What the layers of this browser did, counted for the server: it cannot see a hit that asks it nothing.
//!
//! No key leaves the browser, only its group. What was counted is sent every quarter of a minute and when the page is
//! hidden; if it does not arrive it is gone, for nobody's work depends on it.

use std::{cell::RefCell, collections::BTreeMap, time::Duration};

use domain::cache::{Act, Counted, Key, Layer, MetricsBatch};
use js_sys::Reflect;
use leptos::{ev, prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit};

const PATH: &str = "/studio/api/cache/metrics";
/// How often what was counted is sent.
const PERIOD: Duration = Duration::from_secs(15);

type Row = (Layer, Act, &'static str);

thread_local! {
    /// How often each duration was measured, in microseconds.
    static COUNTS: RefCell<BTreeMap<Row, BTreeMap<u32, u32>>> = const { RefCell::new(BTreeMap::new()) };
}

/// Counts something that `layer` did to `key`, in so many milliseconds.
pub(in crate::client) fn count(layer: Layer, act: Act, key: &Key, took_ms: f64) {
    let row = (layer, act, key.group());
    let took_us = rounded(took_ms * 1_000.0);
    COUNTS.with_borrow_mut(|counts| *counts.entry(row).or_default().entry(took_us).or_default() += 1);
}

/// Up to 1, 2 or 5 times a power of ten, so that a batch has few different durations.
fn rounded(took_us: f64) -> u32 {
    let mut step = 1_u32;
    loop {
        for digit in [1, 2, 5] {
            let bound = step.saturating_mul(digit);
            if took_us <= f64::from(bound) || step >= 10_000_000 {
                return bound;
            }
        }
        step *= 10;
    }
}

/// Begins to send.
pub(super) fn start() {
    // The page's own: they live exactly as long as the page.
    let _every = set_interval_with_handle(send, PERIOD);
    let _left = window_event_listener(ev::pagehide, |_| send());
    let _hidden = window_event_listener(ev::visibilitychange, |_| {
        if document().hidden() {
            send();
        }
    });
}

fn send() {
    let counts = COUNTS.take();
    if counts.is_empty() {
        return;
    }
    let metrics = counts.into_iter().map(|((layer, operation, group), durations)| Counted {
        layer,
        operation,
        group: group.to_owned(),
        durations: durations.into_iter().collect(),
    });
    let Ok(body) = serde_json::to_string(&MetricsBatch { metrics: metrics.collect() }) else { return };
    let (init, Ok(headers)) = (RequestInit::new(), Headers::new()) else { return };
    init.set_method("POST");
    init.set_body(&body.into());
    // A page that is left still sends what it has. Setting a property of a new object does not fail.
    let _ = Reflect::set(&init, &"keepalive".into(), &true.into());
    let _ = headers.set("Content-Type", "application/json");
    init.set_headers(&headers);
    let sent = window().fetch_with_str_and_init(PATH, &init);
    spawn_local(async move {
        let _ = JsFuture::from(sent).await;
    });
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn durations_are_rounded_up_to_few_values() {
        let cases = [(0.0, 1), (1.0, 1), (1.5, 2), (3.0, 5), (6.0, 10), (101.0, 200), (1e12, 10_000_000)];
        for (took_us, expected) in cases {
            assert_eq!(rounded(took_us), expected, "{took_us}");
        }
    }
}
