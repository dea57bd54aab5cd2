//! A novel and its contents.

use domain::{
    cache::Key,
    error::Entity as Kind,
    id::StoryId,
    reading::{ContentsLine, NovelContents},
};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};

use super::{is_public, is_published, measures, novel, with_authors};
use crate::{
    Backend, Error,
    cache::View,
    entity::{chapter, id, part, story},
    reading_order,
};

impl Backend {
    /// A public story and the chapters that can be read, in order.
    ///
    /// # Errors
    /// Refuses stories that are not public.
    pub async fn novel(&self, story: StoryId) -> Result<View<NovelContents>, Error> {
        self.read(&Key::Novel(story), move |snapshot| Box::pin(load(snapshot, story))).await
    }
}

async fn load(snapshot: &DatabaseTransaction, story: StoryId) -> Result<NovelContents, Error> {
    let missing = || domain::Error::NotFound(Kind::Story);
    let row = story::Entity::find_by_id(story.as_str()).filter(is_public()).one(snapshot).await?.ok_or_else(missing)?;
    let (row, author) = with_authors(snapshot, vec![row]).await?.pop().ok_or_else(missing)?;
    let measures = measures(snapshot, &[story.as_str()]).await?;

    let words = |chapter: &str| measures.iter().find(|measure| measure.chapter_id == chapter).map_or(0, |it| it.words);
    let lines = readable_chapters(snapshot, story).await?.into_iter().map(|row| {
        let (id, word_count) = (id(&row.id)?, words(&row.id));
        Ok(ContentsLine { id, title: row.published_title.unwrap_or_default(), word_count })
    });
    let chapters: Result<Vec<ContentsLine>, Error> = lines.collect();
    Ok(NovelContents { chapters: chapters?, story: novel(row, author, &measures)? })
}

/// The chapters of a public story that can be read, in reading order.
pub(super) async fn readable_chapters(
    connection: &impl ConnectionTrait,
    story: StoryId,
) -> Result<Vec<chapter::Model>, Error> {
    let mut chapters = chapter::Entity::find()
        .filter(chapter::Column::StoryId.eq(story.as_str()))
        .filter(is_published())
        .all(connection)
        .await?;
    let parts: Vec<(String, i64)> = part::Entity::find()
        .select_only()
        .columns([part::Column::Id, part::Column::Position])
        .filter(part::Column::StoryId.eq(story.as_str()))
        .filter(part::Column::DeletedAt.is_null())
        .into_tuple()
        .all(connection)
        .await?;
    reading_order::sort(&mut chapters, &parts);
    Ok(chapters)
}
