//! One story: its outline, the scene that is being written, and the notes beside it.

use domain::{
    id::{SceneId, StoryId, UserId},
    studio::{Outline, StoryAnswer, StoryStatus},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};

use super::Doorkeeper;
use crate::{
    api::{Failure, Visit},
    client::{Address, View, use_view},
    components::{
        failure_view::FailureView,
        icons::{Glyph, Icon},
        loaded::Loaded,
        outline::OutlineTree,
        scene_editor::SceneEditor,
        story_details::{Publication, StoryDetails},
        unsent::{SavedNotice, use_outbox},
    },
};

/// `/studio/story/{id}` and `/studio/story/{id}/scene/{scene}`.
#[component]
pub fn StoryPage() -> impl IntoView {
    let params = use_params_map();
    let story = Memo::new(move |_| params.with(|params| params.get("story").and_then(|id| id.parse::<StoryId>().ok())));
    let scene = Memo::new(move |_| params.with(|params| params.get("scene").and_then(|id| id.parse::<SceneId>().ok())));
    let path = use_location().pathname;

    view! {
        <Title text="Studio" />
        {move || match (Visit::current().writer(), story.get()) {
            (None, _) => view! { <Doorkeeper path=path.get_untracked() /> }.into_any(),
            (Some(_), None) => view! { <FailureView failure=Failure::no_such_page() /> }.into_any(),
            (Some(author), Some(story)) => view! { <Studio author story scene=scene.into() /> }.into_any(),
        }}
    }
}

#[component]
fn Studio(author: UserId, story: StoryId, scene: Signal<Option<SceneId>>) -> impl IntoView {
    let head = use_view(move || Address::story(story, author));
    let outline = use_view(move || Address::outline(story, author));
    let outbox = use_outbox(author, scene);

    view! {
        <SavedNotice outbox />
        <Loaded of=head let:head>
            <Desktop story head outline author scene />
        </Loaded>
    }
}

/// The three panes. Below 768 px one of them is open at a time, and the bar at the bottom says which.
#[component]
fn Desktop(
    story: StoryId,
    head: Signal<StoryAnswer>,
    outline: View<Outline>,
    author: UserId,
    scene: Signal<Option<SceneId>>,
) -> impl IntoView {
    let chosen = RwSignal::new(None::<&'static str>);
    // Opening a scene opens its pane.
    Effect::new(move |_| {
        scene.track();
        chosen.set(None);
    });
    let pane = move || chosen.get().unwrap_or(if scene.get().is_some() { "write" } else { "tree" });

    view! {
        <div class="studio" data-pane=pane>
            <StudioBar head outline />
            <Loaded of=outline let:outline>
                <OutlineTree story outline open=scene />
            </Loaded>
            {move || match scene.get() {
                Some(scene) => view! { <SceneEditor story scene author /> }.into_any(),
                None => view! { <NoScene /> }.into_any(),
            }}
            <div class="studio__tabs" role="group" aria-label="Panes">
                <Tab name="tree" label="Tree" glyph=Glyph::Tree pane chosen />
                <Tab name="write" label="Write" glyph=Glyph::Pen pane chosen />
                <Tab name="notes" label="Notes" glyph=Glyph::Note pane chosen />
            </div>
        </div>
    }
}

#[component]
fn Tab(
    name: &'static str,
    label: &'static str,
    glyph: Glyph,
    pane: impl Fn() -> &'static str + Send + Sync + 'static,
    chosen: RwSignal<Option<&'static str>>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="studio__tab"
            aria-pressed=move || (pane() == name).to_string()
            on:click=move |_| chosen.set(Some(name))
        >
            <Icon glyph />
            {label}
        </button>
    }
}

#[component]
fn StudioBar(head: Signal<StoryAnswer>, outline: View<Outline>) -> impl IntoView {
    let story = Signal::derive(move || head.get().story);
    let badge = move || match story.get().status {
        StoryStatus::Writing => view! { <span class="badge badge--draft">"Draft"</span> },
        StoryStatus::Published => view! { <span class="badge badge--published">"Published"</span> },
    };

    view! {
        <header class="studio__bar">
            <a class="studio__back" href="/studio">
                "All stories"
            </a>
            <h1 class="studio__title">{move || story.get().title}</h1>
            {badge}
            <p class="studio__words tabular">
                <Transition>
                    {move || outline.get().and_then(Result::ok).map(|outline| format!("{} words", outline.word_count()))}
                </Transition>
            </p>
            <div class="studio__acts">
                <StoryDetails story />
                <Publication story />
            </div>
        </header>
    }
}

#[component]
fn NoScene() -> impl IntoView {
    view! {
        <section class="studio__editor" aria-label="Scene">
            <div class="empty">
                <h2 class="empty__title">"Choose a scene"</h2>
                <p>"Open a scene in the outline, or add the first one to a chapter. What you write is saved as you go."</p>
                <p>
                    "What you delete waits in the " <a href="/studio/trash">"trash"</a> " for thirty days."
                </p>
            </div>
        </section>
    }
}
