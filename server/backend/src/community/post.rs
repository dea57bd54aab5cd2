//! Posts: one post, and writing, editing and removing them.

use std::collections::HashSet;

use domain::{
    cache::{Audience, Change, Key, Saved},
    community::{NewPost, Post, PostAnswer, PostEdit},
    error::{Current, Entity as Kind},
    id::{PostId, UserId},
    text::{POST, TITLE},
    user::User,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, QueryFilter, QuerySelect,
};

use super::{Visible, authors, nobody, public_story, same_version};
use crate::{
    Backend, Error,
    cache::View,
    entity::{id, post, post_like, word},
    limits::Action,
    markdown,
};

const MISSING: domain::Error = domain::Error::NotFound(Kind::Post);

impl Backend {
    /// One post, as `visitor` sees it.
    ///
    /// # Errors
    /// Refuses with `NotFound` when there is none, or when its story is not public.
    pub async fn post(&self, visitor: Option<&User>, post: PostId) -> Result<View<PostAnswer>, Error> {
        let story = self.story_around(post).await?;
        let audience = visitor.map_or(Audience::Public, |user| Audience::User(user.id));

        let key = Key::Post { post, audience };
        let view = self.read(&key, move |snapshot| Box::pin(load(snapshot, post, audience))).await?;
        self.around(post, story, view).await
    }

    /// Writes a post on the board of a published story.
    ///
    /// # Errors
    /// Refuses text that breaks a rule, a story that is not public, and the sixth post within ten minutes.
    pub async fn add_post(&self, user: &User, new: NewPost) -> Result<Saved<Post>, Error> {
        let title = TITLE.check("title", &new.title)?;
        let content = POST.check("content", &new.content)?;
        self.limits.check(Action::Post, user.id)?;

        let now = self.time.now();
        let post = PostId::from_random(rand::random());
        let story = new.story_id;
        let row = post::Model {
            id: post.to_string(),
            story_id: story.to_string(),
            author_id: user.id.to_string(),
            kind: new.kind.unwrap_or_default().as_str().to_owned(),
            title,
            body_html: markdown::render(&content),
            body: content,
            renderer_version: markdown::RENDERER_VERSION,
            like_count: 0,
            reply_count: 0,
            edited_at: None,
            version: 1,
            created_at: now,
            updated_at: now,
            deleted_at: None,
            deleted_by: None,
        };
        self.write(async |transaction| {
            let missing = || domain::Error::NotFound(Kind::Story);
            public_story(transaction, story.as_str()).await?.ok_or_else(missing)?;
            let insert = post::Entity::insert(row.clone().into_active_model());
            insert.exec_without_returning(transaction).await?;
            let written = one_to_wire(transaction, row, Audience::User(user.id)).await?;
            Ok((written, Change::Post { post, story }))
        })
        .await
    }

    /// Changes a post.
    ///
    /// # Errors
    /// Refuses text that breaks a rule, a post that cannot be seen, people who may not, and an edit that was made from
    /// another version or does not say from which.
    pub async fn edit_post(&self, user: &User, post: PostId, edit: PostEdit) -> Result<Saved<Post>, Error> {
        let title = edit.title.map(|title| TITLE.check("title", &title)).transpose()?;
        let content = edit.content.map(|content| POST.check("content", &content)).transpose()?;
        let version = edit.version.ok_or(domain::Error::VersionRequired)?;
        let now = self.time.now();
        let audience = Audience::User(user.id);

        self.write(async |transaction| {
            let visible = Visible::lock(transaction, post, Kind::Post).await?;
            let story = visible.story_id()?;
            visible.allow(user, &visible.post.author_id)?;
            let stored = one_to_wire(transaction, visible.post.clone(), audience).await?;
            same_version(version, stored.version, Current::post(&stored))?;

            let mut row = visible.post.into_active_model();
            if let Some(title) = title {
                row.title = Set(title);
            }
            if let Some(content) = content {
                row.body_html = Set(markdown::render(&content));
                row.renderer_version = Set(markdown::RENDERER_VERSION);
                row.body = Set(content);
            }
            if let Some(kind) = edit.kind {
                row.kind = Set(kind.as_str().to_owned());
            }
            row.version = Set(version + 1);
            row.edited_at = Set(Some(now));
            row.updated_at = Set(now);
            let row = row.update(transaction).await?;
            Ok((one_to_wire(transaction, row, audience).await?, Change::Post { post, story }))
        })
        .await
    }

