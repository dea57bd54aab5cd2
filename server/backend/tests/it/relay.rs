//! The relay: what a server does with rows that nobody has marked.

use backend::{Backend, Config, Process, cache::Status};

use crate::support::{on_both_databases, soon, status, value};

const OPEN: &str = "SELECT COUNT(*) FROM invalidation_events WHERE applied_at IS NULL";

on_both_databases! {
    async fn a_tool_leaves_its_rows_to_the_server(fixture) {
        fixture.draft("text").await;

        assert_eq!(fixture.look::<i64>(OPEN).await, [3]);
    }

    async fn a_server_marks_what_another_process_left_open_before_it_answers(fixture) {
        fixture.draft("text").await;

        let server = Backend::open(Config { process: Process::Server, ..fixture.config.clone() }).await;

        // PostgreSQL is shared by all tests, and another one may be a server just now.
        let Ok(_server) = server else { return };
        assert_eq!(fixture.look::<i64>(OPEN).await, [0]);
    }
}

#[tokio::test]
async fn a_server_marks_its_own_rows_soon_and_its_views_stay_cached() {
    let fixture = crate::support::Fixture::sqlite().await;
    let server = Backend::open(Config { process: Process::Server, ..fixture.config.clone() }).await.unwrap();
    let author = fixture.writer().await;
    let new = domain::studio::NewStory { title: "New".to_owned(), summary: None, genre: None };
    let story = server.create_story(&author, new).await.unwrap().value().id;
    assert_eq!(status(server.story(&author, story).await), Status::Miss);

    soon(async || fixture.look::<i64>(OPEN).await == [0]).await;

    let view = server.story(&author, story).await.unwrap();
    assert_eq!(view.status, Status::Hit);
    assert_eq!(value(view).story.title, "New");
}
