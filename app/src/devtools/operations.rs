//! What all caches did that this tab knows of, the newest first, and why.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::client::{self, Layer, Note};

/// How many lines are drawn at first, and how many more each time.
const LINES: usize = 200;

/// The live list.
#[component]
pub fn Operations(filter: RwSignal<String>) -> impl IntoView {
    let layer = RwSignal::new(None::<Layer>);
    let operation = RwSignal::new(String::new());
    let paused_at = RwSignal::new(None::<u64>);
    let lines = RwSignal::new(LINES);
    let wanted = Memo::new(move |_| {
        client::log_changes();
        let (text, layer, operation, until) =
            (filter.get().trim().to_lowercase(), layer.get(), operation.get(), paused_at.get());
        let mut notes = client::notes();
        notes.retain(|note| {
            until.is_none_or(|until| note.n <= until)
                && layer.is_none_or(|layer| note.layer == layer)
                && (operation.is_empty() || note.operation == operation)
                && says(note, &text)
        });
        notes
    });
    let shown = move || wanted.with(|wanted| wanted.iter().take(lines.get()).cloned().collect::<Vec<_>>());
    let more = move || wanted.with(Vec::len).saturating_sub(lines.get());
    let is_filtered = move || layer.get().is_some() || !operation.get().is_empty() || !filter.get().trim().is_empty();
    let nothing = move || if is_filtered() { "Nothing like that happened." } else { "Nothing happened yet." };

    view! {
        <div class="operations">
            <Choices layer operation paused_at />
            <Show
                when=move || wanted.with(|wanted| !wanted.is_empty())
                fallback=move || view! { <p class="devtools__empty">{nothing}</p> }
            >
                <ol class="devtools__log" aria-label="Operations">
                    <For each=shown key=|note| (note.n, note.because()) let:note>
                        <Happened note />
                    </For>
                </ol>
                <Show when=move || { more() > 0 }>
                    <button
                        type="button"
                        class="devtools__button operations__more"
                        on:click=move |_| lines.update(|lines| *lines += LINES)
                    >
                        {move || format!("{} older", more())}
                    </button>
                </Show>
            </Show>
        </div>
    }
}

/// Does the note speak of it, in its subject or in its cause?
fn says(note: &Note, text: &str) -> bool {
    text.is_empty() || note.subject.to_lowercase().contains(text) || note.because().to_lowercase().contains(text)
}

#[component]
fn Choices(
    layer: RwSignal<Option<Layer>>,
    operation: RwSignal<String>,
    paused_at: RwSignal<Option<u64>>,
) -> impl IntoView {
    let choose = move |event| {
        let name = event_target_value(&event);
        layer.set(Layer::ALL.into_iter().find(|layer| layer_name(*layer) == name));
    };
    let layers = Layer::ALL.map(|layer| view! { <option value=layer_name(layer)>{layer_name(layer)}</option> });
    // What has happened can be chosen, and stays so.
    let happened = Memo::new(move |before: Option<&BTreeSet<&'static str>>| {
        client::log_changes();
        let now = client::notes().into_iter().map(|note| note.operation);
        now.chain(before.into_iter().flatten().copied()).collect::<BTreeSet<_>>()
    });
    let operations = move || {
        let happened = happened.get().into_iter();
        happened
            .map(|word| view! { <option value=word selected=move || operation.with(|now| now == word)>{word}</option> })
            .collect_view()
    };
    let is_paused = move || paused_at.with(Option::is_some);
    let pause = move |_| paused_at.update(|at| *at = at.is_none().then(client::log_changes_untracked));
    view! {
        <div class="devtools__choices">
            <label class="devtools__choice">
                "Layer "
                <select class="devtools__select" on:change=choose>
                    <option value="">"any"</option>
                    {layers}
                </select>
            </label>
            <label class="devtools__choice">
                "Operation "
                <select class="devtools__select" on:change=move |event| operation.set(event_target_value(&event))>
                    <option value="">"any"</option>
                    {operations}
                </select>
            </label>
            <button type="button" class="devtools__button" aria-pressed=move || is_paused().to_string() on:click=pause>
                "Pause"
            </button>
            <button type="button" class="devtools__button" on:click=move |_| client::clear_notes()>
                "Clear list"
            </button>
            <span class="devtools__count" role="status">
                {move || is_paused().then_some("Paused: what happens meanwhile is noted, and shown when you go on.")}
            </span>
        </div>
    }
}

/// One line.
#[component]
pub(super) fn Happened(note: Note) -> impl IntoView {
    let cause = note.because();
    let Note { at_ms, layer, operation, subject, .. } = note;
    let name = subject.clone();
    view! {
        <li class="devtools__event" data-operation=operation data-layer=layer_name(layer) data-subject=name>
            <time>{client::exact_clock_text(at_ms)}</time>
            <span class=format!("operation operation--{operation}")>{operation}</span>
            <span class=format!("layer layer--{}", layer_class(layer))>{layer_name(layer)}</span>
            <code class="devtools__key">{subject}</code>
            <span class="devtools__cause">{cause}</span>
        </li>
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
