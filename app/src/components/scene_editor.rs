//! The page that a writer writes on.

use domain::id::{SceneId, StoryId, UserId};
use leptos::{ev, prelude::*};

use super::{
    comparison::Comparison,
    failure_view::FailureView,
    icons::{Glyph, Icon},
    log_in_dialog::LogInDialog,
    save_state::SaveStateLine,
    scene_notes::SceneNotes,
    unsent::LeftOfScene,
};
use crate::client::{Address, Desk, Field, in_browser, use_view};

/// The editor of one scene and the notes beside it.
///
/// Text arrives after hydration, so that nothing typed early is lost; until then the fields are read-only.
#[component]
pub fn SceneEditor(story: StoryId, scene: SceneId, author: UserId) -> impl IntoView {
    let stored = use_view(move || Address::scene(story, scene, author));
    let desk = Desk::new(author, scene);
    let receiving = desk.clone();
    Effect::new(move |_| {
        if let Some(Ok(answer)) = stored.get() {
            receiving.receive(answer.scene);
        }
    });
    let failure = move || {
        let failure = stored.get().and_then(Result::err)?;
        let is_gone = failure.is_not_found();
        Some(view! {
            <FailureView failure />
            {is_gone.then(|| view! { <LeftOfScene author scene /> })}
        })
    };
    let (clashing, comparing) = (desk.clone(), desk.clone());
    let clash = Memo::new(move |_| clashing.clash());
    let (sheet, notes, replayed, dialog) = (desk.clone(), desk.clone(), desk.clone(), desk.clone());
    let logging_in = RwSignal::new(false);
    if in_browser() {
        desk.open();
    }

    view! {
        <section class="studio__editor" aria-label="Scene">
            <Transition>{failure}</Transition>
            {move || {
                clash.get().map(|clash| view! { <Comparison desk=comparing.clone() clash /> })
            }}
            {move || replayed.has_replayed().then(|| view! { <Replayed /> })}
            <Sheet desk=sheet logging_in />
        </section>
        <LogInDialog desk=dialog open=logging_in />
        <SceneNotes desk=notes story scene />
    }
}

/// Says that what an earlier visit had left was saved just now.
#[component]
fn Replayed() -> impl IntoView {
    view! {
        <div class="notice notice--ok" role="status">
            <Icon glyph=Glyph::Check />
            <p class="notice__body">
                "Text from this device was saved. The text that was there before is in the history of the scene."
            </p>
        </div>
    }
}

/// Title and text, and what may be said about them.
#[component]
fn Sheet(desk: Desk, logging_in: RwSignal<bool>) -> impl IntoView {
    let line = desk.clone();
    let saving = desk.clone();
    let keys = desk.clone();
    let counting = desk.clone();
    let beside = desk.clone();
    let words = Memo::new(move |_| domain::text::word_count(&counting.text(Field::Content)));

    view! {
        <form
            class="editor"
            on:submit=move |event| {
                event.prevent_default();
                saving.save();
            }
            on:keydown=move |event| save_on_shortcut(&event, &keys)
        >
            <div class="editor__bar">
                <SaveStateLine desk=line logging_in />
                {move || {
                    beside.is_also_open().then(|| view! { <p class="editor__beside muted">"Also open in another tab"</p> })
                }}
                <button class="button button--primary" type="submit">
                    "Save Scene"
                </button>
            </div>
            <div class="editor__page">
                <label class="visually-hidden" for="scene-title">
                    "Title"
                </label>
                <Line desk=desk.clone() />
                <label class="visually-hidden" for="scene-content">
                    "Text"
                </label>
                <Text desk />
            </div>
            <p class="editor__foot tabular">{move || format!("{} words", words.get())}</p>
        </form>
    }
}

#[component]
fn Line(desk: Desk) -> impl IntoView {
    let (open, shown, typing, leaving) = (desk.clone(), desk.clone(), desk.clone(), desk);
    view! {
        <input
            class="editor__title"
            id="scene-title"
            maxlength="255"
            autocomplete="off"
            readonly=move || !open.is_open()
            prop:value=move || shown.text(Field::Title)
            on:input=move |event| typing.type_text(Field::Title, event_target_value(&event))
            on:blur=move |_| leaving.save()
        />
    }
}

#[component]
fn Text(desk: Desk) -> impl IntoView {
    let (open, shown, typing, leaving) = (desk.clone(), desk.clone(), desk.clone(), desk);
    // No children: what the server would write into a textarea is not escaped.
    view! {
        <textarea
            class="editor__text"
            id="scene-content"
            spellcheck="true"
            readonly=move || !open.is_open()
            prop:value=move || shown.text(Field::Content)
            on:input=move |event| typing.type_text(Field::Content, event_target_value(&event))
            on:blur=move |_| leaving.save()
        ></textarea>
    }
}

/// Ctrl+S and Cmd+S save, by the key's place on the keyboard.
fn save_on_shortcut(event: &ev::KeyboardEvent, desk: &Desk) {
    if event.code() == "KeyS" && (event.ctrl_key() || event.meta_key()) && !event.shift_key() && !event.alt_key() {
        event.prevent_default();
        desk.save();
    }
}
