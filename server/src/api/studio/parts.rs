//! Parts: groups of chapters.

use axum::{
    Router,
    routing::{get, post},
};
use domain::{
    id::{PartId, StoryId},
    studio::{NewPart, PartAnswer, PartEdit},
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
    Router::new().route("/story/{id}/parts", post(create)).route("/parts/{id}", get(show).patch(edit).delete(remove))
}

async fn create(door: Door, author: Writer, Id(story): Id<StoryId>, Json(new): Json<NewPart>) -> Answer {
    let saved = door.backend.add_part(&author, story, new).await?;
    door.created(saved.map(|part| PartAnswer { part }))
}

async fn show(door: Door, author: Writer, Id(part): Id<PartId>) -> Answer {
    door.read(door.backend.part(&author, part).await?)
}

async fn edit(door: Door, author: Writer, Id(part): Id<PartId>, Edit(edit): Edit<PartEdit>) -> Answer {
    let saved = door.backend.edit_part(&author, part, edit).await?;
    door.saved(saved.map(|part| PartAnswer { part }))
}

async fn remove(door: Door, author: Writer, Id(part): Id<PartId>, IfMatch(version): IfMatch) -> Answer {
    let saved = door.backend.delete_part(&author, part, version).await?;
    door.removed(saved, "The part is gone; its chapters stay in the story.")
}
