//! Stories, as their author sees them.

use aide::axum::{
    ApiRouter,
    routing::{get_with, patch_with, put_with},
};
use domain::{
    id::StoryId,
    studio::{NewStory, Outline, Stories, StoryAnswer, StoryEdit},
};

use crate::{
    api::{
        Answer, Door,
        answer::{Created, Removed, Shown, Stored},
        edit::{Edit, IfMatch},
        json::{Json, Nothing, Optional},
        path::Id,
        visitor::Writer,
    },
    router::Server,
};

pub(super) fn router() -> ApiRouter<Server> {
    ApiRouter::new()
        .api_route(
            "/stories",
            get_with(list, |op| op.summary("Your stories, the last edited first"))
                .post_with(create, |op| op.summary("Write a new story")),
        )
        .api_route(
            "/story/{id}",
            get_with(show, |op| op.summary("One of your stories"))
                .delete_with(remove, |op| op.summary("Throw a story into the trash")),
        )
        .api_route("/story/{id}/write", patch_with(edit, |op| op.summary("Change what is on a story's spine")))
        .api_route(
            "/story/{id}/chapters",
            get_with(outline, |op| op.summary("All of a story but its text"))
                .post_with(super::chapters::create, |op| op.summary("Add a chapter at the end")),
        )
        .api_route(
            "/story/{id}/publication",
            put_with(publish, |op| op.summary("Publish a story and the present text of all its chapters"))
                .delete_with(unpublish, |op| op.summary("Hide a story, its board and its posts")),
        )
}

async fn list(door: Door, author: Writer) -> Answer<Shown<Stories>> {
    door.read(door.backend.stories(&author).await?)
}

async fn create(door: Door, author: Writer, Json(new): Json<NewStory>) -> Answer<Created<StoryAnswer>> {
    let saved = door.backend.create_story(&author, new).await?;
    door.created(saved.map(|story| StoryAnswer { story }))
}

async fn show(door: Door, author: Writer, Id(story): Id<StoryId>) -> Answer<Shown<StoryAnswer>> {
    door.read(door.backend.story(&author, story).await?)
}

async fn edit(
    door: Door,
    author: Writer,
    Id(story): Id<StoryId>,
    Edit(edit): Edit<StoryEdit>,
) -> Answer<Stored<StoryAnswer>> {
    let saved = door.backend.edit_story(&author, story, edit).await?;
    door.saved(saved.map(|story| StoryAnswer { story }))
}

async fn remove(
    door: Door,
    author: Writer,
    Id(story): Id<StoryId>,
    IfMatch(version): IfMatch,
) -> Answer<Stored<Removed>> {
    let saved = door.backend.delete_story(&author, story, version).await?;
    door.removed(saved, "The story is in the trash.")
}

async fn outline(door: Door, author: Writer, Id(story): Id<StoryId>) -> Answer<Shown<Outline>> {
    door.read(door.backend.outline(&author, story).await?)
}

async fn publish(
    door: Door,
    author: Writer,
    Id(story): Id<StoryId>,
    _: Optional<Nothing>,
) -> Answer<Stored<StoryAnswer>> {
    let saved = door.backend.publish_story(&author, story).await?;
    door.saved(saved.map(|story| StoryAnswer { story }))
}

async fn unpublish(
    door: Door,
    author: Writer,
    Id(story): Id<StoryId>,
    _: Optional<Nothing>,
) -> Answer<Stored<StoryAnswer>> {
    let saved = door.backend.unpublish_story(&author, story).await?;
    door.saved(saved.map(|story| StoryAnswer { story }))
}
