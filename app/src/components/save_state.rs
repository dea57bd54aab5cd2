//! What may be said about a text: one word, one colour, one icon, never "Saved" without a server's version.

use std::time::Duration;

use leptos::{html::H2, prelude::*};
use wasm_bindgen::JsCast;

use super::icons::{Glyph, Icon};
use crate::client::{Desk, SaveState, clock_text};

/// A save that takes no longer than this is not worth a word.
const UNNOTICED: Duration = Duration::from_millis(400);

/// The state of the text on a desk, announced politely; failures at once.
#[component]
pub fn SaveStateLine(
    desk: Desk,
    /// Set to ask for a log-in. The dialog has a form, so it cannot stand here, inside another.
    logging_in: RwSignal<bool>,
) -> impl IntoView {
    let state = slow_to_say_saving(&desk);
    let act = move || match state.get() {
        SaveState::Offline { .. } | SaveState::Failed { .. } => {
            let desk = desk.clone();
            view! { <Act words="Retry" act=move || desk.save() /> }.into_any()
        }
        SaveState::SignedOut { .. } => view! { <Act words="Log in" act=move || logging_in.set(true) /> }.into_any(),
        SaveState::Conflict => view! { <Act words="Review" act=go_to_comparison /> }.into_any(),
        SaveState::Opening | SaveState::Saved { .. } | SaveState::Saving | SaveState::Unsaved => ().into_any(),
    };

    view! {
        <p class=move || format!("save-state save-state--{}", modifier(&state.get())) role=move || role(&state.get())>
            {move || view! { <Icon glyph=glyph(&state.get()) /> }}
            <span class="save-state__text">{move || words(&state.get())}</span>
            " "
            // Not announced: it grows with every pause in the typing.
            <span class="save-state__count" aria-hidden="true">
                {move || count(&state.get())}
            </span>
            " "
            {act}
        </p>
    }
}

/// The state of a desk; while a save has only begun, what was said before.
fn slow_to_say_saving(desk: &Desk) -> Signal<SaveState> {
    let desk = desk.clone();
    let state = Memo::new(move |_| desk.state());
    let is_slow = RwSignal::new(false);
    Effect::new(move |waiting: Option<Option<TimeoutHandle>>| {
        if let Some(handle) = waiting.flatten() {
            handle.clear();
        }
        is_slow.set(false);
        let begins = state.with(|state| *state == SaveState::Saving);
        let said = move || {
            let _ = is_slow.try_set(true);
        };
        begins.then(|| set_timeout_with_handle(said, UNNOTICED).ok()).flatten()
    });
    Memo::new(move |last: Option<&SaveState>| {
        let (now, is_slow) = (state.get(), is_slow.get());
        let unnoticed = now == SaveState::Saving && !is_slow;
        match last.filter(|last| unnoticed && !matches!(last, SaveState::Opening | SaveState::Saved { .. })) {
            Some(last) => last.clone(),
            None if unnoticed => SaveState::Unsaved,
            None => now,
        }
    })
    .into()
}

#[component]
fn Act(words: &'static str, act: impl Fn() + Send + 'static) -> impl IntoView {
    view! {
        <button type="button" class="save-state__act" on:click=move |_| act()>
            {words}
        </button>
    }
}

fn go_to_comparison() {
    let title = document()
        .get_element_by_id("comparison-title")
        .and_then(|title| title.dyn_into::<<H2 as leptos::html::ElementType>::Output>().ok());
    if let Some(title) = title {
        // A heading that cannot be focused is scrolled past by nobody.
        let _ = title.focus();
    }
}

fn modifier(state: &SaveState) -> &'static str {
    match state {
        SaveState::Opening | SaveState::Saving => "saving",
        SaveState::Saved { .. } => "saved",
        SaveState::Unsaved => "unsaved",
        SaveState::Offline { kept: true, .. } => "offline",
        SaveState::Offline { kept: false, .. } | SaveState::Failed { .. } => "failed",
        SaveState::Conflict => "conflict",
        SaveState::SignedOut { .. } => "signed-out",
    }
}

fn role(state: &SaveState) -> &'static str {
    match state {
        SaveState::Failed { .. } | SaveState::Offline { kept: false, .. } | SaveState::SignedOut { kept: false } => {
            "alert"
        }
        SaveState::Opening
        | SaveState::Saved { .. }
        | SaveState::Saving
        | SaveState::Unsaved
        | SaveState::Offline { kept: true, .. }
        | SaveState::Conflict
        | SaveState::SignedOut { kept: true } => "status",
    }
}

fn glyph(state: &SaveState) -> Glyph {
    match state {
        SaveState::Opening | SaveState::Saving => Glyph::Clock,
        SaveState::Saved { .. } => Glyph::Check,
        SaveState::Unsaved => Glyph::Pen,
        SaveState::Offline { .. } => Glyph::Offline,
        SaveState::Failed { .. } | SaveState::Conflict => Glyph::Warning,
        SaveState::SignedOut { .. } => Glyph::Lock,
    }
}

fn words(state: &SaveState) -> String {
    match state {
        SaveState::Opening => "Opening…".to_owned(),
        SaveState::Saved { at_ms } => format!("Saved · {}", clock_text(*at_ms)),
        SaveState::Saving => "Saving…".to_owned(),
        SaveState::Unsaved => "Unsaved changes".to_owned(),
        SaveState::Offline { kept: true, .. } => "Offline — kept on this device".to_owned(),
        SaveState::Offline { kept: false, .. } => {
            "Offline — not kept on this device either. Leave this page open.".to_owned()
        }
        SaveState::Failed { why, kept: true } => format!("Could not save — kept on this device. {why}"),
        SaveState::Failed { why, kept: false } => {
            format!("Could not save — not kept on this device either. Leave this page open. {why}")
        }
        SaveState::Conflict => "Changed elsewhere — review".to_owned(),
        SaveState::SignedOut { kept: true } => "Signed out — text is safe here.".to_owned(),
        SaveState::SignedOut { kept: false } => "Signed out — leave this page open, the text is only here.".to_owned(),
    }
}

fn count(state: &SaveState) -> Option<String> {
    match state {
        SaveState::Offline { changes: 1, kept: true } => Some("(1 change)".to_owned()),
        SaveState::Offline { changes, kept: true } => Some(format!("({changes} changes)")),
        SaveState::Offline { kept: false, .. }
        | SaveState::Opening
        | SaveState::Saved { .. }
        | SaveState::Saving
        | SaveState::Unsaved
        | SaveState::Failed { .. }
        | SaveState::Conflict
        | SaveState::SignedOut { .. } => None,
    }
}
