//! One key with all that is known of it: the layers, its tags, its last invalidation, what the server would answer and
//! why, and what happened to it.

use std::sync::Arc;

use domain::cache::{Key, Tag};
use leptos::prelude::*;

use super::{
    explained::Explained,
    figures::{age, size, span},
    line::Acts,
    model::Model,
    row::Row,
};
use crate::{
    client::{self, Layer, Note},
    devtools::operations::{Happened, layer_class, layer_name},
};

/// How much of its story is told.
const LINES: usize = 100;

/// The pane beside the table.
#[component]
pub fn Detail(model: Model, text: Arc<str>, close: Callback<()>) -> impl IntoView {
    let name = Arc::clone(&text);
    let row = Memo::new(move |last: Option<&Arc<Row>>| {
        // Of a key that everything let go of the last is still known, but not where it was.
        let gone = || Row { last: last.and_then(|row| row.last.clone()), ..empty(&name, last) };
        model.row(&name).unwrap_or_else(|| Arc::new(gone()))
    });
    let key = row.with_untracked(|row| row.key.clone());
    let subject = text.to_string();
    let tags = key.as_ref().map(Key::tags).unwrap_or_default();
    let kind = key.clone().map(|key| view! { <Kind key /> });
    let explained = key.map(|key| view! { <Explained key /> });
    view! {
        <aside class="detail" aria-label=format!("Details of {text}")>
            <header class="detail__bar">
                <h3 class="detail__title">{text.to_string()}</h3>
                <button
                    type="button"
                    class="devtools__button"
                    aria-label="Close details"
                    on:click=move |_| close.run(())
                >
                    "×"
                </button>
            </header>
            <div class="detail__acts">
                <Acts model row tab="0" />
            </div>
            <Layers model row />
            {kind}
            <Facts row />
            <Tags tags=tags.clone() />
            <LastInvalidation row />
            {explained}
            <Story subject tags />
        </aside>
    }
}

fn empty(text: &Arc<str>, last: Option<&Arc<Row>>) -> Row {
    Row::new(Arc::clone(text), last.and_then(|row| row.key.clone()))
}

/// The three layers side by side.
#[component]
fn Layers(model: Model, row: Memo<Arc<Row>>) -> impl IntoView {
    let cells = move |layer: Layer| {
        move || {
            let held = row.with(|row| row.held(layer).cloned());
            match held {
                None => {
                    view! { <td colspan="4">{if row.get().is_in(layer) { "no value" } else { "—" }}</td> }.into_any()
                }
                Some(held) => {
                    let now_ms = model.now_ms.get();
                    let left_ms = held.keep_ms.saturating_sub(held.age_ms(now_ms));
                    view! {
                        <td>{age(held.age_ms(now_ms))}</td>
                        <td>{if left_ms == 0 { "over".to_owned() } else { span(left_ms) }}</td>
                        <td>{size(held.size_bytes)}</td>
                        <td>{held.clock.map(|clock| clock.to_string())}</td>
                    }
                    .into_any()
                }
            }
        }
    };
    let rows = Layer::ALL.map(|layer| {
        view! {
            <tr data-layer=layer_name(layer)>
                <th scope="row">
                    <span class=format!("layer layer--{}", layer_class(layer))>{layer_name(layer)}</span>
                </th>
                {cells(layer)}
            </tr>
        }
    });
    view! {
        <table class="detail__layers">
            <thead>
                <tr>
                    <th scope="col">"Layer"</th>
                    <th scope="col">"Age"</th>
                    <th scope="col">"Left"</th>
                    <th scope="col">"Size"</th>
                    <th scope="col">"Clock"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// What follows from the key.
#[component]
fn Kind(key: Key) -> impl IntoView {
    let policy = key.policy();
    let words = format!(
        "{}, a page of type {}; fresh for {}, kept by this browser for {} and by the server for {}",
        key.group(),
        policy.page_type,
        span(u64::from(policy.fresh_secs) * 1_000),
        span(u64::from(policy.storage_ttl_secs) * 1_000),
        span(u64::from(policy.server_ttl_secs) * 1_000),
    );
    view! { <p class="detail__note">{words}</p> }
}

/// What memory counts.
#[component]
fn Facts(row: Memo<Arc<Row>>) -> impl IntoView {
    move || {
        let memory = row.with(|row| row.memory.clone())?;
        let fetched = memory.fetched_in_ms.map_or_else(|| "none yet".to_owned(), span);
        let facts = [
            ("Observers", memory.observers.to_string()),
            ("Hits and misses", format!("{} / {}", memory.hits, memory.misses)),
            ("Shown when overdue", memory.stale.to_string()),
            ("Last fetch", fetched),
            ("Patches shown", memory.patches.to_string()),
            ("Failed tries", memory.failures.to_string()),
        ];
        Some(view! { <dl class="detail__facts">{facts.map(|(name, value)| fact(name, value))}</dl> })
    }
}

fn fact(name: &'static str, value: impl IntoView) -> impl IntoView {
    view! {
        <dt>{name}</dt>
        <dd>{value}</dd>
    }
}

/// What it depends on.
#[component]
fn Tags(tags: Vec<Tag>) -> impl IntoView {
    let tags = tags.into_iter().map(|tag| view! { <code class="tag">{tag.to_string()}</code> }).collect_view();
    view! {
        <h4 class="detail__head">"Tags"</h4>
        <p class="detail__tags">{tags}</p>
    }
}

/// When it was invalidated last, with the whole cause.
#[component]
fn LastInvalidation(row: Memo<Arc<Row>>) -> impl IntoView {
    let last = Memo::new(move |_| row.with(|row| row.last.clone()));
    let told = move || match last.get() {
        None => view! { <p class="detail__note">"Not since this page was loaded."</p> }.into_any(),
        Some(note) => view! { <dl class="detail__facts detail__last">{causes(&note)}</dl> }.into_any(),
    };
    view! {
        <h4 class="detail__head">"Last invalidation"</h4>
        {told}
    }
}

fn causes(note: &Note) -> impl IntoView + use<> {
    let told = note.told.as_ref();
    let change = told.and_then(|told| told.change.clone()).map(|change| fact("Change", change.to_string()));
    let clock = told.and_then(|told| told.clock).map(|clock| fact("Clock", clock.to_string()));
    view! {
        {fact("When", client::clock_text(note.at_ms))}
        {fact("Layer", layer_name(note.layer))}
        {fact("Why", note.why.clone())}
        {change}
        {told.map(|told| fact("By", told.who()))}
        {told.map(|told| fact("Heard from", told.origin.as_str()))}
        {clock}
    }
}

/// What happened to it in this tab, the newest first: to the key itself, or on the server to one of its tags.
#[component]
fn Story(subject: String, tags: Vec<Tag>) -> impl IntoView {
    let tags: Vec<String> = tags.iter().map(ToString::to_string).collect();
    let concerns = move |note: &Note| {
        note.subject == subject
            || note.layer == Layer::Server && note.subject.split(' ').any(|tag| tags.iter().any(|mine| mine == tag))
    };
    let lines = Memo::new(move |_| {
        client::log_changes();
        client::notes().into_iter().filter(|note| concerns(note)).take(LINES).collect::<Vec<_>>()
    });
    let nothing = move || lines.with(Vec::is_empty).then_some("Nothing, since this page was loaded.");
    view! {
        <h4 class="detail__head">"What happened to it"</h4>
        <p class="detail__note">{nothing}</p>
        <ol class="devtools__log devtools__log--narrow">
            <For each=move || lines.get() key=|note| (note.n, note.because()) let:note>
                <Happened note />
            </For>
        </ol>
    }
}
