//! Opening: what works, and what is refused with a sentence that says what to change.

use std::time::Duration;

use backend::{Backend, Config, OpenError, Process};
use futures::FutureExt;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement, TransactionTrait};

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

/// The session that holds the claim on a database, and the number of the lock.
async fn claim(database: &DatabaseConnection) -> Option<(i32, i64)> {
    let sql = "SELECT pid, (classid::bigint << 32) | objid::bigint AS number FROM pg_locks
               WHERE locktype = 'advisory' AND granted
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    let row = database.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap()?;
    Some((row.try_get("", "pid").unwrap(), row.try_get("", "number").unwrap()))
}

async fn end_session(database: &DatabaseConnection, pid: i32) {
    database.execute_unprepared(&format!("SELECT pg_terminate_backend({pid}, 5000)")).await.unwrap();
}

#[tokio::test]
async fn a_claim_that_postgresql_forgot_is_made_again() {
    let database = EmptyDatabase::new().await;
    let config = Config::new(database.url.clone());
    let first = Backend::open(config.clone()).await.unwrap();
    let outside = Database::connect(&database.url).await.unwrap();
    let (pid, _) = claim(&outside).await.unwrap();

    end_session(&outside, pid).await;

    let again = async {
        while claim(&outside).await.is_none() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), again).await.expect("it is made again");
    assert!(matches!(Backend::open(config).await, Err(OpenError::InUse)));
    assert!(first.displaced().now_or_never().is_none(), "nobody else has come");
}

#[tokio::test]
async fn who_comes_first_after_a_claim_was_forgotten_displaces_the_other() {
    let database = EmptyDatabase::new().await;
    let first = Backend::open(Config::new(database.url.clone())).await.unwrap();
    let outside = Database::connect(&database.url).await.unwrap();
    let (pid, number) = claim(&outside).await.unwrap();
    let second = outside.begin().await.unwrap();
    let waits = format!("SELECT pg_advisory_xact_lock({number})");

    let ends = async {
        while !is_waited_for(&outside).await {
            tokio::task::yield_now().await;
        }
        end_session(&outside, pid).await;
    };
    let (taken, ()) = tokio::join!(second.execute_unprepared(&waits), ends);
    taken.unwrap();

    tokio::time::timeout(Duration::from_secs(20), first.displaced()).await.expect("it learns that it was displaced");
}

/// Does a session wait for an advisory lock of this database?
async fn is_waited_for(database: &DatabaseConnection) -> bool {
    let sql = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    database.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap().is_some()
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
