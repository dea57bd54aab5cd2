//! What the caches of this tab did, the newest first, and why.

use leptos::prelude::*;

use super::entries::{layer_class, layer_name};
use crate::client::{self, Note};

/// How many lines are drawn; older ones are still counted by the filter.
const LINES: usize = 200;

/// The live list.
#[component]
pub fn Operations(filter: RwSignal<String>) -> impl IntoView {
    let lines = Memo::new(move |_| {
        client::log_changes();
        let wanted = filter.get();
        let notes = client::notes().into_iter();
        notes.filter(|note| note.subject.contains(&wanted)).take(LINES).collect::<Vec<_>>()
    });
    view! {
        <Show
            when=move || lines.with(|lines| !lines.is_empty())
            fallback=|| view! { <p class="devtools__empty">"Nothing happened yet."</p> }
        >
            <ol class="devtools__log">
                <For each=move || lines.get() key=|note| note.n let:note>
                    <Line note />
                </For>
            </ol>
        </Show>
    }
}

#[component]
fn Line(note: Note) -> impl IntoView {
    let Note { at_ms, layer, operation, subject, cause, .. } = note;
    let name = subject.clone();
    view! {
        <li class="devtools__event" data-operation=operation data-layer=layer_name(layer) data-subject=name>
            <time>{client::clock_text(at_ms)}</time>
            <span class=format!("operation operation--{operation}")>{operation}</span>
            <span class=format!("layer layer--{}", layer_class(layer))>{layer_name(layer)}</span>
            <code class="devtools__key">{subject}</code>
            <span class="devtools__cause">{cause}</span>
        </li>
    }
}
