//! Chapters, as their author sees them.

use axum::{
    Router,
    routing::{get, post, put},
};
use domain::{
    id::{ChapterId, StoryId},
    studio::{ChapterAnswer, ChapterEdit, ChapterMove, NewChapter},
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
        .route("/chapters/{id}", get(show).patch(edit).delete(remove))
        .route("/chapters/{id}/move", post(relocate))
        .route("/chapters/{id}/publication", put(publish).delete(unpublish))
        .route("/chapters/{id}/scenes", get(scenes).post(super::scenes::create))
}

pub(super) async fn create(door: Door, author: Writer, Id(story): Id<StoryId>, Json(new): Json<NewChapter>) -> Answer {
    let saved = door.backend.add_chapter(&author, story, new).await?;
    door.created(saved.map(|chapter| ChapterAnswer { chapter }))
}

async fn show(door: Door, author: Writer, Id(chapter): Id<ChapterId>) -> Answer {
    door.read(door.backend.chapter(&author, chapter).await?)
}

async fn scenes(door: Door, author: Writer, Id(chapter): Id<ChapterId>) -> Answer {
    door.read(door.backend.scenes(&author, chapter).await?)
}

async fn edit(door: Door, author: Writer, Id(chapter): Id<ChapterId>, Edit(edit): Edit<ChapterEdit>) -> Answer {
    let saved = door.backend.edit_chapter(&author, chapter, edit).await?;
    door.saved(saved.map(|chapter| ChapterAnswer { chapter }))
}

async fn remove(door: Door, author: Writer, Id(chapter): Id<ChapterId>, IfMatch(version): IfMatch) -> Answer {
    let saved = door.backend.delete_chapter(&author, chapter, version).await?;
    door.removed(saved, "The chapter is in the trash, with its scenes.")
}

async fn relocate(door: Door, author: Writer, Id(chapter): Id<ChapterId>, Json(to): Json<ChapterMove>) -> Answer {
    let saved = door.backend.move_chapter(&author, chapter, to).await?;
    door.saved(saved.map(|chapter| ChapterAnswer { chapter }))
}

async fn publish(door: Door, author: Writer, Id(chapter): Id<ChapterId>, _: Optional<Nothing>) -> Answer {
    let saved = door.backend.publish_chapter(&author, chapter).await?;
    door.saved(saved.map(|chapter| ChapterAnswer { chapter }))
}

async fn unpublish(door: Door, author: Writer, Id(chapter): Id<ChapterId>, _: Optional<Nothing>) -> Answer {
    let saved = door.backend.unpublish_chapter(&author, chapter).await?;
    door.saved(saved.map(|chapter| ChapterAnswer { chapter }))
}
