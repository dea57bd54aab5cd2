//! How the caches are: alerts, and somebody who takes care of one.

use aide::axum::{ApiRouter, routing::get_with};
use axum::extract::State;
use backend::Backend;
use domain::cache::{AlertWish, MonitoringAnswer};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Answer, Problem,
    answer::Plain,
    json::{Bounded, Json},
    visitor::Developer,
};
use crate::router::Server;

/// `{success}`.
#[derive(Serialize, JsonSchema)]
struct Acknowledged {
    success: bool,
}

impl Bounded for AlertWish {
    const NAMES_OTHERS: bool = true;
}

/// Below `/studio/api/cache`.
pub(crate) fn router() -> ApiRouter<Server> {
    ApiRouter::new().api_route(
        "/monitoring",
        get_with(monitoring, |op| op.summary("How the caches are, and what is wrong with them"))
            .post_with(act, |op| op.summary("Acknowledge an alert, until it gets worse or comes back")),
    )
}

async fn monitoring(_: Developer, State(backend): State<Backend>) -> Answer<Plain<MonitoringAnswer>> {
    Ok(Plain(backend.monitoring().await?))
}

async fn act(_: Developer, State(backend): State<Backend>, Json(wish): Json<AlertWish>) -> Answer<Plain<Acknowledged>> {
    if wish.action != "acknowledge" {
        return Err(Problem::malformed("The action is not one of the allowed values.").blame("action"));
    }
    backend.acknowledge(&wish.alert_id).await?;
    Ok(Plain(Acknowledged { success: true }))
}
