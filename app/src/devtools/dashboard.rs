//! The dashboard: what the layers of the cache did over time, what is wrong with them, and what can be done about it.
//!
//! It is shown in the dock and on `/studio/cache`, by the same component. The browser asks for its numbers through a
//! server function, not through the REST door: the page is rendered on the server with its numbers in it, and one
//! function for both keeps them from differing.
//!
//! The charts are drawn as our own SVG, in three hundred lines. Of the crates that draw for Leptos, `leptos-chartistry`
//! (0.2) sets `style` attributes, which our content policy refuses, tells lines apart by colour alone, and brings
//! `leptos-use`; `plotters` draws pictures without a text in them for screen readers, and `charming` loads a megabyte of
//! JavaScript. None has a table beside its chart.
//!
//! | file | what it says |
//! |---|---|
//! | `live` | the numbers, asked for again every few seconds |
//! | `controls` | range, grouping, layer, export, and the acts |
//! | `summary` | the few numbers that matter, with marks |
//! | `alerts` | what is wrong |
//! | `plots` | what the charts show |
//! | `geometry` | where it is in a drawing |
//! | `chart` | one chart and its table |
//! | `tables` | the numbers by layer, by kind of view and as grouped |
//! | `words` | numbers as people read them |

pub mod alerts;
pub mod chart;
pub mod controls;
pub mod geometry;
pub mod live;
pub mod plots;
pub mod summary;
pub mod tables;
pub mod words;

use std::sync::Arc;

use leptos::{
    prelude::*,
    wasm_split::{SplitLoaderError, wasm_split},
};

use self::{
    alerts::Alerts,
    chart::Chart,
    controls::{Acts, Choices, Exports},
    live::{Live, Wish, use_live},
    plots::Plot,
    summary::Summary,
    tables::{Breakdown, LastOperations},
};
use crate::{api::cache_tools::CacheNumbers, components::loaded::Loaded, pages::studio::cache::CachePage};

/// The numbers of one answer, shared by all that shows a part of them.
pub type Numbers = Signal<Arc<CacheNumbers>>;

/// Where the dashboard is shown.
pub enum Place {
    /// In the dock, which it can be closed in.
    Dock(Callback<()>),
    /// On `/studio/cache`.
    Page,
}

/// The dashboard, a chunk of its own.
#[wasm_split(metrics_1, wasm_split_path = ::leptos::wasm_split, preload(load_metrics), fallible)]
pub fn metrics(place: Place) -> Result<AnyView, SplitLoaderError> {
    Ok(match place {
        Place::Dock(close) => view! { <MetricsPanel close /> }.into_any(),
        Place::Page => view! { <CachePage /> }.into_any(),
    })
}

#[component]
fn MetricsPanel(close: Callback<()>) -> impl IntoView {
    view! {
        <section class="devtools" role="dialog" aria-label="Cache metrics">
            <header class="devtools__bar">
                <h2 class="devtools__title">"Cache metrics"</h2>
                <a class="dashboard__page-link" href="/studio/cache">
                    "Open as a page"
                </a>
                <button
                    type="button"
                    class="devtools__button devtools__close"
                    aria-label="Close"
                    on:click=move |_| close.run(())
                >
                    "×"
                </button>
            </header>
            <div class="devtools__body">
                <Dashboard place="dock" asked=|_| None />
            </div>
        </section>
    }
}

/// The dashboard. `place` begins the ids in it, for it can be on a page twice; `asked` is what an address asks for.
#[component]
pub fn Dashboard<F>(place: &'static str, asked: F) -> impl IntoView
where
    F: Fn(&str) -> Option<String>,
{
    let wish = Wish::of(asked);
    let live = use_live(wish);
    view! {
        <div class="dashboard">
            <div class="dashboard__bar">
                <Choices wish place />
                <Exports wish />
                <Acts wish live />
            </div>
            <Loaded of=live let:numbers>
                <Contents numbers wish live place />
            </Loaded>
        </div>
    }
}

#[component]
fn Contents(numbers: Numbers, wish: Wish, live: Live, place: &'static str) -> impl IntoView {
    let has_traffic = Memo::new(move |_| numbers.with(|numbers| !numbers.metrics.series.is_empty()));
    view! {
        <Alerts numbers live />
        {move || {
            if has_traffic.get() {
                view! {
                    <Summary numbers />
                    <Charts numbers wish place />
                }
                .into_any()
            } else {
                view! {
                    <p class="dashboard__empty">
                        "No traffic in this range. Read something, or choose a longer range."
                    </p>
                }
                .into_any()
            }
        }}
        <Breakdown numbers />
        <LastOperations numbers />
    }
}

#[component]
fn Charts(numbers: Numbers, wish: Wish, place: &'static str) -> impl IntoView {
    let layer = wish.layer;
    let plot = move |make: fn(&CacheNumbers) -> Plot| Memo::new(move |_| numbers.with(|numbers| make(numbers)));
    let durations = Memo::new(move |_| numbers.with(|numbers| Plot::durations(numbers, layer.get())));
    let operations = Memo::new(move |_| numbers.with(|numbers| Plot::operations(numbers, layer.get())));
    let id = move |name: &str| format!("{place}-{name}");
    view! {
        <section class="dashboard__charts" aria-label="Over time">
            <Chart id=id("hit-rate") title="Hit rate" plot=plot(Plot::hit_rate) />
            <Chart id=id("durations") title="Duration of reads" plot=durations />
            <Chart id=id("operations") title="Operations" plot=operations />
            <Chart id=id("invalidation-rate") title="Invalidation rate" plot=plot(Plot::invalidation_rate) />
            <Chart id=id("error-rate") title="Error rate" plot=plot(Plot::error_rate) />
        </section>
    }
}
