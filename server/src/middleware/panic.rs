//! A panic is an answer too: 500, and the rest of the server goes on.

use std::any::Any;

use axum::response::{IntoResponse, Response};

use crate::api::Problem;

/// Answers for a handler that panicked. Where it happened was printed when it did.
pub(crate) fn answer(panic: Box<dyn Any + Send + 'static>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no words");
    tracing::error!(panic = text, "a request panicked");
    Problem::internal().into_response()
}
