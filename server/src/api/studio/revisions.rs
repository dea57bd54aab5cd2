//! Revisions: texts that were once acknowledged, and can be had back. They are never cached.

use aide::axum::{
    ApiRouter,
    routing::{get_with, post_with},
};
use domain::{
    id::SceneId,
    studio::{RevisionAnswer, Revisions, SceneAnswer},
};

use crate::{
    api::{
        Answer, Door,
        answer::{Plain, Stored},
        edit::{Edit, RestoreWish},
        path::{Id, Nth},
        visitor::Writer,
    },
    router::Server,
};

pub(super) fn router() -> ApiRouter<Server> {
    ApiRouter::new()
        .api_route("/scenes/{id}/revisions", get_with(list, |op| op.summary("The texts a scene had, the newest first")))
        .api_route("/scenes/{id}/revisions/{n}", get_with(show, |op| op.summary("One text that a scene had")))
        .api_route(
            "/scenes/{id}/revisions/{n}/restore",
            post_with(restore, |op| op.summary("Make an old text the present one, as a new version")),
        )
}

async fn list(door: Door, author: Writer, Id(scene): Id<SceneId>) -> Answer<Plain<Revisions>> {
    Ok(Plain(door.backend.revisions(&author, scene).await?))
}

async fn show(door: Door, author: Writer, Id(scene): Id<SceneId>, Nth(n): Nth) -> Answer<Plain<RevisionAnswer>> {
    let revision = door.backend.revision(&author, scene, n).await?;
    Ok(Plain(RevisionAnswer { revision }))
}

async fn restore(
    door: Door,
    author: Writer,
    Id(scene): Id<SceneId>,
    Nth(n): Nth,
    Edit(wish): Edit<RestoreWish>,
) -> Answer<Stored<SceneAnswer>> {
    let saved = door.backend.restore_revision(&author, scene, n, wish.version).await?;
    door.saved(saved.map(|scene| SceneAnswer { scene }))
}
