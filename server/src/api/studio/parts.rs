//! Parts: groups of chapters.

use aide::axum::{
    ApiRouter,
    routing::{get_with, post_with},
};
use domain::{
    id::{PartId, StoryId},
    studio::{NewPart, PartAnswer, PartEdit},
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
        .api_route("/story/{id}/parts", post_with(create, |op| op.summary("Add a part to a story")))
        .api_route(
            "/parts/{id}",
            get_with(show, |op| op.summary("A part without its chapters"))
                .patch_with(edit, |op| op.summary("Rename a part, or sum it up"))
                .delete_with(remove, |op| op.summary("Remove a part; its chapters stay")),
        )
}

async fn create(
    door: Door,
    author: Writer,
    Id(story): Id<StoryId>,
    Json(new): Json<NewPart>,
) -> Answer<Created<PartAnswer>> {
    let saved = door.backend.add_part(&author, story, new).await?;
    door.created(saved.map(|part| PartAnswer { part }))
}

async fn show(door: Door, author: Writer, Id(part): Id<PartId>) -> Answer<Shown<PartAnswer>> {
    door.read(door.backend.part(&author, part).await?)
}

async fn edit(
    door: Door,
    author: Writer,
    Id(part): Id<PartId>,
    Edit(edit): Edit<PartEdit>,
) -> Answer<Stored<PartAnswer>> {
    let saved = door.backend.edit_part(&author, part, edit).await?;
    door.saved(saved.map(|part| PartAnswer { part }))
}

async fn remove(
    door: Door,
    author: Writer,
    Id(part): Id<PartId>,
    IfMatch(version): IfMatch,
) -> Answer<Stored<Removed>> {
    let saved = door.backend.delete_part(&author, part, version).await?;
    door.removed(saved, "The part is in the trash, with its chapters.")
}
