//! The dock at the foot of the window: what is open stands side by side in it, and the page above it keeps its room.
//!
//! It looks after place, size, focus and Esc; the tools look after themselves. On a phone it is a sheet over everything,
//! with one tool in front. While nothing is open there are only the buttons that open something.

mod focus;
pub mod height;
pub mod openers;

use leptos::{
    ev::KeyboardEvent,
    html::Div,
    mount::mount_to,
    prelude::*,
    wasm_split::{SplitLoaderError, wasm_split},
};

use self::openers::Openers;
use super::{
    Opened, Tool,
    dashboard::{self, Place},
    panel,
};
use crate::client::{RememberedDock, persist};

/// Puts the buttons and the dock at the end of the page, a chunk of its own. What they stand in belongs to `owner`, which
/// lives as long as the page.
#[wasm_split(dock_1, wasm_split_path = ::leptos::wasm_split, fallible)]
pub(super) fn dock(owner: Owner, opened: RwSignal<Opened>) -> Result<(), SplitLoaderError> {
    if let Some(body) = document().body() {
        owner.with(|| mount_to(body, move || view! { <Tools opened /> })).forget();
    }
    Ok(())
}

#[component]
fn Tools(opened: RwSignal<Opened>) -> impl IntoView {
    let is_wanted = Memo::new(move |_| opened.with(|opened| opened.cache || opened.metrics));
    view! {
        <Openers opened />
        {move || is_wanted.get().then(|| view! { <Dock opened /> })}
    }
}

#[component]
fn Dock(opened: RwSignal<Opened>) -> impl IntoView {
    let height = height::use_height();
    let front = Memo::new(move |last: Option<&Tool>| {
        let Opened { cache, by_hand, .. } = opened.get();
        let first = if cache { Tool::Cache } else { Tool::Metrics };
        by_hand.or(last.copied()).unwrap_or(first)
    });
    Effect::new(move |_| {
        let Opened { cache, metrics, .. } = opened.get();
        RememberedDock { cache, metrics, height: Some(height.get()) }.remember();
    });
    // The last tool takes the dock along, and the effect above with it.
    on_cleanup(|| RememberedDock { cache: false, metrics: false, ..RememberedDock::read() }.remember());

    view! {
        <div class="dock">
            <div class="dock__bar" role="group" aria-label="Tools">
                <Switch opened front tool=Tool::Cache label="Cache" />
                <Switch opened front tool=Tool::Metrics label="Metrics" />
                <height::Handle height />
            </div>
            <div class="dock__panes">
                <Pane opened front tool=Tool::Cache />
                <Pane opened front tool=Tool::Metrics />
            </div>
        </div>
    }
}

/// Opens a tool beside the other, or brings it to the front; the tool itself has the button that closes it.
#[component]
fn Switch(opened: RwSignal<Opened>, front: Memo<Tool>, tool: Tool, label: &'static str) -> impl IntoView {
    let is_open = move || opened.with(|opened| opened.has(tool));
    view! {
        <button
            type="button"
            class="dock__switch"
            class:dock__switch--front=move || is_open() && front.get() == tool
            aria-pressed=move || is_open().to_string()
            on:click=move |_| opened.update(|opened| opened.open_by_hand(tool))
        >
            {label}
        </button>
    }
}

/// The place of a tool; empty while it is closed.
#[component]
fn Pane(opened: RwSignal<Opened>, front: Memo<Tool>, tool: Tool) -> impl IntoView {
    let is_open = Memo::new(move |_| opened.with(|opened| opened.has(tool)));
    move || is_open.get().then(|| view! { <OpenPane opened front tool /> })
}

#[component]
fn OpenPane(opened: RwSignal<Opened>, front: Memo<Tool>, tool: Tool) -> impl IntoView {
    let pane = NodeRef::<Div>::new();
    focus::follow(pane, opened, tool);
    let close = Callback::new(move |()| opened.update(|opened| opened.close(tool)));
    let on_keydown = move |event: KeyboardEvent| {
        // Something within may have had its own use for it.
        if event.key() == "Escape" && !event.default_prevented() {
            event.prevent_default();
            event.stop_propagation();
            close.run(());
        }
    };

    view! {
        <div
            class="dock__pane"
            class:dock__pane--back=move || front.get() != tool
            tabindex="-1"
            node_ref=pane
            on:keydown=on_keydown
        >
            {Suspend::new(async move {
                match tool {
                    Tool::Cache => persist(|| panel::cache_panel(close)).await,
                    Tool::Metrics => persist(|| dashboard::metrics(Place::Dock(close))).await,
                }
            })}
        </div>
    }
}
