//! Parts: they group chapters, and are seen in the outline only.

use domain::{
    cache::{Change, Key, Saved},
    error::{Current, Entity as Kind},
    id::{PartId, StoryId, UserId},
    studio::{NewPart, Part, PartAnswer, PartEdit},
    text::{SUMMARY, TITLE},
    user::User,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    sea_query::Expr,
};

use super::{Held, base_version, one_row, placement, require_own, structure, writer};
use crate::{
    Backend, Error,
    cache::View,
    entity::{chapter, id, part},
};

const MISSING: domain::Error = domain::Error::NotFound(Kind::Part);

impl Backend {
    /// Adds a part at the end of a story.
    ///
    /// # Errors
    /// Refuses readers, text that breaks a rule, and stories that are not the author's.
    pub async fn add_part(&self, author: &User, story: StoryId, new: NewPart) -> Result<Saved<Part>, Error> {
        let author = writer(author)?;
        let title = TITLE.check("title", &new.title)?;
        let summary = SUMMARY.check("summary", new.summary.as_deref().unwrap_or_default())?;
        let (part, now) = (PartId::from_random(rand::random()), self.time.now());
        self.write(async |transaction| {
            Held::take(transaction, author, story, Kind::Story).await?;
            let row = part::Model {
                id: part.to_string(),
                story_id: story.to_string(),
                title,
                summary,
                position: placement::behind(top_level(transaction, story).await?),
                version: 1,
                created_at: now,
                updated_at: now,
                deleted_at: None,
                deleted_by: None,
                trash_batch_id: None,
            };
            part::Entity::insert(row.clone().into_active_model()).exec_without_returning(transaction).await?;
            structure::count(transaction, story).await?;
            Ok((row.try_into()?, Change::Part { part, story }))
        })
        .await
    }

    /// One part. It is small and rarely asked for alone, so it is no view of its own and not cached.
    ///
    /// # Errors
    /// Refuses readers, and parts that are not the author's.
    pub async fn part(&self, author: &User, part: PartId) -> Result<View<PartAnswer>, Error> {
        let author = writer(author)?;
        self.read_uncached(Key::Shelf(author).policy(), move |snapshot| {
            Box::pin(async move {
                let row = live_part(snapshot, part).await?;
                require_own(snapshot, author, id(&row.story_id)?, Kind::Part).await?;
                Ok(PartAnswer { part: row.try_into()? })
            })
        })
        .await
    }

    /// Changes a part.
    ///
    /// # Errors
    /// Refuses readers, text that breaks a rule, parts that are not the author's, and an edit that was made from another
    /// version or does not say from which.
    pub async fn edit_part(&self, author: &User, part: PartId, edit: PartEdit) -> Result<Saved<Part>, Error> {
        let author = writer(author)?;
        let mut changes = part::ActiveModel { updated_at: Set(self.time.now()), ..Default::default() };
        if let Some(title) = &edit.title {
            changes.title = Set(TITLE.check("title", title)?);
        }
        if let Some(summary) = &edit.summary {
            changes.summary = Set(SUMMARY.check("summary", summary)?);
        }
        self.write(async |transaction| {
            let (held, stored) = hold_part(transaction, author, part).await?;
            let current = Current::part(&stored.clone().try_into()?);
            let base = base_version(edit.version, stored.version, current.clone())?;
            let update = part::Entity::update_many()
                .set(changes)
                .col_expr(part::Column::Version, Expr::value(base + 1))
                .filter(part::Column::Id.eq(part.as_str()))
                .filter(part::Column::Version.eq(base));
            one_row(&update.exec(transaction).await?, current)?;
            let saved = live_part(transaction, part).await?.try_into()?;
            Ok((saved, Change::Part { part, story: held.story }))
        })
        .await
    }
}

/// A part that is not in the trash, whoever's it is.
pub(super) async fn live_part(connection: &impl ConnectionTrait, part: PartId) -> Result<part::Model, Error> {
    let row = part::Entity::find_by_id(part.as_str()).filter(part::Column::DeletedAt.is_null()).one(connection).await?;
    row.ok_or_else(|| MISSING.into())
}

/// A part of the author, and its story, held.
pub(super) async fn hold_part(
    transaction: &sea_orm::DatabaseTransaction,
    author: UserId,
    part: PartId,
) -> Result<(Held, part::Model), Error> {
    let story = id(&live_part(transaction, part).await?.story_id)?;
    let held = Held::take(transaction, author, story, Kind::Part).await?;
    // Read again: it may have gone while we waited for the story.
    Ok((held, live_part(transaction, part).await?))
}

/// The positions of all that stands at the top level of a story: parts, and chapters without one.
pub(super) async fn top_level(connection: &impl ConnectionTrait, story: StoryId) -> Result<Vec<i64>, Error> {
    let parts = part::Entity::find()
        .select_only()
        .column(part::Column::Position)
        .filter(part::Column::StoryId.eq(story.as_str()))
        .filter(part::Column::DeletedAt.is_null());
    let chapters = chapter::Entity::find()
        .select_only()
        .column(chapter::Column::Position)
        .filter(chapter::Column::StoryId.eq(story.as_str()))
        .filter(chapter::Column::PartId.is_null())
        .filter(chapter::Column::DeletedAt.is_null());
    let mut positions: Vec<i64> = parts.into_tuple().all(connection).await?;
    positions.extend(chapters.into_tuple::<i64>().all(connection).await?);
    Ok(positions)
}
