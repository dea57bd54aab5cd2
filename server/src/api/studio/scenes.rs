//! Scenes: where the writing is done.

use aide::axum::{
    ApiRouter,
    routing::{get_with, post_with},
};
use domain::{
    id::{ChapterId, SceneId},
    studio::{NewScene, SceneAnswer, SceneEdit, SceneMove},
};

use crate::{
    api::{
        Answer, Door,
        answer::{Created, Removed, Shown, Stored},
        edit::{Edit, IfMatch},
        json::Json,
        path::Id,
        visitor::Writer,
    },
    router::Server,
};

pub(super) fn router() -> ApiRouter<Server> {
    ApiRouter::new()
        .api_route(
            "/scenes/{id}",
            get_with(show, |op| op.summary("A scene with its working text"))
                .patch_with(edit, |op| op.summary("Save a scene; every text it had is kept as a revision"))
                .delete_with(remove, |op| op.summary("Throw a scene into the trash")),
        )
        .api_route(
            "/scenes/{id}/move",
            post_with(relocate, |op| op.summary("Put a scene somewhere else, in its chapter or in another")),
        )
}

pub(super) async fn create(
    door: Door,
    author: Writer,
    Id(chapter): Id<ChapterId>,
    Json(new): Json<NewScene>,
) -> Answer<Created<SceneAnswer>> {
    let saved = door.backend.add_scene(&author, chapter, new).await?;
    door.created(saved.map(|scene| SceneAnswer { scene }))
}

async fn show(door: Door, author: Writer, Id(scene): Id<SceneId>) -> Answer<Shown<SceneAnswer>> {
    door.read(door.backend.scene(&author, scene).await?)
}

async fn edit(
    door: Door,
    author: Writer,
    Id(scene): Id<SceneId>,
    Edit(edit): Edit<SceneEdit>,
) -> Answer<Stored<SceneAnswer>> {
    let saved = door.backend.edit_scene(&author, scene, edit).await?;
    door.saved(saved.map(|scene| SceneAnswer { scene }))
}

async fn remove(
    door: Door,
    author: Writer,
    Id(scene): Id<SceneId>,
    IfMatch(version): IfMatch,
) -> Answer<Stored<Removed>> {
    let saved = door.backend.delete_scene(&author, scene, version).await?;
    door.removed(saved, "The scene is in the trash.")
}

async fn relocate(
    door: Door,
    author: Writer,
    Id(scene): Id<SceneId>,
    Json(to): Json<SceneMove>,
) -> Answer<Stored<SceneAnswer>> {
    let saved = door.backend.move_scene(&author, scene, to).await?;
    door.saved(saved.map(|scene| SceneAnswer { scene }))
}
