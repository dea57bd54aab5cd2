//! Dropping all entries: in small steps with rests between them, by commands that hold nobody up.

#[expect(dead_code, reason = "other tests do more to theirs")]
#[path = "../../../tests/it/support/own_redis.rs"]
mod own_redis;

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use super::bench::cache_at;
use own_redis::OwnRedis;

#[tokio::test]
async fn entries_are_reclaimed_in_small_steps_and_redis_is_never_asked_for_all_its_keys() {
    const ENTRIES: u64 = 2_600;
    let redis = OwnRedis::start();
    let cache = cache_at(&redis.url(), "test").await;
    redis.ask(&["eval", &format!("for i = 1, {ENTRIES} do redis.call('SET', '{{test}}:e:' .. i, 'text') end"), "0"]);

    let began = Instant::now();
    let cleared = cache.clear().await;
    let took = began.elapsed();

    assert_eq!(cleared, ENTRIES);
    let calls = calls(&redis);
    // A step looks at some five hundred keys.
    let steps = calls["scan"];
    assert!((4..=10).contains(&steps), "{steps} steps");
    assert!(took >= Duration::from_millis(5) * u32::try_from(steps - 1).unwrap(), "it rests after each: {took:?}");
    assert_eq!(calls["unlink"], ENTRIES);
    for held_up in ["keys", "flushall", "flushdb"] {
        assert_eq!(calls.get(held_up), None, "{held_up}");
    }
}

/// How often each command was called, those in scripts too.
fn calls(redis: &OwnRedis) -> HashMap<String, u64> {
    let told = redis.ask(&["info", "commandstats"]);
    let calls = told.lines().filter_map(|line| {
        let (name, numbers) = line.strip_prefix("cmdstat_")?.split_once(":calls=")?;
        Some((name.to_owned(), numbers.split(',').next()?.parse().ok()?))
    });
    calls.collect()
}
