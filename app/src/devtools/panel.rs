//! The cache panel: what every layer holds of every key, what happens to it, and what it goes by.

pub mod configuration;
mod export;
pub mod simulate;

use leptos::{
    ev,
    prelude::*,
    wasm_split::{SplitLoaderError, wasm_split},
};

use self::{configuration::Configuration, simulate::Simulate};
use super::{
    entries::{Entries, model::Model},
    operations::Operations,
};
use crate::client;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Entries,
    Operations,
    Configuration,
}

impl Tab {
    const ALL: [Tab; 3] = [Tab::Entries, Tab::Operations, Tab::Configuration];

    fn label(self) -> &'static str {
        match self {
            Tab::Entries => "Entries",
            Tab::Operations => "Operations",
            Tab::Configuration => "Configuration",
        }
    }

    fn id(self) -> &'static str {
        match self {
            Tab::Entries => "cache-tab-entries",
            Tab::Operations => "cache-tab-operations",
            Tab::Configuration => "cache-tab-configuration",
        }
    }

    /// The tab that an arrow key leads to.
    fn beside(self, key: &str) -> Option<Tab> {
        let step = match key {
            "ArrowRight" => 1,
            "ArrowLeft" => Tab::ALL.len() - 1,
            _ => return None,
        };
        let here = Tab::ALL.iter().position(|tab| *tab == self)?;
        Tab::ALL.get((here + step) % Tab::ALL.len()).copied()
    }
}

/// The panel, a chunk of its own.
#[wasm_split(cache_panel_1, wasm_split_path = ::leptos::wasm_split, fallible)]
pub(super) fn cache_panel(close: Callback<()>) -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <CachePanel close /> }.into_any())
}

#[component]
fn CachePanel(close: Callback<()>) -> impl IntoView {
    let tab = RwSignal::new(Tab::Entries);
    let filter = RwSignal::new(String::new());
    let model = Model::watch();

    view! {
        <section class="devtools" role="dialog" aria-label="Cache">
            <header class="devtools__bar">
                <h2 class="devtools__title">"Cache"</h2>
                <Tabs tab />
                <input
                    class="devtools__filter"
                    type="search"
                    aria-label="Filter keys"
                    placeholder="Filter keys"
                    prop:value=move || filter.get()
                    on:input=move |event| filter.set(event_target_value(&event))
                />
                <Simulate />
                <button type="button" class="devtools__button" on:click=move |_| export::save(model)>
                    "Export"
                </button>
                <button
                    type="button"
                    class="devtools__button"
                    title="Drops everything from memory and localStorage. Unsent text stays, and so does the server's cache."
                    on:click=move |_| client::clear()
                >
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
            <div
                class="devtools__body"
                role="tabpanel"
                id="cache-tab-panel"
                aria-labelledby=move || tab.get().id()
            >
                {move || match tab.get() {
                    Tab::Entries => view! { <Entries model filter /> }.into_any(),
                    Tab::Operations => view! { <Operations filter /> }.into_any(),
                    Tab::Configuration => view! { <Configuration model /> }.into_any(),
                }}
            </div>
        </section>
    }
}

/// Tabs as the ARIA practices have them: one stop for Tab, arrows go from one to the next.
#[component]
fn Tabs(tab: RwSignal<Tab>) -> impl IntoView {
    let step = move |event: ev::KeyboardEvent| {
        if let Some(next) = tab.get_untracked().beside(&event.key()) {
            event.prevent_default();
            tab.set(next);
            if let Some(button) = document().get_element_by_id(next.id()) {
                super::entries::focus(&button);
            }
        }
    };
    let tabs = Tab::ALL.map(|which| {
        let is_chosen = move || tab.get() == which;
        view! {
            <button
                type="button"
                class="devtools__tab"
                role="tab"
                id=which.id()
                aria-controls="cache-tab-panel"
                aria-selected=move || is_chosen().to_string()
                tabindex=move || if is_chosen() { "0" } else { "-1" }
                on:click=move |_| tab.set(which)
            >
                {which.label()}
            </button>
        }
    });
    view! {
        <div class="devtools__tabs" role="tablist" aria-label="Cache" on:keydown=step>
            {tabs}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_round_the_tabs() {
        assert_eq!(Tab::Entries.beside("ArrowRight").map(Tab::label), Some("Operations"));
        assert_eq!(Tab::Entries.beside("ArrowLeft").map(Tab::label), Some("Configuration"));
        assert_eq!(Tab::Configuration.beside("ArrowRight").map(Tab::label), Some("Entries"));
        assert_eq!(Tab::Entries.beside("Enter").map(Tab::label), None);
    }
}
