//! The store that several servers share: Redis, through fred, which no other file names.
//!
//! | key | value |
//! |---|---|
//! | `{<namespace>}:e:<key>` | an entry, see `entry`; expires when its grace ends |
//! | `{<namespace>}:g:<tag>` | a generation in hexadecimal, or `fenced` and the fences; see `redis/fence.lua` |
//! | `{<namespace>}:epoch` | drawn by the first command that met this Redis; see `redis/enter.lua` |
//! | `{<namespace>}:epoch:lifted:<token>` | a fence that was released before it came; it is not put up any more |
//! | `{<namespace>}:clock` | every write up to this position of the log has released its tags |
//! | `{<namespace>}:done` | the writes above it that have, too |
//!
//! The braces put all keys of a namespace into one slot of a cluster, so no command touches two nodes: an installation uses
//! one node of it, and several installations spread. Each operation is one script: one command on one connection, which
//! Redis carries out at one instant. And each begins by asking whether this is still the Redis in
//! which the epoch was drawn, so that no answer is ever taken from an old copy of the data.
//!
//! Redis may evict what was least recently used (`allkeys-lru`). Evicting entries, generations, the clock or the epoch costs
//! misses only; evicting a fence lets readers fill the cache, for the length of one commit, with what that commit outdates.
//! So never by lifetime (`volatile-ttl`): that of a fence is the shortest.
//!
//! The body of a hit is fetched once; see `near`.

mod listing;
mod names;
mod near;
mod refusal;

use std::{collections::HashMap, time::Duration};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::cache::{Clock, Key, Tag};
use fred::{
    clients::{Client, Pipeline, WithOptions},
    error::Error,
    interfaces::{ClientLike, KeysInterface},
    types::{
        Builder, ClusterHash, CustomCommand, Expiration, Value,
        config::{Config, ConnectionConfig, Options, ReconnectPolicy, TcpConfig, UnresponsiveConfig},
    },
};
use socket2::TcpKeepalive;

pub use refusal::CannotConnect;

use super::{
    entry::{MAX_HEADER_BYTES, Stored},
    store::{CachedEntry, FENCE_LIFE, Generation, Observation, Store, StoreError, TagState, Token},
};
use listing::Listed;
use names::{Names, hex, new_epoch, parse_epoch, state};
use near::Near;

const OBSERVE: &str = concat!(include_str!("redis/enter.lua"), include_str!("redis/observe.lua"));
const FENCE: &str = concat!(include_str!("redis/enter.lua"), include_str!("redis/fence.lua"));
const RELEASE: &str =
    concat!(include_str!("redis/enter.lua"), include_str!("redis/release.lua"), include_str!("redis/advance.lua"));
const REACH: &str =
    concat!(include_str!("redis/enter.lua"), include_str!("redis/reach.lua"), include_str!("redis/advance.lua"));

/// Generations go after a day without a write to their tag. Entries live for half an hour, so this only costs a miss
/// per day and view; it is what keeps the tags of forgotten stories from filling Redis.
const GENERATION_LIFE_SECS: i64 = 24 * 60 * 60;
/// A read that takes longer than this had better ask the database.
const READ_TIMEOUT: Duration = Duration::from_millis(50);
/// A write waits longer: what it does not get done, readers pay for.
const WRITE_TIMEOUT: Duration = Duration::from_millis(250);
/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// A connection whose commands wait this long is closed, so that those after them fail at once.
const UNRESPONSIVE_AFTER: Duration = Duration::from_secs(1);
/// How often that is looked at.
const UNRESPONSIVE_CHECK: Duration = Duration::from_millis(250);
/// How long a connection may be idle before it is asked for a sign of life.
const KEEPALIVE_AFTER: Duration = Duration::from_secs(15);
/// The first and the longest wait between attempts to connect again; it doubles from one to the other.
const RECONNECT_MS: (u32, u32) = (50, 2_000);
/// How many keys one step of a scan looks at.
const SCAN_STEP: u32 = 500;
/// How long a walk that drops entries rests after each step.
const PAUSE: Duration = Duration::from_millis(5);

/// A store in Redis.
pub(super) struct Redis {
    client: Client,
    names: Names,
    fence_life: Duration,
    /// What this process has of it.
    near: Near,
    /// How long a read may take.
    patience: Duration,
}

