//! The trash: what was removed, and the way back. It is never cached.

use aide::axum::{
    ApiRouter,
    routing::{get_with, post_with},
};
use domain::{
    id::{StoryId, TrashId},
    studio::{RestoredAnswer, Trash},
};

use crate::{
    api::{
        Answer, Door, Problem,
        answer::{Plain, Stored},
        json::{Nothing, Optional},
        path::Id,
        visitor::Writer,
    },
    router::Server,
};

pub(super) fn router() -> ApiRouter<Server> {
    ApiRouter::new()
        .api_route("/trash", get_with(list, |op| op.summary("All that the author removed, the last first")))
        .api_route(
            "/story/{id}/trash",
            get_with(of_story, |op| op.summary("What was removed from a story, the last first")),
        )
        .api_route(
            "/trash/{id}/restore",
            post_with(restore, |op| {
                op.summary("Bring something back, with all that went with it").response::<409, Problem>()
            }),
        )
}

async fn list(door: Door, author: Writer) -> Answer<Plain<Trash>> {
    Ok(Plain(door.backend.trash(&author).await?))
}

async fn of_story(door: Door, author: Writer, Id(story): Id<StoryId>) -> Answer<Plain<Trash>> {
    Ok(Plain(door.backend.story_trash(&author, story).await?))
}

async fn restore(
    door: Door,
    author: Writer,
    Id(item): Id<TrashId>,
    _: Optional<Nothing>,
) -> Answer<Stored<RestoredAnswer>> {
    let saved = door.backend.restore(&author, item).await?;
    door.saved(saved.map(|restored| RestoredAnswer { restored }))
}
