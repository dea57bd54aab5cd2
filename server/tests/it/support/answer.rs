//! What came back, and how to assert on it. Each assertion hands the answer on, so that they can be strung together.

use axum::{
    body::{Body, Bytes},
    response::Response,
};
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    /// What was asked, for messages.
    asked: String,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(super) async fn read(asked: String, response: Response<Body>) -> Self {
        let (parts, mut body) = response.into_parts();
        // A stream of events has no end: what it says first is the answer.
        let is_stream = parts.headers.get("content-type").is_some_and(|kind| kind == "text/event-stream");
        let body = if is_stream {
            let first = body.frame().await.expect("a piece").expect("a whole piece");
            first.into_data().unwrap_or_default()
        } else {
            body.collect().await.expect("a body").to_bytes()
        };
        Answer { asked, status: parts.status, headers: parts.headers, body }
    }

    /// The value of a header; several lines are joined as HTTP allows.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let values: Vec<_> = self.headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}: no JSON: {}", self.asked, self.text()))
    }

    #[track_caller]
    pub(crate) fn assert_status(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}: {}", self.asked, self.text());
        self
    }

    #[track_caller]
    pub(crate) fn assert_header(self, name: &str, value: &str) -> Self {
        assert_eq!(self.header(name).as_deref(), Some(value), "{}: {name}", self.asked);
        self
    }

    #[track_caller]
    pub(crate) fn assert_cache_control(self, value: &str) -> Self {
        self.assert_header("cache-control", value)
    }

    /// An error answer: its status, its code, and the field it blames.
    #[track_caller]
    pub(crate) fn assert_refused(self, status: u16, code: &str, field: Option<&str>) -> Self {
        let answer = self.assert_status(status);
        let body = answer.json();
        assert_eq!(body["error"], code, "{}: {body}", answer.asked);
        assert_eq!(body["field"].as_str(), field, "{}: {body}", answer.asked);
        assert!(body["message"].as_str().is_some_and(|text| text.ends_with('.')), "{}: {body}", answer.asked);
        answer
    }

    /// Exactly these page types and tags, in all headers that name them.
    #[track_caller]
    pub(crate) fn assert_invalidates(self, page_types: &str, tags: &[String]) -> Self {
        let quoted: Vec<_> = tags.iter().map(|tag| format!("\"{tag}\"")).collect();
        let answer = self
            .assert_header("x-cache-invalidate", page_types)
            .assert_header("x-cache-invalidate-keys", &format!("[{}]", quoted.join(",")))
            .assert_header("cache-group-invalidation", &quoted.join(", "));
        assert!(answer.header("x-cache-clock").is_some(), "{}: no clock", answer.asked);
        let time = answer.header("x-cache-invalidate-timestamp").unwrap_or_default();
        assert!(time.ends_with('Z') && time.contains('T'), "{}: {time}", answer.asked);
        answer
    }

    /// Nothing was changed, and nothing says so.
    #[track_caller]
    pub(crate) fn assert_invalidates_nothing(self) -> Self {
        for name in ["x-cache-invalidate", "x-cache-invalidate-keys", "cache-group-invalidation"] {
            assert_eq!(self.header(name), None, "{}: {name}", self.asked);
        }
        self
    }
}
