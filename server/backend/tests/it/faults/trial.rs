//! Two servers under an oracle, each with a wire of its own to one Redis.
//!
//! Readers ask both servers all the time, and a session goes from one to the other. No read may fail, or show less than what
//! was answered before it began; the session, which says what it has seen, is never led back behind it; no write may fail,
//! and every text that was acknowledged is there at the end.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering::SeqCst},
    },
    time::Duration,
};

use backend::{
    Backend, Config, RateLimits,
    cache::{Floor, Status},
};
use domain::{
    cache::Clock,
    id::SceneId,
    studio::{NewChapter, NewScene, NewStory},
    user::{Role, User},
};
use tokio::task::JoinHandle;

use super::proxy::{Proxy, Wire};
use crate::support::{EmptyDatabase, OwnRedis, content, soon, value};

/// How many readers each server has.
const READERS: usize = 2;

/// The servers, their Redis, and who reads from them.
pub(super) struct Trial {
    pub(super) redis: OwnRedis,
    servers: [Server; 2],
    author: User,
    scene: SceneId,
    oracle: Arc<Oracle>,
    readers: Vec<JoinHandle<()>>,
    _database: EmptyDatabase,
}

struct Server {
    backend: Backend,
    wire: Proxy,
}

#[derive(Default)]
struct Oracle {
    /// The newest version whose write was answered.
    acked: AtomicI64,
    hits: AtomicU32,
    is_over: AtomicBool,
}

impl Trial {
    /// Starts everything, and waits until both servers answer from the cache.
    pub(super) async fn begin() -> Self {
        let (redis, database) = (OwnRedis::start(), EmptyDatabase::new().await);
        let servers = [Server::start(&redis, &database).await, Server::start(&redis, &database).await];
        let (author, scene) = draft(&servers[0].backend).await;
        let oracle = Arc::new(Oracle { acked: AtomicI64::new(1), ..Oracle::default() });
        let readers = servers.iter().flat_map(|server| [server; READERS]).map(|server| {
            let (backend, author, oracle) = (server.backend.clone(), author.clone(), oracle.clone());
            tokio::spawn(async move { oracle.watch(&backend, &author, scene).await })
        });
        let session = {
            let servers = servers.each_ref().map(|server| server.backend.clone());
            let (author, oracle) = (author.clone(), oracle.clone());
            tokio::spawn(async move { oracle.follow(&servers, &author, scene).await })
        };
        let readers = readers.chain([session]).collect();
        let trial = Trial { redis, servers, author, scene, oracle, readers, _database: database };
        trial.until_served().await;
        trial
    }

    /// Saves so many versions, on both servers in turn.
    pub(super) async fn write(&self, count: usize) {
        for server in self.servers.iter().cycle().take(count) {
            let base = self.oracle.acked.load(SeqCst);
            let edit = content(base, &text(base + 1));
            let saved = server.backend.edit_scene(&self.author, self.scene, edit).await;
            self.oracle.acked.store(saved.expect("a write needs no Redis").value().version, SeqCst);
        }
    }

    /// Makes the wire of one server so.
    pub(super) fn wire(&self, server: usize, wire: Wire) {
        self.servers[server].wire.make(wire);
    }

    /// Makes both wires so.
    pub(super) fn wires(&self, wire: Wire) {
        for server in &self.servers {
            server.wire.make(wire);
        }
    }

    /// Waits until both servers answer from the cache again, and looks whether all texts are there.
    pub(super) async fn end(self) {
        self.wires(Wire::Whole);
        self.until_served().await;
        self.write(2).await;
        self.until_served().await;
        self.oracle.is_over.store(true, SeqCst);
        for reader in self.readers {
            reader.await.unwrap();
        }

        assert!(self.oracle.hits.load(SeqCst) > 0, "nobody was ever served from the cache");
        let backend = &self.servers[0].backend;
        let current = value(backend.scene(&self.author, self.scene).await.unwrap()).scene;
        let revisions = backend.revisions(&self.author, self.scene).await.unwrap().revisions;
        let texts: Vec<_> = revisions.into_iter().map(|revision| revision.content).chain([current.content]).collect();
        for version in 1..=self.oracle.acked.load(SeqCst) {
            assert!(texts.contains(&text(version)), "version {version} was acknowledged and is lost");
        }
    }

    async fn until_served(&self) {
        for server in &self.servers {
            let read = async || server.backend.scene(&self.author, self.scene).await.expect("a read needs no Redis");
            soon(async || read().await.status == Status::Hit).await;
        }
    }
}

impl Server {
    async fn start(redis: &OwnRedis, database: &EmptyDatabase) -> Self {
        let wire = Proxy::to(&redis.url()).await;
        let config =
            Config { redis_url: Some(wire.url()), rate_limits: RateLimits::Off, ..Config::new(database.url.clone()) };
        Server { backend: Backend::open(config).await.unwrap(), wire }
    }
}

impl Oracle {
    /// Reads until all is over.
    async fn watch(&self, server: &Backend, author: &User, scene: SceneId) {
        while !self.is_over.load(SeqCst) {
            let floor = self.acked.load(SeqCst);
            let view = server.scene(author, scene).await.expect("a read needs no Redis");
            self.hits.fetch_add(u32::from(view.status == Status::Hit), SeqCst);
            let (status, seen) = (view.status, value(view).scene);
            assert!(seen.version >= floor, "version {} after {floor} was answered ({status:?})", seen.version);
            assert_eq!(seen.content, text(seen.version));
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

impl Oracle {
    /// Reads from one server after the other until all is over. What it sees may not be answered yet; seen is seen.
    async fn follow(&self, servers: &[Backend], author: &User, scene: SceneId) {
        let (mut seen, mut newest) = (0, None::<Clock>);
        for server in servers.iter().cycle() {
            if self.is_over.load(SeqCst) {
                return;
            }
            let floor = newest.map_or(Floor::None, Floor::At);
            let view = server.not_before(floor).scene(author, scene).await.expect("a read needs no Redis");
            let (status, clock) = (view.status, view.clock);
            let version = value(view).scene.version;
            assert!(version >= seen, "version {version} after {seen} was shown ({status:?}, {clock} after {newest:?})");
            (seen, newest) = (version, Some(newest.map_or(clock, |newest| newest.later(clock))));
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

async fn draft(backend: &Backend) -> (User, SceneId) {
    let author = backend.create_user("mira", "mira@example.org", "a-long-enough-secret", Role::Writer).await.unwrap();
    let new = NewStory { title: "The Lighthouse".to_owned(), summary: None, genre: None };
    let story = backend.create_story(&author, new).await.unwrap().value().id;
    let new = NewChapter { title: "One".to_owned(), summary: None, part_id: None };
    let chapter = backend.add_chapter(&author, story, new).await.unwrap().value().id;
    let new = NewScene { title: "A scene".to_owned(), content: Some(text(1)) };
    let scene = backend.add_scene(&author, chapter, new).await.unwrap().value().id;
    (author, scene)
}

fn text(version: i64) -> String {
    format!("This is version {version}.")
}
