//! A novel in a list.

use domain::reading::Novel;
use leptos::prelude::*;

use super::{count::counted, cover::Cover};

/// Cover, title, writer and summary; the whole card is the link.
#[component]
pub fn StoryCard(novel: Novel) -> impl IntoView {
    let author = novel.author.username;
    view! {
        <article class="card story-card">
            <Cover id=novel.id title=novel.title.clone() author=author.clone() />
            <div class="story-card__body">
                <h2 class="story-card__title">
                    <a class="card__link" href=format!("/novels/{}", novel.id)>
                        {novel.title}
                    </a>
                </h2>
                <p class="byline">{format!("by {author}")}</p>
                <p class="story-card__summary">{novel.summary}</p>
                <p class="story-card__foot">
                    {novel.genre.map(|genre| view! { <span class="badge">{genre}</span> })}
                    <span>{counted(novel.chapter_count, "chapter")}</span>
                    <span>{counted(novel.word_count, "word")}</span>
                </p>
            </div>
        </article>
    }
}
