//! One row of the table.

use std::{ops::Range, sync::Arc};

use leptos::{ev::FocusEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::{
    Listed,
    figures::{age, size, span},
    model::Model,
    row::Row,
};
use crate::{
    client::{self, Forced, Layer, Note},
    devtools::operations::{layer_class, layer_name},
};

/// One key. Tab stops at the row that was used last, and goes through its buttons.
///
/// Rows come and go while one scrolls, so that each has to cost little: what changes together is one closure.
#[component]
pub fn Line(
    model: Model,
    row: Arc<Row>,
    listed: Memo<Listed>,
    range: Signal<Range<usize>>,
    active: RwSignal<Option<Arc<str>>>,
    chosen: RwSignal<Option<Arc<str>>>,
) -> impl IntoView {
    let text = Arc::clone(&row.text);
    let name = Arc::clone(&text);
    let row = Memo::new(move |_| model.row(&name).unwrap_or_else(|| Arc::clone(&row)));
    let place = StoredValue::new(Arc::clone(&text));
    let index = move || {
        let range = range.get();
        let here = listed.with(|listed| {
            place.with_value(|text| listed.0.get(range.clone())?.iter().position(|row| row.text == *text))
        });
        (range.start + here.unwrap_or_default() + 2).to_string()
    };
    let tab = move || {
        let first = || listed.with(|listed| listed.0.first().map(|row| Arc::clone(&row.text)));
        let is_active = place.with_value(|text| active.get().or_else(first).as_ref() == Some(text));
        if is_active { "0" } else { "-1" }
    };
    let is_chosen = move || place.with_value(|text| chosen.with(|chosen| chosen.as_ref() == Some(text)));
    let choose = move |_| chosen.set(Some(place.get_value()));
    let layers = Layer::ALL.map(|layer| move || cell(&row.get(), layer, model.now_ms.get()));
    let enter = move |event: FocusEvent| {
        active.set(Some(place.get_value()));
        set_stops(&event, "0");
    };

    view! {
        <tr
            role="row"
            class="entries__row"
            data-key=text.to_string()
            aria-rowindex=index
            aria-current=move || is_chosen().then_some("true")
            on:focusin=enter
            on:focusout=move |event| set_stops(&event, "-1")
        >
            <td role="cell" class="entries__key">
                <button type="button" class="devtools__pick" tabindex=tab on:click=choose>
                    {text.to_string()}
                </button>
            </td>
            {move || state(&row.get(), model.now_ms.get())}
            {layers}
            <td role="cell" class="entries__acts">
                <Acts model row tab="-1" />
            </td>
            {move || row.with(|row| figures(row))}
        </tr>
    }
}

/// Whether Tab stops at what can be done in the row of the event.
fn set_stops(event: &FocusEvent, tab: &str) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(row) = target.and_then(|target| target.closest("tr").ok().flatten()) else { return };
    let Ok(buttons) = row.query_selector_all(".entries__acts button") else { return };
    for button in (0..buttons.length()).filter_map(|index| buttons.get(index)?.dyn_into::<Element>().ok()) {
        // Setting an attribute of a valid name does not fail.
        let _ = button.set_attribute("tabindex", tab);
    }
}

fn state(row: &Row, now_ms: u64) -> impl IntoView + use<> {
    let standing = row.standing(now_ms);
    view! {
        <td role="cell" class="entries__state" data-state=standing.as_str()>
            <span class=standing.class()>{standing.as_str()}</span>
        </td>
    }
}

/// What one layer holds: for how long already, of how long it may.
fn cell(row: &Row, layer: Layer, now_ms: u64) -> AnyView {
    if !row.is_in(layer) {
        return view! { <td role="cell" class="entries__layer"></td> }.into_any();
    }
    let class = format!("layer layer--{}", layer_class(layer));
    let Some(held) = row.held(layer) else {
        return view! {
            <td role="cell" class="entries__layer" data-layer=layer_name(layer)>
                <span class=class>"no value"</span>
            </td>
        }
        .into_any();
    };
    let age_ms = held.age_ms(now_ms);
    let title = format!("{}: {} of {}, {}", layer_name(layer), age(age_ms), span(held.keep_ms), size(held.size_bytes));
    view! {
        <td role="cell" class="entries__layer" data-layer=layer_name(layer) title=title>
            <span class=class>{age(age_ms)}</span>
            <meter
                class="devtools__meter"
                aria-label="Age of TTL"
                min="0"
                max=held.keep_ms.to_string()
                high=held.fresh_ms.to_string()
                optimum="0"
                value=age_ms.min(held.keep_ms).to_string()
            ></meter>
        </td>
    }
    .into_any()
}

/// The columns that hold numbers, and the last invalidation.
fn figures(row: &Row) -> impl IntoView + use<> {
    let memory = row.memory.as_ref();
    let cause = row.last.as_ref().map(Note::because);
    view! {
        <td role="cell" class="entries__figure">{row.size_bytes().map(size)}</td>
        <td role="cell" class="entries__figure entries__more">{row.clock().map(|clock| clock.seq())}</td>
        <td role="cell" class="entries__figure entries__more">{memory.map(|memory| memory.observers)}</td>
        <td role="cell" class="entries__figure">
            {memory.map(|memory| format!("{} / {}", memory.hits, memory.misses))}
        </td>
        <td role="cell" class="entries__figure entries__more">
            {memory.and_then(|memory| memory.fetched_in_ms).map(span)}
        </td>
        <td role="cell" class="entries__last entries__more" title=cause>
            {row.last.as_ref().map(last_words)}
        </td>
    }
}

/// When, from where, and why.
fn last_words(note: &Note) -> String {
    let origin = note.told.as_ref().map(|told| told.origin.as_str()).unwrap_or_default();
    format!("{} · {origin} · {}", client::clock_text(note.at_ms), note.why)
}

/// What can be done to one view.
#[component]
pub fn Acts(model: Model, row: Memo<Arc<Row>>, tab: &'static str) -> impl IntoView {
    let text = row.with_untracked(|row| row.text.to_string());
    let label = move |verb: &str| format!("{verb} {text}");
    let key = move || row.with_untracked(|row| row.key.clone());
    let is_refused = !key().is_some_and(|key| model.may_read(&key));
    let refetch = move |_| {
        if let Some(key) = key() {
            model.refetch(key);
        }
    };
    let forces = [("Load", "Force loading of", Forced::Loading), ("Fail", "Force an error of", Forced::Error)];
    let forces = forces.map(|(word, verb, what)| {
        let is_on = move || row.with(|row| row.forced == Some(what));
        let turn = move |_| {
            if let Some(key) = key() {
                model.force(&key, (!is_on()).then_some(what));
            }
        };
        view! {
            <button
                type="button"
                class="devtools__button"
                tabindex=tab
                aria-label=label(verb)
                aria-pressed=move || is_on().to_string()
                disabled=is_refused
                on:click=turn
            >
                {word}
            </button>
        }
    });
    view! {
        <button
            type="button"
            class="devtools__button"
            tabindex=tab
            aria-label=label("Invalidate")
            on:click=move |_| row.with_untracked(|row| model.invalidate(row))
        >
            "Invalidate"
        </button>
        <button
            type="button"
            class="devtools__button"
            tabindex=tab
            aria-label=label("Refetch")
            disabled=is_refused
            on:click=refetch
        >
            "Refetch"
        </button>
        <button
            type="button"
            class="devtools__button"
            tabindex=tab
            aria-label=label("Remove")
            on:click=move |_| row.with_untracked(|row| model.remove(row))
        >
            "Remove"
        </button>
        {forces}
    }
}