    /// Removes a post with its replies. With `version`, only if it is still that one.
    ///
    /// # Errors
    /// Refuses a post that cannot be seen, people who may not, and another version.
    pub async fn delete_post(&self, user: &User, post: PostId, version: Option<i64>) -> Result<Saved<()>, Error> {
        let now = self.time.now();
        self.write(async |transaction| {
            let visible = Visible::lock(transaction, post, Kind::Post).await?;
            let story = visible.story_id()?;
            visible.allow(user, &visible.post.author_id)?;
            let stored = one_to_wire(transaction, visible.post.clone(), Audience::User(user.id)).await?;
            same_version(version.unwrap_or(stored.version), stored.version, Current::post(&stored))?;

            let version = visible.post.version;
            let mut row = visible.post.into_active_model();
            row.version = Set(version + 1);
            row.deleted_at = Set(Some(now));
            row.deleted_by = Set(Some(user.id.to_string()));
            row.update(transaction).await?;
            Ok(((), Change::PostDeleted { post, story }))
        })
        .await
    }
}

async fn load(snapshot: &DatabaseTransaction, post: PostId, audience: Audience) -> Result<PostAnswer, Error> {
    let live = post::Entity::find_by_id(post.as_str()).filter(post::Column::DeletedAt.is_null());
    let row = live.one(snapshot).await?.ok_or(MISSING)?;
    Ok(PostAnswer { post: one_to_wire(snapshot, row, audience).await? })
}

/// Posts as `audience` sees them, in the order given.
pub(super) async fn to_wire(
    connection: &impl ConnectionTrait,
    rows: Vec<post::Model>,
    audience: Audience,
) -> Result<Vec<Post>, Error> {
    let authors = authors(connection, rows.iter().map(|row| row.author_id.as_str())).await?;
    let liked = match audience {
        Audience::Public => HashSet::new(),
        Audience::User(user) => liked_by(connection, user, rows.iter().map(|row| row.id.as_str())).await?,
    };
    let wire = rows.into_iter().map(|row| {
        Ok(Post {
            id: id(&row.id)?,
            story_id: id(&row.story_id)?,
            author: authors.get(&row.author_id).cloned().ok_or_else(|| nobody(&row.author_id))?,
            kind: word(&row.kind)?,
            liked: liked.contains(&row.id),
            title: row.title,
            content: row.body,
            html: row.body_html,
            like_count: row.like_count,
            reply_count: row.reply_count,
            version: row.version,
            created_at: row.created_at,
            edited_at: row.edited_at,
        })
    });
    wire.collect()
}

async fn one_to_wire(connection: &impl ConnectionTrait, row: post::Model, audience: Audience) -> Result<Post, Error> {
    to_wire(connection, vec![row], audience).await?.pop().ok_or_else(|| MISSING.into())
}

/// Which of `posts` a person likes.
async fn liked_by(
    connection: &impl ConnectionTrait,
    user: UserId,
    posts: impl Iterator<Item = &str>,
) -> Result<HashSet<String>, Error> {
    let liked: Vec<String> = post_like::Entity::find()
        .select_only()
        .column(post_like::Column::PostId)
        .filter(post_like::Column::UserId.eq(user.as_str()))
        .filter(post_like::Column::PostId.is_in(posts))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(liked.into_iter().collect())
}
