//! Placeholder.
use leptos::prelude::*;

use crate::api::Failure;

/// Placeholder.
#[component]
pub fn FailureView(failure: Failure) -> impl IntoView {
    failure.to_string()
}
