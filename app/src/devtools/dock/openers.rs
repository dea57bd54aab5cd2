//! The buttons in the corner that open a tool, and the address that does.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::icons::{Glyph, Icon},
    devtools::{Opened, Tool},
};

impl Tool {
    /// The id of the button that opens it.
    pub(super) fn opener_id(self) -> &'static str {
        match self {
            Tool::Cache => "open-cache",
            Tool::Metrics => "open-metrics",
        }
    }

    /// What an address says after `?debug=`.
    fn asked(word: &str) -> Option<Tool> {
        match word {
            "cache" => Some(Tool::Cache),
            "metrics" => Some(Tool::Metrics),
            _ => None,
        }
    }
}

/// The buttons; hidden by the style sheet while the dock is there, which has its own.
#[component]
pub fn Openers(opened: RwSignal<Opened>) -> impl IntoView {
    let query = use_query_map();
    Effect::new(move |_| {
        if let Some(tool) = query.with(|query| query.get("debug")).as_deref().and_then(Tool::asked) {
            opened.update(|opened| opened.set(tool, true));
        }
    });
    view! {
        <div class="devtools-openers">
            <Opener opened tool=Tool::Metrics label="Cache metrics" keys="Control+Shift+M" glyph=Glyph::Chart />
            <Opener opened tool=Tool::Cache label="Developer tools" keys="Control+Shift+D" glyph=Glyph::Tree />
        </div>
    }
}

#[component]
fn Opener(
    opened: RwSignal<Opened>,
    tool: Tool,
    label: &'static str,
    keys: &'static str,
    glyph: Glyph,
) -> impl IntoView {
    view! {
        <button
            type="button"
            id=tool.opener_id()
            class="devtools-opener"
            aria-label=label
            aria-keyshortcuts=keys
            title=format!("{label} ({})", keys.replace("Control", "Ctrl"))
            on:click=move |_| opened.update(|opened| opened.open_by_hand(tool))
        >
            <Icon glyph />
        </button>
    }
}
