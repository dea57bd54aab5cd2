//! A heart that answers at once, and settles when the server does.

use domain::{
    cache::Key,
    community::{Liked, Post, PostAnswer, Posts},
    id::PostId,
};
use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn};
use resource_cache::patch::{flip, increment, update_in_list};
use send_wrapper::SendWrapper;

use super::{
    count::counted,
    icons::{Glyph, Icon},
    log_in_link::LogInLink,
};
use crate::{
    api::{
        Failure, Visit,
        community::{LikePost, like_post},
    },
    client::{Mutation, Patch, Wishes},
};

/// Asks for a state, not for a change, so that two quick clicks cannot add up. The count is the view's; while the server
/// has not answered, with this visitor's click on top.
///
/// Without JavaScript it is a plain form and the page loads anew.
#[component]
pub fn LikeButton(post: Signal<Post>) -> impl IntoView {
    let id = post.with_untracked(|post| post.id);
    let mine = Memo::new(move |_| post.with(|post| post.liked));
    let count = Memo::new(move |_| post.with(|post| post.like_count));
    if Visit::current().user.is_none() {
        return view! { <LikeCount count=count.into() /> }.into_any();
    }
    let trouble = RwSignal::new(None::<Failure>);
    let wishes = SendWrapper::new(Wishes::<bool, Liked>::default());
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        trouble.set(None);
        let wanted = !mine.get_untracked();
        wishes.make(wanted, liking(id, wanted, trouble), move |liked| like_post(id, liked));
    };

    view! {
        <div class="like">
            <form method="post" action=LikePost::PATH on:submit=on_submit>
                <input type="hidden" name="post" value=id.to_string() />
                <input type="hidden" name="liked" value=move || (!mine.get()).to_string() />
                <button type="submit" class="like-button" aria-pressed=move || mine.get().to_string()>
                    <Icon glyph=Glyph::Heart />
                    <span class="visually-hidden">"Like"</span>
                    <span role="status">
                        {move || count.get()} <span class="visually-hidden">{move || noun(count.get())}</span>
                    </span>
                </button>
            </form>
            {move || trouble.get().map(|failure| view! { <LikeTrouble failure /> })}
        </div>
    }
    .into_any()
}

/// What a click on the heart changes in every view that shows the post.
fn liking(id: PostId, wanted: bool, trouble: RwSignal<Option<Failure>>) -> Mutation<Liked> {
    let alone = Patch::of(move |answer: &PostAnswer| liked(&answer.post, wanted).map(|post| PostAnswer { post }));
    let in_list = Patch::of(move |list: &Posts| {
        let posts = update_in_list(&list.posts, |post| post.id == id, |post| liked(post, wanted))?;
        Some(Posts { posts, ..list.clone() })
    });
    Mutation::new()
        .shows_where(|key| matches!(key, Key::Post { post, .. } if *post == id), &alone)
        .shows_where(|key| matches!(key, Key::Feed { .. } | Key::Board { .. }), &in_list)
        .on_failure(move |failure| trouble.set(Some(failure)))
}

/// The post after the click; nothing, if it is so already.
fn liked(post: &Post, wanted: bool) -> Option<Post> {
    let liked = flip(post.liked, wanted)?;
    let like_count = increment(post.like_count, if wanted { 1 } else { -1 }, 0).unwrap_or(post.like_count);
    Some(Post { liked, like_count, ..post.clone() })
}

#[component]
fn LikeCount(count: Signal<i64>) -> impl IntoView {
    view! {
        <div class="like">
            <p class="post-card__replies">
                <Icon glyph=Glyph::Heart />
                {move || counted(count.get(), "like")}
            </p>
            <LogInLink words="Log in to like" />
        </div>
    }
}

#[component]
fn LikeTrouble(failure: Failure) -> impl IntoView {
    let signed_out = failure.is_signed_out();
    view! {
        <p class="like__trouble" role="alert">
            {if signed_out { "Your session has ended. ".to_owned() } else { failure.to_string() }}
            {signed_out.then(|| view! { <LogInLink /> })}
        </p>
    }
}

fn noun(count: i64) -> &'static str {
    if count == 1 { " like" } else { " likes" }
}
