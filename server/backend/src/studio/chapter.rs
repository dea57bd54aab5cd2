//! Chapters.

use chrono::{DateTime, Utc};
use domain::{
    cache::{Change, Key, Saved},
    error::{Current, Entity as Kind, Problem},
    id::{ChapterId, PartId, StoryId},
    studio::{Chapter, ChapterAnswer, ChapterEdit, NewChapter},
    text::{SUMMARY, TITLE},
    user::User,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect, sea_query::Expr,
};

use super::{
    Held, base_version, one_row,
    part::{live_part, top_level},
    placement, require_own, structure, writer,
};
use crate::{
    Backend, Error,
    cache::View,
    entity::{chapter, id},
};

const MISSING: domain::Error = domain::Error::NotFound(Kind::Chapter);

impl Backend {
    /// Adds a chapter at the end of its part, or of the story.
    ///
    /// # Errors
    /// Refuses readers, text that breaks a rule, stories that are not the author's, and parts of other stories.
    pub async fn add_chapter(&self, author: &User, story: StoryId, new: NewChapter) -> Result<Saved<Chapter>, Error> {
        let author = writer(author)?;
        let title = TITLE.check("title", &new.title)?;
        let summary = SUMMARY.check("summary", new.summary.as_deref().unwrap_or_default())?;
        let (chapter, now) = (ChapterId::from_random(rand::random()), self.time.now());
        self.write(async |transaction| {
            let held = Held::take(transaction, author, story, Kind::Story).await?;
            let position = match new.part_id {
                Some(part) => {
                    held.require_part(transaction, part).await?;
                    placement::behind(positions_in(transaction, part).await?)
                }
                None => placement::behind(top_level(transaction, story).await?),
            };
            let row = new_row(chapter, story, new.part_id, (title, summary), position, now);
            chapter::Entity::insert(row.clone().into_active_model()).exec_without_returning(transaction).await?;
            structure::count(transaction, story).await?;
            Ok((row.try_into()?, Change::Chapter { chapter, story, author }))
        })
        .await
    }

    /// One chapter, without its scenes.
    ///
    /// # Errors
    /// Refuses readers, and chapters that are not the author's.
    pub async fn chapter(&self, author: &User, chapter: ChapterId) -> Result<View<ChapterAnswer>, Error> {
        let author = writer(author)?;
        let story = self.story_of_chapter(chapter).await?;
        self.read(&Key::Chapter { story, chapter, author }, move |snapshot| {
            Box::pin(async move {
                require_own(snapshot, author, story, Kind::Chapter).await?;
                Ok(ChapterAnswer { chapter: live_chapter(snapshot, story, chapter).await?.try_into()? })
            })
        })
        .await
    }

    /// Changes a chapter. Readers see its new title when it is published again.
    ///
    /// # Errors
    /// Refuses readers, text that breaks a rule, chapters that are not the author's, and an edit that was made from
    /// another version or does not say from which.
    pub async fn edit_chapter(
        &self,
        author: &User,
        chapter: ChapterId,
        edit: ChapterEdit,
    ) -> Result<Saved<Chapter>, Error> {
        let author = writer(author)?;
        let mut changes = chapter::ActiveModel { updated_at: Set(self.time.now()), ..Default::default() };
        if let Some(title) = &edit.title {
            changes.title = Set(TITLE.check("title", title)?);
        }
        if let Some(summary) = &edit.summary {
            changes.summary = Set(SUMMARY.check("summary", summary)?);
        }
        let story = self.story_of_chapter(chapter).await?;
        self.write(async |transaction| {
            Held::take(transaction, author, story, Kind::Chapter).await?;
            let stored = live_chapter(transaction, story, chapter).await?;
            let current = Current::chapter(&stored.clone().try_into()?);
            let base = base_version(edit.version, stored.version, current.clone())?;
            let update = chapter::Entity::update_many()
                .set(changes)
                .col_expr(chapter::Column::Version, Expr::value(base + 1))
                .filter(chapter::Column::Id.eq(chapter.as_str()))
                .filter(chapter::Column::Version.eq(base));
            one_row(&update.exec(transaction).await?, current)?;
            let saved = live_chapter(transaction, story, chapter).await?.try_into()?;
            Ok((saved, Change::Chapter { chapter, story, author }))
        })
        .await
    }
}

impl Held {
    /// Refuses a part that is not of this story: with its field when it is the author's, with `NotFound` when not.
    pub(super) async fn require_part(&self, transaction: &DatabaseTransaction, part: PartId) -> Result<(), Error> {
        let row = live_part(transaction, part).await?;
        self.require_same_story(transaction, id(&row.story_id)?, "partId", Kind::Part).await
    }

    /// The chapter `chapter`, if it is of this story; refuses as [`Held::require_part`] does.
    pub(super) async fn require_chapter(
        &self,
        transaction: &DatabaseTransaction,
        chapter: ChapterId,
    ) -> Result<chapter::Model, Error> {
        let row = chapter::Entity::find_by_id(chapter.as_str()).filter(chapter::Column::DeletedAt.is_null());
        let row = row.one(transaction).await?.ok_or(MISSING)?;
        self.require_same_story(transaction, id(&row.story_id)?, "chapterId", Kind::Chapter).await?;
        Ok(row)
    }

    async fn require_same_story(
        &self,
        transaction: &DatabaseTransaction,
        story: StoryId,
        field: &str,
        missing: Kind,
    ) -> Result<(), Error> {
        if story == self.story {
            return Ok(());
        }
        require_own(transaction, self.author, story, missing).await?;
        Err(domain::Error::invalid(field, Problem::DoesNotBelong).into())
    }
}

/// A chapter of `story` that is not in the trash, whoever's it is.
pub(super) async fn live_chapter(
    connection: &impl ConnectionTrait,
    story: StoryId,
    chapter: ChapterId,
) -> Result<chapter::Model, Error> {
    let row = chapter::Entity::find_by_id(chapter.as_str())
        .filter(chapter::Column::StoryId.eq(story.as_str()))
        .filter(chapter::Column::DeletedAt.is_null())
        .one(connection)
        .await?;
    row.ok_or_else(|| MISSING.into())
}

async fn positions_in(connection: &impl ConnectionTrait, part: PartId) -> Result<Vec<i64>, Error> {
    let positions = chapter::Entity::find()
        .select_only()
        .column(chapter::Column::Position)
        .filter(chapter::Column::PartId.eq(part.as_str()))
        .filter(chapter::Column::DeletedAt.is_null());
    Ok(positions.into_tuple().all(connection).await?)
}

pub(super) fn new_row(
    id: ChapterId,
    story: StoryId,
    part: Option<PartId>,
    (title, summary): (String, String),
    position: i64,
    now: DateTime<Utc>,
) -> chapter::Model {
    chapter::Model {
        id: id.to_string(),
        story_id: story.to_string(),
        part_id: part.map(|part| part.to_string()),
        title,
        summary,
        status: "draft".to_owned(),
        published_title: None,
        published_at: None,
        position,
        version: 1,
        created_at: now,
        updated_at: now,
        deleted_at: None,
        deleted_by: None,
        trash_batch_id: None,
    }
}
