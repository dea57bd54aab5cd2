//! A chapter, to be read.

use domain::{
    id::{ChapterId, StoryId},
    reading::{Neighbour, Reading, ReadingHead, ReadingScene},
};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};

use crate::{
    api::Failure,
    client::{Address, use_view},
    components::{
        count::counted,
        failure_view::FailureView,
        held::{Held, News, hold},
        icons::{Glyph, Icon},
        loaded::Loaded,
    },
    pages::use_id,
};

/// `/novels/{id}/{chapter}`.
#[component]
pub fn ReadingPage() -> impl IntoView {
    let story = use_id::<StoryId>("story");
    let chapter = use_id::<ChapterId>("chapter");
    move || match (story.get(), chapter.get()) {
        (Some(story), Some(chapter)) => view! { <ChapterView story chapter /> }.into_any(),
        (None, _) | (_, None) => view! { <FailureView failure=Failure::no_such_page() /> }.into_any(),
    }
}

#[component]
fn ChapterView(story: StoryId, chapter: ChapterId) -> impl IntoView {
    let reading = use_view(move || Address::reading(story, chapter));
    view! {
        <Loaded of=reading let:reading>
            <LiveChapter reading />
        </Loaded>
    }
}

/// The chapter as it is read: what its author changes meanwhile waits until it is asked for.
#[component]
fn LiveChapter(reading: Signal<Reading>) -> impl IntoView {
    let Held { shown, news, show } = hold(reading, || (), None);
    let words = |_| "This chapter was updated while you read".to_owned();
    view! {
        <News news show words />
        {move || view! { <Chapter reading=shown.get() /> }}
    }
}

#[component]
fn Chapter(reading: Reading) -> impl IntoView {
    let Reading { chapter, scenes, previous, next } = reading;
    let story = chapter.story_id;
    let last = next.is_none();
    let title = format!("{} · {}", chapter.title, chapter.story_title);
    let description =
        format!("{}: a chapter of {} by {}.", chapter.title, chapter.story_title, chapter.author.username);

    view! {
        <Title text=title />
        <Meta name="description" content=description />
        <article class="reading">
            <Head chapter />
            <div class="reading__text">{scenes.into_iter().map(|scene| view! { <Scene scene /> }).collect_view()}</div>
            <footer>
                <p class="reading__end">{if last { "This is the last chapter so far." } else { "End of the chapter" }}</p>
                <nav class="neighbours" aria-label="Chapters">
                    {previous.map(|chapter| view! { <ToNeighbour story chapter side=Side::Previous /> })}
                    {next.map(|chapter| view! { <ToNeighbour story chapter side=Side::Next /> })}
                    {last.then(|| view! { <ToBoard story /> })}
                </nav>
            </footer>
        </article>
    }
}

#[component]
fn Head(chapter: ReadingHead) -> impl IntoView {
    let contents = format!("/novels/{}", chapter.story_id);
    view! {
        <p class="breadcrumb">
            <a href=contents.clone()>
                <Icon glyph=Glyph::Back />
                "Contents"
            </a>
        </p>
        <header class="reading__head">
            <p class="reading__story">
                <a href=contents>{chapter.story_title}</a>
            </p>
            <h1 class="reading__title">{chapter.title}</h1>
            <p class="byline">
                <span>{format!("by {}", chapter.author.username)}</span>
                <span>{counted(chapter.word_count, "word")}</span>
            </p>
        </header>
    }
}

/// An ornament parts it from the one before; its title is for those who listen.
#[component]
fn Scene(scene: ReadingScene) -> impl IntoView {
    view! {
        <section>
            <h2 class="visually-hidden">{scene.title}</h2>
            <div class="prose prose--book" inner_html=scene.html></div>
        </section>
    }
}

#[derive(Clone, Copy)]
enum Side {
    Previous,
    Next,
}

#[component]
fn ToNeighbour(story: StoryId, chapter: Neighbour, side: Side) -> impl IntoView {
    let (class, rel, words) = match side {
        Side::Previous => ("neighbours__link", "prev", "Previous chapter"),
        Side::Next => ("neighbours__link neighbours__link--next", "next", "Next chapter"),
    };
    view! {
        <a class=class rel=rel href=format!("/novels/{story}/{}", chapter.id)>
            <small>{words}</small>
            <span>{chapter.title}</span>
        </a>
    }
}

#[component]
fn ToBoard(story: StoryId) -> impl IntoView {
    view! {
        <a class="neighbours__link neighbours__link--next" href=format!("/community/story/{story}")>
            <small>"Community"</small>
            <span>"Talk about this story"</span>
        </a>
    }
}
