//! One chart: a drawing with a name, what its lines mean, and the same numbers as a table.

use leptos::prelude::*;

use super::{
    geometry::{self, Frame, HEIGHT, WIDTH},
    plots::{Plot, Series, Zone},
    words,
};

/// A drawing and its table. `id` is its own on the page.
#[component]
pub fn Chart(id: String, title: &'static str, #[prop(into)] plot: Signal<Plot>) -> impl IntoView {
    let name = format!("{id}-title");
    let (labelled, own) = (name.clone(), id.clone());
    view! {
        <figure class="chart" data-chart=own>
            <figcaption class="chart__title" id=name>
                {title}
            </figcaption>
            {move || {
                plot.with(|plot| {
                    if plot.is_empty() {
                        view! { <p class="chart__empty">"Nothing was measured in this range."</p> }.into_any()
                    } else {
                        view! {
                            <Drawing id=id.clone() labelled=labelled.clone() plot=plot.clone() />
                            <Legend plot=plot.clone() />
                        }
                        .into_any()
                    }
                })
            }}
            <details class="chart__numbers">
                <summary>"As a table"</summary>
                {move || plot.with(|plot| view! { <Numbers title plot=plot.clone() /> })}
            </details>
        </figure>
    }
}

#[component]
fn Drawing(id: String, labelled: String, plot: Plot) -> impl IntoView {
    let frame = Frame { steps: u32::try_from(plot.steps.len()).unwrap_or(u32::MAX), top: plot.axis.0 };
    let described = format!("{id}-text");
    let viewbox = format!("0 0 {WIDTH} {HEIGHT}");
    let marks = plot.series.iter().map(|series| view! { <Filling id=id.clone() class=series.class /> }).collect_view();
    view! {
        <svg class="chart__drawing" viewBox=viewbox role="img" aria-labelledby=format!("{labelled} {described}")>
            <desc id=described.clone()>{spoken(&plot)}</desc>
            {plot.is_stacked.then(|| view! { <defs>{marks}</defs> })}
            {plot.zones.iter().map(|zone| view! { <ZoneBand frame zone=*zone unit=plot.unit /> }).collect_view()}
            {axes(frame, &plot)}
            {if plot.is_stacked { bars(frame, &plot, &id).into_any() } else { lines(frame, &plot).into_any() }}
        </svg>
    }
}

/// What the drawing says, in a sentence.
fn spoken(plot: &Plot) -> String {
    let latest = |series: &Series| {
        let value = series.values.iter().rev().find_map(|value| *value)?;
        Some(format!("{} {}", series.name, plot.unit.text(value)))
    };
    let latest: Vec<String> = plot.series.iter().filter_map(latest).collect();
    format!("Last measured: {}.", latest.join(", "))
}

/// The filling of a kind of bar: each its own hatching, so that colour is not all that tells them apart.
#[component]
fn Filling(id: String, class: &'static str) -> impl IntoView {
    let hatching = match class {
        "stale" => "M2 3H3M5 0H6",
        "miss" => "M-1 7L7 -1M-1 1L1 -1M5 7L7 5",
        "set" => "M0 3H6",
        "invalidate" => "M0 3H6M3 0V6",
        _ => "",
    };
    view! {
        <pattern
            id=format!("{id}-{class}")
            class=format!("chart__filling chart__filling--{class}")
            width="6"
            height="6"
            patternUnits="userSpaceOnUse"
        >
            <rect width="6" height="6"></rect>
            <path d=hatching></path>
        </pattern>
    }
}

#[component]
fn ZoneBand(frame: Frame, zone: Zone, unit: words::Unit) -> impl IntoView {
    let (top, foot, edge) = (frame.y(zone.to), frame.y(zone.from), frame.y(zone.limit));
    let (left, right) = (frame.left(), frame.right());
    view! {
        <g class=format!("chart__zone chart__zone--{}", zone.severity)>
            <rect x=left y=format!("{top:.1}") width=right - left height=format!("{:.1}", foot - top)></rect>
            <path d=format!("M{left} {edge:.1}H{right}")></path>
            <text x=right - 3.0 y=format!("{:.1}", edge + 11.0)>
                {format!("{} {}", zone.severity, unit.text(zone.limit))}
            </text>
        </g>
    }
}

