//! Every error answer: a status and `{"error", "message", "field", "current"}`.

use std::{borrow::Cow, error::Error as _};

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use domain::{
    Error as Refusal,
    error::{Current, Entity},
};
use http::{HeaderValue, StatusCode, header};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;

/// An error answer: what a client may know. Causes are logged when it is made, and stay here.
#[derive(Debug)]
pub(crate) struct Problem(Box<Body>);

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
struct Body {
    #[serde(skip)]
    status: StatusCode,
    #[serde(skip)]
    retry_after_secs: Option<u64>,
    /// A word for programs.
    #[serde(rename = "error")]
    #[schemars(regex(pattern = "^[a-z_]+$"))]
    code: &'static str,
    /// One plain sentence for people.
    message: String,
    /// The field to blame, if one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// The stored entity, where its version is not the one that was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<serde_json::Map<String, serde_json::Value>>")]
    current: Option<Current>,
}

impl JsonSchema for Problem {
    fn schema_name() -> Cow<'static, str> {
        Body::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Body::json_schema(generator)
    }
}

impl Problem {
    /// A problem of this status, with its code and one plain sentence.
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Problem(Box::new(Body { status, retry_after_secs: None, code, message, field: None, current: None }))
    }

    /// The same, with the field to blame.
    pub(crate) fn blame(mut self, field: &str) -> Self {
        self.0.field = Some(field.to_owned());
        self
    }

    /// 400: text that is not JSON, or a query that cannot be read.
    pub(crate) fn malformed(message: impl Into<String>) -> Self {
        Problem::new(StatusCode::BAD_REQUEST, "malformed", message)
    }

    /// 413: more bytes than any legal request has.
    pub(crate) fn too_large(max_bytes: usize) -> Self {
        let message = format!("This request may have at most {} kB.", max_bytes / 1024);
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
    }

    /// 500: our fault, which is all that is said about it.
    pub(crate) fn internal() -> Self {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong on the server.")
    }

    /// 503: not now.
    pub(crate) fn unavailable() -> Self {
        let sentence = "The server cannot answer now: try again soon.";
        let mut problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", sentence);
        problem.0.retry_after_secs = Some(1);
        problem
    }

    /// 403: another site asked the browser to send this.
    pub(crate) fn cross_site() -> Self {
        Problem::new(StatusCode::FORBIDDEN, "forbidden", "This request came from another site.")
    }

    /// A refused part of a query: what would be invalid in a body is malformed in a URL.
    pub(crate) fn in_query(error: impl Into<Problem>) -> Self {
        let mut problem = error.into();
        if problem.0.status == StatusCode::UNPROCESSABLE_ENTITY {
            problem.0.status = StatusCode::BAD_REQUEST;
            problem.0.code = "malformed";
        }
        problem
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let (status, code) = match &refusal {
            Refusal::SignedOut | Refusal::WrongCredentials => (StatusCode::UNAUTHORIZED, "unauthorized"),
            Refusal::Forbidden => (StatusCode::FORBIDDEN, "forbidden"),
            Refusal::NotFound(_) => (StatusCode::NOT_FOUND, "not_found"),
            Refusal::Invalid { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
            Refusal::Taken { .. } => (StatusCode::CONFLICT, "taken"),
            Refusal::Conflict(_) => (StatusCode::CONFLICT, "version_conflict"),
            Refusal::ParentInTrash { .. } => (StatusCode::CONFLICT, "parent_in_trash"),
            Refusal::VersionRequired => (StatusCode::PRECONDITION_REQUIRED, "version_required"),
            Refusal::TooMany { .. } => (StatusCode::TOO_MANY_REQUESTS, "too_many_requests"),
        };
        let mut problem = Problem::new(status, code, refusal.to_string());
        problem.0.field = refusal.field().map(str::to_owned);
        match refusal {
            Refusal::Conflict(current) => problem.0.current = Some(*current),
            Refusal::TooMany { retry_after_secs } => problem.0.retry_after_secs = Some(retry_after_secs),
            Refusal::SignedOut
            | Refusal::WrongCredentials
            | Refusal::Forbidden
            | Refusal::NotFound(_)
            | Refusal::Invalid { .. }
            | Refusal::Taken { .. }
            | Refusal::ParentInTrash { .. }
            | Refusal::VersionRequired => {}
        }
        problem
    }
}

impl From<Entity> for Problem {
    /// There is no such thing, or it is not yours to see.
    fn from(entity: Entity) -> Self {
        Refusal::NotFound(entity).into()
    }
}

impl From<backend::Error> for Problem {
    /// A refusal is passed on; anything else is logged here, once, with all its causes.
    fn from(error: backend::Error) -> Self {
        match error {
            backend::Error::Refused(refusal) => refusal.into(),
            backend::Error::Unavailable => Problem::unavailable(),
            failure @ (backend::Error::Database(_) | backend::Error::Password(_) | backend::Error::Encoding(_)) => {
                tracing::error!(causes = %causes(&failure), "a request failed");
                Problem::internal()
            }
        }
    }
}

/// An error and everything behind it, outermost first.
fn causes(error: &backend::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.0.status, Json(&self.0)).into_response();
        if let Some(secs) = self.0.retry_after_secs {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(secs));
        }
        response
    }
}
