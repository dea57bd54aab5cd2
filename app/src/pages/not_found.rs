//! Placeholder.
use leptos::prelude::*;

/// Placeholder.
#[component]
pub fn NotFoundPage() -> impl IntoView {}
