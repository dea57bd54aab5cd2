//! The front door.

use leptos::prelude::*;
use leptos_router::components::Redirect;

/// `/`: leads to the novels.
#[component]
pub fn HomePage() -> impl IntoView {
    view! { <Redirect path="/novels" /> }
}
