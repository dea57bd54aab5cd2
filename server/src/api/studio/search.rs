//! Search and replace over a whole story. Neither is cached.

use aide::axum::{
    ApiRouter,
    routing::{get_with, post_with},
};
use domain::{
    id::StoryId,
    studio::{Hits, Replace, Replaced},
};

use crate::{
    api::{
        Answer, Door, Problem,
        answer::{Plain, Stored},
        json::Json,
        path::Id,
        query::Search,
        visitor::Writer,
    },
    router::Server,
};

pub(super) fn router() -> ApiRouter<Server> {
    ApiRouter::new()
        .api_route(
            "/story/{id}/search",
            get_with(search, |op| {
                op.summary("Find words in all scenes of a story").description(
                    "Places are counted in characters (Unicode scalar values), from 0. At most a thousand hits.",
                )
            }),
        )
        .api_route(
            "/story/{id}/replace",
            post_with(replace, |op| {
                op.summary("Replace hits of a search, all of them or none")
                    .description("Takes the wanted hits as the search gave them; `case`, `word` and `regex` too.")
                    .response::<409, Problem>()
            }),
        )
}

async fn search(door: Door, author: Writer, Id(story): Id<StoryId>, Search(search): Search) -> Answer<Plain<Hits>> {
    Ok(Plain(door.backend.search(&author, story, search).await.map_err(Problem::in_query)?))
}

async fn replace(
    door: Door,
    author: Writer,
    Id(story): Id<StoryId>,
    Json(wish): Json<Replace>,
) -> Answer<Stored<Replaced>> {
    door.saved(door.backend.replace(&author, story, wish).await?)
}
