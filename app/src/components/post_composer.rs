//! Where a post is written.

use domain::{
    community::{Post, PostKind},
    id::{StoryId, UserId},
};
use leptos::{
    ev::SubmitEvent,
    form::FromFormData,
    html::{Input, Textarea},
    prelude::*,
    server_fn::ServerFn,
    task::spawn_local,
};

use super::{
    field::{FieldProblem, problem_of, send_on_shortcut},
    form_trouble::{FormTrouble, failure_of},
    icons::{Glyph, Icon},
    log_in_link::LogInLink,
    post_card::kind_name,
};
use crate::{
    api::{
        Failure, Visit,
        community::{AddPost, add_post},
    },
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
    let form = Form::new(person, story);
    let is_sending = move || form.sending.get();
    let problem = move |field: &'static str| Signal::derive(move || problem_of(form.answer.get(), field));
    let failure = Signal::derive(move || failure_of(form.answer.get()));
    let posted = move || form.answer.get().and_then(Result::ok).map(|post| view! { <Posted post /> });

    view! {
        <form method="post" action=AddPost::PATH class="composer" on:submit=move |event| form.send(&event)>
            <FormTrouble what="Your post was not published." failure />
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
                        node_ref=form.title
                        on:input=move |_| form.kept_title.note()
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
                    node_ref=form.content
                    on:input=move |_| form.kept_content.note()
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
        </form>
    }
}

/// What the form is made of.
#[derive(Clone, Copy)]
struct Form {
    title: NodeRef<Input>,
    content: NodeRef<Textarea>,
    kept_title: Kept<Input>,
    kept_content: Kept<Textarea>,
    sending: RwSignal<bool>,
    answer: RwSignal<Option<Result<Post, Failure>>>,
}

impl Form {
    fn new(person: UserId, story: StoryId) -> Self {
        let (title, content) = (NodeRef::new(), NodeRef::new());
        Form {
            title,
            content,
            kept_title: Kept::new(person, &format!("title:{story}"), title),
            kept_content: Kept::new(person, &format!("post:{story}"), content),
            sending: RwSignal::new(false),
            answer: RwSignal::new(None),
        }
    }

    fn send(self, event: &SubmitEvent) {
        event.prevent_default();
        let post = AddPost::from_event(event).ok().filter(|_| !self.sending.get_untracked());
        let Some(AddPost { story, title, content, kind }) = post else { return };
        self.sending.set(true);
        self.answer.set(None);
        let sent = (self.kept_title.sending(), self.kept_content.sending());
        // Whoever leaves before the answer must not find again what is posted by then.
        spawn_local(async move {
            let answer = add_post(story, title, content, kind).await;
            if answer.is_ok() {
                sent.0.let_go();
                sent.1.let_go();
                self.empty();
            }
            self.sending.set(false);
            self.answer.set(Some(answer));
        });
    }

    /// The form may be gone by now.
    fn empty(self) {
        if let Some(title) = self.title.try_get_untracked().flatten() {
            title.set_value("");
        }
        if let Some(content) = self.content.try_get_untracked().flatten() {
            content.set_value("");
        }
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
