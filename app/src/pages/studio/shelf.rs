//! A writer's stories.

use domain::{
    id::UserId,
    studio::{NewStory, Story, StoryStatus},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_navigate;

use super::Doorkeeper;
use crate::{
    api::{Visit, studio},
    client::{Address, use_view},
    components::{
        cover::Cover,
        loaded::Loaded,
        title_form::TitleForm,
        unsent::{Outbox, SavedNotice, Strays, UnsentBadge, use_outbox},
    },
};

/// `/studio`.
#[component]
pub fn ShelfPage() -> impl IntoView {
    view! {
        <Title text="Studio" />
        {match Visit::current().writer() {
            Some(author) => view! { <Shelf author /> }.into_any(),
            None => view! { <Doorkeeper path="/studio".to_owned() /> }.into_any(),
        }}
    }
}

#[component]
fn Shelf(author: UserId) -> impl IntoView {
    let stories = use_view(move || Address::shelf(author));
    let outbox = use_outbox(author, Signal::stored(None));
    let navigate = use_navigate();
    let begin = move |title| {
        let navigate = navigate.clone();
        async move {
            let story = studio::create_story(NewStory { title, summary: None, genre: None }).await?;
            navigate(&format!("/studio/story/{}", story.id), leptos_router::NavigateOptions::default());
            Ok(())
        }
    };

    view! {
        <div class="page">
            <header class="page__head">
                <h1 class="page__title">"Your stories"</h1>
                <TitleForm label="Title of the new story" act="New story" submit=begin class="outline__add" />
            </header>
            <SavedNotice outbox />
            <Loaded of=stories let:stories>
                <Strays
                    outbox
                    stories=Signal::derive(move || stories.with(|shelf| shelf.stories.iter().map(|story| story.id).collect()))
                />
                {move || {
                    let stories = stories.get().stories;
                    if stories.is_empty() {
                        view! { <EmptyShelf /> }.into_any()
                    } else {
                        view! { <Stories stories outbox /> }.into_any()
                    }
                }}
            </Loaded>
            <p class="page__section">
                <a href="/studio/trash">"Trash"</a>
            </p>
        </div>
    }
}

#[component]
fn EmptyShelf() -> impl IntoView {
    view! {
        <div class="empty">
            <h2 class="empty__title">"An empty shelf"</h2>
            <p>"Give your first story a title above. You can change it at any time; nobody sees it until you publish."</p>
        </div>
    }
}

#[component]
fn Stories(stories: Vec<Story>, outbox: Outbox) -> impl IntoView {
    let cards = stories.into_iter().map(|story| view! { <li><StoryOnShelf story outbox /></li> }).collect_view();
    view! { <ul class="shelf">{cards}</ul> }
}

#[component]
fn StoryOnShelf(story: Story, outbox: Outbox) -> impl IntoView {
    let path = format!("/studio/story/{}", story.id);
    let (badge, state) = match story.status {
        StoryStatus::Writing => ("badge badge--draft", "Draft"),
        StoryStatus::Published => ("badge badge--published", "Published"),
    };
    let edited = story.updated_at;
    view! {
        <article class="card shelf-card">
            <Cover id=story.id title=story.title.clone() />
            <div class="shelf-card__body">
                <h2 class="shelf-card__title">
                    <a class="card__link" href=path.clone()>
                        {story.title.clone()}
                    </a>
                </h2>
                <p class="shelf-card__meta">
                    <span class=badge>{state}</span>
                    " "
                    {story.genre.map(|genre| format!("{genre} · "))}
                    "edited "
                    <time datetime=edited.to_rfc3339()>{edited.format("%-d %B %Y").to_string()}</time>
                </p>
                <UnsentBadge outbox story=story.id />
                <div class="shelf-card__acts">
                    <a class="button button--quiet button--small" href=path aria-label=format!("Edit {}", story.title)>
                        "Edit"
                    </a>
                </div>
            </div>
        </article>
    }
}
