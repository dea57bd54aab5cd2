//! Reading: novels as their readers see them.
//!
//! Every query here looks at published columns of public stories only. A story is public when it is published and not
//! in the trash; a chapter can be read when it is published too; a scene, when its text was.

mod chapter;
mod listing;
mod novel;
mod progress;

use std::collections::HashMap;

use domain::{reading::Novel, user::Author};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait,
};

use crate::{
    Error,
    entity::{chapter as chapters, id, scene as scenes, story as stories, user as users},
};

/// What makes a story public.
pub(crate) fn is_public() -> Condition {
    Condition::all().add(stories::Column::Status.eq("published")).add(stories::Column::DeletedAt.is_null())
}

/// What makes a chapter readable, once its story is public.
fn is_published() -> Condition {
    Condition::all().add(chapters::Column::Status.eq("published")).add(chapters::Column::DeletedAt.is_null())
}

/// Public stories, each with its author.
async fn with_authors(
    connection: &impl ConnectionTrait,
    rows: Vec<stories::Model>,
) -> Result<Vec<(stories::Model, Author)>, Error> {
    let authors: Vec<(String, String)> = users::Entity::find()
        .select_only()
        .columns([users::Column::Id, users::Column::Username])
        .filter(users::Column::Id.is_in(rows.iter().map(|row| row.author_id.as_str())))
        .into_tuple()
        .all(connection)
        .await?;
    let authors: HashMap<String, String> = authors.into_iter().collect();
    let named = rows.into_iter().map(|row| {
        let username = authors.get(&row.author_id).cloned().unwrap_or_default();
        let author = Author { id: id(&row.author_id)?, username };
        Ok((row, author))
    });
    named.collect()
}

/// How much of a chapter is published.
struct Measure {
    story_id: String,
    chapter_id: String,
    words: i64,
}

/// The published words of every published chapter of `stories`, chapters without a scene included.
async fn measures(connection: &impl ConnectionTrait, stories: &[&str]) -> Result<Vec<Measure>, Error> {
    let published: Vec<(String, String)> = chapters::Entity::find()
        .select_only()
        .columns([chapters::Column::StoryId, chapters::Column::Id])
        .filter(chapters::Column::StoryId.is_in(stories.iter().copied()))
        .filter(is_published())
        .into_tuple()
        .all(connection)
        .await?;
    let words: Vec<(String, i64)> = scenes::Entity::find()
        .select_only()
        .columns([scenes::Column::ChapterId, scenes::Column::PublishedWordCount])
        .join(JoinType::InnerJoin, scenes::Relation::Chapter.def())
        .filter(scenes::Column::StoryId.is_in(stories.iter().copied()))
        .filter(scenes::Column::DeletedAt.is_null())
        .filter(scenes::Column::PublishedVersion.is_not_null())
        .filter(is_published())
        .into_tuple()
        .all(connection)
        .await?;
    let mut total: HashMap<String, i64> = HashMap::new();
    for (chapter, words) in words {
        *total.entry(chapter).or_default() += words;
    }
    let measured = published.into_iter().map(|(story_id, chapter_id)| {
        let words = total.get(&chapter_id).copied().unwrap_or(0);
        Measure { story_id, chapter_id, words }
    });
    Ok(measured.collect())
}

/// A public story as readers see it from outside.
fn novel(row: stories::Model, author: Author, measures: &[Measure]) -> Result<Novel, Error> {
    let timeless = || DbErr::Type(format!("the public story {} has no time of publication", row.id));
    let published_at = row.published_at.ok_or_else(timeless)?;
    let own = measures.iter().filter(|measure| measure.story_id == row.id);
    Ok(Novel {
        id: id(&row.id)?,
        title: row.title,
        summary: row.summary,
        genre: row.genre,
        author,
        chapter_count: i64::try_from(own.clone().count()).unwrap_or(i64::MAX),
        word_count: own.map(|measure| measure.words).sum(),
        published_at,
    })
}
