//! The board of one story.

use domain::{id::StoryId, reading::Novel};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};

use super::{PostList, Shown, use_page};
use crate::{
    api::{Failure, Visit},
    client::{Address, use_view},
    components::{
        cover::Cover,
        failure_view::FailureView,
        icons::{Glyph, Icon},
        loaded::Loaded,
        post_composer::PostComposer,
    },
    pages::use_id,
};

/// `/community/story/{id}`.
#[component]
pub fn BoardPage() -> impl IntoView {
    let story = use_id::<StoryId>("story");
    move || match story.get() {
        Some(story) => view! { <Board story /> }.into_any(),
        None => view! { <FailureView failure=Failure::no_such_page() /> }.into_any(),
    }
}

#[component]
fn Board(story: StoryId) -> impl IntoView {
    let novel = use_view(move || Address::novel(story));
    let page = use_page();
    let audience = Visit::current().audience();
    let posts = use_view(move || Address::board(story, audience, page.get()));
    view! {
        <Loaded of=novel let:contents>
            <div class="page">
                {move || view! { <Head novel=contents.get().story /> }}
                <div class="community">
                    <div class="community__main">
                        <section class="compose" aria-labelledby="compose">
                            <h2 class="compose__title" id="compose">
                                "Write a post"
                            </h2>
                            <PostComposer story />
                        </section>
                        <Loaded of=posts let:posts>
                            <PostList posts page path=format!("/community/story/{story}") shown=Shown::Alone />
                        </Loaded>
                    </div>
                    {move || view! { <About novel=contents.get().story /> }}
                </div>
            </div>
        </Loaded>
    }
}

#[component]
fn Head(novel: Novel) -> impl IntoView {
    view! {
        <Title text=format!("{} · Community", novel.title) />
        <Meta name="description" content=format!("What readers say about {}.", novel.title) />
        <header class="page__head">
            <p class="breadcrumb">
                <a href="/community">
                    <Icon glyph=Glyph::Back />
                    "Community"
                </a>
            </p>
            <h1 class="page__title">{novel.title}</h1>
            <p class="page__lead">"What readers say about this story."</p>
        </header>
    }
}

#[component]
fn About(novel: Novel) -> impl IntoView {
    let author = novel.author.username;
    view! {
        <aside class="community__side" aria-label="About the story">
            <div class="about">
                <Cover id=novel.id title=novel.title.clone() author=author.clone() />
                <div class="about__text">
                    <h2>{novel.title}</h2>
                    <p class="byline">{format!("by {author}")}</p>
                    <p>{novel.summary}</p>
                    <p>
                        <a href=format!("/novels/{}", novel.id)>"Read the novel"</a>
                    </p>
                </div>
            </div>
        </aside>
    }
}
