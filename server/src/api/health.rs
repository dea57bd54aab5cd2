//! What a supervisor asks: is the process alive, and can it work?

use aide::axum::{ApiRouter, routing::get_with};
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Answer, Problem, answer::Plain};
use crate::router::Server;

/// `{status}`: one word.
#[derive(Serialize, JsonSchema)]
struct Health {
    status: &'static str,
}

pub(crate) fn router() -> ApiRouter<Server> {
    ApiRouter::new()
        .api_route("/healthz", get_with(alive, |op| op.summary("Is the process alive?")))
        .api_route("/readyz", get_with(ready, |op| op.summary("Can it work?")))
}

async fn alive() -> Plain<Health> {
    Plain(Health { status: "ok" })
}

/// Ready means that the database answers; without its cache a server is only slower.
async fn ready(State(server): State<Server>) -> Answer<Plain<Health>> {
    server.backend.ready().await.map_err(|error| {
        tracing::warn!(%error, "not ready");
        Problem::unavailable()
    })?;
    Ok(Plain(Health { status: "ready" }))
}
