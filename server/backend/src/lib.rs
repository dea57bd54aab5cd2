//! The use cases, over the database and the server cache.
//!
//! [`Backend`] is the only door to stored data. Its methods are what people do: read a chapter, save a scene, like a
//! post. Each read answers with a view from the cache, each write with the value and what it made stale. HTTP lives
//! elsewhere; so does everything that can be decided without stored data (`domain`).

pub mod cache;
pub mod config;
pub mod error;
pub mod seed;
pub mod time;

mod accounts;
mod community;
mod cursor;
mod database;
mod entity;
mod limits;
mod markdown;
mod migration;
mod visitor;

use std::sync::Arc;

pub use config::{Config, Process, RateLimits};
pub use error::{Error, OpenError};

use database::Database;
use time::Time;

/// The only door to stored data. Cloning it is cheap: all clones are one backend.
#[derive(Clone)]
pub struct Backend {
    database: Database,
    time: Arc<dyn Time>,
}

impl Backend {
    /// Connects to the database, brings its tables up to date, and connects to the cache.
    ///
    /// # Errors
    /// Says in one sentence what to change when the configuration cannot work.
    pub async fn open(config: Config) -> Result<Self, OpenError> {
        let database = Database::open(&config).await?;
        Ok(Backend { database, time: config.time })
    }
}
