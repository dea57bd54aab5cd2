//! Reading: the list of novels, a novel, a chapter.

pub mod chapter;
pub mod novel;

use domain::{
    page::Page,
    reading::{Novels, NovelsQuery},
};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use leptos_router::hooks::use_query_map;

use crate::{
    api::Visit,
    client::{Address, use_view},
    components::{
        held::{Held, News, hold},
        loaded::Loaded,
        novel_filters::{NovelFilters, path_of, query_of},
        story_card::StoryCard,
    },
};

/// `/novels`: what is published, newest first.
#[component]
pub fn NovelsPage() -> impl IntoView {
    let address = use_query_map();
    let query = Memo::new(move |_| address.with(|map| query_of(|name| map.get(name))));

    view! {
        <Title text="Novels" />
        <Meta name="description" content="Novels, as they are written: read finished chapters and talk about them." />
        <div class="page">
            <header class="page__head">
                <h1 class="page__title">"Novels"</h1>
                <p class="page__lead">"Finished chapters, published by their writers."</p>
            </header>
            <NovelFilters query />
            <Results query />
        </div>
    }
}

#[component]
fn Results(query: Memo<NovelsQuery>) -> impl IntoView {
    let novels = use_view(move || Address::novels(query.get()));
    view! {
        <section class="page__section" aria-label="Results">
            <Loaded of=novels let:novels>
                <LiveList novels query />
            </Loaded>
        </section>
    }
}

/// The list as it is looked through; what is published meanwhile waits until it is asked for.
#[component]
fn LiveList(novels: Signal<Novels>, query: Memo<NovelsQuery>) -> impl IntoView {
    let Held { shown, news, show } = hold(novels, move || query.get(), Visit::current().user.map(|user| user.id));
    view! {
        <News news show words=new_novels />
        {move || view! { <NovelList novels=shown.get() query /> }}
    }
}

fn new_novels(count: usize) -> String {
    format!("{count} new {}", if count == 1 { "novel" } else { "novels" })
}

#[component]
fn NovelList(novels: Novels, query: Memo<NovelsQuery>) -> impl IntoView {
    let Novels { stories, next } = novels;
    if stories.is_empty() {
        return view! { <NoResults query=query.get_untracked() /> }.into_any();
    }
    let more = next.map(|next| NovelsQuery { page: Page::new(None, Some(next)), ..query.get_untracked() });
    let cards = stories.into_iter().map(|novel| view! { <li><StoryCard novel /></li> }).collect_view();
    view! {
        <ul class="stories">{cards}</ul>
        {more
            .map(|query| {
                view! {
                    <p class="more">
                        <a class="button" href=path_of(&query)>
                            "Load more"
                        </a>
                    </p>
                }
            })}
    }
    .into_any()
}

#[component]
fn NoResults(query: NovelsQuery) -> impl IntoView {
    let filtered = query != NovelsQuery::first();
    let (title, words) = if filtered {
        ("Nothing matches", "No published novel fits these words and this genre.")
    } else {
        ("No novel yet", "Nobody has published one. Yours could be the first.")
    };
    let (path, act) = if filtered { ("/novels", "Clear the filters") } else { ("/studio", "Start writing") };
    view! {
        <div class="empty">
            <h2 class="empty__title">{title}</h2>
            <p>{words}</p>
            <div class="actions">
                <a class="button" href=path>
                    {act}
                </a>
            </div>
        </div>
    }
}
