//! Reading: published text, for anyone.

use axum::{Router, routing::get};
use domain::id::{ChapterId, StoryId};

use super::{Answer, Door, Problem, path::Id, query::Novels};
use crate::router::Server;

pub(crate) fn router() -> Router<Server> {
    Router::new().route("/stories", get(list)).route("/story/{id}", get(novel)).route("/chapters/{id}", get(chapter))
}

async fn list(door: Door, Novels(query): Novels) -> Answer {
    door.read(door.backend.novels(query).await.map_err(Problem::in_query)?)
}

async fn novel(door: Door, Id(story): Id<StoryId>) -> Answer {
    door.read(door.backend.novel(story).await?)
}

async fn chapter(door: Door, Id(chapter): Id<ChapterId>) -> Answer {
    door.read(door.backend.read_chapter(chapter).await?)
}
