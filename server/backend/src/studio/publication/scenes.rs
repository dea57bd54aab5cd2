//! The published text of scenes.

use chrono::{DateTime, Utc};
use domain::{
    id::{ChapterId, SceneId, UserId},
    studio::RevisionKind,
};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QuerySelect,
    UpdateMany, sea_query::Expr,
};

use crate::{
    Error,
    entity::{id, scene, scene_revision as revision},
    markdown,
    studio::scene_text::SceneText,
};
use scene::Column;

/// A scene whose readers would see something else than its writer.
#[derive(FromQueryResult)]
struct Unpublished {
    id: String,
    title: String,
    body: String,
    body_version: i64,
}

/// Publishes the present text of all scenes of `chapters`, and says which those are.
///
/// Only text that differs from what readers see is rendered and written: publishing a long novel again after one
/// correction costs one scene.
pub(super) async fn publish(
    transaction: &DatabaseTransaction,
    author: UserId,
    chapters: &[ChapterId],
    now: DateTime<Utc>,
) -> Result<Vec<SceneId>, Error> {
    let scenes = of_chapters(transaction, chapters).await?;
    let changed = differing(transaction, chapters).await?;
    for (scene, html) in render(changed).await? {
        let published = scene::Entity::update_many()
            .col_expr(Column::PublishedTitle, Expr::col(Column::Title))
            .col_expr(Column::PublishedBody, Expr::col(Column::Body))
            .col_expr(Column::PublishedHtml, Expr::value(html))
            .col_expr(Column::PublishedWordCount, Expr::col(Column::WordCount))
            .col_expr(Column::PublishedVersion, Expr::col(Column::Version))
            .col_expr(Column::PublishedAt, Expr::value(now))
            .col_expr(Column::RendererVersion, Expr::value(markdown::RENDERER_VERSION))
            .filter(Column::Id.eq(&scene.id));
        published.exec(transaction).await?;
        keep_for_ever(transaction, author, &scene, now).await?;
    }
    // Of the others the text is published already, and with it the version they have now.
    scene::Entity::update_many()
        .col_expr(Column::PublishedVersion, Expr::col(Column::Version))
        .filter(in_chapters(chapters))
        .filter(Column::PublishedVersion.is_not_null())
        .exec(transaction)
        .await?;
    Ok(scenes)
}

/// An update that hides scenes from readers; the caller says which.
pub(in crate::studio) fn hide() -> UpdateMany<scene::Entity> {
    let none = || Expr::value(Option::<String>::None);
    scene::Entity::update_many()
        .col_expr(Column::PublishedTitle, none())
        .col_expr(Column::PublishedBody, none())
        .col_expr(Column::PublishedHtml, none())
        .col_expr(Column::PublishedWordCount, Expr::value(Option::<i64>::None))
        .col_expr(Column::PublishedVersion, Expr::value(Option::<i64>::None))
        .col_expr(Column::PublishedAt, Expr::value(Option::<DateTime<Utc>>::None))
        .col_expr(Column::RendererVersion, Expr::value(Option::<i32>::None))
}

/// The scenes of these chapters that are not in the trash.
pub(in crate::studio) async fn of_chapters(
    transaction: &DatabaseTransaction,
    chapters: &[ChapterId],
) -> Result<Vec<SceneId>, Error> {
    let rows: Vec<String> = scene::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(in_chapters(chapters))
        .into_tuple()
        .all(transaction)
        .await?;
    rows.iter().map(|row| Ok(id(row)?)).collect()
}

/// The condition for [`of_chapters`].
pub(super) fn in_chapters(chapters: &[ChapterId]) -> Condition {
    Condition::all()
        .add(Column::ChapterId.is_in(chapters.iter().map(ChapterId::as_str)))
        .add(Column::DeletedAt.is_null())
}

async fn differing(transaction: &DatabaseTransaction, chapters: &[ChapterId]) -> Result<Vec<Unpublished>, Error> {
    let differs = Condition::any()
        .add(Column::PublishedVersion.is_null())
        .add(Expr::col(Column::PublishedVersion).lt(Expr::col(Column::BodyVersion)))
        .add(Column::RendererVersion.ne(markdown::RENDERER_VERSION));
    let rows = scene::Entity::find()
        .select_only()
        .columns([Column::Id, Column::Title, Column::Body, Column::BodyVersion])
        .filter(in_chapters(chapters))
        .filter(differs);
    Ok(rows.into_model().all(transaction).await?)
}

/// Renders away from the threads that answer requests: a long novel takes a while.
async fn render(scenes: Vec<Unpublished>) -> Result<Vec<(Unpublished, String)>, Error> {
    let rendering = tokio::task::spawn_blocking(|| {
        let rendered = scenes.into_iter().map(|scene| {
            let html = markdown::render(&scene.body);
            (scene, html)
        });
        rendered.collect()
    });
    rendering.await.map_err(|_| Error::Unavailable)
}

/// Marks the revision that holds the published text: those are never thinned out.
async fn keep_for_ever(
    transaction: &DatabaseTransaction,
    author: UserId,
    scene: &Unpublished,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let text = SceneText { title: scene.title.clone(), content: scene.body.clone() };
    let newest = text.keep(transaction, id(&scene.id)?, scene.body_version, author, now).await?;
    revision::Entity::update_many()
        .col_expr(revision::Column::Kind, Expr::value(RevisionKind::Publish.as_str()))
        .filter(revision::Column::SceneId.eq(&scene.id))
        .filter(revision::Column::Seq.eq(newest))
        .filter(revision::Column::Kind.eq(RevisionKind::Auto.as_str()))
        .exec(transaction)
        .await?;
    Ok(())
}
