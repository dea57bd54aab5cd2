//! Stories, as their author sees them.

use axum::{
    Router,
    routing::{get, patch, put},
};
use domain::{
    id::StoryId,
    studio::{NewStory, StoryAnswer, StoryEdit},
};

use crate::{
    api::{
        Answer, Door,
        edit::{Edit, IfMatch},
        json::{Json, Nothing, Optional},
        path::Id,
        visitor::Writer,
    },
    router::Server,
};

pub(super) fn router() -> Router<Server> {
    Router::new()
        .route("/stories", get(list).post(create))
        .route("/story/{id}", get(show).delete(remove))
        .route("/story/{id}/write", patch(edit))
        .route("/story/{id}/chapters", get(outline).post(super::chapters::create))
        .route("/story/{id}/publication", put(publish).delete(unpublish))
}

async fn list(door: Door, author: Writer) -> Answer {
    door.read(door.backend.stories(&author).await?)
}

async fn create(door: Door, author: Writer, Json(new): Json<NewStory>) -> Answer {
    let saved = door.backend.create_story(&author, new).await?;
    door.created(saved.map(|story| StoryAnswer { story }))
}

async fn show(door: Door, author: Writer, Id(story): Id<StoryId>) -> Answer {
    door.read(door.backend.story(&author, story).await?)
}

async fn edit(door: Door, author: Writer, Id(story): Id<StoryId>, Edit(edit): Edit<StoryEdit>) -> Answer {
    let saved = door.backend.edit_story(&author, story, edit).await?;
    door.saved(saved.map(|story| StoryAnswer { story }))
}

async fn remove(door: Door, author: Writer, Id(story): Id<StoryId>, IfMatch(version): IfMatch) -> Answer {
    let saved = door.backend.delete_story(&author, story, version).await?;
    door.removed(saved, "The story is in the trash.")
}

async fn outline(door: Door, author: Writer, Id(story): Id<StoryId>) -> Answer {
    door.read(door.backend.outline(&author, story).await?)
}

async fn publish(door: Door, author: Writer, Id(story): Id<StoryId>, _: Optional<Nothing>) -> Answer {
    let saved = door.backend.publish_story(&author, story).await?;
    door.saved(saved.map(|story| StoryAnswer { story }))
}

async fn unpublish(door: Door, author: Writer, Id(story): Id<StoryId>, _: Optional<Nothing>) -> Answer {
    let saved = door.backend.unpublish_story(&author, story).await?;
    door.saved(saved.map(|story| StoryAnswer { story }))
}
