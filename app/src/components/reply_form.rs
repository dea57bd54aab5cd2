//! Where a reply is written.

use domain::{
    community::Reply,
    id::{PostId, ReplyId},
};
use leptos::{form::ActionForm, html::Textarea, prelude::*};

use super::{
    field::{FieldProblem, problem_of},
    form_trouble::{FormTrouble, failure_of},
    icons::{Glyph, Icon},
    log_in_link::LogInLink,
};
use crate::api::{Visit, community::AddReply};

/// The one form for replies to a post, and to each other: `to` says to which reply. Or the way to log in.
///
/// It stands below the thread and not in it: no change of the thread can touch what is being typed.
#[component]
pub fn ReplyForm(post: PostId, #[prop(into)] to: Signal<Option<ReplyId>>) -> impl IntoView {
    if Visit::current().user.is_none() {
        return view! {
            <div class="notice notice--info">
                <Icon glyph=Glyph::Info />
                <p class="notice__body">
                    <span><LogInLink /> " to reply."</span>
                </p>
            </div>
        }
        .into_any();
    }
    view! { <Composer post to /> }.into_any()
}

#[component]
fn Composer(post: PostId, to: Signal<Option<ReplyId>>) -> impl IntoView {
    let add = ServerAction::<AddReply>::new();
    let content = NodeRef::<Textarea>::new();
    Effect::new(move |_| {
        if let (Some(Ok(_)), Some(content)) = (add.value().get(), content.get_untracked()) {
            content.set_value("");
        }
    });
    focus_when_answering(to, content);
    let problem = Signal::derive(move || problem_of(add.value().get(), "content"));
    let posted = move || add.value().get().and_then(Result::ok).map(|reply| view! { <Posted reply /> });

    view! {
        <ActionForm action=add attr:class="composer">
            <FormTrouble what="Your reply was not posted." failure=Signal::derive(move || failure_of(add.value().get())) />
            <input type="hidden" name="post" value=post.to_string() />
            {move || to.get().map(|to| view! { <Answering post to /> })}
            <div class="field">
                <label class="field__label" for="text">
                    "Reply"
                </label>
                <textarea
                    class="field__input composer__text composer__text--short"
                    id="text"
                    name="content"
                    maxlength="10000"
                    required
                    aria-describedby="text-hint text-problem"
                    node_ref=content
                ></textarea>
                <FieldProblem name="text" problem />
            </div>
            <div class="composer__foot">
                <p class="field__hint" id="text-hint">
                    "Markdown works: *italic*, **bold**, > quotation."
                </p>
                <button class="button button--primary" type="submit" disabled=move || add.pending().get()>
                    "Post reply"
                </button>
            </div>
            <div role="status">{posted}</div>
        </ActionForm>
    }
}

/// Whoever chooses to answer a reply wants to type.
fn focus_when_answering(to: Signal<Option<ReplyId>>, content: NodeRef<Textarea>) {
    Effect::new(move |last: Option<Option<ReplyId>>| {
        let to = to.get();
        let chosen = last.is_some_and(|last| last != to) && to.is_some();
        if let Some(content) = content.get_untracked().filter(|_| chosen) {
            // A field that cannot be focused is not there any more.
            let _ = content.focus();
        }
        to
    });
}

#[component]
fn Answering(post: PostId, to: ReplyId) -> impl IntoView {
    view! {
        <p class="answering">
            <input type="hidden" name="parent" value=to.to_string() />
            <span>"In answer to " <a href=format!("#reply-{to}")>"this reply"</a></span>
            <a class="button button--quiet button--small" href=format!("/community/posts/{post}#answer")>
                "Answer the post instead"
            </a>
        </p>
    }
}

#[component]
fn Posted(reply: Reply) -> impl IntoView {
    view! {
        <div class="notice notice--ok">
            <Icon glyph=Glyph::Check />
            <p class="notice__body">
                <span>"Posted. " <a href=format!("#reply-{}", reply.id)>"See it in the thread"</a></span>
            </p>
        </div>
    }
}
