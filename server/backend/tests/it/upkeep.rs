//! What is done every hour, by a clock that the test moves.

use std::collections::BTreeSet;

use backend::Tidied;
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use domain::{
    cache::{Key, Origin},
    community::{LikeWish, NewPost},
    studio::RevisionKind,
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};

use sea_orm::{ConnectionTrait, TransactionTrait};

use crate::support::{Draft, Fixture, on_both_databases, soon, status, value};

/// The stored revisions of the only scene: number, kind and time.
async fn revisions(fixture: &Fixture, draft: &Draft) -> Vec<(i64, RevisionKind, DateTime<Utc>)> {
    let all = fixture.backend.revisions(&draft.author, draft.scene).await.unwrap().revisions;
    all.into_iter().rev().map(|revision| (revision.n, revision.kind, revision.created_at)).collect()
}

/// Which of `all` are still needed: the rule, said once more in other words.
fn needed(all: &[(i64, RevisionKind, DateTime<Utc>)], now: DateTime<Utc>) -> BTreeSet<i64> {
    let floor = |time: DateTime<Utc>, unit| time.duration_trunc(unit).expect("a time of this century");
    let (hour, day) = (TimeDelta::hours(1), TimeDelta::days(1));
    let is_last_of = |n: i64, time: DateTime<Utc>, unit| {
        !all.iter()
            .any(|(other, kind, at)| *other > n && *kind == RevisionKind::Auto && floor(*at, unit) == floor(time, unit))
    };
    let kept = all.iter().filter(|(n, kind, time)| {
        if *kind != RevisionKind::Auto || *time >= floor(now - TimeDelta::hours(24), hour) {
            true
        } else if *time >= floor(now - TimeDelta::days(30), day) {
            is_last_of(*n, *time, hour)
        } else {
            is_last_of(*n, *time, day)
        }
    });
    kept.map(|(n, ..)| *n).collect()
}

