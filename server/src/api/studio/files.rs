//! A story as a file: out in five forms, in as a new story.

use aide::axum::{
    ApiRouter,
    routing::{get_with, post_with},
};
use domain::{
    id::StoryId,
    studio::{Import, Imported},
};

use crate::{
    api::{
        Answer, Door, Problem,
        answer::{Created, File},
        json::Json,
        path::Id,
        query::Format,
        visitor::Writer,
    },
    router::Server,
};

pub(super) fn router() -> ApiRouter<Server> {
    ApiRouter::new()
        .api_route(
            "/story/{id}/export",
            get_with(export, |op| {
                op.summary("A story as a file").description("The working text, drafts included; by default Markdown.")
            }),
        )
        .api_route(
            "/stories/import",
            post_with(import, |op| {
                op.summary("Make a new story of a file").description(
                    "With `format` `markdown` or `txt`, `text` is read by its headings. With `json`, send the document \
                     of a JSON export: as it is, for it is a legal body, or in `text`. At most 8 MB.",
                )
            }),
        )
}

async fn export(door: Door, author: Writer, Id(story): Id<StoryId>, Format(format): Format) -> Answer<File> {
    Ok(File(door.backend.export(&author, story, format).await.map_err(Problem::in_query)?))
}

async fn import(door: Door, author: Writer, Json(import): Json<Import>) -> Answer<Created<Imported>> {
    door.created(door.backend.import(&author, import).await?)
}
