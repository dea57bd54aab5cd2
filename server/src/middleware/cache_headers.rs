//! The only writer of caching headers.
//!
//! Both doors note in the request's [`Report`] which views were read and what became stale. This middleware alone turns
//! that into headers, and answers 304. An answer without a policy may be kept by nobody.

use std::time::Duration;

use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use backend::cache::{Floor, Report, Status, Summary};
use chrono::{DateTime, Utc};
use domain::cache::{Plan, Sharing, group_invalidation, page_types_header, tags_header};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use super::etag;
use crate::router::Server;

const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");
const CACHE_GROUP_INVALIDATION: HeaderName = HeaderName::from_static("cache-group-invalidation");
const X_CACHE_STATUS: HeaderName = HeaderName::from_static("x-cache-status");
const X_CACHE_CLOCK: HeaderName = HeaderName::from_static("x-cache-clock");
const X_CACHE_INVALIDATE: HeaderName = HeaderName::from_static("x-cache-invalidate");
const X_CACHE_INVALIDATE_KEYS: HeaderName = HeaderName::from_static("x-cache-invalidate-keys");
const X_CACHE_INVALIDATE_TIMESTAMP: HeaderName = HeaderName::from_static("x-cache-invalidate-timestamp");

/// What is said about an answer that has no policy.
const NO_POLICY: HeaderValue = HeaderValue::from_static("no-store");

/// What is said about a file whose address is no other file's, ever (RFC 8246).
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Marks an answer that is a file of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asset {
    /// It keeps its address when it changes.
    Changing,
    /// Its address names what is in it.
    Immutable,
}

/// What must be remembered of a request to write the headers of its answer.
struct Asked {
    is_read: bool,
    is_studio: bool,
    if_none_match: Vec<HeaderValue>,
}

/// Gives the request its report and the floor it asks for, and the answer its caching headers.
pub(crate) async fn cache_headers(State(server): State<Server>, mut request: Request, next: Next) -> Response {
    let report = Report::default();
    request.extensions_mut().insert(report.clone());
    let floor = floor(request.headers());
    request.extensions_mut().insert(floor);
    let asked = Asked::of(&request);

    let mut response = next.run(request).await;
    debug_assert!(!response.headers().contains_key(header::CACHE_CONTROL), "only this middleware sets Cache-Control");

    let summary = report.summary();
    let sharing = sharing(&asked, &response, &summary);
    write_policy(&mut response, &asked, sharing);
    write_read(response.headers_mut(), &summary);
    if let Some(plan) = &summary.plan {
        let at = summary.written_at.unwrap_or_else(|| server.backend.now());
        write_plan(response.headers_mut(), plan, at);
    }
    match (sharing, &summary.etag) {
        (Some(_), Some(tag)) => with_etag(response, tag, &asked),
        _ => response,
    }
}

impl Asked {
    fn of(request: &Request) -> Self {
        let path = request.uri().path();
        Asked {
            is_read: matches!(*request.method(), Method::GET | Method::HEAD),
            is_studio: path == "/studio" || path.starts_with("/studio/"),
            if_none_match: request.headers().get_all(header::IF_NONE_MATCH).iter().cloned().collect(),
        }
    }
}

