//! How long a request may take, and how large it may be.

use std::time::Duration;

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};

use crate::api::{MAX_TEXT_BYTES, Problem, collect};

/// How long any answer may take to begin.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a path with its query may be, in bytes.
const MAX_URI_BYTES: usize = 16 * 1024;

/// Answers 503 to what takes too long.
pub(crate) async fn in_time(request: Request, next: Next) -> Response {
    let answer = tokio::time::timeout(PATIENCE, next.run(request)).await;
    answer.unwrap_or_else(|_| {
        tracing::warn!(patience_secs = PATIENCE.as_secs(), "a request took too long");
        Problem::unavailable().into_response()
    })
}

/// Answers 414 and 413 to what no legal request can be. Bodies that do not say how long they are, are counted where
/// they are read.
pub(crate) async fn in_size(request: Request, next: Next) -> Response {
    let uri_bytes = request.uri().path_and_query().map_or(0, |path| path.as_str().len());
    if uri_bytes > MAX_URI_BYTES {
        return Problem::new(StatusCode::URI_TOO_LONG, "too_large", "This address is too long.").into_response();
    }
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if announced.is_some_and(|bytes: usize| bytes > MAX_TEXT_BYTES) {
        // Read to its end (or a bound), so that the sender lives to hear the answer.
        let refusal = collect(request.into_body(), MAX_TEXT_BYTES).await.err();
        return refusal.unwrap_or_else(|| Problem::too_large(MAX_TEXT_BYTES)).into_response();
    }
    next.run(request).await
}