type Batch = WithOptions<Pipeline<Client>>;

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        StoreError(format!("Redis: {error}"))
    }
}

impl Redis {
    /// Connects, and tells where the clock stands.
    ///
    /// # Errors
    /// Refuses an address that cannot be used, and a Redis that does not answer now. Later it may come and go.
    pub(super) async fn connect(url: &str, namespace: &str) -> Result<(Redis, Clock), CannotConnect> {
        let config = Config::from_url(url).map_err(|_| CannotConnect::BadUrl)?;
        let address = config.server.hosts().first().map(ToString::to_string).unwrap_or_default();
        let redis = async {
            let client = client(config)?;
            client.init().await?;
            let names = Names::new(namespace);
            let redis = Redis { client, names, fence_life: FENCE_LIFE, near: Near::new(), patience: READ_TIMEOUT };
            let start = redis.reach(0).await?;
            Ok::<_, StoreError>((redis, start))
        };
        redis.await.map_err(|StoreError(cause)| CannotConnect::because(address, cause))
    }

    /// The same, fetching every hit; to be compared with.
    pub(super) fn without_first_level(self) -> Redis {
        Redis { near: Near::none(), ..self }
    }

    /// Commands that are sent together and answered in order; at once with an error while there is no connection.
    fn batch(&self, timeout: Duration) -> Batch {
        self.client.pipeline().with_options(&options(timeout))
    }

    /// Runs a script over the keys that all scripts have, and `keys`; the first argument is a new epoch.
    async fn eval<I: IntoIterator<Item = String>>(
        &self,
        timeout: Duration,
        script: &str,
        keys: Vec<String>,
        arguments: I,
    ) -> Result<Vec<Value>, StoreError> {
        // fred's own `eval` wants a feature more, and Redis keeps the compiled form of a text anyway.
        // In a cluster any key of ours leads to our node.
        let slot = ClusterHash::from(self.names.epoch().as_str());
        let command = CustomCommand::new_static("EVAL", slot, false);
        let count = (keys.len() + 3).to_string();
        let fixed = [self.names.epoch(), self.names.clock(), self.names.done()];
        let words = [script.to_owned(), count].into_iter().chain(fixed).chain(keys).chain([new_epoch()]);
        let client = self.client.with_options(&options(timeout));
        let answer: Value = client.custom(command, words.chain(arguments).collect()).await?;
        Ok(answer.into_array())
    }

    /// The next step of a walk over the entries whose key begins with `prefix`: where to go on, and some names.
    async fn walk(&self, cursor: String, prefix: &str) -> Result<(String, Vec<String>), StoreError> {
        let client = self.client.with_options(&options(WRITE_TIMEOUT));
        Ok(client.scan_page(cursor, self.names.entries_pattern(prefix), Some(SCAN_STEP), None).await?)
    }

    /// What is known of some entries without fetching their bodies.
    async fn list(&self, entries: &[String]) -> Result<Vec<Listed>, StoreError> {
        let batch = self.batch(WRITE_TIMEOUT);
        for name in entries {
            let () = batch.getrange(name.clone(), 0, MAX_HEADER_BYTES).await?;
            let () = batch.strlen(name.clone()).await?;
            let () = batch.pttl(name.clone()).await?;
        }
        let answers: Vec<Value> = batch.all().await?;
        let listed = entries.iter().zip(answers.chunks_exact(3)).filter_map(|(name, answer)| {
            let [head, size, ttl] = answer else { return None };
            let head: Bytes = head.clone().convert().ok()?;
            Listed::new(self.names.key_of(name), &head, size.as_u64()?, ttl.as_u64()?)
        });
        Ok(listed.collect())
    }

    /// How `tags` stand; those that are not there are left out.
    async fn states(&self, tags: &[Tag]) -> Result<HashMap<Tag, TagState>, StoreError> {
        let batch = self.batch(WRITE_TIMEOUT);
        for tag in tags {
            let () = batch.get(self.names.tag(tag)).await?;
        }
        let answers: Vec<Value> = batch.all().await?;
        let states = tags.iter().zip(answers).filter_map(|(tag, value)| Some((*tag, state(&text(value)?))));
        Ok(states.collect())
    }
}

