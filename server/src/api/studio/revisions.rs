//! Revisions: texts that were once acknowledged, and can be had back. They are never cached.

use axum::{
    Router,
    routing::{get, post},
};
use domain::{id::SceneId, studio::SceneAnswer};
use serde_json::json;

use crate::{
    api::{
        Answer, Door,
        edit::{Edit, RestoreWish},
        path::{Id, Nth},
        visitor::Writer,
    },
    router::Server,
};

pub(super) fn router() -> Router<Server> {
    Router::new()
        .route("/scenes/{id}/revisions", get(list))
        .route("/scenes/{id}/revisions/{n}", get(show))
        .route("/scenes/{id}/revisions/{n}/restore", post(restore))
}

async fn list(door: Door, author: Writer, Id(scene): Id<SceneId>) -> Answer {
    door.plain(&door.backend.revisions(&author, scene).await?)
}

async fn show(door: Door, author: Writer, Id(scene): Id<SceneId>, Nth(n): Nth) -> Answer {
    let revision = door.backend.revision(&author, scene, n).await?;
    door.plain(&json!({ "revision": revision }))
}

async fn restore(
    door: Door,
    author: Writer,
    Id(scene): Id<SceneId>,
    Nth(n): Nth,
    Edit(wish): Edit<RestoreWish>,
) -> Answer {
    let saved = door.backend.restore_revision(&author, scene, n, wish.version).await?;
    door.saved(saved.map(|scene| SceneAnswer { scene }))
}
