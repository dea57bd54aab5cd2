//! Title, summary and genre of a story, and whether it is public.

use domain::{
    id::StoryId,
    studio::{Story, StoryEdit, StoryStatus},
};
use leptos::{
    html::{Input, Textarea},
    prelude::*,
    task::spawn_local,
};
use leptos_router::hooks::use_navigate;

use super::{confirm_button::ConfirmButton, toast::Toast, undo::offer_undo};
use crate::api::{Failure, studio};

/// The form that a writer opens from the bar of the studio.
#[component]
pub fn StoryDetails(story: Signal<Story>) -> impl IntoView {
    let [title, genre] = [NodeRef::<Input>::new(), NodeRef::<Input>::new()];
    let summary = NodeRef::<Textarea>::new();
    let outcome = RwSignal::new(None::<Result<(), Failure>>);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (id, version) = story.with_untracked(|story| (story.id, story.version));
        let edit = StoryEdit {
            title: title.get_untracked().map(|input| input.value()),
            summary: summary.get_untracked().map(|input| input.value()),
            genre: genre.get_untracked().map(|input| input.value()),
            version: Some(version),
        };
        spawn_local(async move { outcome.set(Some(studio::edit_story(id, edit).await.map(|_| ()))) });
    };
    let first = story.get_untracked();

    view! {
        <details class="menu studio__details">
            <summary class="menu__button">"Story details"</summary>
            <div class="menu__sheet">
                <form class="story-details" on:submit=save>
                    <div class="field">
                        <label class="field__label" for="story-title">
                            "Title"
                        </label>
                        <input class="field__input" id="story-title" node_ref=title required maxlength="255" value=first.title />
                    </div>
                    <div class="field">
                        <label class="field__label" for="story-genre">
                            "Genre"
                        </label>
                        <input
                            class="field__input"
                            id="story-genre"
                            node_ref=genre
                            maxlength="50"
                            value=first.genre.unwrap_or_default()
                        />
                    </div>
                    <div class="field">
                        <label class="field__label" for="story-summary">
                            "Summary"
                        </label>
                        <textarea
                            class="field__input"
                            id="story-summary"
                            node_ref=summary
                            rows="5"
                            maxlength="5000"
                            prop:value=first.summary
                        ></textarea>
                    </div>
                    <div class="actions">
                        <button class="button button--primary">"Save Story"</button>
                        {move || outcome.get().map(said)}
                    </div>
                </form>
                <DeleteStory id=first.id />
            </div>
        </details>
    }
}

fn said(outcome: Result<(), Failure>) -> impl IntoView {
    match outcome {
        Ok(()) => view! { <p role="status" class="muted">"Saved"</p> }.into_any(),
        Err(failure) => view! { <p role="alert" class="field__error">{failure.to_string()}</p> }.into_any(),
    }
}

/// Publishes a story, or takes it back.
#[component]
pub fn Publication(story: Signal<Story>) -> impl IntoView {
    let refusal = RwSignal::new(None::<String>);
    let pending = RwSignal::new(false);
    let is_published = Memo::new(move |_| story.with(|story| story.status == StoryStatus::Published));
    let act = move |publish: bool| {
        let id = story.with_untracked(|story| story.id);
        pending.set(true);
        spawn_local(async move {
            let result = if publish { studio::publish_story(id).await } else { studio::unpublish_story(id).await };
            refusal.set(result.err().map(|failure| failure.to_string()));
            pending.set(false);
        });
    };

    view! {
        <Show when=move || is_published.get()>
            <button
                type="button"
                class="button button--quiet"
                aria-busy=move || pending.get().then_some("true")
                on:click=move |_| act(false)
            >
                "Unpublish story"
            </button>
        </Show>
        <button
            type="button"
            class="button"
            aria-busy=move || pending.get().then_some("true")
            on:click=move |_| act(true)
        >
            {move || if is_published.get() { "Publish all changes" } else { "Publish story" }}
        </button>
        {move || refusal.get().map(|why| view! { <p class="field__error" role="alert">{why}</p> })}
    }
}

#[component]
fn DeleteStory(id: StoryId) -> impl IntoView {
    let navigate = use_navigate();
    let toast = expect_context::<Toast>();
    let refusal = RwSignal::new(None::<String>);
    let delete = Callback::new(move |()| {
        let navigate = navigate.clone();
        spawn_local(async move {
            match studio::delete_story(id).await {
                Ok(()) => {
                    navigate("/studio", leptos_router::NavigateOptions::default());
                    offer_undo(toast, id.into(), "Story", Some(format!("/studio/story/{id}")));
                }
                Err(failure) => refusal.set(Some(failure.to_string())),
            }
        });
    });
    view! {
        <ConfirmButton
            label="Delete Story"
            question="Move this story to the trash? Readers lose it at once."
            confirm="Move to trash"
            on_confirm=delete
        />
        {move || refusal.get().map(|why| view! { <p class="field__error" role="alert">{why}</p> })}
    }
}