/// What the client says it has seen. Several such headers come from nobody who knows what it does. `no-cache` asks for what
/// the origin has now (RFC 9111, 5.2.1.4), and the origin is the database.
fn floor(headers: &HeaderMap) -> Floor {
    let directives = headers.get_all(header::CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    if directives.flat_map(|all| all.split(',')).any(|one| one.trim().eq_ignore_ascii_case("no-cache")) {
        return Floor::Database;
    }
    let mut values = headers.get_all(X_CACHE_CLOCK).iter();
    match (values.next(), values.next()) {
        (None, _) => Floor::None,
        (Some(value), None) => value.to_str().map_or(Floor::Database, Floor::parse),
        (Some(_), Some(_)) => Floor::Database,
    }
}

/// Who may share this answer: a view that was asked for and found, or a file of the site. Pages hold a nonce and
/// whatever else is new in each of them, so they are no views.
fn sharing(asked: &Asked, response: &Response, summary: &Summary) -> Option<Sharing> {
    let is_json = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    if response.extensions().get::<Asset>().is_some() {
        Some(Sharing::Public)
    } else if asked.is_read && is_json && response.status().is_success() {
        summary.sharing
    } else {
        None
    }
}

fn write_policy(response: &mut Response, asked: &Asked, sharing: Option<Sharing>) {
    let asset = response.extensions().get::<Asset>().copied();
    let control = match sharing {
        Some(_) if asset == Some(Asset::Immutable) => FOR_EVER,
        Some(sharing) => HeaderValue::from_static(sharing.cache_control()),
        None if asked.is_studio => HeaderValue::from_static(Sharing::Private.cache_control()),
        None => NO_POLICY,
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, control);
    if asset.is_some() {
        vary_on(headers, "Accept-Encoding");
    } else {
        vary_on(headers, "Cookie");
    }
}

fn vary_on(headers: &mut HeaderMap, name: &'static str) {
    let is_there = headers.get_all(header::VARY).iter().any(|value| {
        value.to_str().is_ok_and(|text| text.split(',').any(|word| word.trim().eq_ignore_ascii_case(name)))
    });
    if !is_there {
        headers.append(header::VARY, HeaderValue::from_static(name));
    }
}

/// What the server's cache did, in our words and in those of RFC 9211.
fn write_read(headers: &mut HeaderMap, summary: &Summary) {
    if let Some(status) = summary.status {
        headers.insert(X_CACHE_STATUS, HeaderValue::from_static(status.as_str()));
        write(headers, CACHE_STATUS, Some(standard_status(status, summary.overdue)));
    }
    if let Some(clock) = summary.clock {
        write(headers, X_CACHE_CLOCK, Some(clock.to_string()));
    }
}

/// The words of RFC 9211. There, too, “stale” means that the time of an entry is over, and a negative `ttl` says so.
fn standard_status(status: Status, overdue: Option<Duration>) -> String {
    match status {
        Status::Hit => "fictures; hit".to_owned(),
        // Rounded away from zero: it is over.
        Status::Stale => format!("fictures; hit; ttl=-{}", overdue.unwrap_or_default().as_secs() + 1),
        Status::Miss => "fictures; fwd=miss; stored".to_owned(),
        Status::Bypass => "fictures; fwd=bypass".to_owned(),
    }
}

/// What became stale; also on an error answer, for the write has happened.
fn write_plan(headers: &mut HeaderMap, plan: &Plan, at: DateTime<Utc>) {
    write(headers, X_CACHE_INVALIDATE, Some(page_types_header(&plan.page_types)));
    write(headers, X_CACHE_INVALIDATE_KEYS, tags_header(&plan.tags));
    write(headers, CACHE_GROUP_INVALIDATION, group_invalidation(&plan.tags));
    write(headers, X_CACHE_INVALIDATE_TIMESTAMP, Some(at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()));
}

fn write(headers: &mut HeaderMap, name: HeaderName, value: Option<String>) {
    if let Some(value) = value.and_then(|text| HeaderValue::try_from(text).ok()) {
        headers.insert(name, value);
    }
}

/// Tags the answer; the client that has it already gets the headers alone.
fn with_etag(mut response: Response, tag: &str, asked: &Asked) -> Response {
    if let Some(value) = etag::in_encoding(tag, response.headers()) {
        response.headers_mut().insert(header::ETAG, value);
    }
    if !etag::is_known(tag, &asked.if_none_match) {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    for of_the_body in [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::CONTENT_ENCODING] {
        parts.headers.remove(of_the_body);
    }
    parts.status = StatusCode::NOT_MODIFIED;
    Response::from_parts(parts, Body::empty()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overdue_view_is_called_stale_in_both_forms() {
        let mut headers = HeaderMap::new();
        let overdue = Some(Duration::from_millis(12_300));

        write_read(&mut headers, &Summary { status: Some(Status::Stale), overdue, ..Summary::default() });

        assert_eq!(headers[X_CACHE_STATUS], "STALE");
        assert_eq!(headers[CACHE_STATUS], "fictures; hit; ttl=-13");
    }
}
