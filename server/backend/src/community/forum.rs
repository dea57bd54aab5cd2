//! The boards, from outside.

use std::collections::HashMap;

use domain::{
    cache::Key,
    community::{Forum, Forums},
};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{authors, nobody};
use crate::{
    Backend, Error,
    cache::View,
    entity::{id, post, story},
    reading::is_public,
};

/// How many boards are listed at most.
const MAX_FORUMS: u64 = 1_000;

impl Backend {
    /// The boards of all published stories, the busiest first.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn forums(&self) -> Result<View<Forums>, Error> {
        self.read(&Key::Forums, |snapshot| Box::pin(load(snapshot))).await
    }
}

async fn load(snapshot: &DatabaseTransaction) -> Result<Forums, Error> {
    // The newest win a place when there are more than the list holds; then the busiest come first.
    let stories = story::Entity::find()
        .filter(is_public())
        .order_by_desc(story::Column::PublishedAt)
        .order_by_asc(story::Column::Id)
        .limit(MAX_FORUMS)
        .all(snapshot)
        .await?;
    let mut counts = counts(snapshot).await?;
    let authors = authors(snapshot, stories.iter().map(|story| story.author_id.as_str())).await?;

    let forums = stories.into_iter().map(|story| {
        let (post_count, like_count) = counts.remove(&story.id).unwrap_or_default();
        Ok(Forum {
            id: id(&story.id)?,
            author: authors.get(&story.author_id).cloned().ok_or_else(|| nobody(&story.author_id))?,
            title: story.title,
            summary: story.summary,
            genre: story.genre,
            post_count,
            like_count,
        })
    });
    let mut stories = forums.collect::<Result<Vec<_>, Error>>()?;
    stories.sort_by_key(|forum| std::cmp::Reverse(forum.post_count));
    Ok(Forums { stories })
}

/// Posts and likes by story.
async fn counts(snapshot: &DatabaseTransaction) -> Result<HashMap<String, (i64, i64)>, Error> {
    let rows: Vec<(String, i64, i64)> = post::Entity::find()
        .select_only()
        .column(post::Column::StoryId)
        .column_as(post::Column::Id.count(), "post_count")
        // PostgreSQL adds up BIGINTs as NUMERIC.
        .column_as(post::Column::LikeCount.sum().cast_as("bigint"), "like_count")
        .filter(post::Column::DeletedAt.is_null())
        .group_by(post::Column::StoryId)
        .into_tuple()
        .all(snapshot)
        .await?;
    Ok(rows.into_iter().map(|(story, posts, likes)| (story, (posts, likes))).collect())
}
