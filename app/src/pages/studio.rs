//! Placeholder.
use leptos::prelude::*;


/// Placeholder.
#[component]
pub fn ShelfPage() -> impl IntoView {}

/// Placeholder.
#[component]
pub fn StoryPage() -> impl IntoView {}
