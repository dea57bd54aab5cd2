//! A post and what was answered.

use domain::{
    community::{Post, Replies},
    id::{PostId, ReplyId},
};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use leptos_router::hooks::use_query_map;

use crate::{
    api::{Failure, Visit},
    client::{Address, View, use_view},
    components::{
        count::replies,
        failure_view::FailureView,
        held::{Held, News, hold},
        icons::{Glyph, Icon},
        loaded::Loaded,
        post_head::PostHead,
        reply_form::ReplyForm,
        reply_thread::ReplyThread,
    },
    pages::use_id,
};

/// `/community/posts/{id}`; `?to=` names the reply that is being answered.
#[component]
pub fn PostPage() -> impl IntoView {
    let post = use_id::<PostId>("post");
    move || match post.get() {
        Some(post) => view! { <Thread post /> }.into_any(),
        None => view! { <FailureView failure=Failure::no_such_page() /> }.into_any(),
    }
}

#[component]
fn Thread(post: PostId) -> impl IntoView {
    let audience = Visit::current().audience();
    let answer = use_view(move || Address::post(post, audience));
    let thread = use_view(move || Address::replies(post));
    let address = use_query_map();
    let to = Memo::new(move |_| address.with(|map| map.get("to").and_then(|id| id.parse::<ReplyId>().ok())));

    view! {
        <Loaded of=answer let:answer>
            <div class="page page--column">
                {move || view! { <Head post=answer.get().post /> }}
                <PostHead post=Signal::derive(move || answer.get().post) />
                <Answers thread />
                <section class="page__section" aria-labelledby="answer">
                    <h2 class="page__subtitle" id="answer">
                        "Your reply"
                    </h2>
                    <ReplyForm post to />
                </section>
            </div>
        </Loaded>
    }
}

/// The way back to the board, and what the browser's tab says.
#[component]
fn Head(post: Post) -> impl IntoView {
    let description: String = post.content.chars().take(160).collect();
    view! {
        <Title text=post.title />
        <Meta name="description" content=description />
        <p class="breadcrumb">
            <a href=format!("/community/story/{}", post.story_id)>
                <Icon glyph=Glyph::Back />
                "The story's board"
            </a>
        </p>
    }
}

#[component]
fn Answers(thread: View<Replies>) -> impl IntoView {
    view! {
        <section class="page__section" aria-labelledby="replies">
            <Loaded of=thread let:thread>
                <LiveThread thread />
            </Loaded>
        </section>
    }
}

/// The thread as it is read; what others answer meanwhile waits until it is asked for.
#[component]
fn LiveThread(thread: Signal<Replies>) -> impl IntoView {
    let Held { shown, news, show } = hold(thread, || (), Visit::current().user.map(|user| user.id));
    view! {
        <h2 class="page__subtitle" id="replies">
            {move || heading(shown.get().replies.len())}
        </h2>
        <News news show words=new_replies />
        {move || view! { <ReplyThread replies=shown.get().replies /> }}
    }
}

fn new_replies(count: usize) -> String {
    format!("{count} new {}", if count == 1 { "reply" } else { "replies" })
}

fn heading(count: usize) -> String {
    if count == 0 { "No replies yet".to_owned() } else { replies(i64::try_from(count).unwrap_or(i64::MAX)) }
}
