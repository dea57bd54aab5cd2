//! A server compares its hits on what another one wrote.

use backend::{Backend, Config, RateLimits};
use domain::cache::{GroupBy, TimeRange};

use super::Pair;
use crate::support::soon;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hit_on_what_another_server_wrote_just_now_is_compared() {
    let pair = Pair::start().await;
    // None of its hits are chosen by chance.
    let config = Config {
        redis_url: Some(pair.redis.url()),
        rate_limits: RateLimits::Off,
        compared_share: f64::MIN_POSITIVE,
        ..Config::new(pair.database.url.clone())
    };
    let watches = Backend::open(config).await.unwrap();

    pair.save(1).await;

    // It has read nothing of this before, so it learns of the write from the log alone.
    soon(async || {
        watches.scene(&pair.author, pair.scene).await.unwrap();
        watches.save_metrics().await.unwrap();
        let seen = watches.metrics(TimeRange::Hour, GroupBy::CacheType).await.unwrap().by_type["redis"];
        assert_eq!(seen.stale_reads, 0);
        seen.checked > 0
    })
    .await;
}
