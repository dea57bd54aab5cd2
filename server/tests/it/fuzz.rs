//! Any bytes where outside input is read: they are refused or passed over, and nothing breaks.
//!
//! Each case is a whole request. What is read deep inside has properties of its own, beside it: cursors, keys, tags,
//! Markdown.

use axum::body::Body;
use http::Method;
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use proptest::{collection::vec, prelude::*};
use tokio::runtime::Runtime;

use crate::support::{Novel, Person, TestApp};

/// The headers that are parsed.
const HEADERS: [&str; 8] = [
    "if-match",
    "if-none-match",
    "idempotency-key",
    "x-cache-clock",
    "cookie",
    "content-type",
    "x-forwarded-for",
    "sec-fetch-site",
];

struct Bench {
    runtime: Runtime,
    _app: TestApp,
    ana: Person,
    novel: Novel,
}

impl Bench {
    fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let (app, ana, novel) = runtime.block_on(async {
            let app = TestApp::start().await;
            let ana = app.sign_in("ana").await;
            let novel = ana.novel("Salt").await;
            (app, ana, novel)
        });
        Bench { runtime, _app: app, ana, novel }
    }

    /// The status of one request.
    fn ask(&self, method: Method, path: &str, headers: &[(&str, &[u8])], body: &[u8]) -> u16 {
        self.runtime.block_on(self.ana.send_bytes(method, path, headers, Body::from(body.to_vec()))).status.as_u16()
    }
}

/// Bytes of any kind, or of the kinds that parsers look for.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let looks_right = "(W/)?\"?v?[0-9]{0,20}\"?(, ?\"v[0-9]\")?|[0-9a-f]{0,9}\\.[0-9]{0,21}|\\*|[!-~]{0,300}";
    prop_oneof![
        vec(any::<u8>(), 0..300),
        looks_right.prop_map(String::into_bytes),
        any::<String>().prop_map(String::into_bytes)
    ]
}

/// Bytes that a header can have: others never reach us.
fn header_bytes() -> impl Strategy<Value = Vec<u8>> {
    bytes().prop_map(|bytes| bytes.into_iter().filter(|byte| *byte >= b' ' && *byte != 0x7f).collect())
}

#[test]
fn no_query_breaks_a_list() {
    let bench = Bench::start();
    let lists = ["/novels/api/stories", "/community/api/posts", "/studio/api/trash"];
    let names = ["q", "genre", "sort", "limit", "after", "storyId", "%00", "x"];

    proptest!(|(list in 0..3usize, pairs in vec((0..8usize, bytes()), 0..4))| {
        let query: Vec<_> = pairs
            .iter()
            .map(|(name, value)| format!("{}={}", names[*name], percent_encode(value, NON_ALPHANUMERIC)))
            .collect();
        let status = bench.ask(Method::GET, &format!("{}?{}", lists[list], query.join("&")), &[], b"");
        prop_assert!(matches!(status, 200 | 400 | 404), "{status}: {query:?}");
    });
}

#[test]
fn no_header_breaks_a_request() {
    let bench = Bench::start();
    let scene = format!("/studio/api/scenes/{}", bench.novel.scene);
    let read = format!("/novels/api/chapters/{}", bench.novel.chapter);

    proptest!(|(name in 0..8usize, value in header_bytes(), writes: bool)| {
        let headers = [("content-type", b"application/json".as_slice()), (HEADERS[name], value.as_slice())];
        let status = if writes {
            bench.ask(Method::PATCH, &scene, &headers, br#"{"goal":"see"}"#)
        } else {
            bench.ask(Method::GET, &read, &headers, b"")
        };
        prop_assert!(matches!(status, 200 | 304 | 401 | 403 | 409 | 415 | 422 | 428), "{status}");
    });
}

#[test]
fn no_body_breaks_a_write() {
    let bench = Bench::start();
    let scene = format!("/studio/api/scenes/{}", bench.novel.scene);
    let json = [("content-type", b"application/json".as_slice())];
    let nearly = "\\{(\"(title|content|version|status)\":(\"[^\"]{0,9}\"|-?[0-9]{0,20}|null|\\[\\]|\\{\\}),?){0,3}\\}?";

    proptest!(|(body in prop_oneof![bytes(), nearly.prop_map(String::into_bytes)])| {
        let status = bench.ask(Method::PATCH, &scene, &json, &body);
        prop_assert!(matches!(status, 200 | 400 | 409 | 422 | 428), "{status}: {}", String::from_utf8_lossy(&body));
    });
}
