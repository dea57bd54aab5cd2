//! Publication: the present text becomes what readers see, and stays that until it is published again.
//!
//! Working text and published text are different columns, so a half-typed sentence cannot get out. The HTML is made
//! here, once, and not for every reader.

mod scenes;

use domain::{
    cache::{Change, Saved},
    error::Entity as Kind,
    id::{ChapterId, StoryId},
    studio::{Chapter, Story},
    user::User,
};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter, QuerySelect, UpdateMany, sea_query::Expr,
};

use super::{Held, chapter::live_chapter, own_story, writer};
use crate::{
    Backend, Error,
    entity::{chapter, id, story},
};

impl Backend {
    /// Makes a story public, and the present text of all its chapters what readers see.
    ///
    /// Done again, it publishes the present text anew; the story keeps its place among the published ones.
    ///
    /// # Errors
    /// Refuses readers, and stories that are not the author's.
    pub async fn publish_story(&self, author: &User, story: StoryId) -> Result<Saved<Story>, Error> {
        let author = writer(author)?;
        let now = self.time.now();
        self.write(async |transaction| {
            let held = Held::take(transaction, author, story, Kind::Story).await?;
            let chapters = chapters_of(transaction, story).await?;
            let scenes = scenes::publish(transaction, held.author, &chapters, now).await?;
            publish_chapters(now).filter(in_story(story)).exec(transaction).await?;
            story::Entity::update_many()
                .col_expr(story::Column::Status, Expr::value("published"))
                .col_expr(story::Column::PublishedAt, Expr::value(held.row.published_at.unwrap_or(now)))
                .filter(story::Column::Id.eq(story.as_str()))
                .exec(transaction)
                .await?;
            let change = Change::StoryPublished { story, author, chapters, scenes };
            Ok((held.again(transaction).await?, change))
        })
        .await
    }

    /// Hides a story from everyone but its author, with its board. Its chapters wait to be seen again.
    ///
    /// # Errors
    /// Refuses readers, and stories that are not the author's.
    pub async fn unpublish_story(&self, author: &User, story: StoryId) -> Result<Saved<Story>, Error> {
        let author = writer(author)?;
        self.write(async |transaction| {
            let held = Held::take(transaction, author, story, Kind::Story).await?;
            hide_story().filter(story::Column::Id.eq(story.as_str())).exec(transaction).await?;
            Ok((held.again(transaction).await?, Change::StoryUnpublished { story, author }))
        })
        .await
    }

    /// Makes the present text of a chapter what readers see, as soon as its story is public too.
    ///
    /// # Errors
    /// Refuses readers, and chapters that are not the author's.
    pub async fn publish_chapter(&self, author: &User, chapter: ChapterId) -> Result<Saved<Chapter>, Error> {
        let author = writer(author)?;
        let story = self.story_of_chapter(chapter).await?;
        let now = self.time.now();
        self.write(async |transaction| {
            let held = Held::take(transaction, author, story, Kind::Chapter).await?;
            live_chapter(transaction, story, chapter).await?;
            let scenes = scenes::publish(transaction, held.author, &[chapter], now).await?;
            publish_chapters(now).filter(chapter::Column::Id.eq(chapter.as_str())).exec(transaction).await?;
            let change = Change::ChapterPublished { chapter, story, author, scenes };
            Ok((live_chapter(transaction, story, chapter).await?.try_into()?, change))
        })
        .await
    }

    /// Takes a chapter away from readers.
    ///
    /// # Errors
    /// Refuses readers, and chapters that are not the author's.
    pub async fn unpublish_chapter(&self, author: &User, chapter: ChapterId) -> Result<Saved<Chapter>, Error> {
        let author = writer(author)?;
        let story = self.story_of_chapter(chapter).await?;
        self.write(async |transaction| {
            Held::take(transaction, author, story, Kind::Chapter).await?;
            live_chapter(transaction, story, chapter).await?;
            let scenes = scenes::of_chapters(transaction, &[chapter]).await?;
            scenes::hide().filter(scenes::in_chapters(&[chapter])).exec(transaction).await?;
            hide_chapters().filter(chapter::Column::Id.eq(chapter.as_str())).exec(transaction).await?;
            let change = Change::ChapterUnpublished { chapter, story, author, scenes };
            Ok((live_chapter(transaction, story, chapter).await?.try_into()?, change))
        })
        .await
    }
}

impl Held {
    /// The story as it is now.
    async fn again(&self, transaction: &DatabaseTransaction) -> Result<Story, Error> {
        let row = own_story(self.author, self.story).one(transaction).await?;
        Ok(row.ok_or(domain::Error::NotFound(Kind::Story))?.try_into()?)
    }
}

pub(super) use scenes::{hide as hide_scenes, of_chapters as scenes_of_chapters};

/// An update that hides stories; the caller says which.
pub(super) fn hide_story() -> UpdateMany<story::Entity> {
    story::Entity::update_many()
        .col_expr(story::Column::Status, Expr::value("writing"))
        .col_expr(story::Column::PublishedAt, Expr::value(Option::<sea_orm::prelude::DateTimeUtc>::None))
}

/// An update that hides chapters; the caller says which.
pub(super) fn hide_chapters() -> UpdateMany<chapter::Entity> {
    chapter::Entity::update_many()
        .col_expr(chapter::Column::Status, Expr::value("draft"))
        .col_expr(chapter::Column::PublishedTitle, Expr::value(Option::<String>::None))
        .col_expr(chapter::Column::PublishedAt, Expr::value(Option::<sea_orm::prelude::DateTimeUtc>::None))
}

/// An update that publishes chapters; the caller says which. Those that are public already keep their time.
fn publish_chapters(now: sea_orm::prelude::DateTimeUtc) -> UpdateMany<chapter::Entity> {
    let published_at = Expr::col(chapter::Column::PublishedAt).if_null(now);
    chapter::Entity::update_many()
        .col_expr(chapter::Column::Status, Expr::value("published"))
        .col_expr(chapter::Column::PublishedTitle, Expr::col(chapter::Column::Title))
        .col_expr(chapter::Column::PublishedAt, published_at)
}

fn in_story(story: StoryId) -> sea_orm::Condition {
    sea_orm::Condition::all().add(chapter::Column::StoryId.eq(story.as_str())).add(chapter::Column::DeletedAt.is_null())
}

/// The chapters of a story that are not in the trash.
pub(super) async fn chapters_of(transaction: &DatabaseTransaction, story: StoryId) -> Result<Vec<ChapterId>, Error> {
    let rows: Vec<String> = chapter::Entity::find()
        .select_only()
        .column(chapter::Column::Id)
        .filter(in_story(story))
        .into_tuple()
        .all(transaction)
        .await?;
    rows.iter().map(|row| Ok(id(row)?)).collect()
}
