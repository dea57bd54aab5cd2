//! A novel: what it is about, and its contents.

use domain::{
    id::StoryId,
    reading::{ContentsLine, Novel, NovelContents},
};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};

use crate::{
    api::Failure,
    client::{Address, use_view},
    components::{
        count::counted,
        cover::Cover,
        failure_view::FailureView,
        icons::{Glyph, Icon},
        loaded::Loaded,
        time_ago::TimeAgo,
    },
    pages::use_id,
};

/// `/novels/{id}`.
#[component]
pub fn NovelPage() -> impl IntoView {
    let story = use_id::<StoryId>("story");
    move || match story.get() {
        Some(story) => view! { <NovelView story /> }.into_any(),
        None => view! { <FailureView failure=Failure::no_such_page() /> }.into_any(),
    }
}

#[component]
fn NovelView(story: StoryId) -> impl IntoView {
    let contents = use_view(move || Address::novel(story));
    view! {
        <Loaded of=contents let:contents>
            {move || view! { <Contents contents=contents.get() /> }}
        </Loaded>
    }
}

#[component]
fn Contents(contents: NovelContents) -> impl IntoView {
    let NovelContents { story, chapters } = contents;
    let author = story.author.username.clone();
    let start = chapters.first().map(|chapter| format!("/novels/{}/{}", story.id, chapter.id));
    let description = if story.summary.is_empty() { format!("A novel by {author}.") } else { one_line(&story.summary) };

    view! {
        <Title text=story.title.clone() />
        <Meta name="description" content=description />
        <div class="page">
            <article class="novel">
                <div class="novel__cover">
                    <Cover id=story.id title=story.title.clone() author=author />
                </div>
                <div class="novel__body">
                    <Head novel=story.clone() />
                    <Summary text=story.summary.clone() />
                    <div class="actions">
                        {start
                            .map(|path| {
                                view! {
                                    <a class="button button--primary" href=path data-prefetch>
                                        "Start reading"
                                    </a>
                                }
                            })} <a class="button" href=format!("/community/story/{}", story.id)>
                            <Icon glyph=Glyph::Talk />
                            "Discuss this story"
                        </a>
                    </div>
                    <Chapters story=story.id chapters />
                </div>
            </article>
        </div>
    }
}

#[component]
fn Head(novel: Novel) -> impl IntoView {
    view! {
        <header class="novel__head">
            <p class="breadcrumb">
                <a href="/novels">
                    <Icon glyph=Glyph::Back />
                    "Novels"
                </a>
            </p>
            <h1 class="page__title">{novel.title}</h1>
            <p class="byline">
                <span>{format!("by {}", novel.author.username)}</span>
                {novel.genre.map(|genre| view! { <span class="badge">{genre}</span> })}
                <span>{counted(novel.chapter_count, "chapter")}</span>
                <span>{counted(novel.word_count, "word")}</span>
                <span>"published " <TimeAgo at=novel.published_at /></span>
            </p>
        </header>
    }
}

/// Plain text: empty lines part paragraphs.
#[component]
fn Summary(text: String) -> impl IntoView {
    let paragraphs = text.split("\n\n").map(str::trim).filter(|text| !text.is_empty());
    let paragraphs = paragraphs.map(|text| view! { <p>{text.to_owned()}</p> }).collect_view();
    view! { <div class="prose">{paragraphs}</div> }
}

#[component]
fn Chapters(story: StoryId, chapters: Vec<ContentsLine>) -> impl IntoView {
    let none = chapters.is_empty().then(|| view! { <p class="muted">"No chapter yet."</p> });
    let lines = chapters.into_iter().map(|chapter| {
        view! {
            <li class="contents__item">
                <a class="contents__link" href=format!("/novels/{story}/{}", chapter.id)>
                    <span class="contents__title">{chapter.title}</span>
                    <span class="contents__words">{counted(chapter.word_count, "word")}</span>
                </a>
            </li>
        }
    });
    view! {
        <section aria-labelledby="contents">
            <h2 class="page__subtitle" id="contents">
                "Contents"
            </h2>
            {none}
            <ol class="contents">{lines.collect_view()}</ol>
        </section>
    }
}

/// At most as much as search engines show, on one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(160).collect()
}
