//! The one way to show a view: waiting, failed, or there.

use leptos::prelude::*;
use serde::de::DeserializeOwned;

use super::failure_view::{FailureView, StaleNotice};
use crate::client::View;

/// Shows `children` once the view is there, and a failure where it cannot be.
///
/// The children are made once and get a signal: what a person types, folds or focuses in them survives every change of
/// the view. Once made they stay: when the view cannot be had again, they are marked as what was there before.
#[component]
pub fn Loaded<T, F, V>(of: View<T>, children: F) -> impl IntoView
where
    T: Clone + PartialEq + DeserializeOwned + Send + Sync + 'static,
    F: Fn(Signal<T>) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    view! {
        <Transition fallback=Skeleton>
            <Arrived of children=children.clone() />
        </Transition>
    }
}

/// Made inside the `Transition`, so that the server waits for the view before it sends the page.
#[component]
fn Arrived<T, F, V>(of: View<T>, children: F) -> impl IntoView
where
    T: Clone + PartialEq + DeserializeOwned + Send + Sync + 'static,
    F: Fn(Signal<T>) -> V + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let latest =
        Memo::new(move |last: Option<&Option<T>>| of.get().and_then(Result::ok).or_else(|| last.cloned().flatten()));
    let has_arrived = Memo::new(move |_| latest.with(Option::is_some));
    let failure = Memo::new(move |_| of.get().and_then(Result::err));
    let retry = Callback::new(move |()| of.retry());
    let trouble = move || {
        let failure = failure.get()?;
        Some(if has_arrived.get() {
            view! { <StaleNotice failure retry /> }.into_any()
        } else {
            view! { <FailureView failure retry /> }.into_any()
        })
    };
    let content = move || {
        has_arrived.get().then(|| children(Signal::derive(move || latest.get().expect("it has arrived"))).into_any())
    };
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
