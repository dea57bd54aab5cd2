//! Placeholder.
use leptos::prelude::*;

/// Placeholder.
#[component]
pub fn Layout(children: Children) -> impl IntoView {
    children()
}
