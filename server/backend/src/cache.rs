//! Layer 1: what the server remembers of its answers, and why it never serves an old one.
//!
//! Every tag has a *generation*, a random value that is only ever compared for equality. An entry holds the generations
//! of its key's tags. Reading: one round trip fetches the clock, the generations and the entry; it is a hit only if all
//! generations are still the same. On a miss the order is *read the generations, then the database, then store*, so a
//! load that raced a write leaves an entry that nobody will ever be served. Writing: *fence* the tags (readers pass the
//! cache by), commit, *release* (new generations), and only then answer. Dropping a view never means finding its
//! entries: giving one tag a new generation outdates everything below it.
//!
//! | file | what it says |
//! |---|---|
//! | `read_through` | hit, miss or bypass |
//! | `loads` | how the database is asked: once for all who ask the same (`flights`), and for so long and no longer |
//! | `absences` | what was not found is remembered for a moment |
//! | `fence` | what a write does before and after its commit |
//! | `view`, `report` | what a read gives, and what one request tells its headers |
//! | `store` | the few operations both stores offer; `in_process` and `redis` are the stores, `entry` is what they keep |
//! | `outage` | what happens when the store does not answer |
//! | `settle`, `trust` | what the relay finds in the log is released; how long the store is believed after that |
//! | `floor` | a reader who says what it has seen is answered with nothing older |
//! | `sampler` | some hits are compared with the database: the promise, watched where it counts |
//! | `explain` | why a read would hit or miss now |
//! | `purpose` | what is loaded before anybody asks for it is counted apart |
//! | `operations` | the last thousand things that happened, for the debug panel |

mod absences;
#[doc(hidden)]
pub mod bench;
mod entry;
mod explain;
mod fence;
mod flights;
mod floor;
mod in_process;
mod loads;
mod operations;
mod outage;
mod purpose;
mod read_through;
mod redis;
mod report;
mod sampler;
mod settle;
mod store;
#[cfg(test)]
mod tests;
mod trust;
mod view;

use std::{fmt, sync::Arc};

use chrono::{DateTime, Utc};
use domain::cache::{Clock, Key};
use tokio::sync::watch;

pub use fence::Fence;
pub(crate) use fence::OpenRow;
pub use floor::Floor;
pub use loads::Seen;
pub use operations::{Cause, Counters, Operation, Subject};
pub(crate) use purpose::Warming;
pub use redis::CannotConnect;
pub use report::{Report, Summary};
pub use store::CachedEntry;
pub use trust::Company;
pub use view::{Status, View};

use absences::Absences;
use flights::Flights;
use in_process::InProcess;
use operations::Operations;
use outage::Outage;
use purpose::Purpose;
use redis::Redis;
use sampler::Sampler;
use store::{AnyStore, Store};
use trust::Trust;

use crate::metrics::Recorder;

/// Tells the time of day; for people and for ages, never for deciding what is fresh.
pub type Now = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// The server's cache of views, over one of two stores. Cloning is cheap: all clones are the same cache.
#[derive(Clone)]
pub struct ServerCache {
    inner: Arc<Inner>,
    /// What reads through this handle must not fall behind.
    floor: Floor,
    /// Where it is noted that something is not there.
    report: Report,
    /// What is read through this handle is read for.
    purpose: Purpose,
}

struct Inner {
    store: AnyStore,
    flights: Flights,
    absences: Absences,
    operations: Operations,
    outage: Outage,
    trust: Trust,
    sampler: Sampler,
    /// The newest position this server has seen. Every write up to it is committed and released.
    known: watch::Sender<Clock>,
    now: Now,
}

impl ServerCache {
    /// A cache in this process alone: right for one server, which is the only one to write to its database.
    ///
    /// `start` is where the invalidation log stands.
    pub fn in_process(start: Clock, now: Now) -> Self {
        let cache = ServerCache::over(AnyStore::InProcess(Box::new(InProcess::new(start))), start, Company::Alone, now);
        // It is empty, and nobody else writes to it.
        cache.confirm(cache.begin_confirmation());
        cache
    }