fn axes(frame: Frame, plot: &Plot) -> impl IntoView + use<> {
    let (top, parts) = plot.axis;
    let unit = plot.unit;
    let (left, right) = (frame.left(), frame.right());
    let rows = geometry::ticks(top, parts).map(|value| {
        let y = frame.y(value);
        view! {
            <path d=format!("M{left} {y:.1}H{right}")></path>
            <text class="chart__value" x=left - 5.0 y=format!("{:.1}", y + 4.0)>
                {unit.text(value)}
            </text>
        }
    });
    let rows = rows.collect_view();
    let columns = frame.labelled().filter_map(|step| {
        let start = plot.steps.get(usize::try_from(step).ok()?)?;
        Some(view! {
            <text class="chart__step" x=format!("{:.1}", frame.x(step)) y=frame.foot()>
                {words::step(*start, plot.range)}
            </text>
        })
    });
    let columns = columns.collect_view();
    view! { <g class="chart__axes">{rows} {columns}</g> }
}

fn lines(frame: Frame, plot: &Plot) -> impl IntoView + use<> {
    let line = |series: &Series| {
        view! {
            <g class=format!("chart__series chart__series--{}", series.class)>
                <path class="chart__line" d=frame.line(&series.values)></path>
                <path class="chart__marks" d=frame.marks(&series.values, series.mark)></path>
            </g>
        }
    };
    plot.series.iter().map(line).collect_view()
}

fn bars(frame: Frame, plot: &Plot, id: &str) -> impl IntoView + use<> {
    let mut base = vec![0.0; plot.steps.len()];
    let mut drawn = Vec::new();
    for series in &plot.series {
        let path = frame.bars(&base, &series.values);
        let fill = format!("url(#{id}-{})", series.class);
        drawn.push(view! { <path class=format!("chart__bars chart__bars--{}", series.class) fill=fill d=path></path> });
        base.iter_mut().zip(&series.values).for_each(|(base, value)| *base += value.unwrap_or(0.0));
    }
    drawn
}

/// What the lines and bars are. Their names are said to screen readers by the table.
#[component]
fn Legend(plot: Plot) -> impl IntoView {
    let sample = if plot.is_stacked { "chart__key--bar" } else { "chart__key--line" };
    let key = |series: &Series| {
        view! {
            <li class="chart__key">
                <svg class=format!("chart__sample {sample} chart__series--{}", series.class) viewBox="0 0 26 12" width="26" height="12">
                    <path class="chart__line" d="M1 6H25"></path>
                    <path class="chart__marks" d=series.mark.path(13.0, 6.0)></path>
                </svg>
                {series.name}
            </li>
        }
    };
    view! {
        <ul class="chart__legend" aria-hidden="true">
            {plot.series.iter().map(key).collect_view()}
        </ul>
    }
}

/// Every step with something in it, the newest first.
#[component]
fn Numbers(title: &'static str, plot: Plot) -> impl IntoView {
    let names = plot.series.iter().map(|series| view! { <th scope="col">{series.name}</th> }).collect_view();
    let has_values = |step: &usize| plot.series.iter().any(|series| series.values[*step].is_some());
    let rows = (0..plot.steps.len()).rev().filter(has_values).map(|step| {
        let start = plot.steps[step];
        let cells = plot.series.iter().map(|series| {
            view! { <td data-figure=series.name>{plot.unit.text_or_none(series.values[step])}</td> }
        });
        let cells = cells.collect_view();
        view! {
            <tr>
                <th scope="row">
                    <time datetime=start.to_rfc3339()>{start.format("%-d %b, %H:%M").to_string()}</time>
                </th>
                {cells}
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <div class="figures">
            <table class="figures__table">
                <caption class="visually-hidden">{title}</caption>
                <thead>
                    <tr>
                        <th scope="col">"UTC"</th>
                        {names}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
