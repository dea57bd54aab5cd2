//! Placeholder.
use leptos::prelude::*;

/// Placeholder.
#[component]
pub fn CommunityPage() -> impl IntoView {}

/// Placeholder.
#[component]
pub fn BoardPage() -> impl IntoView {}

/// Placeholder.
#[component]
pub fn PostPage() -> impl IntoView {}
