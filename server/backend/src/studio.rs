//! The studio: what writers do with their own stories.
//!
//! Nothing here asks "may they?" after the fact: whatever is not the author's is not found, by the query itself. Every
//! write first takes the story (`Held`), so the writes of one story happen one after the other: a scene cannot be added
//! to a chapter that is going to the trash, and two moves cannot take the same place.

mod chapter;
mod chapter_move;
mod character;
mod export;
mod import;
mod outline;
mod part;
mod placement;
mod publication;
mod revision;
mod scene;
mod scene_move;
mod scene_text;
mod search;
mod setting;
mod settlement;
mod story;
mod structure;
mod trash;

pub use export::Exported;

use domain::{
    error::{Current, Entity as Kind},
    id::{StoryId, UserId},
    user::User,
};
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, Select};

use crate::{Error, entity::story as stories};

/// The author, if their role lets them write.
fn writer(author: &User) -> Result<UserId, Error> {
    if author.role.writes() { Ok(author.id) } else { Err(domain::Error::Forbidden.into()) }
}

fn own_story(author: UserId, story: StoryId) -> Select<stories::Entity> {
    stories::Entity::find_by_id(story.as_str())
        .filter(stories::Column::AuthorId.eq(author.as_str()))
        .filter(stories::Column::DeletedAt.is_null())
}

/// Refuses with `NotFound(missing)` unless `story` is the author's, and not in the trash.
async fn require_own(
    connection: &impl ConnectionTrait,
    author: UserId,
    story: StoryId,
    missing: Kind,
) -> Result<(), Error> {
    let found: Option<String> =
        own_story(author, story).select_only().column(stories::Column::Id).into_tuple().one(connection).await?;
    found.map(drop).ok_or_else(|| domain::Error::NotFound(missing).into())
}

/// A story of the author, held until the transaction ends.
struct Held {
    author: UserId,
    story: StoryId,
    row: stories::Model,
}

impl Held {
    /// Takes the story, or refuses with `NotFound(missing)`.
    ///
    /// SQLite's transaction is alone already. PostgreSQL locks the row, in the way that does not hinder those who only
    /// refer to it (a new post on its board).
    async fn take(
        transaction: &DatabaseTransaction,
        author: UserId,
        story: StoryId,
        missing: Kind,
    ) -> Result<Self, Error> {
        let found = own_story(author, story).lock(LockType::NoKeyUpdate).one(transaction).await?;
        let row = found.ok_or(domain::Error::NotFound(missing))?;
        Ok(Held { author, story, row })
    }
}

/// The version an edit was made from, if it says so and it is the `stored` one.
fn base_version(given: Option<i64>, stored: i64, current: impl Into<Current>) -> Result<i64, domain::Error> {
    match given {
        None => Err(domain::Error::VersionRequired),
        Some(given) if given == stored => Ok(given),
        Some(_) => Err(current.into().into()),
    }
}

/// As [`base_version`], for removals, which need not say a version.
fn same_if_given(given: Option<i64>, stored: i64, current: impl Into<Current>) -> Result<(), domain::Error> {
    base_version(Some(given.unwrap_or(stored)), stored, current).map(drop)
}

/// What two writers at once leave to the slower one, should the lock on the story ever not be enough.
fn one_row(result: &sea_orm::UpdateResult, current: impl Into<Current>) -> Result<(), domain::Error> {
    if result.rows_affected == 1 { Ok(()) } else { Err(current.into().into()) }
}
