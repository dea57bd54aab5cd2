//! What happens to Redis happens to nobody else: two servers read and write one scene meanwhile, and an oracle watches.

#[path = "../../src/cache/tests/proxy.rs"]
mod proxy;
mod trial;

use std::time::Duration;

use proxy::Wire;
use trial::Trial;

/// Redis does what it must, later.
const SLOW: Wire = Wire::Slow(Duration::from_millis(10));
/// Too late for every read, in time for a write.
const VERY_SLOW: Wire = Wire::Slow(Duration::from_millis(80));

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_is_emptied() {
    let trial = Trial::begin().await;
    trial.write(4).await;

    trial.redis.flush();
    trial.write(4).await;

    trial.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_restarts_empty() {
    let mut trial = Trial::begin().await;
    trial.redis.save();
    trial.write(4).await;

    trial.redis.kill();
    trial.redis.forget_saved();
    trial.write(2).await;
    trial.redis.start_again();
    trial.write(4).await;

    trial.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_restarts_with_old_data() {
    let mut trial = Trial::begin().await;
    trial.redis.save();
    trial.write(4).await;

    trial.redis.kill();
    trial.write(2).await;
    trial.redis.start_again();
    trial.write(4).await;

    trial.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_is_paused() {
    let trial = Trial::begin().await;

    trial.redis.stop();
    trial.write(3).await;
    trial.redis.go_on();
    trial.write(4).await;

    trial.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_behind_a_black_hole() {
    let trial = Trial::begin().await;

    trial.wires(Wire::BlackHole);
    trial.write(3).await;
    trial.wires(Wire::Whole);
    trial.write(4).await;

    trial.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_redis() {
    let trial = Trial::begin().await;

    for speed in [SLOW, VERY_SLOW, SLOW] {
        trial.wires(speed);
        trial.write(4).await;
    }

    trial.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_one_server_does_not_reach() {
    let trial = Trial::begin().await;

    for (server, wire) in [(0, Wire::Cut), (1, Wire::BlackHole)] {
        trial.wire(server, wire);
        trial.write(4).await;
        trial.wire(server, Wire::Whole);
        trial.write(2).await;
    }

    trial.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_trouble_after_another() {
    let mut trial = Trial::begin().await;

    trial.redis.save();
    trial.wire(0, Wire::Cut);
    trial.write(2).await;
    trial.redis.kill();
    trial.redis.start_again();
    trial.wire(0, Wire::Whole);
    trial.redis.flush();
    trial.write(2).await;
    trial.redis.stop();
    trial.write(2).await;
    trial.wire(1, SLOW);
    trial.redis.go_on();
    trial.write(2).await;

    trial.end().await;
}
