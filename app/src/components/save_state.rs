//! What may be said about a text: one word, one colour, one icon, never "Saved" without a server's version.

use leptos::{either::EitherOf3, prelude::*};

use super::icons::{Glyph, Icon};
use crate::client::{Desk, SaveState, clock_text};

/// The state of the text on a desk, announced politely; failures at once.
#[component]
pub fn SaveStateLine(desk: Desk) -> impl IntoView {
    let for_state = desk.clone();
    let state = Memo::new(move |_| for_state.state());
    let act = move || match state.get() {
        SaveState::Offline | SaveState::Failed { .. } => {
            let desk = desk.clone();
            EitherOf3::A(view! {
                <button type="button" class="save-state__act" on:click=move |_| desk.save()>
                    "Retry"
                </button>
            })
        }
        SaveState::SignedOut => EitherOf3::B(view! {
            <a class="save-state__act" href="/login?next=/studio" target="_blank">
                "Log in"
            </a>
        }),
        SaveState::Opening | SaveState::Saved { .. } | SaveState::Saving | SaveState::Unsaved | SaveState::Conflict => {
            EitherOf3::C(())
        }
    };

    view! {
        <p class=move || format!("save-state save-state--{}", modifier(&state.get())) role=move || role(&state.get())>
            {move || view! { <Icon glyph=glyph(&state.get()) /> }}
            <span class="save-state__text">{move || words(&state.get())}</span>
            {act}
        </p>
    }
}

fn modifier(state: &SaveState) -> &'static str {
    match state {
        SaveState::Opening | SaveState::Saving => "saving",
        SaveState::Saved { .. } => "saved",
        SaveState::Unsaved => "unsaved",
        SaveState::Offline => "offline",
        SaveState::Failed { .. } => "failed",
        SaveState::Conflict => "conflict",
        SaveState::SignedOut => "signed-out",
    }
}

fn role(state: &SaveState) -> &'static str {
    if matches!(state, SaveState::Failed { .. }) { "alert" } else { "status" }
}

fn glyph(state: &SaveState) -> Glyph {
    match state {
        SaveState::Opening | SaveState::Saving => Glyph::Clock,
        SaveState::Saved { .. } => Glyph::Check,
        SaveState::Unsaved => Glyph::Pen,
        SaveState::Offline => Glyph::Offline,
        SaveState::Failed { .. } | SaveState::Conflict => Glyph::Warning,
        SaveState::SignedOut => Glyph::Lock,
    }
}

fn words(state: &SaveState) -> String {
    match state {
        SaveState::Opening => "Opening…".to_owned(),
        SaveState::Saved { at_ms } => format!("Saved · {}", clock_text(*at_ms)),
        SaveState::Saving => "Saving…".to_owned(),
        SaveState::Unsaved => "Unsaved changes".to_owned(),
        SaveState::Offline => "No answer — kept on this device".to_owned(),
        SaveState::Failed { why, kept: true } => format!("Could not save — kept on this device. {why}"),
        SaveState::Failed { why, kept: false } => format!("Could not save. {why}"),
        SaveState::Conflict => "Changed elsewhere — review".to_owned(),
        SaveState::SignedOut => "Signed out — text is safe here.".to_owned(),
    }
}
