//! The one way to show a view: waiting, failed, or there.

use leptos::prelude::*;
use serde::de::DeserializeOwned;

use super::failure_view::FailureView;
use crate::{api::Failure, client::View};

/// Shows `children` once the view is there, and a failure where it cannot be.
///
/// The children are made once and get a signal: what a person types, folds or focuses in them survives every change of
/// the view.
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
    // While a failure is shown, closures that are about to go still read the last value.
    let latest =
        Memo::new(move |last: Option<&Option<T>>| of.get().and_then(Result::ok).or_else(|| last.cloned().flatten()));
    let outcome = Memo::new(move |_| of.get().map(Result::err));
    move || {
        let failure: Option<Failure> = outcome.get()?;
        Some(match failure {
            Some(failure) => view! { <FailureView failure /> }.into_any(),
            None => {
                let value = Signal::derive(move || latest.get().expect("it has arrived"));
                children(value).into_any()
            }
        })
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
