//! What a writer knows of a scene beside its text.

use domain::{
    id::{SceneId, StoryId},
    studio::SceneStatus,
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{confirm_button::ConfirmButton, history::History, toast::Toast, undo::offer_undo};
use crate::{
    api::studio,
    client::{Desk, Field},
};

/// Summary, goal, conflict, outcome and status; saved together with the text.
#[component]
pub fn SceneNotes(desk: Desk, story: StoryId, scene: SceneId) -> impl IntoView {
    let status = desk.clone();
    view! {
        <aside class="studio__inspector inspector" aria-label="Notes">
            <section class="inspector__group">
                <h2 class="inspector__title">"Scene"</h2>
                <StatusField desk=status />
                <NoteField desk=desk.clone() field=Field::Summary label="Summary" />
                <NoteField desk=desk.clone() field=Field::Goal label="Goal" />
                <NoteField desk=desk.clone() field=Field::Conflict label="Conflict" />
                <NoteField desk=desk.clone() field=Field::Outcome label="Outcome" />
            </section>
            <section class="inspector__group">
                <History desk scene />
            </section>
            <section class="inspector__group">
                <DeleteScene story scene />
            </section>
        </aside>
    }
}

#[component]
fn NoteField(desk: Desk, field: Field, label: &'static str) -> impl IntoView {
    let id = format!("scene-{}", label.to_lowercase());
    let (open, shown, typing, leaving) = (desk.clone(), desk.clone(), desk.clone(), desk);
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>
                {label}
            </label>
            <textarea
                class="field__input"
                id=id
                rows="2"
                maxlength="5000"
                readonly=move || !open.is_open()
                prop:value=move || shown.text(field)
                on:input=move |event| typing.type_text(field, event_target_value(&event))
                on:blur=move |_| leaving.save()
            ></textarea>
        </div>
    }
}

#[component]
fn StatusField(desk: Desk) -> impl IntoView {
    let (shown, choosing) = (desk.clone(), desk);
    let choose = move |event| {
        let chosen = event_target_value(&event);
        if let Some(status) = SceneStatus::ALL.into_iter().find(|status| status.as_str() == chosen) {
            choosing.set_status(status);
        }
    };
    let options = SceneStatus::ALL.map(|status| {
        let shown = shown.clone();
        view! {
            <option value=status.as_str() prop:selected=move || shown.texts().status == status>
                {label(status)}
            </option>
        }
    });
    view! {
        <div class="field">
            <label class="field__label" for="scene-status">
                "Status"
            </label>
            <select class="field__input" id="scene-status" on:change=choose>
                {options.into_iter().collect_view()}
            </select>
        </div>
    }
}

fn label(status: SceneStatus) -> &'static str {
    match status {
        SceneStatus::Idea => "Idea",
        SceneStatus::Draft => "Draft",
        SceneStatus::Revised => "Revised",
        SceneStatus::Done => "Done",
    }
}

#[component]
fn DeleteScene(story: StoryId, scene: SceneId) -> impl IntoView {
    let navigate = use_navigate();
    let toast = expect_context::<Toast>();
    let delete = Callback::new(move |()| {
        let navigate = navigate.clone();
        // The scene is closed first: once it is gone, a page that shows it would ask for it in vain.
        navigate(&format!("/studio/story/{story}"), NavigateOptions::default());
        spawn_local(async move {
            let path = format!("/studio/story/{story}/scene/{scene}");
            match studio::delete_scene(scene).await {
                Ok(()) => offer_undo(toast, scene.into(), "Scene", Some(path)),
                Err(_) => navigate(&path, NavigateOptions::default()),
            }
        });
    });
    view! {
        <ConfirmButton
            label="Delete Scene"
            question="Move this scene to the trash?"
            confirm="Move to trash"
            on_confirm=delete
        />
    }
    .into_any()
}
