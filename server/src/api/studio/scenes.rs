//! Scenes: where the writing is done.

use axum::{
    Router,
    routing::{get, post},
};
use domain::{
    id::{ChapterId, SceneId},
    studio::{NewScene, SceneAnswer, SceneEdit, SceneMove},
};

use crate::{
    api::{
        Answer, Door,
        edit::{Edit, IfMatch},
        json::Json,
        path::Id,
        visitor::Writer,
    },
    router::Server,
};

pub(super) fn router() -> Router<Server> {
    Router::new().route("/scenes/{id}", get(show).patch(edit).delete(remove)).route("/scenes/{id}/move", post(relocate))
}

pub(super) async fn create(
    door: Door,
    author: Writer,
    Id(chapter): Id<ChapterId>,
    Json(new): Json<NewScene>,
) -> Answer {
    let saved = door.backend.add_scene(&author, chapter, new).await?;
    door.created(saved.map(|scene| SceneAnswer { scene }))
}

async fn show(door: Door, author: Writer, Id(scene): Id<SceneId>) -> Answer {
    door.read(door.backend.scene(&author, scene).await?)
}

async fn edit(door: Door, author: Writer, Id(scene): Id<SceneId>, Edit(edit): Edit<SceneEdit>) -> Answer {
    let saved = door.backend.edit_scene(&author, scene, edit).await?;
    door.saved(saved.map(|scene| SceneAnswer { scene }))
}

async fn remove(door: Door, author: Writer, Id(scene): Id<SceneId>, IfMatch(version): IfMatch) -> Answer {
    let saved = door.backend.delete_scene(&author, scene, version).await?;
    door.removed(saved, "The scene is in the trash.")
}

async fn relocate(door: Door, author: Writer, Id(scene): Id<SceneId>, Json(to): Json<SceneMove>) -> Answer {
    let saved = door.backend.move_scene(&author, scene, to).await?;
    door.saved(saved.map(|scene| SceneAnswer { scene }))
}
