//! The cache panel: what memory and localStorage hold, and what happens to it.

use std::time::Duration;

use leptos::{ev, prelude::*};

use super::{entries::Entries, operations::Operations};
use crate::client;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Entries,
    Operations,
}

/// The panel, a chunk of its own.
#[lazy]
pub(super) fn cache_panel(close: Callback<()>) -> AnyView {
    view! { <CachePanel close /> }.into_any()
}

#[component]
fn CachePanel(close: Callback<()>) -> impl IntoView {
    let tab = RwSignal::new(Tab::Entries);
    let filter = RwSignal::new(String::new());
    let now = every_second();
    let escape = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" {
            close.run(());
        }
    });
    on_cleanup(move || escape.remove());
    let button = move |which: Tab, label: &'static str| {
        view! {
            <button
                type="button"
                class="devtools__tab"
                role="tab"
                aria-selected=move || (tab.get() == which).to_string()
                on:click=move |_| tab.set(which)
            >
                {label}
            </button>
        }
    };

    view! {
        <section class="devtools" role="dialog" aria-label="Cache">
            <header class="devtools__bar">
                <h2 class="devtools__title">"Cache"</h2>
                <div class="devtools__tabs" role="tablist">
                    {button(Tab::Entries, "Entries")}
                    {button(Tab::Operations, "Operations")}
                </div>
                <input
                    class="devtools__filter"
                    type="search"
                    aria-label="Filter keys"
                    placeholder="Filter keys"
                    prop:value=move || filter.get()
                    on:input=move |event| filter.set(event_target_value(&event))
                />
                <button type="button" class="devtools__button" on:click=move |_| client::clear()>
                    "Clear all"
                </button>
                <button
                    type="button"
                    class="devtools__button devtools__close"
                    aria-label="Close"
                    on:click=move |_| close.run(())
                >
                    "×"
                </button>
            </header>
            <div class="devtools__body">
                {move || match tab.get() {
                    Tab::Entries => view! { <Entries filter now /> }.into_any(),
                    Tab::Operations => view! { <Operations filter /> }.into_any(),
                }}
            </div>
        </section>
    }
}

/// The time, once a second, so that ages grow while one looks at them.
fn every_second() -> Signal<u64> {
    let now = RwSignal::new(client::now_ms());
    if let Ok(handle) = set_interval_with_handle(move || now.set(client::now_ms()), Duration::from_secs(1)) {
        on_cleanup(move || handle.clear());
    }
    now.into()
}