on_both_databases! {
    async fn revisions_of_the_last_24_hours_all_stay(fixture) {
        let draft = fixture.draft("0").await;
        for version in 1..6 {
            fixture.time.advance(TimeDelta::minutes(5));
            fixture.save(&draft, version, &version.to_string()).await;
        }
        fixture.time.advance(TimeDelta::hours(23));

        assert_eq!(fixture.backend.tidy_up().await.unwrap(), Tidied::default());

        assert_eq!(revisions(fixture, &draft).await.len(), 6);
    }

    async fn older_ones_are_thinned_to_the_last_of_each_hour_and_then_of_each_day(fixture) {
        let draft = fixture.draft("0").await; // at noon
        for version in 1..=6 {
            fixture.time.advance(TimeDelta::minutes(20));
            fixture.save(&draft, version, &version.to_string()).await;
        }
        fixture.time.advance(TimeDelta::days(2));

        assert_eq!(fixture.backend.tidy_up().await.unwrap().revisions, 4);
        let left: Vec<i64> = revisions(fixture, &draft).await.into_iter().map(|(n, ..)| n).collect();
        assert_eq!(left, [3, 6, 7]);
        fixture.time.advance(TimeDelta::days(30));
        assert_eq!(fixture.backend.tidy_up().await.unwrap().revisions, 2);
        let left: Vec<i64> = revisions(fixture, &draft).await.into_iter().map(|(n, ..)| n).collect();
        assert_eq!(left, [7], "the present text stays");
    }

    async fn what_was_published_has_a_name_or_came_of_a_conflict_stays_for_ever(fixture) {
        let draft = fixture.draft("0").await;
        for (version, kind) in (1..=4).zip(["publish", "named", "conflict", "pre_restore"]) {
            fixture.save(&draft, version, &version.to_string()).await;
            fixture.run(&format!("UPDATE scene_revisions SET kind = '{kind}' WHERE seq = {}", version + 1)).await;
        }
        fixture.save(&draft, 5, "5").await;
        fixture.time.advance(TimeDelta::days(400));

        fixture.backend.tidy_up().await.unwrap();

        let left: Vec<i64> = revisions(fixture, &draft).await.into_iter().map(|(n, ..)| n).collect();
        assert_eq!(left, [2, 3, 4, 6]);
    }

    async fn a_property_of_thinning_is_that_it_keeps_exactly_what_is_needed(fixture) {
        let mut runner = TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
        let steps = prop::collection::vec((1..2_000_i64, prop::bool::weighted(0.1)), 1..40);

        let outcome = runner.run(&(steps, 0..50_000_i64), |(steps, wait)| {
            let run = async {
                let draft = fixture.draft("start").await;
                for (version, (minutes, is_published)) in (1..).zip(steps) {
                    fixture.time.advance(TimeDelta::minutes(minutes));
                    fixture.save(&draft, version, &format!("text {version}")).await;
                    if is_published {
                        fixture.backend.publish_chapter(&draft.author, draft.chapter).await.unwrap();
                    }
                }
                fixture.time.advance(TimeDelta::minutes(wait));
                let expected = needed(&revisions(fixture, &draft).await, fixture.backend.now());
                fixture.backend.tidy_up().await.unwrap();
                let left: BTreeSet<i64> = revisions(fixture, &draft).await.into_iter().map(|(n, ..)| n).collect();
                (left, expected, fixture.backend.tidy_up().await.unwrap().revisions)
            };
            let (left, expected, again) =
                tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(run));
            prop_assert_eq!(left, expected);
            prop_assert_eq!(again, 0);
            Ok(())
        });

        outcome.unwrap();
    }

    async fn the_trash_is_emptied_after_thirty_days(fixture) {
        let (early, late) = (fixture.draft("early").await, fixture.draft("late").await);
        fixture.backend.delete_story(&early.author, early.story, None).await.unwrap();
        fixture.time.advance(TimeDelta::days(1));
        fixture.backend.delete_scene(&late.author, late.scene, None).await.unwrap();
        fixture.time.advance(TimeDelta::days(29));

        assert_eq!(fixture.backend.tidy_up().await.unwrap().trash, 3);

        assert_eq!(fixture.look::<String>("SELECT id FROM stories").await, [late.story.to_string()]);
        assert_eq!(fixture.look::<String>("SELECT body FROM scenes").await, ["late"]);
        fixture.time.advance(TimeDelta::days(1));
        assert_eq!(fixture.backend.tidy_up().await.unwrap().trash, 1);
        assert_eq!(fixture.look::<i64>("SELECT COUNT(*) FROM scene_revisions").await, [0]);
        assert_eq!(fixture.look::<i64>("SELECT COUNT(*) FROM chapters").await, [1]);
    }

    async fn sessions_that_ended_are_forgotten(fixture) {
        let user = fixture.writer().await.id;
        for (name, seen, expires) in [
            ("live", "2026-03-01T12:00:00+00:00", "2026-04-01T12:00:00+00:00"),
            ("idle", "2026-02-10T12:00:00+00:00", "2026-04-01T12:00:00+00:00"),
            ("over", "2026-03-01T11:00:00+00:00", "2026-03-01T12:00:00+00:00"),
        ] {
            fixture
                .run(&format!(
                    "INSERT INTO sessions (token_hash, user_id, created_at, last_seen_at, expires_at)
                     VALUES ('{name}', '{user}', '2026-02-01T12:00:00+00:00', '{seen}', '{expires}')"
                ))
                .await;
        }

        assert_eq!(fixture.backend.tidy_up().await.unwrap().sessions, 2);

        assert_eq!(fixture.look::<String>("SELECT token_hash FROM sessions").await, ["live"]);
    }

    async fn the_log_is_kept_for_a_week_and_its_last_row_for_ever(fixture) {
        let draft = fixture.draft("0").await;
        fixture.time.advance(TimeDelta::days(3));
        let saved = fixture.backend.edit_scene(&draft.author, draft.scene, crate::support::content(1, "1")).await.unwrap();
        fixture.time.advance(TimeDelta::days(5));
        fixture.run("UPDATE invalidation_events SET applied_at = created_at").await;

        let gone = fixture.backend.tidy_up().await.unwrap().log;
        let left: Vec<i64> = fixture.look("SELECT seq FROM invalidation_events").await;
        assert_eq!((gone, left), (3, vec![i64::try_from(saved.clock().seq()).unwrap()]));
        fixture.time.advance(TimeDelta::days(50));
        assert_eq!(fixture.backend.tidy_up().await.unwrap().log, 0);
        let next = fixture.save(&draft, 2, "2").await;
        assert_eq!(next.version, 3);
        assert!(fixture.look::<i64>("SELECT MAX(seq) FROM invalidation_events").await > vec![0]);
    }

    async fn what_no_cache_has_heard_of_stays_in_the_log(fixture) {
        let draft = fixture.draft("0").await;
        fixture.save(&draft, 1, "1").await;
        fixture.time.advance(TimeDelta::days(8));

        assert_eq!(fixture.backend.tidy_up().await.unwrap().log, 0);

        fixture.run("UPDATE invalidation_events SET applied_at = created_at").await;
        assert!(fixture.backend.tidy_up().await.unwrap().log > 0);
    }

    async fn counts_that_are_wrong_are_put_right_and_shown_at_once(fixture) {
        let draft = fixture.novel("three small words").await;
        let post = NewPost { story_id: draft.story, title: "T".into(), content: "C".into(), kind: None };
        let post = fixture.backend.add_post(&draft.author, post).await.unwrap().value().id;
        fixture.backend.like(&draft.author, post, LikeWish { liked: Some(true) }).await.unwrap();
        assert_eq!(fixture.backend.tidy_up().await.unwrap().counts, 0);
        fixture.run("UPDATE posts SET like_count = 7, reply_count = 9").await;
        fixture.run("UPDATE scenes SET word_count = 99").await;
        let shown = value(fixture.backend.post(None, post).await.unwrap()).post;
        status(fixture.backend.scene(&draft.author, draft.scene).await);
        assert_eq!(shown.like_count, 7);

        assert_eq!(fixture.backend.tidy_up().await.unwrap().counts, 2);

        let shown = value(fixture.backend.post(None, post).await.unwrap()).post;
        assert_eq!((shown.like_count, shown.reply_count), (1, 0));
        let scene = value(fixture.backend.scene(&draft.author, draft.scene).await.unwrap()).scene;
        assert_eq!(scene.word_count, 3);
        let key: Key = format!("post:{post}:public").parse().unwrap();
        let told = fixture.backend.explain(&key).await.unwrap();
        let origins: Vec<_> = told.tags.iter().filter_map(|tag| Some(tag.last_write.as_ref()?.origin)).collect();
        assert!(origins.contains(&Origin::Schedule), "{told:?}");
    }
}

/// PostgreSQL only: SQLite has one writer at a time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_taken_back_while_the_trash_is_emptied_stays() {
    let fixture = Fixture::own_postgres().await;
    let draft = fixture.draft("kept").await;
    fixture.backend.delete_scene(&draft.author, draft.scene, None).await.unwrap();
    fixture.time.advance(TimeDelta::days(31));

    let restoring = fixture.stored.begin().await.unwrap();
    restoring.execute_unprepared("UPDATE scenes SET deleted_at = NULL, trash_batch_id = NULL").await.unwrap();
    let backend = fixture.backend.clone();
    let emptying = tokio::spawn(async move { backend.tidy_up().await });
    // It waits for the row.
    soon(async || fixture.look::<i64>("SELECT COUNT(*) FROM pg_locks WHERE NOT granted").await == [1]).await;
    restoring.commit().await.unwrap();

    assert_eq!(emptying.await.unwrap().unwrap().trash, 0);
    assert_eq!(fixture.look::<i64>("SELECT COUNT(*) FROM scenes").await, [1]);
}
