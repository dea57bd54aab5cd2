//! Asked twice, done once.

use backend::{
    Backend, Error,
    idempotency::{Answer, Attempt, Begun, IdempotencyKey},
};
use chrono::TimeDelta;
use domain::{
    cache::Saved,
    id::UserId,
    studio::{NewStory, Story},
    user::User,
};

use crate::support::{Fixture, content, on_both_databases, refusal, value};

async fn begin(backend: &Backend, user: UserId, request: &str) -> Begun {
    let key: IdempotencyKey = "retry-me".parse().expect("a key");
    backend.begin(user, key, request.to_owned()).await.expect("a request can begin")
}

#[track_caller]
fn attempt(begun: Begun) -> Attempt {
    match begun {
        Begun::Attempt(attempt) => attempt,
        other => panic!("not an attempt but {other:?}"),
    }
}

async fn create(backend: &Backend, author: &User) -> Result<Saved<Story>, Error> {
    backend.create_story(author, NewStory { title: "Salt".to_owned(), summary: None, genre: None }).await
}

fn answer(fixture: &Fixture, saved: &Saved<Story>) -> Answer {
    Answer {
        status: 201,
        headers: vec![("location".to_owned(), "/somewhere".to_owned())],
        body: serde_json::to_string(saved.value()).unwrap(),
        written: Some((saved.plan().clone(), saved.clock())),
        at: fixture.backend.now(),
    }
}

/// How many rows there are of all that a request leaves behind.
async fn traces(fixture: &Fixture) -> [i64; 2] {
    let count = async |table: &str| fixture.look(&format!("SELECT count(*) FROM {table}")).await[0];
    [count("stories").await, count("invalidation_events").await]
}

on_both_databases! {
    async fn a_kept_answer_is_told_again(fixture) {
        let (backend, author) = (&fixture.backend, fixture.writer().await);
        let first = attempt(begin(backend, author.id, "a").await);
        let saved = first.during(create(backend, &author)).await.unwrap();
        let answer = answer(fixture, &saved);
        backend.keep(&first, &answer).await.unwrap();
        drop(first);
        fixture.tick();

        let Begun::Answered(again) = begin(backend, author.id, "a").await else { panic!("not answered") };

        assert_eq!(*again, answer);
        assert_eq!(traces(fixture).await, [1, 1]);
    }

    async fn another_request_under_the_same_key_is_a_mismatch(fixture) {
        let (backend, author) = (&fixture.backend, fixture.writer().await);
        let first = attempt(begin(backend, author.id, "a").await);
        first.during(create(backend, &author)).await.unwrap();
        drop(first);

        assert!(matches!(begin(backend, author.id, "b").await, Begun::Mismatch));
        let other = fixture.writer().await;
        assert!(matches!(begin(backend, other.id, "b").await, Begun::Attempt(_)), "keys belong to people");
    }

    async fn what_was_written_before_a_crash_is_told_and_not_written_again(fixture) {
        let (backend, author) = (&fixture.backend, fixture.writer().await);
        let first = attempt(begin(backend, author.id, "a").await);
        let saved = first.during(create(backend, &author)).await.unwrap();
        drop(first); // killed before it could answer
        let restarted = Backend::open(fixture.config.clone()).await.unwrap();

        let second = attempt(begin(&restarted, author.id, "a").await);
        let told = second.during(create(&restarted, &author)).await.unwrap();

        assert_eq!(told, saved);
        assert_eq!(traces(fixture).await, [1, 1]);
    }

    async fn what_is_told_in_place_of_a_server_that_crashed_is_seen_by_the_next_read(fixture) {
        let (backend, author) = (&fixture.backend, fixture.writer().await);
        let titles = async || value(backend.stories(&author).await.unwrap()).stories.len();
        assert_eq!(titles().await, 0);
        // This server's cache never hears of the write: so it is when a writer dies between commit and release.
        let crashed = Backend::open(fixture.config.clone()).await.unwrap();
        let first = attempt(begin(&crashed, author.id, "a").await);
        first.during(create(&crashed, &author)).await.unwrap();
        drop(first);

        let second = attempt(begin(backend, author.id, "a").await);
        second.during(create(backend, &author)).await.unwrap();

        assert_eq!(titles().await, 1);
    }

    async fn a_refused_write_leaves_nothing_under_its_key(fixture) {
        let draft = fixture.draft("text").await;
        let first = attempt(begin(&fixture.backend, draft.author.id, "a").await);
        let late = first.during(fixture.backend.edit_scene(&draft.author, draft.scene, content(7, "late"))).await;
        assert!(matches!(refusal(late), domain::Error::Conflict(_)));
        drop(first);

        let keys: Vec<String> = fixture.look("SELECT key FROM idempotency_keys").await;

        assert_eq!(keys, [""; 0]);
    }

    async fn the_second_of_two_requests_at_one_server_waits_for_the_first(fixture) {
        let (backend, author) = (&fixture.backend, fixture.writer().await);
        let first = attempt(begin(backend, author.id, "a").await);

        let (answered, second) = tokio::join!(
            async {
                let saved = first.during(create(backend, &author)).await.unwrap();
                let answer = answer(fixture, &saved);
                backend.keep(&first, &answer).await.unwrap();
                drop(first);
                answer
            },
            begin(backend, author.id, "a"),
        );

        let Begun::Answered(second) = second else { panic!("not answered") };
        assert_eq!(*second, answered);
    }

    async fn of_two_servers_one_writes_and_both_tell_the_same(fixture) {
        let (here, author) = (&fixture.backend, fixture.writer().await);
        let there = Backend::open(fixture.config.clone()).await.unwrap();
        for round in 0..10 {
            let key = |backend: &Backend| {
                let (backend, key) = (backend.clone(), format!("round-{round}").parse().unwrap());
                let author = author.id;
                async move { attempt(backend.begin(author, key, "a".to_owned()).await.unwrap()) }
            };
            let (one, two) = (key(here).await, key(&there).await);

            let (from_one, from_two) = tokio::join!(
                one.during(create(here, &author)),
                two.during(create(&there, &author)),
            );

            assert_eq!(from_one.unwrap().value(), from_two.unwrap().value());
            assert_eq!(traces(fixture).await, [round + 1, round + 1]);
        }
    }

    async fn of_two_answers_the_first_one_counts(fixture) {
        let (here, author) = (&fixture.backend, fixture.writer().await);
        let there = Backend::open(fixture.config.clone()).await.unwrap();
        let (one, two) = (attempt(begin(here, author.id, "a").await), attempt(begin(&there, author.id, "a").await));
        let saved = one.during(create(here, &author)).await.unwrap();
        let (early, late) = (answer(fixture, &saved), Answer { status: 409, ..answer(fixture, &saved) });

        here.keep(&one, &early).await.unwrap();
        let Begun::Answered(settled) = there.keep(&two, &late).await.unwrap() else { panic!("not answered") };

        assert_eq!(*settled, early);
    }

    async fn a_key_is_forgotten_after_two_days(fixture) {
        let (backend, author) = (&fixture.backend, fixture.writer().await);
        let first = attempt(begin(backend, author.id, "a").await);
        first.during(create(backend, &author)).await.unwrap();
        drop(first);

        fixture.time.advance(TimeDelta::hours(47));
        assert!(matches!(begin(backend, author.id, "b").await, Begun::Mismatch));
        fixture.time.advance(TimeDelta::hours(2));

        assert!(matches!(begin(backend, author.id, "b").await, Begun::Attempt(_)));
    }
}