    /// A cache in Redis, shared by all servers of one database.
    ///
    /// `namespace` begins every key: servers share entries exactly if they give the same one, so it has to be the same
    /// for all servers of one database and another for every other database. Nothing is served from it before a relay has
    /// read the log.
    ///
    /// # Errors
    /// Refuses an unusable address and a Redis that does not answer, in one sentence that says what to change.
    pub async fn redis(url: &str, namespace: &str, company: Company, now: Now) -> Result<Self, CannotConnect> {
        let (redis, start) = Redis::connect(url, namespace).await?;
        Ok(ServerCache::over(AnyStore::Redis(redis), start, company, now))
    }

    fn over(store: AnyStore, start: Clock, company: Company, now: Now) -> Self {
        ServerCache {
            inner: Arc::new(Inner {
                store,
                flights: Flights::default(),
                absences: Absences::default(),
                operations: Operations::default(),
                outage: Outage::default(),
                trust: Trust::new(company),
                sampler: Sampler::default(),
                known: watch::Sender::new(start),
                now,
            }),
            floor: Floor::None,
            report: Report::default(),
            purpose: Purpose::Reading,
        }
    }

    /// The newest position this server has seen: whoever reads the database now sees every write up to it.
    pub fn clock(&self) -> Clock {
        *self.inner.known.borrow()
    }

    /// Wakes whoever waits for the next position.
    pub(crate) fn watch_clock(&self) -> watch::Receiver<Clock> {
        self.inner.known.subscribe()
    }

    /// Raises what is known to `seen`, and says what is known now.
    fn learn(&self, seen: Clock) -> Clock {
        let known = self.clock();
        // Most of what is seen is known: then nobody is locked out, or woken.
        if known.later(seen) == known {
            return known;
        }
        self.inner.known.send_if_modified(|known| {
            let before = *known;
            *known = before.later(seen);
            *known != before
        });
        self.clock()
    }

    /// `redis` or `in-process`: which store runs.
    pub fn store_name(&self) -> &'static str {
        match self.inner.store {
            AnyStore::InProcess(_) => "in-process",
            AnyStore::Redis(_) => "redis",
        }
    }

    /// Is the store one that other processes use, too?
    pub(crate) fn is_common(&self) -> bool {
        match self.inner.store {
            AnyStore::InProcess(_) => false,
            AnyStore::Redis(_) => true,
        }
    }

    /// Up to `limit` stored entries whose key begins with `prefix`, in order of their keys.
    ///
    /// For the debug tools: it looks at all keys, in small steps. A store that does not answer has no entries.
    pub async fn entries(&self, prefix: &str, limit: usize) -> Vec<CachedEntry> {
        self.ask(self.inner.store.scan(prefix, limit, (self.inner.now)())).await.unwrap_or_default()
    }

    /// Drops one entry, and says whether there was one. Freshness never needs this: it is for the debug tools.
    pub async fn forget(&self, key: &Key) -> bool {
        self.inner.absences.forget(key);
        self.ask(self.inner.store.remove(key)).await.unwrap_or(false)
    }

    /// Drops every entry, and says how many there were.
    pub async fn clear(&self) -> u64 {
        self.inner.absences.clear();
        self.ask(self.inner.store.clear_all()).await.unwrap_or(0)
    }

    /// The last `limit` operations, newest first.
    pub fn recent(&self, limit: usize) -> Vec<Operation> {
        self.inner.operations.recent(limit)
    }

    /// How often each thing happened since this server started.
    pub fn counters(&self) -> Counters {
        self.inner.operations.counters()
    }

    /// What counts them over time.
    pub(crate) fn recorder(&self) -> &Arc<Recorder> {
        self.inner.operations.recorder()
    }

    /// Did the store answer last?
    pub(crate) fn is_store_there(&self) -> bool {
        !self.inner.outage.is_away()
    }

    /// Forgets the operations and begins to count anew.
    pub fn reset_counters(&self) {
        self.inner.operations.reset();
    }
}

impl fmt::Debug for ServerCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerCache").field("store", &self.store_name()).field("clock", &self.clock()).finish()
    }
}
