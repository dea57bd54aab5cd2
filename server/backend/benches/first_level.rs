//! Is it worth while to keep in process what was fetched from Redis?
//!
//! Hits on a cache that fetches every body, and on one that keeps them, in turn: so whatever else the machine does, it
//! does to both alike.
//!
//! `make bench`; or `cargo bench -p backend --bench first_level` with `TEST_REDIS_URL` set to a Redis that may be
//! written to.

#![expect(clippy::print_stdout, reason = "a benchmark is run to be read")]

use std::{
    future::{pending, ready},
    time::{Duration, Instant},
};

use backend::{
    Error,
    cache::{
        ServerCache, Status,
        bench::{FirstLevel, redis},
    },
};
use domain::{
    cache::Key,
    id::{SceneId, StoryId, UserId},
    reading::ReadingScene,
};

const KILOBYTES: [usize; 3] = [1, 20, 200];
const ROUNDS: usize = 2_000;

#[expect(clippy::disallowed_methods, reason = "where the Redis of the tests is, is no setting of the program")]
fn redis_url() -> String {
    std::env::var("TEST_REDIS_URL").expect("`make bench` sets TEST_REDIS_URL")
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let connect = async |level| redis(&redis_url(), level).await.expect("a Redis at TEST_REDIS_URL");
    let (without, with) = (connect(FirstLevel::Off).await, connect(FirstLevel::On).await);
    for kilobytes in KILOBYTES {
        compare(kilobytes, &without, &with).await;
    }
    without.clear().await;
    with.clear().await;
}

async fn compare(kilobytes: usize, without: &ServerCache, with: &ServerCache) {
    let key = Key::Outline { story: StoryId::from_random(rand::random()), author: UserId::from_random(rand::random()) };
    for cache in [without, with] {
        cache.read(&key, ready(Ok(scenes(kilobytes)))).await.expect("a view is loaded");
    }
    let (mut fetched, mut kept) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        fetched.push(hit(without, &key).await);
        kept.push(hit(with, &key).await);
    }
    let ([fetched_10, fetched_50], [kept_10, kept_50]) = (percentiles(fetched), percentiles(kept));
    let ratio = fetched_50.as_secs_f64() / kept_50.as_secs_f64();
    println!(
        "{kilobytes} kB, fetched: {fetched_50:?} ({fetched_10:?}); kept: {kept_50:?} ({kept_10:?}); ratio {ratio:.2}"
    );
}

async fn hit(cache: &ServerCache, key: &Key) -> Duration {
    let began = Instant::now();
    // A hit does not wait for it.
    let load = pending::<Result<Vec<ReadingScene>, Error>>();
    let view = cache.read(key, load).await.expect("a view is served");
    let took = began.elapsed();
    assert_eq!(view.status, Status::Hit);
    took
}

/// The scenes of a chapter, a kilobyte each.
fn scenes(count: usize) -> Vec<ReadingScene> {
    let html = format!("<p>{}</p>\n", "The lamp was lit. “Who's there?” ".repeat(25));
    let scene = |_| ReadingScene {
        id: SceneId::from_random(rand::random()),
        title: "At the lighthouse".to_owned(),
        html: html.clone(),
    };
    (0..count).map(scene).collect()
}

/// The tenth and the half of them.
fn percentiles(mut durations: Vec<Duration>) -> [Duration; 2] {
    durations.sort_unstable();
    [durations[durations.len() / 10], durations[durations.len() / 2]]
}
