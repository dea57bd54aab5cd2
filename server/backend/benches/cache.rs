//! What a hit, a miss and an invalidation cost on both stores, with and without the first level, and what it costs to
//! write down that they happened.
//!
//! `make bench`; or `cargo bench -p backend --bench cache` with `TEST_REDIS_URL` set to a Redis that may be written to.

use std::{
    cell::Cell,
    future::{pending, ready},
    time::Duration,
};

use backend::{
    Error,
    cache::{
        ServerCache,
        bench::{FirstLevel, in_process, invalidate, record, redis},
    },
};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use domain::{
    cache::Key,
    id::{SceneId, StoryId, UserId},
    reading::ReadingScene,
};
use tokio::runtime::Runtime;

/// About as many bytes of JSON as their names say.
const SIZES: [(&str, usize); 3] = [("1 kB", 1), ("20 kB", 20), ("200 kB", 200)];

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime starts")
}

#[expect(clippy::disallowed_methods, reason = "where the Redis of the tests is, is no setting of the program")]
fn redis_url() -> String {
    std::env::var("TEST_REDIS_URL").expect("`make bench` sets TEST_REDIS_URL")
}

/// All that are compared.
fn caches(runtime: &Runtime) -> [(&'static str, ServerCache); 3] {
    let connect = |level| runtime.block_on(redis(&redis_url(), level)).expect("a Redis at TEST_REDIS_URL");
    [
        ("in process", in_process()),
        ("Redis", connect(FirstLevel::Off)),
        ("Redis with first level", connect(FirstLevel::On)),
    ]
}

fn outline() -> Key {
    Key::Outline { story: StoryId::from_random(rand::random()), author: UserId::from_random(rand::random()) }
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

fn hit(criterion: &mut Criterion) {
    let runtime = runtime();
    let caches = caches(&runtime);
    for (size, count) in SIZES {
        let mut group = criterion.benchmark_group(format!("hit of {size}"));
        for (name, cache) in &caches {
            let (key, scenes) = (outline(), scenes(count));
            runtime.block_on(cache.read(&key, ready(Ok(scenes)))).expect("a view is loaded");
            group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
                bencher.to_async(&runtime).iter(|| async {
                    // A hit does not wait for it.
                    let load = pending::<Result<Vec<ReadingScene>, Error>>();
                    cache.read(&key, load).await.expect("a view is served")
                });
            });
        }
        group.finish();
    }
    clear(&runtime, &caches);
}

fn miss(criterion: &mut Criterion) {
    let runtime = runtime();
    let caches = caches(&runtime);
    let mut group = criterion.benchmark_group("miss of 1 kB, without the database");
    for (name, cache) in &caches {
        let scenes = scenes(1);
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher.to_async(&runtime).iter(|| cache_read_new(cache, scenes.clone()));
        });
    }
    group.finish();
    clear(&runtime, &caches);
}

async fn cache_read_new(cache: &ServerCache, scenes: Vec<ReadingScene>) {
    cache.read(&outline(), ready(Ok(scenes))).await.expect("a view is loaded");
}

fn invalidation(criterion: &mut Criterion) {
    let runtime = runtime();
    let caches = caches(&runtime);
    let mut group = criterion.benchmark_group("invalidation of two tags");
    for (name, cache) in &caches {
        let (tags, seq) = (outline().tags(), Cell::new(0));
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher.to_async(&runtime).iter(|| {
                seq.set(seq.get() + 1);
                invalidate(cache, &tags, seq.get())
            });
        });
    }
    group.finish();
    clear(&runtime, &caches);
}

fn recording(criterion: &mut Criterion) {
    let (cache, key) = (in_process(), outline());
    criterion.bench_function("recording an operation", |bencher| bencher.iter(|| record(&cache, &key)));
}

/// The Redis belongs to others, too.
fn clear(runtime: &Runtime, caches: &[(&str, ServerCache)]) {
    for (_, cache) in caches {
        runtime.block_on(cache.clear());
    }
}

criterion_group! {
    name = cache;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2));
    targets = hit, miss, invalidation, recording
}
criterion_main!(cache);
