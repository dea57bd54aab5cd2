//! Where a reply is written.

mod early;

use domain::{
    community::Reply,
    id::{PostId, ReplyId},
    user::User,
};
use leptos::{ev::SubmitEvent, html::Textarea, prelude::*, server_fn::ServerFn};

use super::{
    field::{FieldProblem, problem_of, send_on_shortcut},
    form_trouble::{FormTrouble, failure_of},
    icons::{Glyph, Icon},
    log_in_link::LogInLink,
};
pub use early::UNSENT;

use crate::{
    api::{
        Failure, Visit,
        community::{AddReply, add_reply},
    },
    client::Kept,
};

/// The one form for replies to a post, and to each other: `to` says to which reply. Or the way to log in.
///
/// It stands below the thread and not in it: no change of the thread can touch what is being typed.
#[component]
pub fn ReplyForm(post: PostId, #[prop(into)] to: Signal<Option<ReplyId>>) -> impl IntoView {
    let Some(user) = Visit::current().user else {
        return view! {
            <div class="notice notice--info">
                <Icon glyph=Glyph::Info />
                <p class="notice__body">
                    <span><LogInLink /> " to reply."</span>
                </p>
            </div>
        }
        .into_any();
    };
    view! { <Composer post to user /> }.into_any()
}

#[component]
fn Composer(post: PostId, to: Signal<Option<ReplyId>>, user: User) -> impl IntoView {
    let content = NodeRef::<Textarea>::new();
    let kept = Kept::new(user.id, &format!("reply:{post}"), content);
    let answer = RwSignal::new(None::<Result<Reply, Failure>>);
    let sending = RwSignal::new(false);
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(field) = content.get_untracked().filter(|_| !sending.get_untracked()) else { return };
        let (text, to) = (field.value(), to.get_untracked());
        sending.set(true);
        answer.set(None);
        let reply = early::early(post, to, &user, text.clone());
        let sent = kept.sending();
        early::showing(reply)
            .on_success({
                let text = text.clone();
                move |reply| {
                    sent.let_go();
                    sending.set(false);
                    answer.set(Some(Ok(reply)));
                    // Whoever went on typing keeps it.
                    if field.value() == text {
                        field.set_value("");
                    }
                }
            })
            .on_failure(move |failure| {
                sending.set(false);
                answer.set(Some(Err(failure)));
            })
            .run(add_reply(post, to, text));
    };
    focus_when_answering(to, content);

    view! {
        <form method="post" action=AddReply::PATH class="composer" on:submit=on_submit>
            <FormTrouble what="Your reply was not posted." failure=Signal::derive(move || failure_of(answer.get())) />
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
                    on:input=move |_| kept.note()
                    on:keydown=move |event| send_on_shortcut(&event)
                ></textarea>
                <FieldProblem name="text" problem=Signal::derive(move || problem_of(answer.get(), "content")) />
            </div>
            <div class="composer__foot">
                <p class="field__hint" id="text-hint">
                    "Markdown works: *italic*, **bold**, > quotation. Ctrl+Enter sends."
                </p>
                <button class="button button--primary" type="submit" disabled=move || sending.get()>
                    "Post reply"
                </button>
            </div>
            <div role="status">
                {move || answer.get().and_then(Result::ok).map(|reply| view! { <Posted reply /> })}
            </div>
        </form>
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
