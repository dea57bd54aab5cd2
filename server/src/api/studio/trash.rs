//! The trash: what was removed, and the way back. It is never cached.

use axum::{
    Router,
    routing::{get, post},
};
use domain::id::{StoryId, TrashId};
use serde_json::json;

use crate::{
    api::{
        Answer, Door,
        json::{Nothing, Optional},
        path::Id,
        visitor::Writer,
    },
    router::Server,
};

pub(super) fn router() -> Router<Server> {
    Router::new()
        .route("/trash", get(list))
        .route("/story/{id}/trash", get(of_story))
        .route("/trash/{id}/restore", post(restore))
}

async fn list(door: Door, author: Writer) -> Answer {
    door.plain(&door.backend.trash(&author).await?)
}

async fn of_story(door: Door, author: Writer, Id(story): Id<StoryId>) -> Answer {
    door.plain(&door.backend.story_trash(&author, story).await?)
}

async fn restore(door: Door, author: Writer, Id(item): Id<TrashId>, _: Optional<Nothing>) -> Answer {
    let saved = door.backend.restore(&author, item).await?;
    door.saved(saved.map(|restored| json!({ "restored": restored })))
}
