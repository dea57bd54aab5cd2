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
//! | `read` | the one way from a view to the database, through the cache |
//! | `write` | the one way from a change to the database, past the caches |
//! | `relay` | nothing: it finishes what a server that crashed has begun |
//! | `push` | keep a page open, and hear what became stale |
//! | `metrics` | ask how well the caches do |
//! | `monitoring` | hear when they need somebody |
//! | `idempotency` | ask twice, and have it done once |
//! | `upkeep` | nothing: it tidies up after them every hour |
//! | `warm` | nothing: it loads what they will ask for |
//! | `backup` | copy all of it into one file, and back |
//! | `database`, `migration`, `entity` | connections, tables, rows |

pub mod backup;
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
mod metrics;
mod migration;
mod monitoring;
mod parents;
mod push;
mod read;
mod reading;
mod reading_order;
mod relay;
mod running;
mod studio;
mod upkeep;
mod visitor;
mod warm;
mod write;

use std::{fmt, sync::Arc};

pub use accounts::SignedIn;
pub use config::{Config, Process, RateLimits};
pub use error::{Error, OpenError};
pub use push::{Listening, Since};
pub use studio::Exported;
pub use upkeep::Tidied;
pub use visitor::{CookieChange, NotAToken, SessionSlot, SessionToken, Visitor};
pub use warm::Warmed;

use accounts::Passwords;
use cache::{Floor, Report, ServerCache};
use database::Database;
use domain::cache::AlertTold;
use idempotency::Waiting;
use limits::Limits;
use metrics::Saving;
use monitoring::{Watcher, Watching};
use parents::Parents;
use push::Push;
use relay::Relay;
use time::Time;
use tokio::sync::broadcast;

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
    push: Push,
    _relay: Option<Arc<Relay>>,
    _saving: Option<Arc<Saving>>,
    announce: broadcast::Sender<AlertTold>,
    _watching: Option<Arc<Watching>>,
}

impl Backend {
    /// Connects to the database, brings its tables up to date, and connects to the cache.
    ///
    /// # Errors
    /// Says in one sentence what to change when the configuration cannot work.
    pub async fn open(config: Config) -> Result<Self, OpenError> {
        let database = Database::open(&config).await?;
        let cache = history::open_cache(&database, &config).await?;
        // Before this server says of any write that it is done.
        database.agree(cache.watch_clock()).await?;
        let relay = match config.process {
            Process::Server => {
                let reader = relay::Reader::new(&database, &cache, &config.time);
                // What a server that crashed has left undone comes before the first answer.
                reader.drain().await?;
                Some(Arc::new(reader.start()))
            }
            Process::Tool => None,
        };
        let push = match config.process {
            Process::Server => Push::start(&database, &cache, &config),
            Process::Tool => Push::silent(&cache, &config),
        };
        let saving = match config.process {
            Process::Server => {
                let (recorder, time) = (cache.recorder().clone(), config.time.clone());
                Some(Arc::new(Saving::start(database.without_claim(), recorder, time)))
            }
            Process::Tool => None,
        };
        let announce = monitoring::announcing();
        let watching = match config.process {
            Process::Server => {
                let (database, cache, time) = (database.without_claim(), cache.clone(), config.time.clone());
                Some(Arc::new(Watcher { database, cache, time, announce: announce.clone() }.start()))
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
            push,
            _relay: relay,
            _saving: saving,
            announce,
            _watching: watching,
        })
    }

    /// The same backend, for a reader that must not be answered with anything older than `floor`.
    pub fn not_before(&self, floor: Floor) -> Self {
        Backend { cache: self.cache.not_before(floor), ..self.clone() }
    }

    /// The same backend, which notes in the report of a request what its reads found not to be there. What they found, the
    /// caller notes.
    pub fn reporting(&self, report: &Report) -> Self {
        Backend { cache: self.cache.reporting(report), ..self.clone() }
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
