//! Reading: published text for anyone, and for members how far they got.

use aide::axum::{ApiRouter, routing::get_with};
use domain::{
    id::{ChapterId, StoryId},
    reading::{NewProgress, NovelContents, Novels, ProgressAnswer, Reading},
};

use super::{
    Answer, Door, Problem,
    answer::{Shown, Stored},
    json::Json,
    path::Id,
    query,
    visitor::Member,
};
use crate::router::Server;

pub(crate) fn router() -> ApiRouter<Server> {
    ApiRouter::new()
        .api_route("/stories", get_with(list, |op| op.summary("The published stories, page by page")))
        .api_route("/story/{id}", get_with(novel, |op| op.summary("A published story and its contents")))
        .api_route(
            "/story/{id}/progress",
            get_with(progress, |op| op.summary("How far one got in a story"))
                .put_with(read_to, |op| op.summary("Remember how far one got")),
        )
        .api_route("/chapters/{id}", get_with(chapter, |op| op.summary("A published chapter, to be read")))
}

async fn list(door: Door, query::Novels(query): query::Novels) -> Answer<Shown<Novels>> {
    door.read(door.backend.novels(query).await.map_err(Problem::in_query)?)
}

async fn novel(door: Door, Id(story): Id<StoryId>) -> Answer<Shown<NovelContents>> {
    door.read(door.backend.novel(story).await?)
}

async fn chapter(door: Door, Id(chapter): Id<ChapterId>) -> Answer<Shown<Reading>> {
    door.read(door.backend.read_chapter(chapter).await?)
}

async fn progress(door: Door, reader: Member, Id(story): Id<StoryId>) -> Answer<Shown<ProgressAnswer>> {
    door.read(door.backend.progress(&reader, story).await?)
}

async fn read_to(
    door: Door,
    reader: Member,
    Id(story): Id<StoryId>,
    Json(new): Json<NewProgress>,
) -> Answer<Stored<ProgressAnswer>> {
    door.saved(door.backend.read_to(&reader, story, new).await?)
}
