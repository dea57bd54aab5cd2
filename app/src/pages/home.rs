//! Placeholder.
use leptos::prelude::*;

/// Placeholder.
#[component]
pub fn HomePage() -> impl IntoView {}
