//! Characters: the people of a story, as its author knows them.

use aide::axum::{ApiRouter, routing::get_with};
use domain::{
    id::{CharacterId, StoryId},
    studio::{CharacterAnswer, CharacterEdit, Characters, NewCharacter},
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
            "/story/{id}/characters",
            get_with(list, |op| op.summary("The characters of a story"))
                .post_with(create, |op| op.summary("Add a character behind the others")),
        )
        .api_route(
            "/characters/{id}",
            get_with(show, |op| op.summary("A character"))
                .patch_with(edit, |op| op.summary("Change what is noted about a character"))
                .delete_with(remove, |op| op.summary("Throw a character into the trash")),
        )
}

async fn list(door: Door, author: Writer, Id(story): Id<StoryId>) -> Answer<Shown<Characters>> {
    door.read(door.backend.characters(&author, story).await?)
}

async fn create(
    door: Door,
    author: Writer,
    Id(story): Id<StoryId>,
    Json(new): Json<NewCharacter>,
) -> Answer<Created<CharacterAnswer>> {
    let saved = door.backend.add_character(&author, story, new).await?;
    door.created(saved.map(|character| CharacterAnswer { character }))
}

async fn show(door: Door, author: Writer, Id(character): Id<CharacterId>) -> Answer<Shown<CharacterAnswer>> {
    door.read(door.backend.character(&author, character).await?)
}

async fn edit(
    door: Door,
    author: Writer,
    Id(character): Id<CharacterId>,
    Edit(edit): Edit<CharacterEdit>,
) -> Answer<Stored<CharacterAnswer>> {
    let saved = door.backend.edit_character(&author, character, edit).await?;
    door.saved(saved.map(|character| CharacterAnswer { character }))
}

async fn remove(
    door: Door,
    author: Writer,
    Id(character): Id<CharacterId>,
    IfMatch(version): IfMatch,
) -> Answer<Stored<Removed>> {
    let saved = door.backend.delete_character(&author, character, version).await?;
    door.removed(saved, "The character is in the trash.")
}
