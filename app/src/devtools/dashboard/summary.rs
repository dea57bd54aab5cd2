//! The few numbers that matter, with marks from A to F.

use domain::cache::{Figures, Grade, MetricsAnswer};
use leptos::prelude::*;

use super::{Numbers, words};

/// Hit rate, durations and counts of the range, and which store runs.
#[component]
pub fn Summary(numbers: Numbers) -> impl IntoView {
    let of =
        move |say: fn(&MetricsAnswer) -> String| Signal::derive(move || numbers.with(|numbers| say(&numbers.metrics)));
    let graded = move |grade: fn(&MetricsAnswer) -> Grade| {
        Signal::derive(move || Some(numbers.with(|numbers| grade(&numbers.metrics))))
    };
    view! {
        <dl class="summary">
            <Tile
                name="Hit rate"
                figure="hitRate"
                value=of(|it| words::percent(it.hit_rate))
                grade=graded(|it| Grade::of_hit_rate(it.hit_rate))
            />
            <Tile
                name="Average"
                figure="average"
                value=of(|it| words::millis(it.average_duration))
                grade=graded(|it| Grade::of_speed(it.average_duration))
            />
            <Tile name="p95" figure="p95" value=of(|it| words::millis(it.p95)) />
            <Tile name="Hits" figure="hits" value=of(|it| words::count(it.total_hits)) />
            <Tile name="Misses" figure="misses" value=of(|it| words::count(it.total_misses)) />
            <Tile name="Store" figure="store" value=of(|it| it.store.clone()) />
        </dl>
    }
}

#[component]
fn Tile(
    name: &'static str,
    figure: &'static str,
    value: Signal<String>,
    #[prop(optional)] grade: Signal<Option<Grade>>,
) -> impl IntoView {
    view! {
        <div class="summary__tile">
            <dt class="summary__name">{name}</dt>
            <dd class="summary__value" data-figure=figure>
                {value}
            </dd>
            {move || grade.get().map(|grade| view! { <dd class="summary__grade"><Mark grade /></dd> })}
        </div>
    }
}

/// A mark, in words for those who cannot see that it is one.
#[component]
fn Mark(grade: Grade) -> impl IntoView {
    view! {
        <span class=format!("grade grade--{}", grade.as_str().to_lowercase())>
            <span class="visually-hidden">"Grade "</span>
            {grade.as_str()}
        </span>
    }
}

/// The marks of a row for its hit rate and its speed; a sign that there are none where nothing was read.
pub fn marks(figures: &Figures) -> String {
    match figures.read_hit_rate() {
        Some(rate) => format!("{} · {}", Grade::of_hit_rate(rate), Grade::of_speed(figures.average_duration)),
        None => words::NONE.to_owned(),
    }
}
