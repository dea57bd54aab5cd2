//! What a supervisor asks: is the process alive, and can it work?

use axum::{Json, Router, extract::State, response::IntoResponse, routing::get};
use serde_json::json;

use super::Problem;
use crate::router::Server;

pub(crate) fn router() -> Router<Server> {
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready))
}

async fn alive() -> impl IntoResponse {
    Json(json!({ "status": "ok" }))
}

/// Ready means that the database answers; without its cache a server is only slower.
async fn ready(State(server): State<Server>) -> Result<impl IntoResponse, Problem> {
    server.backend.ready().await.map_err(|error| {
        tracing::warn!(%error, "not ready");
        Problem::unavailable()
    })?;
    Ok(Json(json!({ "status": "ready" })))
}
