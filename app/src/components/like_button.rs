//! A heart that says what the server said.

use domain::community::Post;
use leptos::{ev::MouseEvent, form::ActionForm, prelude::*};

use super::{
    count::counted,
    form_trouble::failure_of,
    icons::{Glyph, Icon},
    log_in_link::LogInLink,
};
use crate::api::{Failure, Visit, community::LikePost};

/// Asks for a state, not for a change, so that two quick clicks cannot add up; the count comes from the answer.
///
/// Without JavaScript it is a plain form and the page loads anew.
#[component]
pub fn LikeButton(post: Signal<Post>) -> impl IntoView {
    let id = post.with_untracked(|post| post.id);
    let like = ServerAction::<LikePost>::new();
    let standing = Memo::new(move |last: Option<&Standing>| {
        let view = post.with(|post| Likes { mine: post.liked, count: post.like_count });
        let answer = like.value().get().and_then(Result::ok);
        Standing::next(last, view, answer.map(|liked| Likes { mine: liked.liked, count: liked.like_count }))
    });
    let likes = move || standing.get().shown;
    // The form may not be sent again meanwhile, but the button keeps the focus.
    let on_click = move |event: MouseEvent| {
        if like.pending().get_untracked() {
            event.prevent_default();
        }
    };
    if Visit::current().user.is_none() {
        return view! { <LikeCount likes=Signal::derive(likes) /> }.into_any();
    }

    view! {
        <div class="like">
            <ActionForm action=like>
                <input type="hidden" name="post" value=id.to_string() />
                <input type="hidden" name="liked" value=move || (!likes().mine).to_string() />
                <button
                    type="submit"
                    class="like-button"
                    aria-pressed=move || likes().mine.to_string()
                    aria-disabled=move || like.pending().get().then_some("true")
                    on:click=on_click
                >
                    <Icon glyph=Glyph::Heart />
                    <span class="visually-hidden">"Like"</span>
                    <span role="status">
                        {move || likes().count} <span class="visually-hidden">{move || noun(likes().count)}</span>
                    </span>
                </button>
            </ActionForm>
            {move || failure_of(like.value().get()).map(|failure| view! { <LikeTrouble failure /> })}
        </div>
    }
    .into_any()
}

#[component]
fn LikeCount(likes: Signal<Likes>) -> impl IntoView {
    view! {
        <div class="like">
            <p class="post-card__replies">
                <Icon glyph=Glyph::Heart />
                {move || counted(likes.get().count, "like")}
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Likes {
    mine: bool,
    count: i64,
}

/// What to show, out of two sources: the view of the post, and the answer to the last click. The newer one is right.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Standing {
    view: Likes,
    answer: Option<Likes>,
    shown: Likes,
}

impl Standing {
    fn next(last: Option<&Standing>, view: Likes, answer: Option<Likes>) -> Self {
        let shown = match (last, answer) {
            (Some(last), Some(answer)) if last.answer != Some(answer) => answer,
            (Some(last), _) if last.view == view => last.shown,
            (Some(_), _) => view,
            (None, answer) => answer.unwrap_or(view),
        };
        Standing { view, answer, shown }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newer_of_view_and_answer_is_shown() {
        let [before, clicked, later] = [(false, 3), (true, 4), (true, 6)].map(|(mine, count)| Likes { mine, count });

        let first = Standing::next(None, before, None);
        let answered = Standing::next(Some(&first), before, Some(clicked));
        let refreshed = Standing::next(Some(&answered), later, Some(clicked));
        let unchanged = Standing::next(Some(&refreshed), later, Some(clicked));

        let shown = [first.shown, answered.shown, refreshed.shown, unchanged.shown];
        assert_eq!(shown, [before, clicked, later, later]);
    }
}
