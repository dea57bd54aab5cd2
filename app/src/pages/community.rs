//! Conversation about stories: the feed, a board, a post.

pub mod board;
pub mod post;

pub use board::BoardPage;
pub use post::PostPage;

use domain::{
    community::{Forum, Post, Posts},
    page::{Cursor, Page},
};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use leptos_router::hooks::use_query_map;

use crate::{
    api::Visit,
    client::{Address, use_view},
    components::{
        count::counted,
        held::{Held, News, hold},
        loaded::Loaded,
        post_card::PostCard,
    },
};

/// `/community`: the newest posts of all boards.
#[component]
pub fn CommunityPage() -> impl IntoView {
    let page = use_page();
    view! {
        <Title text="Community" />
        <Meta name="description" content="What readers say about the novels they read." />
        <div class="page">
            <header class="page__head">
                <h1 class="page__title">"Community"</h1>
                <p class="page__lead">"What readers say about the novels they read."</p>
            </header>
            <div class="community">
                <div class="community__main"><Feed page /></div>
                <Boards />
            </div>
        </div>
    }
}

/// Which part of a list the address asks for.
fn use_page() -> Memo<Page> {
    let address = use_query_map();
    let after = move || address.with(|map| map.get("after").and_then(|cursor| cursor.parse().ok()));
    Memo::new(move |_| Page::new(None, after()))
}

#[component]
fn Feed(page: Memo<Page>) -> impl IntoView {
    let audience = Visit::current().audience();
    let posts = use_view(move || Address::feed(audience, page.get()));
    view! {
        <Loaded of=posts let:posts>
            <PostList posts page path="/community".to_owned() shown=Shown::WithStories />
        </Loaded>
    }
}

/// Are the posts of one story or of several?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Alone,
    WithStories,
}

/// A part of a list, and the way to the next. What others post meanwhile waits until it is asked for.
#[component]
fn PostList(posts: Signal<Posts>, page: Memo<Page>, path: String, shown: Shown) -> impl IntoView {
    let Held { shown: list, news, show } = hold(posts, move || page.get(), Visit::current().user.map(|user| user.id));
    let next = Signal::derive(move || list.with(|list| list.next.clone()));
    let is_empty = move || list.with(|list| list.posts.is_empty());
    view! {
        <News news show words=new_posts />
        <ul class="posts">
            <For each=move || list.get().posts key=|post| post.id let:post>
                <li><OnePost list post shown /></li>
            </For>
        </ul>
        {move || is_empty().then(|| view! { <NoPosts /> })}
        {move || next.get().map(|next| view! { <More path=path.clone() next /> })}
    }
}

fn new_posts(count: usize) -> String {
    format!("{count} new {}", if count == 1 { "post" } else { "posts" })
}

/// A post of the list, as it is there now.
#[component]
fn OnePost(list: Signal<Posts>, post: Post, shown: Shown) -> impl IntoView {
    let story = list.with_untracked(|list| {
        list.stories.iter().find(|story| story.id == post.story_id && shown == Shown::WithStories).cloned()
    });
    let post = Signal::derive(move || {
        let now = list.with(|list| list.posts.iter().find(|known| known.id == post.id).cloned());
        now.unwrap_or_else(|| post.clone())
    });
    view! { <PostCard post story /> }
}

#[component]
fn More(path: String, next: Cursor) -> impl IntoView {
    view! {
        <p class="more">
            <a class="button" href=format!("{path}?after={next}")>
                "Load more"
            </a>
        </p>
    }
}

#[component]
fn NoPosts() -> impl IntoView {
    view! {
        <div class="empty">
            <h2 class="empty__title">"Nothing said yet"</h2>
            <p>"A theory, a question, a review: somebody has to begin."</p>
            <div class="actions">
                <a class="button" href="/novels">
                    "Choose a story to talk about"
                </a>
            </div>
        </div>
    }
}

#[component]
fn Boards() -> impl IntoView {
    let forums = use_view(Address::forums);
    view! {
        <aside class="community__side" aria-labelledby="boards">
            <h2 class="community__side-title" id="boards">
                "Boards"
            </h2>
            <Loaded of=forums let:forums>
                <ul class="boards">
                    {move || forums.get().stories.into_iter().map(|forum| view! { <Board forum /> }).collect_view()}
                </ul>
            </Loaded>
        </aside>
    }
}

#[component]
fn Board(forum: Forum) -> impl IntoView {
    view! {
        <li class="boards__item">
            <a class="boards__link" href=format!("/community/story/{}", forum.id)>
                <span class="boards__name">{forum.title}</span>
                <span class="boards__count">{counted(forum.post_count, "post")}</span>
            </a>
        </li>
    }
}
