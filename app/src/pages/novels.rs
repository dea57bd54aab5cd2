//! Placeholder.
use leptos::prelude::*;

/// Placeholder.
#[component]
pub fn NovelsPage() -> impl IntoView {}

/// Placeholder.
#[component]
pub fn NovelPage() -> impl IntoView {}

/// Placeholder.
#[component]
pub fn ReadingPage() -> impl IntoView {}
