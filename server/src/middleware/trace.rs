//! One span per request, with an id that the answer repeats, so that a report can be found in the log.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use http::{HeaderName, HeaderValue, Request, Response};
use tower_http::request_id::{MakeRequestId, RequestId};
use tracing::Span;

/// The header with a request's id. One that a proxy has set is kept.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Numbers requests, from a place that differs between processes.
#[derive(Clone, Debug)]
pub(crate) struct Numbered(Arc<AtomicU64>);

impl Numbered {
    /// Begins anywhere.
    pub(crate) fn new() -> Self {
        Numbered(Arc::new(AtomicU64::new(RandomState::new().hash_one("anywhere"))))
    }
}

impl MakeRequestId for Numbered {
    fn make_request_id<B>(&mut self, _: &Request<B>) -> Option<RequestId> {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        HeaderValue::try_from(format!("{number:016x}")).ok().map(RequestId::new)
    }
}

/// The span that everything is logged in. Queries are left out: people search for private things.
pub(crate) fn span<B>(request: &Request<B>) -> Span {
    let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
    let path: String = request.uri().path().chars().take(200).collect();
    tracing::info_span!("request", id, method = %request.method(), path)
}

/// One line per answer, for those who ask for it.
pub(crate) fn on_response<B>(response: &Response<B>, taken: Duration, _: &Span) {
    tracing::debug!(status = response.status().as_u16(), duration_ms = taken.as_secs_f64() * 1000.0, "answered");
}
