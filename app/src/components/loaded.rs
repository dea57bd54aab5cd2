//! The one way to show a view: waiting, failed, or there.

use leptos::prelude::*;
use serde::de::DeserializeOwned;

use super::failure_view::{FailureView, StaleNotice};
use crate::{
    api::Failure,
    client::{View, in_browser},
};

/// Something that is read from the server, now and again.
pub trait Source: Copy + Send + Sync + 'static {
    /// What is read.
    type Value: Clone + PartialEq + Send + Sync + 'static;

    /// What may be shown now; `None` while it is loading. Tracks, and holds up the enclosing `Suspense`.
    fn get(self) -> Option<Result<Self::Value, Failure>>;

    /// Asks the server again, as after a failure.
    fn retry(self);
}

impl<T> Source for View<T>
where
    T: Clone + PartialEq + DeserializeOwned + Send + Sync + 'static,
{
    type Value = T;

    fn get(self) -> Option<Result<T, Failure>> {
        View::get(self)
    }

    fn retry(self) {
        View::retry(self);
    }
}

/// Shows `children` once the view is there, and a failure where it cannot be.
///
/// The children are made once and get a signal: what a person types, folds or focuses in them survives every change of
/// the view. Once made they stay: when the view cannot be had again, they are marked as what was there before.
#[component]
pub fn Loaded<S, F, V>(of: S, children: F) -> impl IntoView
where
    S: Source,
    F: Fn(Signal<S::Value>) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    // Made inside the `Transition`, so that the server waits for the view before it sends the page.
    let show = move || {
        let latest: Signal<Option<S::Value>> = if in_browser() {
            let or_last = move |last: Option<&Option<S::Value>>| {
                of.get().and_then(Result::ok).or_else(|| last.cloned().flatten())
            };
            Memo::new(or_last).into()
        } else {
            Signal::derive(move || of.get().and_then(Result::ok))
        };
        let children = children.clone();
        let content = move || children(Signal::derive(move || latest.get().expect("it has arrived"))).into_any();
        Content { has_arrived: settled(move || latest.with(Option::is_some)), make: Box::new(content) }
    };
    let failure = move || of.get().and_then(Result::err);
    view! {
        <Transition fallback=Skeleton>
            <Arrived
                show=Box::new(show.clone())
                failure=Box::new(failure)
                retry=Callback::new(move |()| of.retry())
            />
        </Transition>
    }
}

/// A signal that changes only when its value does. The server renders once, on several threads: there the view is read
/// at the moment of rendering, for a memo may have looked just before it arrived.
fn settled<T: Clone + PartialEq + Send + Sync + 'static>(read: impl Fn() -> T + Send + Sync + 'static) -> Signal<T> {
    if in_browser() { Memo::new(move |_| read()).into() } else { Signal::derive(read) }
}

/// What there is to show, and whether it is there.
struct Content {
    has_arrived: Signal<bool>,
    make: Box<dyn Fn() -> AnyView + Send + Sync>,
}

/// The part of [`Loaded`] that is the same whatever is shown: compiled once, it keeps the WASM small.
#[component]
fn Arrived(
    show: Box<dyn Fn() -> Content + Send + Sync>,
    failure: Box<dyn Fn() -> Option<Failure> + Send + Sync>,
    retry: Callback<()>,
) -> impl IntoView {
    let Content { has_arrived, make } = show();
    let failure = settled(failure);
    let trouble = move || {
        let failure = failure.get()?;
        Some(if has_arrived.get() {
            view! { <StaleNotice failure retry /> }.into_any()
        } else {
            view! { <FailureView failure retry /> }.into_any()
        })
    };
    let content = move || has_arrived.get().then(&make);
    view! {
        {trouble}
        {content}
    }
}

/// The shape of content that is still on its way.
#[component]
pub fn Skeleton() -> impl IntoView {
    view! {
        <div class="skeleton" aria-hidden="true">
            <span class="skeleton__line skeleton__line--title"></span>
            <span class="skeleton__line"></span>
            <span class="skeleton__line skeleton__line--short"></span>
        </div>
    }
}
