//! Placeholder.
use leptos::prelude::*;

/// Placeholder.
#[component]
pub fn LogInPage() -> impl IntoView {}
