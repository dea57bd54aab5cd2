//! Two servers with one PostgreSQL and one Redis: what one wrote the other shows, step by step.

mod alerts;
mod telling;
mod watching;

use backend::{
    Backend, Config, OpenError, RateLimits,
    cache::{Floor, Status, View},
};
use domain::{
    id::{ChapterId, SceneId, StoryId},
    studio::{NewChapter, NewScene, NewStory, SceneAnswer, SceneEdit},
    user::{Role, User},
};

use crate::support::{EmptyDatabase, OwnRedis, content, soon, value};

/// Two servers, and a scene that is written on one and read on the other.
struct Pair {
    writes: Backend,
    reads: Backend,
    author: User,
    scene: SceneId,
    redis: OwnRedis,
    config: Config,
    database: EmptyDatabase,
}

impl Pair {
    async fn start() -> Self {
        let (redis, database) = (OwnRedis::start(), EmptyDatabase::new().await);
        let config =
            Config { redis_url: Some(redis.url()), rate_limits: RateLimits::Off, ..Config::new(database.url.clone()) };
        let servers = (Backend::open(config.clone()).await.unwrap(), Backend::open(config.clone()).await.unwrap());
        let (writes, reads) = servers;
        let author =
            writes.create_user("mira", "mira@example.org", "a-long-enough-secret", Role::Writer).await.unwrap();
        let new = NewStory { title: "The Lighthouse".to_owned(), summary: None, genre: None };
        let story = writes.create_story(&author, new).await.unwrap().value().id;
        let scene = add_scene(&writes, &author, story).await;
        Pair { writes, reads, author, scene, redis, config, database }
    }

    async fn save(&self, version: i64) -> domain::cache::Clock {
        let edit: SceneEdit = content(version, &format!("after {version}"));
        self.writes.edit_scene(&self.author, self.scene, edit).await.expect("a write needs no Redis").clock()
    }

    async fn read(&self) -> View<SceneAnswer> {
        self.reads.scene(&self.author, self.scene).await.expect("a read needs no Redis")
    }

    /// Reads until the cache serves again.
    async fn until_served(&self) {
        soon(async || self.read().await.status == Status::Hit).await;
    }
}

/// A scene in a chapter of its own.
async fn add_scene(server: &Backend, author: &User, story: StoryId) -> SceneId {
    let new = NewChapter { title: "One".to_owned(), summary: None, part_id: None };
    let chapter: ChapterId = server.add_chapter(author, story, new).await.unwrap().value().id;
    let new = NewScene { title: "A scene".to_owned(), content: Some("0".to_owned()) };
    server.add_scene(author, chapter, new).await.unwrap().value().id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_server_wrote_the_other_shows() {
    let pair = Pair::start().await;
    pair.until_served().await;

    let clock = pair.save(1).await;
    let view = pair.read().await;

    assert_eq!(value(view).scene.version, 2);
    let careful = pair.reads.not_before(Floor::At(clock)).scene(&pair.author, pair.scene).await.unwrap();
    assert_eq!(value(careful).scene.version, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_with_another_redis_is_refused() {
    let pair = Pair::start().await;
    let other = OwnRedis::start();

    let refused = Backend::open(Config { redis_url: Some(other.url()), ..pair.config.clone() }).await;

    assert!(matches!(refused, Err(OpenError::AnotherRedis)));
    // The claim of the one that was refused is gone, and a Redis that was emptied is no other one.
    pair.redis.flush();
    let third = Backend::open(pair.config.clone()).await.expect("it has the same Redis");
    pair.save(1).await;
    assert_eq!(value(third.scene(&pair.author, pair.scene).await.unwrap()).scene.version, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_comes_back_with_an_old_copy_serves_nothing_of_it() {
    let mut pair = Pair::start().await;
    pair.until_served().await;
    pair.redis.save();

    pair.save(1).await;
    assert_eq!(value(pair.read().await).scene.version, 2);
    pair.redis.kill();
    pair.redis.start_again();

    for _ in 0..50 {
        assert_eq!(value(pair.read().await).scene.version, 2);
    }
    pair.until_served().await;
    assert_eq!(value(pair.read().await).scene.version, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_that_redis_slept_through_is_shown_when_it_wakes() {
    let pair = Pair::start().await;
    pair.until_served().await;

    pair.redis.stop();
    pair.save(1).await;
    assert_eq!(value(pair.read().await).scene.version, 2);
    pair.redis.go_on();

    for _ in 0..50 {
        assert_eq!(value(pair.read().await).scene.version, 2);
    }
    pair.until_served().await;
}
