//! Likes: one per person and post, counted beside the post.

use domain::{
    cache::{Change, Saved},
    community::{LikeWish, Liked},
    error::Entity as Kind,
    id::PostId,
    user::User,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter,
    sea_query::Expr,
};

use super::Visible;
use crate::{
    Backend, Error,
    entity::{post, post_like},
    limits::Action,
};

impl Backend {
    /// Likes a post, or takes the like back: the state `wish` names, or else the other one.
    ///
    /// # Errors
    /// Refuses a post that cannot be seen, and more than sixty clicks a minute.
    pub async fn like(&self, user: &User, post: PostId, wish: LikeWish) -> Result<Saved<Liked>, Error> {
        self.limits.check(Action::Like, user.id)?;
        let now = self.time.now();

        self.write(async |transaction| {
            // The lock on the post makes clicks on one heart wait for each other, so nobody is counted twice.
            let visible = Visible::lock(transaction, post, Kind::Post).await?;
            let before =
                post_like::Entity::find_by_id((post.to_string(), user.id.to_string())).one(transaction).await?;
            let liked = wish.liked.unwrap_or(before.is_none());

            let step = match (before, liked) {
                (None, true) => {
                    let row = post_like::ActiveModel {
                        post_id: Set(post.to_string()),
                        user_id: Set(user.id.to_string()),
                        created_at: Set(now),
                    };
                    post_like::Entity::insert(row).exec_without_returning(transaction).await?;
                    1
                }
                (Some(row), false) => {
                    post_like::Entity::delete(row.into_active_model()).exec(transaction).await?;
                    -1
                }
                (None, false) | (Some(_), true) => 0,
            };
            if step != 0 {
                count(transaction, post, step).await?;
            }
            let like_count = visible.post.like_count + step;
            let story = visible.story_id()?;
            Ok((Liked { success: true, liked, like_count }, Change::Liked { post, story }))
        })
        .await
    }
}

async fn count(transaction: &DatabaseTransaction, post: PostId, step: i64) -> Result<(), Error> {
    post::Entity::update_many()
        .col_expr(post::Column::LikeCount, Expr::col(post::Column::LikeCount).add(step))
        .filter(post::Column::Id.eq(post.as_str()))
        .exec(transaction)
        .await?;
    Ok(())
}
