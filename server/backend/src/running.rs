//! What those who run the server ask: can it work, is anyone there, and what time is it?

use chrono::{DateTime, Utc};

use sea_orm::EntityTrait;

use crate::{Backend, Error, entity::user};

impl Backend {
    /// Says whether the database answers. The cache does not matter: without it the server is only slower.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn ready(&self) -> Result<(), Error> {
        Ok(self.database.read().ping().await?)
    }

    /// Ends when another server, which would not hear of what this one writes, has the database: PostgreSQL forgot whose
    /// it was, and the other came first. Whoever runs this server stops it then, at once.
    pub async fn displaced(&self) {
        self.database.displaced().await;
    }

    /// Says whether nobody has an account yet.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn is_empty(&self) -> Result<bool, Error> {
        Ok(user::Entity::find().one(self.database.read()).await?.is_none())
    }

    /// The present, by the clock the backend was given.
    pub fn now(&self) -> DateTime<Utc> {
        self.time.now()
    }
}
