//! The use cases, over the database and the server cache.
//!
//! [`Backend`] is the only door to stored data. Its methods are what people do: read a chapter, save a scene, like a
//! post. Each read answers with a view from the cache, each write with the value and what it made stale. HTTP lives
//! elsewhere; so does everything that can be decided without stored data (`domain`).
//!
//! | module | what people do there |
//! |---|---|
//! | `studio` | write: stories, parts, chapters, scenes, publication |
//! | `reading` | read what was published |
//! | `community` | talk about it |
//! | `accounts` | sign up, sign in; `limits` slows down who tries too often |
//! | `cache` | nothing: it is why the others are fast |
//! | `write` | the one way from a change to the database, past the caches |
//! | `relay` | nothing: it finishes what a server that crashed has begun |
//! | `idempotency` | ask twice, and have it done once |
//! | `upkeep` | nothing: it tidies up after them every hour |
//! | `database`, `migration`, `entity` | connections, tables, rows |

pub mod cache;
pub mod config;
pub mod error;
pub mod idempotency;
pub mod seed;
pub mod time;

mod accounts;
mod community;
mod cursor;
mod database;
mod entity;
mod history;
mod limits;
mod markdown;
mod migration;
mod parents;
mod reading;
mod reading_order;
mod relay;
mod running;
mod studio;
mod upkeep;
mod visitor;
mod write;

use std::{fmt, sync::Arc};

pub use accounts::SignedIn;
pub use config::{Config, Process, RateLimits};
pub use error::{Error, OpenError};
pub use studio::Exported;
pub use upkeep::Tidied;
pub use visitor::{CookieChange, NotAToken, SessionSlot, SessionToken, Visitor};

use accounts::Passwords;
use cache::{Floor, ServerCache};
use database::Database;
use idempotency::Waiting;
use limits::Limits;
use parents::Parents;
use relay::Relay;
use time::Time;

/// The only door to stored data. Cloning it is cheap: all clones are one backend.
#[derive(Clone)]
pub struct Backend {
    database: Database,
    cache: ServerCache,
    parents: Parents,
    passwords: Passwords,
    limits: Limits,
    waiting: Waiting,
    time: Arc<dyn Time>,
    _relay: Option<Arc<Relay>>,
}

impl Backend {
    /// Connects to the database, brings its tables up to date, and connects to the cache.
    ///
    /// # Errors
    /// Says in one sentence what to change when the configuration cannot work.
    pub async fn open(config: Config) -> Result<Self, OpenError> {
        let database = Database::open(&config).await?;
        let cache = history::open_cache(&database, &config).await?;
        let relay = match config.process {
            Process::Server => {
                let reader = relay::Reader::new(&database, &cache, &config.time);
                // What a server that crashed has left undone comes before the first answer.
                reader.drain().await?;
                Some(Arc::new(reader.start()))
            }
            Process::Tool => None,
        };
        Ok(Backend {
            database,
            cache,
            parents: Parents::new(),
            passwords: Passwords::new(),
            limits: Limits::new(config.rate_limits),
            waiting: Waiting::new(),
            time: config.time,
            _relay: relay,
        })
    }

    /// The same backend, for a reader that must not be answered with anything older than `floor`.
    pub fn not_before(&self, floor: Floor) -> Self {
        Backend { cache: self.cache.not_before(floor), ..self.clone() }
    }

    /// The server's cache, for the tools that look into it.
    pub fn cache(&self) -> &ServerCache {
        &self.cache
    }
}

impl fmt::Debug for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Backend").field("cache", &self.cache).finish_non_exhaustive()
    }
}
