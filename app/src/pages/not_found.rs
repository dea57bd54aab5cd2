//! What a path that leads nowhere shows.

use leptos::prelude::*;

use crate::{api::Failure, components::failure_view::FailureView};

/// Any path without a page.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! { <FailureView failure=Failure::no_such_page() /> }
}
