//! What a store must be able to do. There are two; one conformance suite runs over both.
//!
//! A store knows nothing of views and loads. It keeps entries, a generation or some fences per tag, and the clock.

use std::{future::Future, time::Duration};

use chrono::{DateTime, Utc};
use domain::cache::{Clock, Key, Tag};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{entry::Stored, in_process::InProcess, redis::Redis};

/// How long a fence stands when nobody lifts it: longer than any commit takes, short enough to be no outage.
pub(super) const FENCE_LIFE: Duration = Duration::from_secs(30);

/// The value of a tag that says "nothing changed since". Random, and compared for equality only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Generation(pub(super) u64);

impl Generation {
    /// One that was never used before.
    pub(super) fn fresh() -> Self {
        Generation(rand::random())
    }
}

/// Whose fence it is: drawn anew for each write, so that nobody lifts another's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token(pub(super) u64);

impl Token {
    /// One that was never used before.
    pub(super) fn fresh() -> Self {
        Token(rand::random())
    }
}

/// How a tag stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TagState {
    /// Entries with this generation are fresh.
    Open(Generation),
    /// At least one write is about to commit, or just did: ask the database.
    Fenced,
}

/// What one round trip tells about a key.
#[derive(Clone, Debug)]
pub(super) struct Observation {
    /// Every write up to it shows in the tags.
    pub(super) clock: Clock,
    /// One state per tag, in their order.
    pub(super) tags: Vec<TagState>,
    /// The entry, fresh or not.
    pub(super) entry: Option<Found>,
}

/// An entry that was found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) stored: Stored,
    /// For how long it has outlived its time; none while it has not.
    pub(super) overdue: Option<Duration>,
    /// Did this process load or decode this body before? Else another version of this program may have written it.
    pub(super) is_known: bool,
}

impl Observation {
    /// The generations, or the first tag that is fenced.
    pub(super) fn generations(&self, tags: &[Tag]) -> Result<Vec<Generation>, Tag> {
        self.tags
            .iter()
            .zip(tags)
            .map(|(state, tag)| match state {
                TagState::Open(generation) => Ok(*generation),
                TagState::Fenced => Err(*tag),
            })
            .collect()
    }
}

/// The store did not do what it was asked for; it may or may not have happened.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct StoreError(pub(super) String);

/// One stored entry, for the debug tools.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CachedEntry {
    pub key: String,
    /// What it depends on; empty if the key was written by another version of this program.
    #[schemars(with = "Vec<String>")]
    pub tags: Vec<Tag>,
    pub age_ms: u64,
    /// 0 when its time is over; it is kept for a while after that.
    pub ttl_ms: u64,
    pub size_bytes: u64,
    /// Whether a read would be served this entry now, without asking the database.
    pub is_fresh: bool,
}

/// The operations of a store. Every one is safe to repeat, and harmless when it arrives late.
pub(super) trait Store: Send + Sync {
    /// Reads the clock, the tags and the entry, of one instant and in one round trip. A tag without a generation is given
    /// one.
    fn observe(&self, key: &Key, tags: &[Tag]) -> impl Future<Output = Result<Observation, StoreError>> + Send;

    /// Keeps an entry for `ttl` and its grace, and no longer.
    fn put(&self, key: &Key, stored: Stored, ttl: Duration) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Notes that the body of an entry that was found is what its key says: it need not be decoded again.
    fn vouch(&self, key: &Key, stored: &Stored);

    /// Adds a fence to each tag, which forgets its generation.
    fn fence(&self, tags: &[Tag], token: Token) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Takes one's own fence from each tag; those that have no other get a new generation, fenced before or not. Then
    /// notes that the write at `seq` is done, moves the clock as far as all writes are, and tells it. Repeated for the
    /// same `seq`, it changes nothing. After a rollback `seq` is 0.
    fn release(&self, tags: &[Tag], token: Token, seq: u64) -> impl Future<Output = Result<Clock, StoreError>> + Send;

    /// Moves the clock to `position`: the caller knows that all writes up to it are done.
    fn reach(&self, position: u64) -> impl Future<Output = Result<Clock, StoreError>> + Send;

    /// Up to `limit` entries whose key begins with `prefix`, in order of their keys.
    fn scan(
        &self,
        prefix: &str,
        limit: usize,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Vec<CachedEntry>, StoreError>> + Send;

    /// Drops one entry, and says whether there was one.
    fn remove(&self, key: &Key) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Drops all entries, and says how many. Fences and generations stay: they hold for loads that are under way.
    fn clear_all(&self) -> impl Future<Output = Result<u64, StoreError>> + Send;
}

/// The store that was chosen when the server started.
pub(super) enum AnyStore {
    InProcess(Box<InProcess>),
    Redis(Redis),
}

impl Store for AnyStore {
    async fn observe(&self, key: &Key, tags: &[Tag]) -> Result<Observation, StoreError> {
        match self {
            AnyStore::InProcess(store) => store.observe(key, tags).await,
            AnyStore::Redis(store) => store.observe(key, tags).await,
        }
    }

    async fn put(&self, key: &Key, stored: Stored, ttl: Duration) -> Result<(), StoreError> {
        match self {
            AnyStore::InProcess(store) => store.put(key, stored, ttl).await,
            AnyStore::Redis(store) => store.put(key, stored, ttl).await,
        }
    }

    fn vouch(&self, key: &Key, stored: &Stored) {
        match self {
            AnyStore::InProcess(store) => store.vouch(key, stored),
            AnyStore::Redis(store) => store.vouch(key, stored),
        }
    }

    async fn fence(&self, tags: &[Tag], token: Token) -> Result<(), StoreError> {
        match self {
            AnyStore::InProcess(store) => store.fence(tags, token).await,
            AnyStore::Redis(store) => store.fence(tags, token).await,
        }
    }

    async fn release(&self, tags: &[Tag], token: Token, seq: u64) -> Result<Clock, StoreError> {
        match self {
            AnyStore::InProcess(store) => store.release(tags, token, seq).await,
            AnyStore::Redis(store) => store.release(tags, token, seq).await,
        }
    }

    async fn reach(&self, position: u64) -> Result<Clock, StoreError> {
        match self {
            AnyStore::InProcess(store) => store.reach(position).await,
            AnyStore::Redis(store) => store.reach(position).await,
        }
    }

    async fn scan(&self, prefix: &str, limit: usize, now: DateTime<Utc>) -> Result<Vec<CachedEntry>, StoreError> {
        match self {
            AnyStore::InProcess(store) => store.scan(prefix, limit, now).await,
            AnyStore::Redis(store) => store.scan(prefix, limit, now).await,
        }
    }

    async fn remove(&self, key: &Key) -> Result<bool, StoreError> {
        match self {
            AnyStore::InProcess(store) => store.remove(key).await,
            AnyStore::Redis(store) => store.remove(key).await,
        }
    }

    async fn clear_all(&self) -> Result<u64, StoreError> {
        match self {
            AnyStore::InProcess(store) => store.clear_all().await,
            AnyStore::Redis(store) => store.clear_all().await,
        }
    }
}
