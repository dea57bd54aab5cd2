//! What those hear who keep a page open.

mod audience;
pub(crate) mod ear;
mod resuming;

use std::collections::BTreeSet;

use backend::{Backend, Error, Since};
use domain::{cache::Clock, community::LikeWish};

use crate::support::{Fixture, content, value};
use ear::{Heard, listen, listen_since, server, signed_in, stranger};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_is_told_with_its_tags_its_position_and_its_cause() {
    let fixture = Fixture::sqlite().await;
    let draft = fixture.novel("text").await;
    let server = server(&fixture).await;
    let author = signed_in(&fixture, &draft.author).await;
    let (mut ear, start) = listen(&server, &author).await;

    let saved = server.edit_scene(&draft.author, draft.scene, content(1, "more")).await.unwrap();
    let told = ear.until(saved.clock()).await;

    let [event] = told.as_slice() else { panic!("{told:?}") };
    assert!(start < event.clock);
    assert_eq!((&event.tags, &event.page_types), (&saved.plan().tags, &saved.plan().page_types));
    assert_eq!(event.clock, saved.clock());
    assert_eq!((event.cause.entity.as_str(), event.cause.action.as_str()), ("scene", "saved"));
    assert_eq!(event.cause.id, Some(draft.scene.to_string()));
    let names: Vec<String> =
        fixture.look("SELECT mutation_id FROM invalidation_events ORDER BY seq DESC LIMIT 1").await;
    assert!(names[0].starts_with(&event.cause.mutation) && event.cause.mutation.len() == 16);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asks_again_when_told_gets_the_new_text() {
    let fixture = Fixture::sqlite().await;
    let draft = fixture.draft("text").await;
    let server = server(&fixture).await;
    let author = signed_in(&fixture, &draft.author).await;
    let (mut ear, _) = listen(&server, &author).await;
    let writer = {
        let (server, draft) = (server.clone(), draft.clone());
        tokio::spawn(async move {
            for version in 1..=50 {
                server.edit_scene(&draft.author, draft.scene, content(version, &version.to_string())).await.unwrap();
            }
        })
    };

    let mut version = 1;
    while version < 51 {
        let Some(Heard::Invalidate(_)) = ear.next().await else { continue };
        version += 1;
        let view = server.scene(&draft.author, draft.scene).await.unwrap();
        let shown = value(view).scene.version;
        assert!(shown >= version, "told of version {version}, and shown {shown}");
    }
    writer.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writes_are_told_in_their_order_and_none_is_left_out() {
    let fixture = Fixture::sqlite().await;
    let draft = fixture.novel("text").await;
    let server = server(&fixture).await;
    let post = domain::community::NewPost {
        story_id: draft.story,
        title: "A post".into(),
        content: "Words.".into(),
        kind: None,
    };
    let post = server.add_post(&draft.author, post).await.unwrap();
    let (start, post) = (post.clock(), post.value().id);
    crate::support::soon(async || listen(&server, &stranger()).await.1 >= start).await;
    let mut ears = Vec::new();
    for _ in 0..3 {
        ears.push(listen(&server, &stranger()).await.0);
    }

    let mut writers = Vec::new();
    for _ in 0..4 {
        let (server, person) = (server.clone(), fixture.writer().await);
        writers.push(tokio::spawn(async move {
            let mut clocks = Vec::new();
            for round in 0..20 {
                let wish = LikeWish { liked: Some(round % 2 == 0) };
                clocks.push(server.like(&person, post, wish).await.unwrap().clock());
            }
            clocks
        }));
    }
    let mut written = Vec::new();
    for writer in writers {
        written.extend(writer.await.unwrap());
    }

    let written: BTreeSet<u64> = written.into_iter().map(Clock::seq).collect();
    let last = Clock::new(server.cache().clock().epoch(), *written.last().unwrap());
    for mut ear in ears {
        let told: Vec<u64> = ear.until(last).await.into_iter().map(|event| event.clock.seq()).collect();
        assert_eq!(told, written.iter().copied().collect::<Vec<_>>());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn logging_out_ends_the_streams_of_that_session_and_no_others() {
    let fixture = Fixture::sqlite().await;
    let draft = fixture.draft("text").await;
    let server = server(&fixture).await;
    let (here, there) = (signed_in(&fixture, &draft.author).await, signed_in(&fixture, &draft.author).await);
    let (mut first, _) = listen(&server, &here).await;
    let (mut second, _) = listen(&server, &there).await;

    server.log_out(here.token.as_ref().unwrap()).await.unwrap();
    let saved = server.edit_scene(&draft.author, draft.scene, content(1, "more")).await.unwrap();

    assert_eq!(first.next().await, None);
    assert_eq!(second.until(saved.clock()).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_ends_elsewhere_or_runs_out_ends_its_streams_soon() {
    let fixture = Fixture::sqlite().await;
    let (mira, noor) = (fixture.writer().await, fixture.writer().await);
    let server = server(&fixture).await;
    let (mira, noor) = (signed_in(&fixture, &mira).await, signed_in(&fixture, &noor).await);
    let (mut elsewhere, _) = listen(&server, &mira).await;
    let (mut expired, _) = listen(&server, &noor).await;

    // The fixture's own backend is another process.
    fixture.backend.log_out(mira.token.as_ref().unwrap()).await.unwrap();
    fixture
        .run(&format!(
            "UPDATE sessions SET expires_at = '2026-03-01T11:00:00+00:00' WHERE user_id = '{}'",
            noor.user.as_ref().unwrap().id
        ))
        .await;

    assert_eq!(elsewhere.next().await, None);
    assert_eq!(expired.next().await, None);
}

#[tokio::test]
async fn a_server_that_stops_ends_all_streams_and_lets_nobody_in() {
    let fixture = Fixture::sqlite().await;
    let server: Backend = server(&fixture).await;
    let (mut ear, _) = listen(&server, &stranger()).await;

    server.stop_pushing();

    assert_eq!(ear.next().await, None);
    assert!(matches!(listen_since(&server, &stranger(), Since::Now).await, Err(Error::Unavailable)));
}
