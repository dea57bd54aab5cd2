//! The numbers of the range, put together in three ways, and the last operations.

use std::collections::BTreeMap;

use domain::cache::{Figures, GroupBy, Layer, MetricsAnswer, RecentMetric};
use leptos::prelude::*;

use super::{
    Numbers,
    plots::class_of,
    summary::marks,
    words::{self, Unit},
};

/// By layer, by kind of view, and as grouped.
#[component]
pub fn Breakdown(numbers: Numbers) -> impl IntoView {
    let rows = move |of: fn(&MetricsAnswer) -> &BTreeMap<String, Figures>| {
        Memo::new(move |_| numbers.with(|numbers| of(&numbers.metrics).clone()))
    };
    let grouping = Memo::new(move |_| numbers.with(|numbers| numbers.metrics.group_by));
    let grouped = move || match grouping.get() {
        // The first table says it already.
        GroupBy::CacheType => None,
        GroupBy::Operation => Some(view! { <Table title="By operation" of="Operation" rows=rows(|it| &it.grouped) /> }),
        GroupBy::Hour => Some(view! { <Table title="By hour" of="Hour" rows=rows(|it| &it.grouped) /> }),
        GroupBy::Day => Some(view! { <Table title="By day" of="Day" rows=rows(|it| &it.grouped) /> }),
    };
    view! {
        <Table title="By layer" of="Layer" rows=rows(|it| &it.by_type) />
        {grouped}
        <Table title="By kind of view" of="View, or tag" rows=rows(|it| &it.by_group) />
    }
}

#[component]
fn Table(title: &'static str, of: &'static str, rows: Memo<BTreeMap<String, Figures>>) -> impl IntoView {
    let rows = move || rows.with(|rows| rows.iter().map(|(name, figures)| row(name, figures)).collect_view());
    let head = [
        "Hits",
        "Misses",
        "Overdue",
        "Passed by",
        "Hit rate",
        "Grades",
        "Sets",
        "Warmed",
        "Invalidations",
        "Errors",
        "Stale reads",
        "Average",
        "p50",
        "p95",
        "p99",
    ];
    view! {
        <section class="dashboard__section" aria-label=title>
            <h3 class="dashboard__heading">{title}</h3>
            <div class="figures" tabindex="0" role="group" aria-label=title>
                <table class="figures__table" data-table=title>
                    <caption class="visually-hidden">{title}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{of}</th>
                            {head.map(|name| view! { <th scope="col">{name}</th> }).collect_view()}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}

fn row(name: &str, figures: &Figures) -> impl IntoView + use<> {
    let measured = |of: fn(&Figures) -> f64| Unit::Millis.text_or_none(figures.has_reads().then(|| of(figures)));
    let cells = [
        ("hits", words::count(figures.hits)),
        ("misses", words::count(figures.misses)),
        ("stale", words::count(figures.stale)),
        ("bypasses", words::count(figures.bypasses)),
        ("hitRate", Unit::Share.text_or_none(figures.read_hit_rate())),
        ("grades", marks(figures)),
        ("sets", words::count(figures.sets)),
        ("warmed", words::count(figures.warmed)),
        ("invalidations", words::count(figures.invalidations)),
        ("errors", words::count(figures.errors)),
        ("staleReads", words::count(figures.stale_reads)),
        ("average", measured(|figures| figures.average_duration)),
        ("p50", measured(|figures| figures.p50)),
        ("p95", measured(|figures| figures.p95)),
        ("p99", measured(|figures| figures.p99)),
    ];
    let cells = cells.map(|(figure, text)| view! { <td data-figure=figure>{text}</td> }).collect_view();
    let class = Layer::ALL.into_iter().find(|layer| layer.as_str() == name).map(class_of);
    let class = class.map(|layer| format!("layer layer--{layer}")).unwrap_or_default();
    view! {
        <tr data-name=name.to_owned()>
            <th scope="row">
                <span class=class>{name.to_owned()}</span>
            </th>
            {cells}
        </tr>
    }
}

/// What the layer of this server did last, the newest first.
#[component]
pub fn LastOperations(numbers: Numbers) -> impl IntoView {
    let operations = Memo::new(move |_| numbers.with(|numbers| numbers.metrics.recent_metrics.clone()));
    let rows = move || operations.with(|operations| operations.iter().map(line).collect_view());
    view! {
        <details class="dashboard__section dashboard__operations">
            <summary class="dashboard__heading">"Last operations of this server"</summary>
            <div class="figures" tabindex="0" role="group" aria-label="Last operations of this server">
                <table class="figures__table">
                    <thead>
                        <tr>
                            <th scope="col">"UTC"</th>
                            <th scope="col">"Operation"</th>
                            <th scope="col">"Key or tag"</th>
                            <th scope="col">"Took"</th>
                            <th scope="col">"Cause"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
}

fn line(operation: &RecentMetric) -> impl IntoView + use<> {
    let RecentMetric { timestamp, operation, key, duration, cause, .. } = operation.clone();
    let word = operation.as_str();
    view! {
        <tr>
            <td>
                <time datetime=timestamp.to_rfc3339()>{timestamp.format("%H:%M:%S%.3f").to_string()}</time>
            </td>
            <td>
                <span class=format!("operation operation--{word}")>{word}</span>
            </td>
            <td class="devtools__key">{key}</td>
            <td>{words::millis(duration)}</td>
            <td>{cause}</td>
        </tr>
    }
}
