//! What a browser may do with our answers. The policy for scripts comes with the pages: it holds a nonce per answer.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderName, HeaderValue, header};

use crate::router::Server;

const ALWAYS: [(HeaderName, HeaderValue); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
];
/// Data is never a page: opened as one, it may load nothing and be framed by nobody.
const NOT_A_PAGE: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
const STAY_ON_TLS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Adds the headers that keep an answer from being misused.
pub(crate) async fn security(State(server): State<Server>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let is_data = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    let headers = response.headers_mut();
    headers.extend(ALWAYS);
    if is_data {
        headers.insert(header::CONTENT_SECURITY_POLICY, NOT_A_PAGE);
    }
    if server.secure_cookies {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, STAY_ON_TLS);
    }
    response
}
