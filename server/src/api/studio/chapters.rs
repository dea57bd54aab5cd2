//! Chapters, as their author sees them.

use aide::axum::{
    ApiRouter,
    routing::{get_with, post_with, put_with},
};
use domain::{
    id::{ChapterId, StoryId},
    studio::{ChapterAnswer, ChapterEdit, ChapterMove, NewChapter, Scenes},
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
            "/chapters/{id}",
            get_with(show, |op| op.summary("A chapter without its scenes"))
                .patch_with(edit, |op| op.summary("Rename a chapter, or sum it up"))
                .delete_with(remove, |op| op.summary("Throw a chapter into the trash, with its scenes")),
        )
        .api_route("/chapters/{id}/move", post_with(relocate, |op| op.summary("Put a chapter somewhere else")))
        .api_route(
            "/chapters/{id}/publication",
            put_with(publish, |op| op.summary("Publish the present text of a chapter"))
                .delete_with(unpublish, |op| op.summary("Hide a chapter from readers")),
        )
        .api_route(
            "/chapters/{id}/scenes",
            get_with(scenes, |op| op.summary("The scenes of a chapter with their working text"))
                .post_with(super::scenes::create, |op| op.summary("Add a scene at the end")),
        )
}

pub(super) async fn create(
    door: Door,
    author: Writer,
    Id(story): Id<StoryId>,
    Json(new): Json<NewChapter>,
) -> Answer<Created<ChapterAnswer>> {
    let saved = door.backend.add_chapter(&author, story, new).await?;
    door.created(saved.map(|chapter| ChapterAnswer { chapter }))
}

async fn show(door: Door, author: Writer, Id(chapter): Id<ChapterId>) -> Answer<Shown<ChapterAnswer>> {
    door.read(door.backend.chapter(&author, chapter).await?)
}

async fn scenes(door: Door, author: Writer, Id(chapter): Id<ChapterId>) -> Answer<Shown<Scenes>> {
    door.read(door.backend.scenes(&author, chapter).await?)
}

async fn edit(
    door: Door,
    author: Writer,
    Id(chapter): Id<ChapterId>,
    Edit(edit): Edit<ChapterEdit>,
) -> Answer<Stored<ChapterAnswer>> {
    let saved = door.backend.edit_chapter(&author, chapter, edit).await?;
    door.saved(saved.map(|chapter| ChapterAnswer { chapter }))
}

async fn remove(
    door: Door,
    author: Writer,
    Id(chapter): Id<ChapterId>,
    IfMatch(version): IfMatch,
) -> Answer<Stored<Removed>> {
    let saved = door.backend.delete_chapter(&author, chapter, version).await?;
    door.removed(saved, "The chapter is in the trash, with its scenes.")
}

async fn relocate(
    door: Door,
    author: Writer,
    Id(chapter): Id<ChapterId>,
    Json(to): Json<ChapterMove>,
) -> Answer<Stored<ChapterAnswer>> {
    let saved = door.backend.move_chapter(&author, chapter, to).await?;
    door.saved(saved.map(|chapter| ChapterAnswer { chapter }))
}

async fn publish(
    door: Door,
    author: Writer,
    Id(chapter): Id<ChapterId>,
    _: Optional<Nothing>,
) -> Answer<Stored<ChapterAnswer>> {
    let saved = door.backend.publish_chapter(&author, chapter).await?;
    door.saved(saved.map(|chapter| ChapterAnswer { chapter }))
}

async fn unpublish(
    door: Door,
    author: Writer,
    Id(chapter): Id<ChapterId>,
    _: Optional<Nothing>,
) -> Answer<Stored<ChapterAnswer>> {
    let saved = door.backend.unpublish_chapter(&author, chapter).await?;
    door.saved(saved.map(|chapter| ChapterAnswer { chapter }))
}
