//! The outline: everything in a story but the text.

use std::collections::HashMap;

use domain::{
    cache::Key,
    error::Entity as Kind,
    id::StoryId,
    studio::{Outline, OutlineChapter, Part, SceneHead},
    user::User,
};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};

use super::{require_own, writer};
use crate::{
    Backend, Error,
    cache::View,
    entity::{chapter, id, part, scene, story, word},
    reading_order,
};

/// What an outline says of a scene. The text stays in the database: an outline of a long novel must be small.
#[derive(FromQueryResult)]
struct Head {
    id: String,
    chapter_id: String,
    title: String,
    status: String,
    position: i64,
    word_count: i64,
    version: i64,
    body_version: i64,
    published_version: Option<i64>,
}

impl Backend {
    /// The parts, chapters and heads of the scenes of a story, in reading order.
    ///
    /// # Errors
    /// Refuses readers, and stories that are not the author's.
    pub async fn outline(&self, author: &User, story: StoryId) -> Result<View<Outline>, Error> {
        let author = writer(author)?;
        self.read(&Key::Outline { story, author }, move |snapshot| {
            Box::pin(async move {
                require_own(snapshot, author, story, Kind::Story).await?;
                load(snapshot, story).await
            })
        })
        .await
    }
}

/// Everything in a story but the text, in reading order.
pub(super) async fn load(snapshot: &DatabaseTransaction, story: StoryId) -> Result<Outline, Error> {
    let structure_version = structure_version(snapshot, story).await?;
    let mut parts = part::Entity::find()
        .filter(part::Column::StoryId.eq(story.as_str()))
        .filter(part::Column::DeletedAt.is_null())
        .all(snapshot)
        .await?;
    parts.sort_by(|one, other| (one.position, &one.id).cmp(&(other.position, &other.id)));
    let mut chapters = chapter::Entity::find()
        .filter(chapter::Column::StoryId.eq(story.as_str()))
        .filter(chapter::Column::DeletedAt.is_null())
        .all(snapshot)
        .await?;
    let places: Vec<(String, i64)> = parts.iter().map(|part| (part.id.clone(), part.position)).collect();
    reading_order::sort(&mut chapters, &places);

    let mut heads = heads(snapshot, story).await?;
    let chapters: Result<Vec<OutlineChapter>, Error> = chapters
        .into_iter()
        .map(|row| {
            let scenes = heads.remove(&row.id).unwrap_or_default();
            Ok(OutlineChapter { chapter: row.try_into()?, scenes })
        })
        .collect();
    let parts: Result<Vec<Part>, _> = parts.into_iter().map(Part::try_from).collect();
    Ok(Outline { structure_version, parts: parts?, chapters: chapters? })
}

async fn structure_version(snapshot: &DatabaseTransaction, story: StoryId) -> Result<i64, Error> {
    let version = story::Entity::find_by_id(story.as_str()).select_only().column(story::Column::StructureVersion);
    let version = version.into_tuple().one(snapshot).await?;
    Ok(version.ok_or(domain::Error::NotFound(Kind::Story))?)
}

/// The heads of the scenes by chapter, in order.
async fn heads(snapshot: &DatabaseTransaction, story: StoryId) -> Result<HashMap<String, Vec<SceneHead>>, Error> {
    use scene::Column;
    let mut rows: Vec<Head> = scene::Entity::find()
        .select_only()
        .columns([Column::Id, Column::ChapterId, Column::Title, Column::Status, Column::Position])
        .columns([Column::WordCount, Column::Version, Column::BodyVersion, Column::PublishedVersion])
        .filter(Column::StoryId.eq(story.as_str()))
        .filter(Column::DeletedAt.is_null())
        .into_model()
        .all(snapshot)
        .await?;
    rows.sort_by(|one, other| (one.position, &one.id).cmp(&(other.position, &other.id)));

    let mut heads: HashMap<String, Vec<SceneHead>> = HashMap::new();
    for row in rows {
        let head = SceneHead {
            id: id(&row.id)?,
            status: word(&row.status)?,
            title: row.title,
            position: row.position,
            word_count: row.word_count,
            version: row.version,
            published_version: row.published_version,
            unpublished: scene::is_unpublished(row.body_version, row.published_version),
        };
        heads.entry(row.chapter_id).or_default().push(head);
    }
    Ok(heads)
}