impl Store for Redis {
    async fn observe(&self, key: &Key, tags: &[Tag]) -> Result<Observation, StoreError> {
        let keys = tags.iter().map(|tag| self.names.tag(tag)).chain([self.names.entry(key)]).collect();
        let held = self.near.get(key);
        let arguments = near::arguments(GENERATION_LIFE_SECS, tags.len(), held.as_deref());
        let answers = self.eval(self.patience, OBSERVE, keys, arguments).await?;

        let mut answers = answers.into_iter();
        let clock = clock(answers.next(), answers.next())?;
        // What cannot be read is as good as fenced: its generation is unknown.
        let tags =
            answers.by_ref().take(tags.len()).map(|value| text(value).map_or(TagState::Fenced, |text| state(&text)));
        let tags = tags.collect();
        let left_ms = answers.next().and_then(|left| left.as_i64());
        let bytes: Option<Bytes> = answers.next().and_then(|value| value.convert().ok());
        Ok(Observation { clock, tags, entry: near::found(left_ms, bytes, held.as_deref()) })
    }

    async fn put(&self, key: &Key, stored: Stored, ttl: Duration) -> Result<(), StoreError> {
        let life = Expiration::PX(i64::try_from((ttl + stored.grace).as_millis()).unwrap_or(i64::MAX).max(1));
        let batch = self.batch(WRITE_TIMEOUT);
        let () = batch.set(self.names.entry(key), stored.encode(), Some(life), None, false).await?;
        let () = batch.all().await?;
        self.near.keep(key, &stored);
        Ok(())
    }

    fn vouch(&self, key: &Key, stored: &Stored) {
        self.near.keep(key, stored);
    }

    async fn fence(&self, tags: &[Tag], token: Token) -> Result<(), StoreError> {
        let keys = tags.iter().map(|tag| self.names.tag(tag)).collect();
        self.eval(WRITE_TIMEOUT, FENCE, keys, [hex(token.0), self.fence_life.as_millis().to_string()]).await?;
        Ok(())
    }

    async fn release(&self, tags: &[Tag], token: Token, seq: u64) -> Result<Clock, StoreError> {
        let keys = tags.iter().map(|tag| self.names.tag(tag)).collect();
        let arguments = [hex(token.0), seq.to_string(), GENERATION_LIFE_SECS.to_string()];
        let answers = self.eval(WRITE_TIMEOUT, RELEASE, keys, arguments.into_iter().chain(generations(tags))).await?;
        let mut answers = answers.into_iter();
        clock(answers.next(), answers.next())
    }

    async fn reach(&self, position: u64) -> Result<Clock, StoreError> {
        let answers = self.eval(WRITE_TIMEOUT, REACH, Vec::new(), [position.to_string()]).await?;
        let mut answers = answers.into_iter();
        clock(answers.next(), answers.next())
    }

    async fn scan(&self, prefix: &str, limit: usize, now: DateTime<Utc>) -> Result<Vec<CachedEntry>, StoreError> {
        let (mut cursor, mut keys) = ("0".to_owned(), Vec::new());
        loop {
            let (next, page) = self.walk(cursor, prefix).await?;
            keys.extend(page);
            if next == "0" || keys.len() >= limit {
                break;
            }
            cursor = next;
        }
        // A walk may meet a key twice.
        keys.sort_unstable();
        keys.dedup();
        keys.truncate(limit);
        let listed = self.list(&keys).await?;
        let tags: Vec<Tag> = listed.iter().flat_map(Listed::tags).copied().collect();
        let states = self.states(&tags).await?;
        Ok(listed.into_iter().map(|entry| entry.entry(&states, now)).collect())
    }

    async fn remove(&self, key: &Key) -> Result<bool, StoreError> {
        self.near.remove(key);
        let batch = self.batch(WRITE_TIMEOUT);
        let () = batch.unlink(self.names.entry(key)).await?;
        let removed: u64 = batch.last().await?;
        Ok(removed > 0)
    }

