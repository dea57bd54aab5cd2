//! Replies: threads of answers to a post.

use domain::{
    cache::{Change, Key, Saved},
    community::{NewReply, Replies, Reply, ReplyEdit},
    error::{Current, Entity as Kind, Problem},
    id::{PostId, ReplyId, StoryId},
    text::POST,
    user::{Author, User},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait, IntoActiveModel,
    QueryFilter, QueryOrder, sea_query::Expr,
};

use super::{
    Visible, author, authors, nobody, same_version,
    thread::{Place, without_loose_ends},
};
use crate::{
    Backend, Error,
    cache::View,
    entity::{id, post, reply},
    limits::Action,
    markdown,
};

const MISSING: domain::Error = domain::Error::NotFound(Kind::Reply);

impl Backend {
    /// The replies to a post, in reading order.
    ///
    /// # Errors
    /// Refuses with `NotFound` when there is no such post, or when its story is not public.
    pub async fn replies(&self, post: PostId) -> Result<View<Replies>, Error> {
        let story = self.story_around(post).await?;
        let view = self.read(&Key::Replies(post), move |snapshot| Box::pin(load(snapshot, post))).await?;
        self.around(post, story, view).await
    }

    /// Answers a post, or another reply to it.
    ///
    /// # Errors
    /// Refuses text that breaks a rule, a post that cannot be seen, a parent that is not there, and the eleventh reply
    /// within a minute.
    pub async fn add_reply(&self, user: &User, post: PostId, new: NewReply) -> Result<Saved<Reply>, Error> {
        let content = POST.check("content", &new.content)?;
        self.limits.check(Action::Reply, user.id)?;
        let now = self.time.now();
        let reply = ReplyId::from_random(rand::random());

        self.write(async |transaction| {
            let visible = Visible::lock(transaction, post, Kind::Post).await?;
            let story = visible.story_id()?;
            let parent = match new.parent_reply_id {
                Some(parent) => Some(answered(transaction, post, parent).await?),
                None => None,
            };

            let place = Place::under(parent.as_ref(), reply, now);
            let row = reply::Model {
                id: reply.to_string(),
                post_id: post.to_string(),
                parent_id: parent.map(|parent| parent.id),
                depth: place.depth,
                path: place.path,
                author_id: user.id.to_string(),
                body_html: markdown::render(&content),
                body: content,
                renderer_version: markdown::RENDERER_VERSION,
                edited_at: None,
                version: 1,
                created_at: now,
                updated_at: now,
                deleted_at: None,
                deleted_by: None,
            };
            reply::Entity::insert(row.clone().into_active_model()).exec_without_returning(transaction).await?;
            count(transaction, post, 1).await?;

            let author = author(transaction, &row.author_id).await?;
            Ok((to_wire(row, author)?, Change::Reply { post, story }))
        })
        .await
    }

    /// Changes a reply.
    ///
    /// # Errors
    /// Refuses text that breaks a rule, a reply that cannot be seen, people who may not, and an edit that was made from
    /// another version or does not say from which.
    pub async fn edit_reply(&self, user: &User, reply: ReplyId, edit: ReplyEdit) -> Result<Saved<Reply>, Error> {
        let content = edit.content.map(|content| POST.check("content", &content)).transpose()?;
        let version = edit.version.ok_or(domain::Error::VersionRequired)?;
        let now = self.time.now();

        self.write(async |transaction| {
            let found = Found::lock(transaction, user, reply, Some(version)).await?;
            let mut row = found.row.into_active_model();
            if let Some(content) = content {
                row.body_html = Set(markdown::render(&content));
                row.renderer_version = Set(markdown::RENDERER_VERSION);
                row.body = Set(content);
            }
            row.version = Set(version + 1);
            row.edited_at = Set(Some(now));
            row.updated_at = Set(now);
            let row = row.update(transaction).await?;
            Ok((to_wire(row, found.author)?, Change::Reply { post: found.post, story: found.story }))
        })
        .await
    }

