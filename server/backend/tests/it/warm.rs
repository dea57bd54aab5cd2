//! Views that are there before anybody asks for them.

use backend::{Backend, Config, cache::Status};
use chrono::TimeDelta;
use domain::{
    cache::{GroupBy, MetricsAnswer, TimeRange},
    community::{NewPost, NewReply},
    page::Page,
    reading::{NovelsQuery, Sort},
};

use crate::support::{Draft, EmptyDatabase, Fixture, OwnRedis, content, on_both_databases, status};

/// Another backend on the same database, with an empty cache of its own.
async fn fresh(fixture: &Fixture) -> Backend {
    Backend::open(fixture.config.clone()).await.unwrap()
}

async fn numbers(backend: &Backend) -> MetricsAnswer {
    backend.metrics(TimeRange::Hour, GroupBy::CacheType).await.unwrap()
}

/// Ends the day on which everything was written, so that nothing is new any more.
fn next_day(fixture: &Fixture) {
    fixture.time.advance(TimeDelta::hours(25));
}

/// A post about the novel, and an answer to it.
async fn talk(fixture: &Fixture, novel: &Draft) -> domain::id::PostId {
    let new = NewPost { story_id: novel.story, title: "Hm".into(), content: "Hm.".into(), kind: None };
    let post = fixture.backend.add_post(&novel.author, new).await.unwrap().value().id;
    let new = NewReply { content: "Yes.".into(), parent_reply_id: None };
    fixture.backend.add_reply(&novel.author, post, new).await.unwrap();
    post
}

on_both_databases! {
    async fn the_first_reader_of_a_public_novel_finds_all_of_the_way_to_it(fixture) {
        let novel = fixture.novel("text").await;
        next_day(fixture);
        let server = fresh(fixture).await;

        let warmed = server.warm().await.unwrap();

        assert!(warmed.is_complete);
        let popular = NovelsQuery { sort: Sort::Popular, ..NovelsQuery::first() };
        assert_eq!(status(server.novels(NovelsQuery::first()).await), Status::Hit);
        assert_eq!(status(server.novels(popular).await), Status::Hit);
        assert_eq!(status(server.novel(novel.story).await), Status::Hit);
        assert_eq!(status(server.read_chapter(novel.chapter).await), Status::Hit);
        assert_eq!(status(server.forums().await), Status::Hit);
        assert_eq!(status(server.posts(None, None, Page::first()).await), Status::Hit);
        assert_eq!(status(server.posts(None, Some(novel.story), Page::first()).await), Status::Hit);
    }

    async fn what_changed_within_a_day_is_warmed_and_nothing_older_beyond_the_top(fixture) {
        let novel = fixture.novel("text").await;
        let second = fixture.add_chapter(&novel.author, novel.story, "Two").await;
        fixture.add_scene(&novel.author, second, "more text").await;
        fixture.backend.publish_chapter(&novel.author, second).await.unwrap();
        let post = talk(fixture, &novel).await;

        let today = fresh(fixture).await;
        today.warm().await.unwrap();
        next_day(fixture);
        let tomorrow = fresh(fixture).await;
        tomorrow.warm().await.unwrap();

        for (server, expected) in [(&today, Status::Hit), (&tomorrow, Status::Miss)] {
            assert_eq!(status(server.read_chapter(second).await), expected);
            assert_eq!(status(server.post(None, post).await), expected);
            assert_eq!(status(server.replies(post).await), expected);
        }
    }

    async fn it_is_counted_apart_and_exactly(fixture) {
        fixture.novel("text").await;
        fixture.backend.clear_metrics().await.unwrap();
        let server = fresh(fixture).await;

        let first = server.warm().await.unwrap();
        let again = server.warm().await.unwrap();

        let seen = numbers(&server).await;
        assert!(first.warmed >= 8, "{first:?}");
        assert_eq!((seen.total_hits, seen.total_misses), (0, 0));
        assert_eq!((seen.by_type["redis"].warmed, seen.by_type["redis"].sets), (first.warmed, first.warmed));
        assert_eq!((again.warmed, again.skipped), (0, first.warmed + first.skipped));
        let text = server.prometheus();
        let novels = "fictures_cache_operations_total{layer=\"redis\",operation=\"warm\",group=\"novels\"} 3";
        assert!(text.contains(novels), "{text}");
        assert!(!text.contains("operation=\"miss\""), "{text}");
    }

    async fn what_is_not_public_is_left_alone(fixture) {
        let draft = fixture.draft("secret").await;
        let hidden = fixture.novel("hidden").await;
        talk(fixture, &hidden).await;
        fixture.backend.unpublish_story(&hidden.author, hidden.story).await.unwrap();
        let server = fresh(fixture).await;

        server.warm().await.unwrap();

        let keys: Vec<_> = server.cache().entries("", 1_000).await.into_iter().map(|entry| entry.key).collect();
        assert!(!keys.is_empty());
        for id in [draft.story.as_str(), hidden.story.as_str(), hidden.chapter.as_str()] {
            assert!(keys.iter().all(|key| !key.contains(id)), "{keys:?}");
        }
    }

    async fn a_view_that_is_written_meanwhile_is_never_old(fixture) {
        let novel = fixture.novel("old text").await;
        let server = &fixture.backend;
        server.warm().await.unwrap();

        fixture.save(&novel, 1, "new text").await;
        server.publish_chapter(&novel.author, novel.chapter).await.unwrap();

        assert_eq!(status(server.read_chapter(novel.chapter).await), Status::Miss);
        server.edit_scene(&novel.author, novel.scene, content(2, "newer text")).await.unwrap();
        server.publish_chapter(&novel.author, novel.chapter).await.unwrap();
        server.warm().await.unwrap();
        assert_eq!(fixture.read_html(novel.chapter).await, ["<p>newer text</p>\n"]);
        assert_eq!(status(server.read_chapter(novel.chapter).await), Status::Hit);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_beside_the_servers_fills_the_redis_that_they_share() {
    let (redis, database, fixture) = (OwnRedis::start(), EmptyDatabase::new().await, Fixture::sqlite().await);
    let config = |process| Config {
        redis_url: Some(redis.url()),
        time: fixture.time.clone(),
        process,
        ..Config::new(database.url.clone())
    };
    let server = Backend::open(config(backend::Process::Server)).await.unwrap();
    server.seed_test_data().await.unwrap();
    let story = backend::seed::STORY_IDS[0].parse().unwrap();

    let warmed = Backend::open(config(backend::Process::Tool)).await.unwrap().warm().await.unwrap();

    assert!(warmed.is_complete && warmed.warmed > 0, "{warmed:?}");
    assert_eq!(status(server.novel(story).await), Status::Hit);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_store_is_away_it_is_left_alone() {
    let (redis, database, fixture) = (OwnRedis::start(), EmptyDatabase::new().await, Fixture::sqlite().await);
    let config =
        Config { redis_url: Some(redis.url()), time: fixture.time.clone(), ..Config::new(database.url.clone()) };
    let server = Backend::open(config).await.unwrap();
    server.seed_test_data().await.unwrap();
    redis.stop();

    let warmed = server.warm().await.unwrap();

    assert!(!warmed.is_complete, "{warmed:?}");
    assert_eq!(warmed.warmed, 0);
}
