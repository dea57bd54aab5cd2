//! An invalidation costs the same however much is cached: a thousand entries, or a million.
//!
//! All entries belong to the story whose tag is invalidated, so each of them is outdated by every single invalidation.
//! Measured with a thousand entries, then with a million, and with a thousand again, so that a machine that becomes busy
//! meanwhile is noticed. Fails if a million cost more than 1.2 times a thousand.
//!
//! `make bench`; or `cargo bench -p backend --bench flat` with `TEST_REDIS_URL` set to a Redis that may be written to.

#![expect(clippy::print_stdout, reason = "a benchmark is run to be read")]

use std::time::{Duration, Instant};

use backend::cache::{
    ServerCache,
    bench::{FirstLevel, fill, in_process, invalidate, redis},
};
use domain::{
    cache::{Key, Tag},
    id::{ChapterId, StoryId, UserId},
};

const FEW: usize = 1_000;
const MANY: usize = 1_000_000;
const ROUNDS: u64 = 3_000;
/// How much more a million entries may cost than a thousand.
const LIMIT: f64 = 1.2;

#[expect(clippy::disallowed_methods, reason = "where the Redis of the tests is, is no setting of the program")]
fn redis_url() -> String {
    std::env::var("TEST_REDIS_URL").expect("`make bench` sets TEST_REDIS_URL")
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let redis = redis(&redis_url(), FirstLevel::Off).await.expect("a Redis at TEST_REDIS_URL");
    let ratios = [is_flat("in process", &in_process()).await, is_flat("Redis", &redis).await];

    assert!(ratios.iter().all(|ratio| *ratio <= LIMIT), "an invalidation costs more when more is cached: {ratios:?}");
}

/// Measures a cache, tells what was seen, and gives the ratio.
async fn is_flat(name: &str, cache: &ServerCache) -> f64 {
    let story = StoryId::from_random(rand::random());
    let mut seq = 0;

    fill(cache, chapters(story, FEW), b"[]").await;
    let before = cost(cache, story, &mut seq).await;
    fill(cache, chapters(story, MANY - FEW), b"[]").await;
    let full = cost(cache, story, &mut seq).await;
    cache.clear().await;
    fill(cache, chapters(story, FEW), b"[]").await;
    let after = cost(cache, story, &mut seq).await;
    cache.clear().await;

    let ratio = full.as_secs_f64() / before.max(after).as_secs_f64();
    println!(
        "{name}: {before:?} with {FEW} entries, {full:?} with {MANY}, {after:?} with {FEW} again: ratio {ratio:.2}"
    );
    ratio
}

/// Views of one story.
fn chapters(story: StoryId, count: usize) -> impl Iterator<Item = Key> {
    let author = UserId::from_random(rand::random());
    (0..count).map(move |_| Key::Chapter { story, author, chapter: ChapterId::from_random(rand::random()) })
}

/// The median of many invalidations of the story.
async fn cost(cache: &ServerCache, story: StoryId, seq: &mut u64) -> Duration {
    let tags = [Tag::Story(story), Tag::StoryChapters(story)];
    let mut costs = Vec::new();
    for _ in 0..ROUNDS {
        *seq += 1;
        let began = Instant::now();
        invalidate(cache, &tags, *seq).await;
        costs.push(began.elapsed());
    }
    costs.sort_unstable();
    costs[costs.len() / 2]
}
