//! Where a post is written.

use domain::{
    community::{Post, PostKind},
    id::{StoryId, UserId},
};
use leptos::{
    form::ActionForm,
    html::{Input, Textarea},
    prelude::*,
};

use super::{
    field::{FieldProblem, problem_of, send_on_shortcut},
    form_trouble::{FormTrouble, failure_of},
    icons::{Glyph, Icon},
    log_in_link::LogInLink,
    post_card::kind_name,
};
use crate::{
    api::{Visit, community::AddPost},
    client::Kept,
};

/// A form for a new post on the board of `story`, or the way to log in.
///
/// It stands beside the list and not in it: no change of the list can touch what is being typed.
#[component]
pub fn PostComposer(story: StoryId) -> impl IntoView {
    let Some(user) = Visit::current().user else {
        return view! {
            <div class="notice notice--info">
                <Icon glyph=Glyph::Info />
                <p class="notice__body">
                    <span><LogInLink /> " to write a post."</span>
                </p>
            </div>
        }
        .into_any();
    };
    view! { <PostForm story person=user.id /> }.into_any()
}

/// What is typed is kept on the device until the server has it. While it is sent nothing more may be typed: it would go
/// with what was sent.
#[component]
fn PostForm(story: StoryId, person: UserId) -> impl IntoView {
    let add = ServerAction::<AddPost>::new();
    let (title, content) = (NodeRef::<Input>::new(), NodeRef::<Textarea>::new());
    let kept_title = Kept::new(person, &format!("title:{story}"), title);
    let kept_content = Kept::new(person, &format!("post:{story}"), content);
    Effect::new(move |_| {
        if let Some(Ok(_)) = add.value().get() {
            empty(title, content);
            kept_title.let_go();
            kept_content.let_go();
        }
    });
    let is_sending = move || add.pending().get();
    let problem = move |field: &'static str| Signal::derive(move || problem_of(add.value().get(), field));
    let posted = move || add.value().get().and_then(Result::ok).map(|post| view! { <Posted post /> });

    view! {
        <ActionForm action=add attr:class="composer">
            <FormTrouble what="Your post was not published." failure=Signal::derive(move || failure_of(add.value().get())) />
            <input type="hidden" name="story" value=story.to_string() />
            <div class="composer__row">
                <div class="field">
                    <label class="field__label" for="title">
                        "Title"
                    </label>
                    <input
                        class="field__input"
                        id="title"
                        name="title"
                        maxlength="255"
                        required
                        autocomplete="off"
                        readonly=is_sending
                        node_ref=title
                        on:input=move |_| kept_title.note()
                    />
                    <FieldProblem name="title" problem=problem("title") />
                </div>
                <KindField />
            </div>
            <div class="field">
                <label class="field__label" for="text">
                    "Text"
                </label>
                <textarea
                    class="field__input composer__text"
                    id="text"
                    name="content"
                    maxlength="10000"
                    required
                    aria-describedby="text-hint text-problem"
                    readonly=is_sending
                    node_ref=content
                    on:input=move |_| kept_content.note()
                    on:keydown=move |event| send_on_shortcut(&event)
                ></textarea>
                <FieldProblem name="text" problem=problem("content") />
            </div>
            <div class="composer__foot">
                <p class="field__hint" id="text-hint">
                    "Markdown works: *italic*, **bold**, > quotation. Ctrl+Enter sends."
                </p>
                <button class="button button--primary" type="submit" disabled=is_sending>
                    "Publish post"
                </button>
            </div>
            <div role="status">{posted}</div>
        </ActionForm>
    }
}

fn empty(title: NodeRef<Input>, content: NodeRef<Textarea>) {
    if let Some(title) = title.get_untracked() {
        title.set_value("");
    }
    if let Some(content) = content.get_untracked() {
        content.set_value("");
    }
}

#[component]
fn KindField() -> impl IntoView {
    let options = PostKind::ALL.map(|kind| view! { <option value=kind.as_str()>{kind_name(kind)}</option> });
    view! {
        <div class="field">
            <label class="field__label" for="kind">
                "Kind"
            </label>
            <select class="field__input" id="kind" name="kind">
                {options.into_iter().collect_view()}
            </select>
        </div>
    }
}

#[component]
fn Posted(post: Post) -> impl IntoView {
    view! {
        <div class="notice notice--ok">
            <Icon glyph=Glyph::Check />
            <p class="notice__body">
                <span>"Published: " <a href=format!("/community/posts/{}", post.id)>{post.title}</a></span>
            </p>
        </div>
    }
}
