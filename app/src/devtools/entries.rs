//! Every key of all three layers, one row each; and one key with all that is known of it.
//!
//! - `row`, `gathered`: what is known, as values. `model`: how it is kept up to date.
//! - `order`: which rows are listed. `table`: of these only what is in sight is drawn; `line` is one of them.
//! - `detail`: one key. `explained`: what the server says about it.

pub mod detail;
pub mod explained;
pub mod figures;
pub mod gathered;
pub mod line;
pub mod model;
pub mod order;
pub mod row;
pub mod table;

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use self::{
    detail::Detail,
    model::{Model, Server},
    order::Wish,
    row::{Row, Standing},
    table::Table,
};
use super::operations::layer_name;
use crate::{api::Failure, client::Layer};

/// Puts the focus there.
pub fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        // What went meanwhile cannot be focused, and nothing is lost by it.
        let _ = element.focus();
    }
}

/// The rows that are listed. Two lists are equal if they hold the same rows, not if they look the same.
#[derive(Clone, Default)]
pub struct Listed(Vec<Arc<Row>>);

impl PartialEq for Listed {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.0.iter().zip(&other.0).all(|(one, other)| Arc::ptr_eq(one, other))
    }
}

/// The table with its filters, and beside it the key that was chosen.
#[component]
pub fn Entries(model: Model, filter: RwSignal<String>) -> impl IntoView {
    let wish = RwSignal::new(Wish::default());
    let chosen = RwSignal::new(None::<Arc<str>>);
    Effect::new(move |_| {
        let text = filter.get();
        model.look_for(text.trim().to_owned());
        wish.update(|wish| wish.text = text);
    });
    let listed = Memo::new(move |_| {
        let now_ms = if wish.with(Wish::follows_time) { model.now_ms.get() } else { model.now_ms.get_untracked() };
        model.with_rows(|rows| Listed(wish.with(|wish| wish.list(rows, now_ms))))
    });

    view! {
        <div class="entries">
            <div class="entries__list">
                <Choices model wish listed />
                <Show
                    when=move || listed.with(|listed| !listed.0.is_empty())
                    fallback=move || view! { <Nothing model wish /> }
                >
                    <Table model listed wish chosen />
                </Show>
            </div>
            {move || {
                let text = chosen.get()?;
                Some(view! { <Detail model text close=Callback::new(move |()| chosen.set(None)) /> })
            }}
        </div>
    }
}

/// What is to be listed, and how much that is.
#[component]
fn Choices(model: Model, wish: RwSignal<Wish>, listed: Memo<Listed>) -> impl IntoView {
    let choose_layer = move |event| {
        let name = event_target_value(&event);
        let layer = Layer::ALL.into_iter().find(|layer| layer_name(*layer) == name);
        wish.update(|wish| wish.layer = layer);
    };
    let choose_state = move |event| {
        let word = event_target_value(&event);
        let standing = Standing::ALL.into_iter().find(|standing| standing.as_str() == word);
        wish.update(|wish| wish.standing = standing);
    };
    let layers = Layer::ALL.map(|layer| view! { <option value=layer_name(layer)>{layer_name(layer)}</option> });
    let states = Standing::ALL.map(|state| view! { <option value=state.as_str()>{state.as_str()}</option> });
    let count = move || {
        let listed = listed.with(|listed| listed.0.len());
        let all = model.with_rows(|rows| rows.count());
        let reading = if model.is_reading.get() { ", reading localStorage…" } else { "" };
        format!("{listed} of {all} keys{reading}")
    };
    view! {
        <div class="devtools__choices">
            <label class="devtools__choice">
                "Layer "
                <select class="devtools__select" on:change=choose_layer>
                    <option value="">"any"</option>
                    {layers}
                </select>
            </label>
            <label class="devtools__choice">
                "State "
                <select class="devtools__select" on:change=choose_state>
                    <option value="">"any"</option>
                    {states}
                </select>
            </label>
            <span class="devtools__count" data-count=move || listed.with(|listed| listed.0.len())>
                {count}
            </span>
            <OfServer model />
        </div>
    }
}

/// What the server has to say, where it is more than a list.
#[component]
fn OfServer(model: Model) -> impl IntoView {
    move || match model.server.get() {
        Server::Asked => None,
        Server::Answered { listed, is_cut: true, .. } => Some(
            view! {
                <span class="devtools__count">
                    {format!("The server lists its first {listed} keys; type how a key begins to see more.")}
                </span>
            }
            .into_any(),
        ),
        Server::Answered { is_cut: false, .. } => None,
        Server::Failed(failure) => Some(view! { <ServerFailed model failure /> }.into_any()),
    }
}

#[component]
fn ServerFailed(model: Model, failure: Failure) -> impl IntoView {
    view! {
        <span class="devtools__trouble" role="alert">
            {format!("The server's cache cannot be listed: {failure} ")}
            <button type="button" class="devtools__button" on:click=move |_| model.ask_again()>
                "Ask again"
            </button>
        </span>
    }
}

/// Why the table is empty.
#[component]
fn Nothing(model: Model, wish: RwSignal<Wish>) -> impl IntoView {
    let is_chosen =
        move || wish.with(|wish| !wish.text.trim().is_empty() || wish.layer.is_some() || wish.standing.is_some());
    let words = move || {
        if model.is_reading.get() {
            "Reading localStorage…"
        } else if is_chosen() {
            "No key is like that. Choose less."
        } else {
            "No entries. Open a page that reads something."
        }
    };
    view! { <p class="devtools__empty">{words}</p> }
}
