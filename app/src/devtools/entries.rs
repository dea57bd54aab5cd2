//! Every entry of memory and localStorage.

use domain::cache::{Clock, Key};
use leptos::prelude::*;
use resource_cache::State;

use crate::{
    api::Visit,
    client::{self, Layer},
};

/// One entry in one layer.
#[derive(Clone, PartialEq)]
struct Row {
    key: Key,
    layer: Layer,
    state: &'static str,
    age_ms: u64,
    keep_ms: u64,
    size_bytes: usize,
    clock: Option<Clock>,
    uses: String,
}

/// The table, sorted by key; a key that is in both layers has two rows.
#[component]
pub fn Entries(filter: RwSignal<String>, now: Signal<u64>) -> impl IntoView {
    let person = Visit::current().user.map(|user| user.id);
    let rows = Memo::new(move |_| {
        client::log_changes();
        now.track();
        let wanted = filter.get();
        let mut rows: Vec<Row> =
            in_memory().chain(stored(person)).filter(|row| row.key.to_string().contains(&wanted)).collect();
        rows.sort_by_cached_key(|row| (row.key.to_string(), layer_name(row.layer)));
        rows
    });

    view! {
        <Show
            when=move || rows.with(|rows| !rows.is_empty())
            fallback=|| view! { <p class="devtools__empty">"No entries. Open a page that reads something."</p> }
        >
            <table class="devtools__table">
                <thead>
                    <tr>
                        <th scope="col">"Key"</th>
                        <th scope="col">"Layer"</th>
                        <th scope="col">"State"</th>
                        <th scope="col">"Age"</th>
                        <th scope="col">"TTL"</th>
                        <th scope="col">"Size"</th>
                        <th scope="col">"Clock"</th>
                        <th scope="col">"Uses"</th>
                        <th scope="col">"Tags"</th>
                        <th scope="col">
                            <span class="visually-hidden">"Actions"</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{move || rows.get().into_iter().map(|row| view! { <Entry row /> }).collect_view()}</tbody>
            </table>
        </Show>
    }
}

#[component]
fn Entry(row: Row) -> impl IntoView {
    let Row { key, layer, state, age_ms, keep_ms, size_bytes, clock, uses } = row;
    let tags = key.tags().into_iter().map(|tag| view! { <code class="tag">{tag.to_string()}</code> }).collect_view();
    let text = key.to_string();
    let name = text.clone();
    let label = format!("Clear {text}");
    view! {
        <tr data-key=name data-layer=layer_name(layer)>
            <td class="devtools__key">{text}</td>
            <td>
                <span class=format!("layer layer--{}", layer_class(layer))>{layer_name(layer)}</span>
            </td>
            <td>
                <span class=format!("state state--{state}")>{state}</span>
            </td>
            <td class="devtools__figure">{format!("{} s", age_ms / 1_000)}</td>
            <td>
                <meter
                    class="devtools__meter"
                    min="0"
                    max=keep_ms.to_string()
                    value=age_ms.to_string()
                    title=format!("{} of {} s", age_ms / 1_000, keep_ms / 1_000)
                ></meter>
            </td>
            <td class="devtools__figure">{format!("{size_bytes} B")}</td>
            <td class="devtools__figure">{clock.map(|clock| clock.seq())}</td>
            <td class="devtools__figure">{uses}</td>
            <td class="devtools__tags">{tags}</td>
            <td>
                <button
                    type="button"
                    class="devtools__button"
                    aria-label=label
                    on:click=move |_| client::remove(key.clone())
                >
                    "Clear"
                </button>
            </td>
        </tr>
    }
}

fn in_memory() -> impl Iterator<Item = Row> {
    client::entries().into_iter().map(|entry| Row {
        key: entry.key,
        layer: Layer::Memory,
        state: word(entry.state),
        age_ms: entry.age_ms,
        keep_ms: entry.keep_ms,
        size_bytes: entry.size_bytes,
        clock: entry.clock,
        uses: format!("{} shown · {} hits · {} misses", entry.subscribers, entry.hits, entry.misses),
    })
}

fn stored(person: Option<domain::id::UserId>) -> impl Iterator<Item = Row> {
    client::stored_views(person).into_iter().map(|view| Row {
        layer: Layer::LocalStorage,
        state: if view.age_ms() < view.ttl { "stored" } else { "expired" },
        age_ms: view.age_ms(),
        keep_ms: view.ttl,
        size_bytes: view.size_bytes(),
        clock: Some(view.clock()),
        uses: view.page_type.to_string(),
        key: view.key,
    })
}

fn word(state: State) -> &'static str {
    match state {
        State::Fresh => "fresh",
        State::Stale => "stale",
        State::Fetching => "fetching",
        State::Marked => "marked",
    }
}

/// The name of a layer, as developers say it.
pub(super) fn layer_name(layer: Layer) -> &'static str {
    match layer {
        Layer::Server => "server",
        Layer::LocalStorage => "localStorage",
        Layer::Memory => "memory",
    }
}

/// The class that gives a layer its colour and shape.
pub(super) fn layer_class(layer: Layer) -> &'static str {
    match layer {
        Layer::Server => "redis",
        Layer::LocalStorage => "local-storage",
        Layer::Memory => "memory",
    }
}
