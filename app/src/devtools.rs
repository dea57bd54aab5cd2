//! The cache tools: always mounted, for those who may see them, and loaded on first use.
//!
//! A reader downloads none of the panel: it is a chunk of its own, fetched when it is opened. It opens with Ctrl+Shift+D,
//! with the button in the corner, or with `?debug=cache` in the address.

pub mod entries;
pub mod operations;
pub mod panel;
mod shortcut;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    api::Visit,
    components::icons::{Glyph, Icon},
};

/// The opener and, once opened, the panel.
#[component]
pub fn Devtools() -> impl IntoView {
    Visit::current().devtools.then(|| view! { <Opener /> })
}

#[component]
fn Opener() -> impl IntoView {
    let query = use_query_map();
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        if query.with(|query| query.get("debug").as_deref() == Some("cache")) {
            open.set(true);
        }
    });
    shortcut::on_shortcut(move || open.update(|open| *open = !*open));
    let button = NodeRef::<leptos::html::Button>::new();
    let close = Callback::new(move |()| {
        open.set(false);
        // The button is hidden while the panel is open, and shown again before the next frame.
        request_animation_frame(move || {
            if let Some(button) = button.get_untracked() {
                // A button that is not there cannot be focused, and nothing is lost by it.
                let _ = button.focus();
            }
        });
    });

    view! {
        <button
            type="button"
            class="devtools-opener"
            node_ref=button
            aria-label="Developer tools"
            aria-keyshortcuts="Control+Shift+D"
            aria-expanded=move || open.get().to_string()
            on:click=move |_| open.update(|open| *open = !*open)
        >
            <Icon glyph=Glyph::Tree />
        </button>
        {move || {
            open.get().then(|| Suspend::new(async move { panel::cache_panel(close).await }))
        }}
    }
}
