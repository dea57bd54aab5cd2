//! Time per operation with 10,000 values in memory: `cargo bench -p resource-cache`.
//!
//! A frame on a screen lasts 16 ms; an operation should be lost in it.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use resource_cache::{
    Catalog, Effect, Engine, Event, Invalidation, Lifetime, Limits, MutationId, Persist, Scope, Snapshot, Source,
};

const ENTRIES: u32 = 10_000;
const NOW_MS: u64 = 1_000_000;

/// Posts of many stories: each depends on itself and on its story, and each story has a hundred.
struct Posts;

impl Catalog for Posts {
    type Key = u32;
    type Tag = (&'static str, u32);
    type Group = ();
    type Clock = u64;
    type Value = std::sync::Arc<str>;
    type Patch = &'static str;

    fn tags(post: &u32) -> Vec<Self::Tag> {
        vec![("post", *post), ("story", *post / 100)]
    }
    fn group(_: &u32) {}
    fn lifetime(_: &u32) -> Lifetime {
        Lifetime { fresh_ms: 5_000, keep_ms: 1_800_000, linger_ms: 300_000, poll_ms: None, persist: Persist::Stored }
    }
    fn size_bytes(value: &Self::Value) -> usize {
        value.len()
    }
    fn apply(_: &u32, value: &Self::Value, patch: &&'static str) -> Option<Self::Value> {
        Some(format!("{value}{patch}").into())
    }
}

fn snapshot(clock: u64) -> Snapshot<std::sync::Arc<str>, u64> {
    Snapshot { value: "what a post may look like, about as long as that".into(), clock }
}

/// An engine that holds a value for each key and is at its limit.
fn full() -> Engine<Posts> {
    let limits = Limits { memory_bytes: 10_000_000, entries: 10_000 };
    let mut engine = Engine::new(limits);
    for key in 0..ENTRIES {
        engine.handle(Event::Hydrated { key, snapshot: snapshot(1) }, NOW_MS + u64::from(key));
    }
    engine
}

fn invalidation(tag: (&'static str, u32), clock: u64) -> Event<Posts> {
    let invalidation = Invalidation {
        tags: vec![tag],
        groups: Vec::new(),
        clock: Some(clock),
        scope: Scope::Tags,
        source: Source::Push,
        label: None,
    };
    Event::Invalidated { invalidation }
}

/// Numbers that visit every key in no order.
struct Keys(u32);

impl Keys {
    fn next(&mut self) -> u32 {
        self.0 = (self.0 + 7_919) % ENTRIES;
        self.0
    }
}

fn operations(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("10,000 values");
    let now_ms = NOW_MS + u64::from(ENTRIES);

    let (mut engine, mut keys) = (full(), Keys(0));
    group.bench_function("peek", |bencher| {
        bencher.iter(|| black_box(engine.peek(&keys.next(), NOW_MS)));
    });
    group.bench_function("read hit", |bencher| {
        bencher.iter(|| black_box(engine.handle(Event::Read { key: keys.next() }, NOW_MS)));
    });

    let mut clock = 1;
    group.bench_function("invalidate one tag of one view, and fetch it again", |bencher| {
        bencher.iter(|| {
            let key = keys.next();
            clock += 1;
            black_box(engine.handle(invalidation(("post", key), clock), now_ms));
            let effects = engine.handle(Event::Read { key }, now_ms);
            for effect in effects {
                if let Effect::Fetch { key, fetch, .. } = effect {
                    let fetched = Event::Fetched { key, fetch, snapshot: snapshot(clock) };
                    black_box(engine.handle(fetched, now_ms));
                }
            }
        });
    });

    group.bench_function("invalidate one tag of a hundred views", |bencher| {
        let event = || (full(), invalidation(("story", 50), 2));
        bencher.iter_batched(
            event,
            |(mut engine, event)| (engine.handle(event, now_ms), engine),
            BatchSize::LargeInput,
        );
    });

    let mut mutation = 0;
    group.bench_function("mutation begun and confirmed with a value", |bencher| {
        bencher.iter(|| {
            let (key, id) = (keys.next(), MutationId(mutation));
            (mutation, clock) = (mutation + 1, clock + 1);
            black_box(engine.handle(Event::MutationBegun { mutation: id, patches: vec![(key, "!")] }, now_ms));
            let values = vec![(key, snapshot(clock))];
            black_box(engine.handle(Event::MutationConfirmed { mutation: id, clock: Some(clock), values }, now_ms));
        });
    });

    group.bench_function("a new value that evicts the oldest", |bencher| {
        let mut key = ENTRIES;
        bencher.iter(|| {
            (key, clock) = (key + 1, clock + 1);
            black_box(engine.handle(Event::Hydrated { key, snapshot: snapshot(clock) }, now_ms))
        });
    });

    group.bench_function("sweep when nothing is due", |bencher| {
        bencher.iter(|| black_box(engine.handle(Event::Swept, now_ms)));
    });
    group.bench_function("sweep when all 10,000 are due", |bencher| {
        let sweep = |mut engine: Engine<Posts>| (engine.handle(Event::Swept, now_ms + 1_800_000), engine);
        bencher.iter_batched(full, sweep, BatchSize::LargeInput);
    });
    group.finish();
}

criterion_group!(benches, operations);
criterion_main!(benches);
