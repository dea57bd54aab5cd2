//! Counts live beside what they count and change in the same transaction, so they are right. Should one ever not be
//! (a row mended by hand, a mistake of ours), it is put right here, and every view that showed it is outdated.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    cache::{Change, Origin},
    id::{PostId, SceneId},
    text,
};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, LockType},
};

use crate::{
    Backend, Error,
    entity::{id, post, scene},
};

/// The likes and replies that a post has.
const LIKES: &str = "(SELECT COUNT(*) FROM post_likes WHERE post_likes.post_id = posts.id)";
const REPLIES: &str = "(SELECT COUNT(*) FROM replies WHERE replies.post_id = posts.id AND replies.deleted_at IS NULL)";
/// Of which scenes the words are counted again: those that changed lately. Each job looks at a scene many times.
const LATELY: TimeDelta = TimeDelta::hours(3);

impl Backend {
    /// Counts likes, replies and words, and says how many counts were wrong.
    pub(super) async fn count_again(&self, now: DateTime<Utc>) -> Result<u64, Error> {
        let mut wrong = 0;
        for post in self.miscounted_posts().await? {
            wrong += self.recount_post(post).await?;
        }
        for scene in self.miscounted_scenes(now - LATELY).await? {
            wrong += self.recount_scene(scene).await?;
        }
        if wrong > 0 {
            tracing::warn!(wrong, "counts were wrong and have been put right");
        }
        Ok(wrong)
    }

    async fn miscounted_posts(&self) -> Result<Vec<PostId>, Error> {
        let posts: Vec<String> = post::Entity::find()
            .select_only()
            .column(post::Column::Id)
            .filter(Expr::cust(format!("like_count <> {LIKES} OR reply_count <> {REPLIES}")))
            .into_tuple()
            .all(self.database.read())
            .await?;
        posts.iter().map(|post| Ok(id(post)?)).collect()
    }

    async fn recount_post(&self, post: PostId) -> Result<u64, Error> {
        let counted = async |transaction: &DatabaseTransaction| {
            // Held first: what is counted afterwards cannot change before it is written.
            let held = post::Entity::find_by_id(post.as_str()).lock(LockType::NoKeyUpdate).one(transaction).await?;
            let row = held.ok_or(domain::Error::NotFound(domain::error::Entity::Post))?;
            post::Entity::update_many()
                .col_expr(post::Column::LikeCount, Expr::cust(LIKES))
                .col_expr(post::Column::ReplyCount, Expr::cust(REPLIES))
                .filter(post::Column::Id.eq(post.as_str()))
                .exec(transaction)
                .await?;
            Ok((1, Change::Post { post, story: id(&row.story_id)? }))
        };
        self.put_right(counted).await
    }

    async fn miscounted_scenes(&self, since: DateTime<Utc>) -> Result<Vec<SceneId>, Error> {
        let lately: Vec<String> = scene::Entity::find()
            .select_only()
            .column(scene::Column::Id)
            .filter(scene::Column::UpdatedAt.gte(since))
            .into_tuple()
            .all(self.database.read())
            .await?;
        let mut wrong = Vec::new();
        // One after the other: the text of all of them together might not fit into memory.
        for scene in lately {
            let row = scene::Entity::find_by_id(scene).one(self.database.read()).await?;
            if let Some(row) = row.filter(|row| row.word_count != text::word_count(&row.body)) {
                wrong.push(id(&row.id)?);
            }
        }
        Ok(wrong)
    }

    async fn recount_scene(&self, scene: SceneId) -> Result<u64, Error> {
        let counted = async |transaction: &DatabaseTransaction| {
            let held = scene::Entity::find_by_id(scene.as_str()).lock(LockType::NoKeyUpdate).one(transaction).await?;
            let row = held.ok_or(domain::Error::NotFound(domain::error::Entity::Scene))?;
            scene::Entity::update_many()
                .col_expr(scene::Column::WordCount, Expr::value(text::word_count(&row.body)))
                .filter(scene::Column::Id.eq(scene.as_str()))
                .exec(transaction)
                .await?;
            Ok((1, Change::Scene { scene, chapter: id(&row.chapter_id)?, story: id(&row.story_id)? }))
        };
        self.put_right(counted).await
    }

    /// Writes what was counted. What went while it was being counted has no count to be wrong.
    async fn put_right(
        &self,
        counted: impl AsyncFnOnce(&DatabaseTransaction) -> Result<(u64, Change), Error>,
    ) -> Result<u64, Error> {
        match self.write_because(Origin::Schedule, counted).await {
            Err(Error::Refused(_)) => Ok(0),
            outcome => outcome.map(|saved| *saved.value()),
        }
    }
}
