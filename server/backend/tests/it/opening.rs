//! Opening: what works, and what is refused with a sentence that says what to change.

use backend::{Backend, Config, OpenError, Process};

use crate::support::{EmptyDatabase, Fixture, on_both_databases, value};

on_both_databases! {
    async fn what_was_written_is_there_after_opening_again(fixture) {
        let draft = fixture.draft("text").await;
        let before = fixture.backend.cache().clock();

        let again = Backend::open(fixture.config.clone()).await.unwrap();

        let scene = value(again.scene(&draft.author, draft.scene).await.unwrap()).scene;
        assert_eq!(scene.content, "text");
        assert_eq!(again.cache().clock(), before, "the same history, as far as it had come");
    }
}

#[tokio::test]
async fn a_missing_folder_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/not/here/yet.db", folder.path().display());

    Backend::open(Config::new(url)).await.unwrap();

    assert!(folder.path().join("not/here/yet.db").exists());
}

#[tokio::test]
async fn two_databases_are_two_histories() {
    let (one, other) = (Fixture::sqlite().await, Fixture::sqlite().await);

    assert_ne!(one.backend.cache().clock().epoch(), other.backend.cache().clock().epoch());
}

#[tokio::test]
async fn a_second_server_on_one_file_is_refused_and_a_tool_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config::new(format!("sqlite://{}/one.db", folder.path().display()));
    let first = Backend::open(config.clone()).await.unwrap();

    let second = Backend::open(config.clone()).await;
    assert!(matches!(second, Err(OpenError::InUse)));
    assert!(Backend::open(Config { process: Process::Tool, ..config.clone() }).await.is_ok());
    drop(first);

    assert!(Backend::open(config).await.is_ok());
}

#[tokio::test]
async fn a_second_server_on_one_postgresql_needs_redis() {
    let database = EmptyDatabase::new().await;
    let config = Config::new(database.url.clone());
    let first = Backend::open(config.clone()).await.unwrap();

    let second = Backend::open(config.clone()).await;

    assert!(matches!(second, Err(OpenError::InUse)));
    assert!(Backend::open(Config { process: Process::Tool, ..config }).await.is_ok());
    drop(first);
}

#[tokio::test]
async fn servers_that_begin_together_migrate_once() {
    let database = EmptyDatabase::new().await;
    let config = Config { process: Process::Tool, ..Config::new(database.url.clone()) };

    let (one, other) = tokio::join!(Backend::open(config.clone()), Backend::open(config.clone()));

    assert_eq!(one.unwrap().cache().clock(), other.unwrap().cache().clock());
}

#[tokio::test]
async fn an_address_that_cannot_work_is_refused_with_a_sentence() {
    let cases = ["mysql://localhost/x", "data/fictures.db", "sqlite::memory:", "sqlite://x?mode=memory", "sqlite://"];
    for url in cases {
        let refused = Backend::open(Config::new(url)).await.expect_err(url);
        assert!(refused.to_string().contains("DATABASE_URL"), "{url}: {refused}");
    }
    let nobody = Config::new("postgres://fictures@127.0.0.1:1/fictures");
    let refused = Backend::open(nobody).await.expect_err("nobody listens there");
    assert!(refused.to_string().contains("DATABASE_URL"), "{refused}");
}
