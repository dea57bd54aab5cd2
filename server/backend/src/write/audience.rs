//! Whom a write concerns, for its row in the log: decided in its transaction, since nobody can find out later.

use domain::{
    cache::{Change, Whose},
    id::StoryId,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, QuerySelect, prelude::DateTimeUtc};

use crate::{Backend, Error, entity::story};

/// Who may be told.
pub(super) struct Audience {
    /// `public`: everyone, of what is public in it. `owner` and `user`: one person.
    pub(super) kind: &'static str,
    pub(super) story: Option<String>,
    /// Who may know all of it.
    pub(super) user: Option<String>,
}

impl Backend {
    /// Whom `change` concerns, which `transaction` has made.
    pub(super) async fn audience(&self, transaction: &DatabaseTransaction, change: &Change) -> Result<Audience, Error> {
        let (story, shown) = match change.whose() {
            Whose::Person(user) => return Ok(Audience { kind: "user", story: None, user: Some(user.to_string()) }),
            Whose::Story(story) => (story, shown(transaction, story).await?),
            // Until the commit, the others see it as it was.
            Whose::HiddenStory(story) => (story, shown(self.database.read(), story).await?),
        };
        let (user, published_at) = shown.unzip();
        let kind = if published_at.flatten().is_some() { "public" } else { "owner" };
        Ok(Audience { kind, story: Some(story.to_string()), user })
    }
}

/// Whose a story is, and since when readers see it.
async fn shown(
    connection: &impl ConnectionTrait,
    story: StoryId,
) -> Result<Option<(String, Option<DateTimeUtc>)>, Error> {
    let row = story::Entity::find_by_id(story.as_str()).select_only();
    let row = row.columns([story::Column::AuthorId, story::Column::PublishedAt]).into_tuple();
    Ok(row.one(connection).await?)
}
