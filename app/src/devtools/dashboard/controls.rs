//! What is to be seen, what can be taken along, and what can be done.

use std::future::Future;

use domain::cache::{GroupBy, Layer, TimeRange};
use leptos::{prelude::*, task::spawn_local};

use super::{
    live::{Live, Wish},
    words,
};
use crate::{
    api::{
        Failure,
        cache_tools::{WarmedUp, clear_metrics, drop_entries, warm_cache},
    },
    components::{confirm_button::ConfirmButton, loaded::Source as _},
};

const METRICS: &str = "/studio/api/cache/metrics";
const ALL_LAYERS: &str = "all";

/// Range, grouping and layer. Without WASM it is a form, and the page comes anew.
#[component]
pub fn Choices(wish: Wish, place: &'static str) -> impl IntoView {
    let Wish { range, by, layer, .. } = wish;
    let ranges = TimeRange::ALL.map(|it| (it.as_str(), range_name(it)));
    let groupings = GroupBy::ALL.map(|it| (it.as_str(), grouping_name(it)));
    let layers = Layer::ALL.map(|it| (it.as_str(), it.as_str()));
    let layers = [(ALL_LAYERS, "All layers")].into_iter().chain(layers).collect::<Vec<_>>();
    view! {
        <form class="dashboard__choices" method="get">
            <Choice
                id=format!("{place}-range")
                name="timeRange"
                label="Range"
                options=ranges.into()
                chosen=Signal::derive(move || range.get().as_str())
                choose=Callback::new(move |word: String| TimeRange::of(&word).into_iter().for_each(|it| range.set(it)))
            />
            <Choice
                id=format!("{place}-group")
                name="groupBy"
                label="Group by"
                options=groupings.into()
                chosen=Signal::derive(move || by.get().as_str())
                choose=Callback::new(move |word: String| GroupBy::of(&word).into_iter().for_each(|it| by.set(it)))
            />
            <Choice
                id=format!("{place}-layer")
                name="layer"
                label="Layer"
                options=layers
                chosen=Signal::derive(move || layer.get().map_or(ALL_LAYERS, Layer::as_str))
                choose=Callback::new(move |word: String| {
                    layer.set(Layer::ALL.into_iter().find(|layer| layer.as_str() == word));
                })
            />
            <button class="button button--small dashboard__show">"Show"</button>
        </form>
    }
}

#[component]
fn Choice(
    id: String,
    name: &'static str,
    label: &'static str,
    options: Vec<(&'static str, &'static str)>,
    chosen: Signal<&'static str>,
    choose: Callback<String>,
) -> impl IntoView {
    let option = |(word, text): (&'static str, &'static str)| {
        let is_chosen = move || chosen.get() == word;
        view! {
            <option value=word selected=is_chosen prop:selected=is_chosen>
                {text}
            </option>
        }
    };
    let of = id.clone();
    view! {
        <label class="dashboard__choice" for=of>
            <span class="dashboard__label">{label}</span>
            <select
                class="dashboard__select"
                id=id
                name=name
                on:change=move |event| choose.run(event_target_value(&event))
            >
                {options.into_iter().map(option).collect_view()}
            </select>
        </label>
    }
}

fn range_name(range: TimeRange) -> &'static str {
    match range {
        TimeRange::Hour => "1 hour",
        TimeRange::SixHours => "6 hours",
        TimeRange::Day => "24 hours",
        TimeRange::Week => "7 days",
        TimeRange::Month => "30 days",
        TimeRange::All => "All there is",
    }
}

fn grouping_name(by: GroupBy) -> &'static str {
    match by {
        GroupBy::CacheType => "Layer",
        GroupBy::Operation => "Operation",
        GroupBy::Hour => "Hour",
        GroupBy::Day => "Day",
    }
}

/// The numbers of the range as files; the REST doors have them, so it works without WASM.
#[component]
pub fn Exports(wish: Wish) -> impl IntoView {
    let query = move || format!("?timeRange={}&groupBy={}", wish.range.get().as_str(), wish.by.get().as_str());
    let name = move |end: &str| format!("cache-metrics-{}.{end}", wish.range.get().as_str());
    view! {
        <div class="dashboard__exports" role="group" aria-label="Export">
            <a class="devtools__button" href=move || format!("{METRICS}{}", query()) download=move || name("json")>
                "JSON"
            </a>
            <a class="devtools__button" href=move || format!("{METRICS}/csv{}", query()) download=move || name("csv")>
                "CSV"
            </a>
        </div>
    }
}

/// How the last act went.
#[derive(Clone, Default, PartialEq)]
enum Outcome {
    #[default]
    Nothing,
    Done(String),
    Failed(Failure),
}

/// The buttons, and how it went.
#[component]
pub fn Acts(wish: Wish, live: Live) -> impl IntoView {
    let outcome = RwSignal::new(Outcome::default());
    let clear =
        move |()| run(outcome, live, async { clear_metrics().await.map(|()| "The metrics are cleared.".to_owned()) });
    let warm = move |_| run(outcome, live, async { warm_cache().await.map(warmed_up) });
    let drop_all = move |()| run(outcome, live, async { drop_entries().await.map(dropped) });
    let is_live = wish.is_live;
    view! {
        <div class="dashboard__acts" role="group" aria-label="Actions">
            <button
                type="button"
                class="devtools__button dashboard__live"
                aria-pressed=move || is_live.get().to_string()
                on:click=move |_| is_live.update(|is_live| *is_live = !*is_live)
            >
                "Live"
            </button>
            <button type="button" class="devtools__button" on:click=move |_| live.retry()>
                "Refresh"
            </button>
            <button type="button" class="devtools__button" on:click=warm>
                "Warm"
            </button>
            <ConfirmButton
                label="Clear metrics"
                question="Forget all that was counted, on all servers?"
                confirm="Clear them"
                on_confirm=Callback::new(clear)
            />
            <ConfirmButton
                label="Drop all entries"
                question="Drop every entry of the server's cache? The next reads come from the database."
                confirm="Drop them"
                on_confirm=Callback::new(drop_all)
            />
        </div>
        <div class="dashboard__outcome">
            <p role="status">
                {move || match outcome.get() {
                    Outcome::Done(words) => words,
                    Outcome::Nothing | Outcome::Failed(_) => String::new(),
                }}
            </p>
            {move || match outcome.get() {
                Outcome::Failed(failure) => {
                    Some(view! { <p class="dashboard__failure" role="alert">{failure.to_string()}</p> })
                }
                Outcome::Nothing | Outcome::Done(_) => None,
            }}
        </div>
    }
}

fn warmed_up(WarmedUp { warmed, skipped, is_complete }: WarmedUp) -> String {
    let [warmed, skipped] = [warmed, skipped].map(words::count);
    let done = format!("{warmed} views were loaded, {skipped} were there already or could not be stored.");
    if is_complete { done } else { format!("{done} The store does not answer.") }
}

fn dropped(entries: u64) -> String {
    format!("{} entries were dropped.", words::count(entries))
}

/// Does something, says how it went, and shows what became of it.
fn run(outcome: RwSignal<Outcome>, live: Live, act: impl Future<Output = Result<String, Failure>> + 'static) {
    spawn_local(async move {
        outcome.set(act.await.map_or_else(Outcome::Failed, Outcome::Done));
        live.retry();
    });
}
