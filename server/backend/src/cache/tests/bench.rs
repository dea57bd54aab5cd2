//! A store to test, alone in its namespace, and things to put into it.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use domain::{
    cache::{Clock, Key, Tag},
    id::{ChapterId, StoryId, UserId},
};

use crate::cache::{
    Company, Now, ServerCache,
    entry::{Answer, Stored},
    in_process::InProcess,
    redis::Redis,
    store::{AnyStore, FENCE_LIFE, Generation, Store, TagState},
};

/// A short life for fences and entries that tests outlive.
pub(super) const SHORT: Duration = Duration::from_millis(60);

/// A store of either kind.
pub(super) struct Bench {
    pub(super) store: AnyStore,
    start: Clock,
}

impl Bench {
    /// This process's memory, with an empty log.
    pub(super) fn in_process() -> Self {
        Bench::in_process_with(FENCE_LIFE)
    }

    fn in_process_with(fence_life: Duration) -> Self {
        let start = Clock::new(rand::random(), 0);
        let store = InProcess::bounded(start, 64 * 1024 * 1024, 200_000, fence_life);
        Bench { store: AnyStore::InProcess(Box::new(store)), start }
    }

    /// A namespace of its own in the Redis of the tests.
    pub(super) async fn redis() -> Self {
        Bench::redis_at(&redis_url()).await
    }

    /// A namespace of its own in another Redis.
    pub(super) async fn redis_at(url: &str) -> Self {
        let (redis, start) = Redis::connect(url, &namespace()).await.expect("a Redis answers there");
        Bench { store: AnyStore::Redis(redis.with_patience()), start }
    }

    /// Another empty store of the same kind, over the same connection.
    pub(super) fn anew(&self) -> Self {
        match &self.store {
            AnyStore::InProcess(_) => Bench::in_process(),
            AnyStore::Redis(redis) => Bench { store: AnyStore::Redis(redis.in_namespace(&namespace())), ..*self },
        }
    }

    /// The same store, as another server sees it.
    pub(super) fn beside(&self) -> Option<AnyStore> {
        match &self.store {
            AnyStore::InProcess(_) => None,
            AnyStore::Redis(redis) => Some(AnyStore::Redis(redis.beside())),
        }
    }

    /// The same kind of store with fences that expire soon.
    pub(super) fn with_short_fences(self) -> Self {
        match self.store {
            AnyStore::InProcess(_) => Bench::in_process_with(SHORT),
            AnyStore::Redis(redis) => Bench { store: AnyStore::Redis(redis.with_fence_life(SHORT)), ..self },
        }
    }

    /// A cache over the store.
    pub(super) fn cache(self) -> ServerCache {
        self.cache_in(Company::Alone)
    }

    /// The same for one of several servers: the store is believed for a moment.
    pub(super) fn cache_among_others(self) -> ServerCache {
        self.cache_in(Company::Others)
    }

    fn cache_in(self, company: Company) -> ServerCache {
        let cache = ServerCache::over(self.store, self.start, company, now());
        cache.confirm(cache.begin_confirmation());
        cache
    }

    /// Lets what is short run out. Redis has a clock of its own, which nobody can turn.
    pub(super) async fn wait(&self) {
        match self.store {
            AnyStore::InProcess(_) => tokio::time::advance(SHORT * 2).await,
            AnyStore::Redis(_) => tokio::time::sleep(SHORT * 2).await,
        }
    }

    /// The generations of `key`, or nothing if one of its tags is fenced.
    pub(super) async fn generations(&self, key: &Key) -> Option<Vec<Generation>> {
        let tags = key.tags();
        self.store.observe(key, &tags).await.unwrap().generations(&tags).ok()
    }

    /// How one tag stands.
    pub(super) async fn state(&self, tag: Tag) -> TagState {
        self.store.observe(&Key::Forums, &[tag]).await.unwrap().tags[0]
    }

    /// Stores `body` as it would be stored after a load that began now.
    pub(super) async fn fill(&self, key: &Key, body: &str, ttl: Duration) -> Stored {
        self.fill_with_grace(key, body, ttl, Duration::ZERO).await
    }

    /// The same, kept for a while after its time.
    pub(super) async fn fill_with_grace(&self, key: &Key, body: &str, ttl: Duration, grace: Duration) -> Stored {
        let tags = key.tags();
        let observation = self.store.observe(key, &tags).await.unwrap();
        let stored = Stored {
            answer: Answer::of(&body),
            generations: observation.generations(&tags).unwrap(),
            clock: observation.clock,
            stored_at: noon(),
            grace,
        };
        self.store.put(key, stored.clone(), ttl).await.unwrap();
        stored
    }
}

/// Where the Redis of the tests is. `make test` starts one and says so.
#[expect(clippy::disallowed_methods, reason = "the tests' Redis is no setting of the program")]
pub(super) fn redis_url() -> String {
    std::env::var("TEST_REDIS_URL").expect(
        "set TEST_REDIS_URL to a Redis that may be written to, such as redis://127.0.0.1:6379; `make test` does",
    )
}

/// A cache in a Redis, believed until it fails.
pub(super) async fn cache_at(url: &str, namespace: &str) -> ServerCache {
    let cache = ServerCache::redis(url, namespace, Company::Alone, now()).await.expect("a Redis");
    cache.confirm(cache.begin_confirmation());
    cache
}

/// A namespace that nobody else uses.
pub(super) fn namespace() -> String {
    format!("test:{:016x}", rand::random::<u64>())
}

/// A time of day.
pub(super) fn noon() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

/// A clock that stands at noon.
pub(super) fn now() -> Now {
    Arc::new(noon)
}

/// The outline of a new story: a view with two tags.
pub(super) fn outline() -> Key {
    Key::Outline { story: StoryId::from_random(rand::random()), author: UserId::from_random(rand::random()) }
}

/// Another view of the same story: a chapter, which shares the story's tag.
pub(super) fn chapter_of(outline: &Key) -> Key {
    let Key::Outline { story, author } = outline else { panic!("{outline} is no outline") };
    Key::Chapter { story: *story, author: *author, chapter: ChapterId::from_random(rand::random()) }
}
