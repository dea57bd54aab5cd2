//! Coming back: what was missed is told, or a reset says that it cannot be.

use backend::{Backend, Since};
use chrono::TimeDelta;
use domain::cache::Clock;

use super::ear::{Heard, listen, listen_since, server, signed_in, stranger};
use crate::support::{Draft, Fixture, content};

/// A server, and a draft whose writes its author hears.
struct Desk {
    fixture: Fixture,
    server: Backend,
    draft: Draft,
}

impl Desk {
    async fn new() -> Self {
        let fixture = Fixture::sqlite().await;
        let draft = fixture.draft("text").await;
        let server = server(&fixture).await;
        Desk { fixture, server, draft }
    }

    async fn save(&self, version: i64) -> Clock {
        let edit = content(version, &format!("after {version}"));
        self.server.edit_scene(&self.draft.author, self.draft.scene, edit).await.unwrap().clock()
    }

    /// What the author hears first when they come back after `since`.
    async fn back(&self, since: Since) -> Vec<Heard> {
        let author = signed_in(&self.fixture, &self.draft.author).await;
        // Another write is certainly told after what was missed.
        let mut ear = listen_since(&self.server, &author, since).await.unwrap();
        let mut heard = Vec::new();
        loop {
            let next = ear.next().await.unwrap();
            let is_last = matches!(next, Heard::Ping(_));
            heard.push(next);
            if is_last {
                return heard;
            }
        }
    }

    /// All that was told so far.
    async fn told(&self) -> Clock {
        listen(&self.server, &stranger()).await.1
    }

    async fn until_told(&self, clock: Clock) {
        crate::support::soon(async || self.told().await >= clock).await;
    }
}

fn clocks(heard: &[Heard]) -> Vec<Clock> {
    let clock = |heard: &Heard| match heard {
        Heard::Invalidate(event) => event.clock,
        Heard::Ping(clock) | Heard::Reset(clock) => *clock,
    };
    heard.iter().map(clock).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_comes_back_hears_what_they_missed_and_then_where_they_stand() {
    let desk = Desk::new().await;
    let start = desk.save(1).await;
    let (second, third) = (desk.save(2).await, desk.save(3).await);
    desk.until_told(third).await;

    let heard = desk.back(Since::Position(start)).await;

    assert_eq!(clocks(&heard), [second, third, third]);
    assert!(matches!(&heard[0], Heard::Invalidate(event) if event.cause.entity == "scene"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_missed_nothing_hears_only_where_they_stand() {
    let desk = Desk::new().await;
    let clock = desk.save(1).await;
    desk.until_told(clock).await;

    assert_eq!(desk.back(Since::Position(clock)).await, [Heard::Ping(clock)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_later_there_is_a_reset() {
    let desk = Desk::new().await;
    let start = desk.save(1).await;
    let last = desk.save(2).await;
    desk.until_told(last).await;

    desk.fixture.time.advance(TimeDelta::hours(23));
    assert_eq!(clocks(&desk.back(Since::Position(start)).await), [last, last]);
    desk.fixture.time.advance(TimeDelta::hours(2));
    assert_eq!(desk.back(Since::Position(start)).await, [Heard::Reset(last), Heard::Ping(last)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_thrown_away_is_not_taken_for_nothing() {
    let desk = Desk::new().await;
    let start = desk.save(1).await;
    desk.save(2).await;
    let last = desk.save(3).await;
    desk.until_told(last).await;
    desk.fixture.run("DELETE FROM invalidation_events WHERE seq < (SELECT MAX(seq) FROM invalidation_events)").await;

    assert_eq!(desk.back(Since::Position(start)).await, [Heard::Reset(last), Heard::Ping(last)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_position_of_another_history_or_of_none_is_answered_with_a_reset() {
    let desk = Desk::new().await;
    let last = desk.save(1).await;
    desk.until_told(last).await;
    let reset = [Heard::Reset(last), Heard::Ping(last)];

    for since in [
        Since::parse("nonsense"),
        Since::Position(Clock::new(last.epoch() ^ 1, last.seq())),
        Since::Position(Clock::new(last.epoch(), last.seq() + 1_000)),
        Since::Position(Clock::new(last.epoch(), u64::MAX)),
    ] {
        assert_eq!(desk.back(since).await, reset, "{since:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_of_an_older_version_which_does_not_say_whom_it_concerns_is_a_reset() {
    let desk = Desk::new().await;
    let start = desk.save(1).await;
    let last = desk.save(2).await;
    desk.until_told(last).await;
    desk.fixture.run("UPDATE invalidation_events SET audience = NULL, user_id = NULL").await;

    assert_eq!(desk.back(Since::Position(start)).await, [Heard::Reset(last), Heard::Ping(last)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_missed_too_much_asks_for_everything() {
    let desk = Desk::new().await;
    let start = desk.save(1).await;
    desk.until_told(start).await;
    desk.fixture
        .run(
            "INSERT INTO invalidation_events (mutation_id, entity, entity_id, action, tags, page_types, created_at,
                 applied_at, audience)
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1001)
             SELECT 'm' || i, 'post', 'p', 'liked', '[\"community:feed\"]', '[]', '2026-03-01T12:00:00+00:00',
                 '2026-03-01T12:00:00+00:00', 'public' FROM n",
        )
        .await;
    let last = desk.save(2).await;
    desk.until_told(last).await;

    assert_eq!(desk.back(Since::Position(start)).await, [Heard::Reset(last), Heard::Ping(last)]);
}
