//! The community: boards of published stories, posts, likes and replies.
//!
//! A board is seen while its story is public, by nobody before and by nobody after, its author included. The story is
//! asked through the same cached view that its own page shows (`Key::Novel`), so hiding a story hides its board at once.
//!
//! Who may remove or edit a post or a reply: whoever wrote it, a moderator, and the author of the story whose board it
//! is on.

mod board;
mod forum;
mod like;
mod post;
mod reply;
mod thread;

use std::collections::{HashMap, HashSet};

use domain::{
    error::{Current, Entity},
    id::{PostId, StoryId, UserId},
    reading::NovelContents,
    user::{Author, User},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, sea_query::LockType,
};

use crate::{
    Backend, Error,
    cache::{Floor, View},
    entity::{id, post as posts, story as stories, user},
    reading::is_public,
};

impl Backend {
    /// `view`, of something about `post`, if its story is public: a post is there while its story is.
    ///
    /// `story` is that of before. Where the view is newer, the story is looked at again, so that the answer can name the
    /// view's position: a session that was shown it is not led back behind it.
    async fn around<T>(&self, post: PostId, story: View<NovelContents>, view: View<T>) -> Result<View<T>, Error> {
        if view.clock <= story.clock {
            return Ok(view.relying_on(&story));
        }
        let story = Box::pin(self.not_before(Floor::At(view.clock)).story_around(post)).await?;
        Ok(view.relying_on(&story))
    }

    /// The view of the story that a post is on.
    async fn story_around(&self, post: PostId) -> Result<View<NovelContents>, Error> {
        let story = self.story_of_post(post).await?;
        self.novel(story).await.map_err(|error| match error {
            Error::Refused(domain::Error::NotFound(_)) => domain::Error::NotFound(Entity::Post).into(),
            other => other,
        })
    }
}

/// The story `id`, if it is public.
async fn public_story(connection: &impl ConnectionTrait, id: &str) -> Result<Option<stories::Model>, Error> {
    Ok(stories::Entity::find_by_id(id).filter(is_public()).one(connection).await?)
}

/// A post that can be seen now, and the story whose board it is on.
struct Visible {
    post: posts::Model,
    story: stories::Model,
}

impl Visible {
    /// Finds `post` and holds its row until the transaction ends: counters and versions have one writer at a time.
    async fn lock(transaction: &DatabaseTransaction, post: PostId, missing: Entity) -> Result<Self, Error> {
        let missing = || Error::from(domain::Error::NotFound(missing));
        let post = posts::Entity::find_by_id(post.as_str())
            .filter(posts::Column::DeletedAt.is_null())
            .lock(LockType::NoKeyUpdate)
            .one(transaction)
            .await?
            .ok_or_else(missing)?;
        let story = public_story(transaction, &post.story_id).await?.ok_or_else(missing)?;
        Ok(Visible { post, story })
    }

    fn story_id(&self) -> Result<StoryId, Error> {
        Ok(id(&self.story.id)?)
    }

    /// Refuses with `Forbidden` unless `user` may change what `author` wrote here.
    fn allow(&self, user: &User, author: &str) -> Result<(), domain::Error> {
        let own = [author, &self.story.author_id].contains(&user.id.as_str());
        if own || user.role.moderates() { Ok(()) } else { Err(domain::Error::Forbidden) }
    }
}

/// Refuses with `Conflict` when `given` is not the `stored` version.
fn same_version(given: i64, stored: i64, current: impl Into<Current>) -> Result<(), domain::Error> {
    if given == stored { Ok(()) } else { Err(current.into().into()) }
}

/// The names of the people with these ids.
async fn authors<'a>(
    connection: &impl ConnectionTrait,
    ids: impl Iterator<Item = &'a str>,
) -> Result<HashMap<String, Author>, Error> {
    let ids: HashSet<&str> = ids.collect();
    let people: Vec<(String, String)> = user::Entity::find()
        .select_only()
        .columns([user::Column::Id, user::Column::Username])
        .filter(user::Column::Id.is_in(ids))
        .into_tuple()
        .all(connection)
        .await?;
    people
        .into_iter()
        .map(|(key, username)| {
            let person: UserId = id(&key)?;
            Ok((key, Author { id: person, username }))
        })
        .collect()
}

/// The name of one person.
async fn author(connection: &impl ConnectionTrait, key: &str) -> Result<Author, Error> {
    authors(connection, [key].into_iter()).await?.remove(key).ok_or_else(|| nobody(key))
}

/// The failure for a row whose author is gone, which the tables forbid.
fn nobody(key: &str) -> Error {
    sea_orm::DbErr::RecordNotFound(format!("the author {key}")).into()
}
