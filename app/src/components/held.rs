//! Lists and texts that others change while somebody reads them: nothing moves before the reader says so.
//!
//! What is shown stays in its place and is brought up to date there (a count of likes may grow). What is new is counted,
//! and shown when the reader asks for it; what they wrote themselves they see at once.

use domain::{
    community::{Post, Posts, Replies, Reply},
    id::UserId,
    reading::{Novel, Novels, Reading},
};
use leptos::prelude::*;

use crate::client::in_browser;

/// A view that can be brought up to date in part.
pub trait Live: Clone + PartialEq + Send + Sync + 'static {
    /// How `latest` is taken by whoever looks at `self`; `me` is who that is.
    fn meet(&self, latest: &Self, me: Option<UserId>) -> Meeting<Self>;
}

/// What becomes of a newer view.
#[derive(Clone, Debug, PartialEq)]
pub enum Meeting<T> {
    /// It is shown.
    Shown,
    /// The old one is shown, in this form, and so many things are new.
    Held { shown: T, news: usize },
}

/// What is shown, how much is new, and how to see it.
pub struct Held<T: Send + Sync + 'static> {
    pub shown: Signal<T>,
    pub news: Signal<usize>,
    pub show: Callback<()>,
}

#[derive(Clone, PartialEq)]
struct Standing<T, P> {
    latest: T,
    shown: T,
    news: usize,
    asked: u32,
    place: P,
    /// Was another place asked for, and the view is still that of the last one?
    is_moving: bool,
}

/// Holds `latest` as `me` looks at it. `place` says which part of a list was asked for: another part is no news, and is
/// shown as soon as it comes. On the server nothing is held.
pub fn hold<T, P>(latest: Signal<T>, place: impl Fn() -> P + Send + Sync + 'static, me: Option<UserId>) -> Held<T>
where
    T: Live,
    P: Clone + PartialEq + Send + Sync + 'static,
{
    if !in_browser() {
        return Held { shown: latest, news: Signal::stored(0), show: Callback::new(|()| {}) };
    }
    let asked = RwSignal::new(0_u32);
    let standing = Memo::new(move |last: Option<&Standing<T, P>>| next(last, latest.get(), asked.get(), place(), me));
    Held {
        shown: Memo::new(move |_| standing.with(|standing| standing.shown.clone())).into(),
        news: Memo::new(move |_| standing.with(|standing| standing.news)).into(),
        show: Callback::new(move |()| asked.update(|asked| *asked += 1)),
    }
}

fn next<T, P>(last: Option<&Standing<T, P>>, latest: T, asked: u32, place: P, me: Option<UserId>) -> Standing<T, P>
where
    T: Live,
    P: Clone + PartialEq,
{
    let moves = last.is_some_and(|last| last.is_moving || last.place != place);
    let has_come = last.is_none_or(|last| last.latest != latest);
    let held = last.filter(|last| last.asked == asked && !(moves && has_come));
    let (shown, news) = match held.map(|last| last.shown.meet(&latest, me)) {
        Some(Meeting::Held { shown, news }) => (shown, news),
        Some(Meeting::Shown) | None => (latest.clone(), 0),
    };
    Standing { latest, shown, news, asked, place, is_moving: moves && !has_come }
}

/// Says that something is new, over what is read and not above it, and shows it on a click.
#[component]
pub fn News(
    news: Signal<usize>,
    show: Callback<()>,
    /// What to say of so many, without the invitation.
    words: fn(usize) -> String,
) -> impl IntoView {
    let button = move || {
        (news.get() > 0).then(|| {
            view! {
                <button class="button button--small news__button" type="button" on:click=move |_| show.run(())>
                    {move || format!("{} — show", words(news.get()))}
                </button>
            }
        })
    };
    view! { <div class="news" role="status">{button}</div> }
}

/// A list whose items have an author.
trait List: Sized {
    type Item: Clone;
    type Id: PartialEq;

    fn items(&self) -> &[Self::Item];
    fn with(&self, items: Vec<Self::Item>) -> Self;
    fn id(item: &Self::Item) -> Self::Id;
    fn author(item: &Self::Item) -> UserId;
}

fn meet<L: List>(shown: &L, latest: &L, me: Option<UserId>) -> Meeting<L> {
    let find = |list: &L, item: &L::Item| list.items().iter().find(|known| L::id(known) == L::id(item)).cloned();
    let new: Vec<&L::Item> = latest.items().iter().filter(|item| find(shown, item).is_none()).collect();
    let is_mine = |item: &&L::Item| Some(L::author(item)) == me;
    let is_whole = shown.items().iter().all(|item| find(latest, item).is_some());
    // Where there was nothing, nothing can move.
    if shown.items().is_empty() || (new.is_empty() && is_whole) || new.iter().any(is_mine) {
        return Meeting::Shown;
    }
    let brought_up = shown.items().iter().map(|item| find(latest, item).unwrap_or_else(|| item.clone()));
    Meeting::Held { shown: shown.with(brought_up.collect()), news: new.len() }
}

impl List for Posts {
    type Item = Post;
    type Id = domain::id::PostId;

    fn items(&self) -> &[Post] {
        &self.posts
    }

    fn with(&self, posts: Vec<Post>) -> Self {
        Posts { posts, ..self.clone() }
    }

    fn id(item: &Post) -> Self::Id {
        item.id
    }

    fn author(item: &Post) -> UserId {
        item.author.id
    }
}

impl List for Replies {
    type Item = Reply;
    type Id = domain::id::ReplyId;

    fn items(&self) -> &[Reply] {
        &self.replies
    }

    fn with(&self, replies: Vec<Reply>) -> Self {
        Replies { replies }
    }

    fn id(item: &Reply) -> Self::Id {
        item.id
    }

    fn author(item: &Reply) -> UserId {
        item.author.id
    }
}

impl List for Novels {
    type Item = Novel;
    type Id = domain::id::StoryId;

    fn items(&self) -> &[Novel] {
        &self.stories
    }

    fn with(&self, stories: Vec<Novel>) -> Self {
        Novels { stories, ..self.clone() }
    }

    fn id(item: &Novel) -> Self::Id {
        item.id
    }

    fn author(item: &Novel) -> UserId {
        item.author.id
    }
}

impl Live for Novels {
    fn meet(&self, latest: &Self, me: Option<UserId>) -> Meeting<Self> {
        meet(self, latest, me)
    }
}

impl Live for Posts {
    fn meet(&self, latest: &Self, me: Option<UserId>) -> Meeting<Self> {
        meet(self, latest, me)
    }
}

impl Live for Replies {
    fn meet(&self, latest: &Self, me: Option<UserId>) -> Meeting<Self> {
        meet(self, latest, me)
    }
}

impl Live for Reading {
    /// The way to other chapters is no text: it is always up to date.
    fn meet(&self, latest: &Self, _: Option<UserId>) -> Meeting<Self> {
        if self.chapter.id != latest.chapter.id || (self.scenes == latest.scenes && self.chapter == latest.chapter) {
            return Meeting::Shown;
        }
        let shown = Reading { previous: latest.previous.clone(), next: latest.next.clone(), ..self.clone() };
        Meeting::Held { shown, news: 1 }
    }
}

#[cfg(test)]
mod tests;
