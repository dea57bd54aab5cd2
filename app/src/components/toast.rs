//! What is said for a while at the foot of the window, over whatever page is there.

use std::time::Duration;

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};

use crate::client::Waiting;

/// How long a toast stays. It stays longer while it is pointed at, or has the focus.
const STAYS: Duration = Duration::from_secs(10);
const NOT_YET: &str = "No connection. The page opens as soon as there is one.";

/// The toast that is shown. In the context of the whole app; a new one takes the place of the last.
#[derive(Clone, Copy, Default)]
pub struct Toast(RwSignal<Option<ViewFn>>);

impl Toast {
    /// Shows it for ten seconds.
    pub fn show(self, view: impl Into<ViewFn>) {
        self.0.set(Some(view.into()));
    }

    /// Shows nothing.
    pub fn clear(self) {
        self.0.set(None);
    }
}

/// Where toasts appear.
#[component]
pub fn Toasts() -> impl IntoView {
    let waiting = expect_context::<Waiting>();
    let toast = expect_context::<Toast>();
    view! {
        <div class="toasts" role="status">
            {move || waiting.get().then(|| view! { <p class="toast">{NOT_YET}</p> })}
            {move || toast.0.get().map(|view| view! { <Passing toast view /> })}
        </div>
    }
}

/// A toast, which goes by itself.
#[component]
fn Passing(toast: Toast, view: ViewFn) -> impl IntoView {
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stay = move || {
        timer.try_update_value(|timer| timer.take().map(|timer| timer.clear()));
    };
    let pass = move || {
        stay();
        timer.set_value(set_timeout_with_handle(move || toast.clear(), STAYS).ok());
    };
    pass();
    on_cleanup(stay);
    view! {
        <div
            class="toast"
            on:pointerenter=move |_| stay()
            on:pointerleave=move |_| pass()
            on:focusin=move |_| stay()
            on:focusout=move |_| pass()
        >
            {view.run()}
        </div>
    }
}
