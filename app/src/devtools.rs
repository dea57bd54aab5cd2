//! Placeholder.
use leptos::prelude::*;

/// Placeholder.
#[component]
pub fn Devtools() -> impl IntoView {}
