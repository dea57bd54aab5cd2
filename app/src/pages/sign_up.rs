//! Placeholder.
use leptos::prelude::*;

/// Placeholder.
#[component]
pub fn SignUpPage() -> impl IntoView {}
