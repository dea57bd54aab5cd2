//! How a use case's result becomes an answer.
//!
//! A handler returns an [`Answer`] of one of four kinds. The kind says what is sent and how it is cached; its type
//! parameter is the body, for the document as well as for the compiler.

mod file;
mod located;

use std::marker::PhantomData;

use axum::{
    Json,
    body::Bytes,
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use backend::{
    Backend,
    cache::{Floor, Report, View},
};
use domain::{cache::Saved, user::UserAnswer};
use http::{HeaderValue, StatusCode, header, request::Parts};
use schemars::JsonSchema;
use serde::Serialize;

use super::Problem;
use crate::router::Server;

pub(crate) use file::File;
pub(crate) use located::Located;

/// What every handler returns.
pub(crate) type Answer<T> = Result<T, Problem>;

/// 200 with a view, byte for byte as it is cached.
pub(crate) struct Shown<T>(Bytes, PhantomData<fn() -> T>);

/// 200 with what was written.
pub(crate) struct Stored<T>(T);

/// 201 with what was created, and where it is.
pub(crate) struct Created<T>(T);

/// 201 with a new account, whose session comes as a cookie.
pub(crate) struct SignedUp(pub(crate) UserAnswer);

/// 200 with something that is never cached.
pub(crate) struct Plain<T>(pub(crate) T);

/// 204: done, and there is nothing to say.
pub(crate) struct Done;

/// `{message}`: a sentence about what is gone.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Removed {
    message: &'static str,
}

/// One request's way to the use cases and back. It notes for the middleware which views were read and what became
/// stale, so that no handler writes a caching header.
pub(crate) struct Door {
    pub(crate) backend: Backend,
    report: Report,
}

impl Door {
    /// 200 with a view.
    pub(crate) fn read<T>(&self, view: View<T>) -> Answer<Shown<T>> {
        self.report.read(&view);
        Ok(Shown(view.body, PhantomData))
    }

    /// 200 with what was written.
    pub(crate) fn saved<T>(&self, saved: Saved<T>) -> Answer<Stored<T>> {
        Ok(Stored(self.note(saved)))
    }

    /// 201 with what was created.
    pub(crate) fn created<T: Located>(&self, saved: Saved<T>) -> Answer<Created<T>> {
        Ok(Created(self.note(saved)))
    }

    /// 200 with a sentence about what is gone.
    pub(crate) fn removed(&self, saved: Saved<()>, message: &'static str) -> Answer<Stored<Removed>> {
        self.saved(saved.map(|()| Removed { message }))
    }

    fn note<T>(&self, saved: Saved<T>) -> T {
        self.report.saved(&saved);
        let (value, _, _) = saved.into_parts();
        value
    }
}

impl FromRequestParts<Server> for Door {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Problem> {
        let report = parts.extensions.get::<Report>().cloned().ok_or_else(Problem::internal)?;
        let floor = parts.extensions.get::<Floor>().copied().unwrap_or_default();
        Ok(Door { backend: server.backend.not_before(floor).reporting(&report), report })
    }
}

impl<T> IntoResponse for Shown<T> {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, "application/json")], self.0).into_response()
    }
}

impl<T: Serialize> IntoResponse for Stored<T> {
    fn into_response(self) -> Response {
        Json(self.0).into_response()
    }
}

impl<T: Serialize + Located> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        let Ok(location) = HeaderValue::try_from(self.0.location()) else { return Problem::internal().into_response() };
        (StatusCode::CREATED, [(header::LOCATION, location)], Json(self.0)).into_response()
    }
}

impl IntoResponse for SignedUp {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, Json(self.0)).into_response()
    }
}

impl<T: Serialize> IntoResponse for Plain<T> {
    fn into_response(self) -> Response {
        Json(self.0).into_response()
    }
}

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}
