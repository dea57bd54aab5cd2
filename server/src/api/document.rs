//! The OpenAPI document: made of the routes themselves, so that neither can say what the other does not.
//!
//! A route is added with `api_route`; its extractors say what it takes and how they refuse it (`inputs`), its answer
//! says what it gives (`outputs`), and what is true of every route is added at the end (`complete`). The route itself
//! brings a sentence about what it is for, and what only its use case knows.

mod complete;
mod inputs;
mod outputs;

use aide::{
    axum::{ApiRouter, routing::get_with},
    openapi::OpenApi,
};
use axum::{
    Extension, Router,
    body::Bytes,
    response::{IntoResponse, Response},
};
use http::header;

use crate::router::Server;

/// The document, ready to send.
#[derive(Clone)]
struct Document(Bytes);

/// Takes the document off the routes, and serves it beside them.
pub(crate) fn documented(routes: ApiRouter<Server>) -> Router<Server> {
    let mut api = OpenApi::default();
    let routes = routes.api_route("/api/openapi.json", get_with(show, |op| op.summary("This document")));
    let routes = routes.finish_api(&mut api);
    complete::complete(&mut api);
    let text = serde_json::to_vec(&api).expect("the document has string keys only, so it is JSON");
    routes.layer(Extension(Document(text.into())))
}

async fn show(Extension(document): Extension<Document>) -> Document {
    document
}

impl IntoResponse for Document {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, "application/json")], self.0).into_response()
    }
}