    /// Removes a reply. While there are answers to it, its place in the thread stays, empty.
    ///
    /// # Errors
    /// Refuses a reply that cannot be seen, people who may not, and (when `version` is given) another version.
    pub async fn delete_reply(&self, user: &User, reply: ReplyId, version: Option<i64>) -> Result<Saved<()>, Error> {
        let now = self.time.now();
        self.write(async |transaction| {
            let found = Found::lock(transaction, user, reply, version).await?;
            let version = found.row.version;
            let mut row = found.row.into_active_model();
            row.version = Set(version + 1);
            row.deleted_at = Set(Some(now));
            row.deleted_by = Set(Some(user.id.to_string()));
            row.update(transaction).await?;
            count(transaction, found.post, -1).await?;
            Ok(((), Change::Reply { post: found.post, story: found.story }))
        })
        .await
    }
}

/// A reply that someone is about to change, and may.
struct Found {
    row: reply::Model,
    author: Author,
    post: PostId,
    story: StoryId,
}

impl Found {
    /// Locks the post first and then reads the reply, as every other change of a thread does.
    async fn lock(
        transaction: &DatabaseTransaction,
        user: &User,
        reply: ReplyId,
        version: Option<i64>,
    ) -> Result<Self, Error> {
        let live = || reply::Entity::find_by_id(reply.as_str()).filter(reply::Column::DeletedAt.is_null());
        let post: PostId = id(&live().one(transaction).await?.ok_or(MISSING)?.post_id)?;
        let visible = Visible::lock(transaction, post, Kind::Reply).await?;
        let row = live().one(transaction).await?.ok_or(MISSING)?;
        visible.allow(user, &row.author_id)?;

        let author = author(transaction, &row.author_id).await?;
        let stored = to_wire(row.clone(), author.clone())?;
        same_version(version.unwrap_or(row.version), row.version, Current::reply(&stored))?;
        Ok(Found { row, author, post, story: visible.story_id()? })
    }
}

/// The reply that a new one answers.
async fn answered(transaction: &DatabaseTransaction, post: PostId, parent: ReplyId) -> Result<reply::Model, Error> {
    let parent = reply::Entity::find_by_id(parent.as_str())
        .filter(reply::Column::PostId.eq(post.as_str()))
        .filter(reply::Column::DeletedAt.is_null())
        .one(transaction)
        .await?;
    Ok(parent.ok_or_else(|| domain::Error::invalid("parentReplyId", Problem::DoesNotBelong))?)
}

async fn count(transaction: &DatabaseTransaction, post: PostId, step: i64) -> Result<(), Error> {
    post::Entity::update_many()
        .col_expr(post::Column::ReplyCount, Expr::col(post::Column::ReplyCount).add(step))
        .filter(post::Column::Id.eq(post.as_str()))
        .exec(transaction)
        .await?;
    Ok(())
}

async fn load(snapshot: &DatabaseTransaction, post: PostId) -> Result<Replies, Error> {
    let missing = || domain::Error::NotFound(Kind::Post);
    let live = post::Entity::find_by_id(post.as_str()).filter(post::Column::DeletedAt.is_null());
    live.one(snapshot).await?.ok_or_else(missing)?;

    let rows = reply::Entity::find()
        .filter(reply::Column::PostId.eq(post.as_str()))
        .order_by_asc(reply::Column::Path)
        .all(snapshot)
        .await?;
    let rows = without_loose_ends(rows);
    let authors = authors(snapshot, rows.iter().map(|row| row.author_id.as_str())).await?;
    let replies = rows.into_iter().map(|row| {
        let author = authors.get(&row.author_id).cloned().ok_or_else(|| nobody(&row.author_id))?;
        to_wire(row, author)
    });
    Ok(Replies { replies: replies.collect::<Result<_, _>>()? })
}

/// A reply as everyone sees it; of a removed one only the place is left.
fn to_wire(row: reply::Model, author: Author) -> Result<Reply, Error> {
    let (content, html) = if row.deleted_at.is_some() { Default::default() } else { (row.body, row.body_html) };
    Ok(Reply {
        id: id(&row.id)?,
        post_id: id(&row.post_id)?,
        parent_reply_id: row.parent_id.as_deref().map(id).transpose()?,
        depth: row.depth,
        author,
        content,
        html,
        version: row.version,
        created_at: row.created_at,
        edited_at: row.edited_at,
    })
}
