//! A server compares its hits on what another one wrote.

use backend::{Backend, Config, RateLimits};
use domain::{
    cache::{GroupBy, TimeRange},
    studio::NewStory,
};
use sea_orm::{ConnectionTrait, Database, Statement};

use super::{Pair, add_scene};
use crate::support::{content, soon};

/// How many writes there are. One of them alone may have been settled by the server that watches, who knows of it then.
const WRITES: usize = 12;

/// Waits until somebody has settled all that was written.
async fn until_settled(pair: &Pair) {
    let stored = Database::connect(&pair.database.url).await.unwrap();
    let open = "SELECT COUNT(*) FROM invalidation_events WHERE applied_at IS NULL";
    soon(async || {
        let statement = Statement::from_string(stored.get_database_backend(), open);
        let row = stored.query_one_raw(statement).await.unwrap().unwrap();
        row.try_get_by_index::<i64>(0).unwrap() == 0
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hit_on_what_another_server_wrote_just_now_is_compared() {
    let pair = Pair::start().await;
    let mut scenes = Vec::new();
    for _ in 0..WRITES {
        let new = NewStory { title: "Another".to_owned(), summary: None, genre: None };
        let story = pair.writes.create_story(&pair.author, new).await.unwrap().value().id;
        scenes.push(add_scene(&pair.writes, &pair.author, story).await);
    }
    until_settled(&pair).await;
    // None of its hits are chosen by chance.
    let config = Config {
        redis_url: Some(pair.redis.url()),
        rate_limits: RateLimits::Off,
        compared_share: f64::MIN_POSITIVE,
        ..Config::new(pair.database.url.clone())
    };
    let watches = Backend::open(config).await.unwrap();

    let mut checked = 0;
    for scene in scenes {
        pair.writes.edit_scene(&pair.author, scene, content(1, "after")).await.unwrap();

        // It has read nothing of this before, so it learns of the write from the log alone.
        soon(async || {
            watches.scene(&pair.author, scene).await.unwrap();
            watches.save_metrics().await.unwrap();
            let seen = watches.metrics(TimeRange::Hour, GroupBy::CacheType).await.unwrap().by_type["redis"];
            assert_eq!(seen.stale_reads, 0);
            let more = seen.checked > checked;
            checked = seen.checked;
            more
        })
        .await;
    }
}
