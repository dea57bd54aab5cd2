//! A chapter, as it is read.

use domain::{
    cache::Key,
    error::Entity as Kind,
    id::{ChapterId, StoryId},
    reading::{Neighbour, Reading, ReadingHead, ReadingScene},
};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};

use super::{is_public, novel::readable_chapters, with_authors};
use crate::{
    Backend, Error,
    cache::View,
    entity::{chapter, id, scene, story},
};

const MISSING: domain::Error = domain::Error::NotFound(Kind::Chapter);

/// The published columns of a scene, and no others.
#[derive(FromQueryResult)]
struct Published {
    id: String,
    position: i64,
    published_title: Option<String>,
    published_html: Option<String>,
    published_word_count: Option<i64>,
}

impl Backend {
    /// The published text of a chapter, and its neighbours among the chapters that can be read.
    ///
    /// # Errors
    /// Refuses chapters that cannot be read now, whatever the reason.
    pub async fn read_chapter(&self, chapter: ChapterId) -> Result<View<Reading>, Error> {
        let story = self.story_of_chapter(chapter).await?;
        self.read(&Key::Reading { story, chapter }, move |snapshot| Box::pin(load(snapshot, story, chapter))).await
    }
}

async fn load(snapshot: &DatabaseTransaction, story: StoryId, chapter: ChapterId) -> Result<Reading, Error> {
    let row = story::Entity::find_by_id(story.as_str()).filter(is_public()).one(snapshot).await?.ok_or(MISSING)?;
    let (story_row, author) = with_authors(snapshot, vec![row]).await?.pop().ok_or(MISSING)?;
    let chapters = readable_chapters(snapshot, story).await?;
    let at = chapters.iter().position(|row| row.id == chapter.as_str()).ok_or(MISSING)?;
    let (row, scenes) = (&chapters[at], published_scenes(snapshot, chapter).await?);

    let head = ReadingHead {
        id: chapter,
        story_id: story,
        story_title: story_row.title,
        title: row.published_title.clone().unwrap_or_default(),
        author,
        word_count: scenes.iter().filter_map(|scene| scene.published_word_count).sum(),
        published_at: row.published_at.ok_or(MISSING)?,
    };
    let scenes = scenes.into_iter().map(|scene| {
        let (title, html) = (scene.published_title.unwrap_or_default(), scene.published_html.unwrap_or_default());
        Ok(ReadingScene { id: id(&scene.id)?, title, html })
    });
    let scenes: Result<Vec<ReadingScene>, Error> = scenes.collect();
    let previous = at.checked_sub(1).and_then(|before| chapters.get(before));
    Ok(Reading {
        chapter: head,
        scenes: scenes?,
        previous: previous.map(neighbour).transpose()?,
        next: chapters.get(at + 1).map(neighbour).transpose()?,
    })
}

async fn published_scenes(snapshot: &DatabaseTransaction, chapter: ChapterId) -> Result<Vec<Published>, Error> {
    use scene::Column;
    let mut scenes: Vec<Published> = scene::Entity::find()
        .select_only()
        .columns([Column::Id, Column::Position, Column::PublishedTitle])
        .columns([Column::PublishedHtml, Column::PublishedWordCount])
        .filter(Column::ChapterId.eq(chapter.as_str()))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::PublishedVersion.is_not_null())
        .into_model()
        .all(snapshot)
        .await?;
    scenes.sort_by(|one, other| (one.position, &one.id).cmp(&(other.position, &other.id)));
    Ok(scenes)
}

fn neighbour(row: &chapter::Model) -> Result<Neighbour, Error> {
    Ok(Neighbour { id: id(&row.id)?, title: row.published_title.clone().unwrap_or_default() })
}