    async fn clear_all(&self) -> Result<u64, StoreError> {
        self.near.clear();
        let (mut cursor, mut cleared) = ("0".to_owned(), 0);
        loop {
            let (next, keys) = self.walk(cursor, "").await?;
            let batch = self.batch(WRITE_TIMEOUT);
            for key in keys {
                let () = batch.unlink(key).await?;
            }
            let removed: Vec<u64> = batch.all().await?;
            cleared += removed.iter().sum::<u64>();
            if next == "0" {
                return Ok(cleared);
            }
            cursor = next;
            // Others want to ask something, too.
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// What holds for every command: so long and no longer, not at all while there is no connection, and never a second time
/// after a connection broke.
fn options(timeout: Duration) -> Options {
    Options { timeout: Some(timeout), fail_fast: true, max_attempts: Some(1), ..Options::default() }
}

fn client(config: Config) -> Result<Client, Error> {
    let (first, longest) = RECONNECT_MS;
    Builder::from_config(config)
        .with_connection_config(|connection| *connection = connection_config())
        // Without a last attempt: Redis may be away for as long as it likes.
        .set_policy(ReconnectPolicy::new_exponential(0, first, longest, 2))
        .build()
}

fn connection_config() -> ConnectionConfig {
    ConnectionConfig {
        connection_timeout: CONNECT_TIMEOUT,
        internal_command_timeout: CONNECT_TIMEOUT,
        unresponsive: UnresponsiveConfig { max_timeout: Some(UNRESPONSIVE_AFTER), interval: UNRESPONSIVE_CHECK },
        tcp: TcpConfig {
            nodelay: Some(true),
            // Finds a peer that is gone while nothing is sent; the next one finds it while something is.
            keepalive: Some(TcpKeepalive::new().with_time(KEEPALIVE_AFTER)),
            #[cfg(target_os = "linux")]
            user_timeout: Some(UNRESPONSIVE_AFTER),
            ..TcpConfig::default()
        },
        ..ConnectionConfig::default()
    }
}

/// Reads the epoch and the position that every script answers with first.
fn clock(epoch: Option<Value>, seq: Option<Value>) -> Result<Clock, StoreError> {
    let no_clock = || StoreError("Redis keeps no clock".to_owned());
    let epoch = epoch.and_then(text).as_deref().and_then(parse_epoch).ok_or_else(no_clock)?;
    let seq = seq.and_then(text).and_then(|seq| seq.parse().ok()).ok_or_else(no_clock)?;
    Ok(Clock::new(epoch, seq))
}

/// A new generation for each tag that turns out to need one.
fn generations(tags: &[Tag]) -> impl Iterator<Item = String> {
    tags.iter().map(|_| hex(Generation::fresh().0))
}

fn text(value: Value) -> Option<String> {
    value.convert().ok().flatten()
}

/// What only tests do to a Redis.
#[cfg(test)]
impl Redis {
    pub(super) fn with_fence_life(self, fence_life: Duration) -> Redis {
        Redis { fence_life, ..self }
    }

    /// Waits for an answer however slow the machine is: for tests that are not about time.
    pub(super) fn with_patience(self) -> Redis {
        Redis { patience: Duration::from_secs(10), ..self }
    }

    pub(super) fn in_namespace(&self, namespace: &str) -> Redis {
        Redis { names: Names::new(namespace), ..self.beside() }
    }

    /// Another server over the same connection.
    pub(super) fn beside(&self) -> Redis {
        let (client, names) = (self.client.clone(), self.names.clone());
        Redis { client, names, fence_life: self.fence_life, near: Near::new(), patience: self.patience }
    }

    /// How many bytes the first level takes.
    pub(super) fn near_bytes(&self) -> u64 {
        self.near.used_bytes()
    }

    /// Puts raw bytes where an entry belongs.
    pub(super) async fn plant(&self, key: &Key, bytes: Bytes) {
        let () = self.client.set(self.names.entry(key), bytes, None, None, false).await.unwrap();
    }

    /// Forgets clock, epoch and tags, as a Redis without persistence does when it restarts; entries stay.
    pub(super) async fn forget_all_but_entries(&self, tags: &[Tag]) {
        self.forget(tags, &[]).await;
    }

    /// The same, and these entries as well.
    pub(super) async fn forget(&self, tags: &[Tag], entries: &[Key]) {
        let mut names = vec![self.names.clock(), self.names.epoch(), self.names.done()];
        names.extend(tags.iter().map(|tag| self.names.tag(tag)));
        names.extend(entries.iter().map(|key| self.names.entry(key)));
        let () = self.client.unlink(names).await.unwrap();
    }

    /// Ends the connection for good: from now on every command fails.
    pub(super) async fn hang_up(&self) {
        self.client.quit().await.unwrap();
    }
}
