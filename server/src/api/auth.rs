//! Accounts and sessions. The cookie itself is the session middleware's: a use case only leaves word of it.

use axum::{
    Json as Body, Router,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use domain::user::{Credentials, NewAccount};
use http::StatusCode;
use serde_json::json;

use super::{
    Answer, Door, Problem,
    json::{Json, Nothing, Optional},
    visitor::Anyone,
};
use crate::router::Server;

pub(crate) fn router() -> Router<Server> {
    Router::new()
        .route("/register", post(register))
        .route("/login", post(log_in))
        .route("/logout", post(log_out))
        .route("/session", get(session))
}

async fn register(door: Door, Anyone(visitor): Anyone, Json(account): Json<NewAccount>) -> Answer {
    let signed_in = door.backend.register(account, visitor.address).await?;
    visitor.slot.sign_in(signed_in.token);
    Ok((StatusCode::CREATED, Body(json!({ "user": signed_in.user }))).into_response())
}

async fn log_in(door: Door, Anyone(visitor): Anyone, Json(credentials): Json<Credentials>) -> Answer {
    let signed_in = door.backend.log_in(credentials, visitor.address, visitor.token.as_ref()).await?;
    visitor.slot.sign_in(signed_in.token);
    door.plain(&json!({ "user": signed_in.user }))
}

async fn log_out(door: Door, Anyone(visitor): Anyone, _: Optional<Nothing>) -> Result<StatusCode, Problem> {
    if let Some(token) = &visitor.token {
        door.backend.log_out(token).await?;
    }
    visitor.slot.sign_out();
    Ok(StatusCode::NO_CONTENT)
}

async fn session(Anyone(visitor): Anyone) -> Response {
    Body(json!({ "user": visitor.user })).into_response()
}
