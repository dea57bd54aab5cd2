//! A backup holds everything, goes into either database, and goes in whole or not at all.

use std::{
    io::Read,
    sync::atomic::{AtomicU64, Ordering},
};

use backend::{
    Backend, Error,
    backup::{RestoreError, Target, read_backup},
    cache::Status,
};
use domain::{
    community::{LikeWish, NewPost, NewReply},
    reading::{NewProgress, NovelsQuery},
    studio::{NewCharacter, NewPart, NewSetting},
    user::Role,
};
use flate2::read::GzDecoder;

use crate::support::{Draft, Fixture, content, on_both_databases, status, value};

const NOBODY: &(dyn Fn(u64) + Sync) = &|_| {};

/// An installation in which every table that is backed up has something, some of it beyond ASCII.
async fn live(fixture: &Fixture) -> Draft {
    let novel = fixture.novel("It’s the 7ᵗʰ “text” — 🦆\n\n\"quoted\" and \\ not").await;
    let (author, backend) = (&novel.author, &fixture.backend);
    backend.edit_scene(author, novel.scene, content(1, "second text")).await.unwrap();
    backend.add_part(author, novel.story, NewPart { title: "Part".into(), summary: None }).await.unwrap();
    let character = serde_json::from_value::<NewCharacter>(
        serde_json::json!({ "name": "Ærø", "aliases": ["a \"b\"", "c"], "traits": ["kind"] }),
    );
    backend.add_character(author, novel.story, character.unwrap()).await.unwrap();
    let place = serde_json::from_value::<NewSetting>(serde_json::json!({ "name": "Quay" }));
    backend.add_setting(author, novel.story, place.unwrap()).await.unwrap();
    let new = NewPost { story_id: novel.story, title: "Hm".into(), content: "Hm.".into(), kind: None };
    let post = backend.add_post(author, new).await.unwrap().value().id;
    let reader = fixture.person(Role::Reader).await;
    backend.like(&reader, post, LikeWish { liked: Some(true) }).await.unwrap();
    fixture.person(Role::Developer).await;
    let place = NewProgress { chapter_id: novel.chapter, scene_id: Some(novel.scene) };
    backend.read_to(&reader, novel.story, place).await.unwrap();
    let mut parent = None;
    for depth in 0..3 {
        let new = NewReply { content: format!("Answer {depth}."), parent_reply_id: parent };
        parent = Some(backend.add_reply(&reader, post, new).await.unwrap().value().id);
        fixture.tick();
    }
    let thrown_away = fixture.add_scene(author, novel.chapter, "thrown away").await;
    backend.delete_scene(author, thrown_away.id, None).await.unwrap();
    fixture
        .run(&format!(
            "INSERT INTO idempotency_keys (user_id, key, request_hash, answer, created_at)
             VALUES ('{}', 'key', 'hash', 'answer', '2026-03-01T12:00:00+00:00')",
            reader.id
        ))
        .await;
    fixture.tick();
    novel
}

async fn back_up(fixture: &Fixture) -> Vec<u8> {
    let mut file = Vec::new();
    let made = fixture.backend.back_up(&mut file, NOBODY).await.unwrap();
    assert_eq!(made.rows, fixture.backend.rows_to_back_up().await.unwrap());
    file
}

/// The rows of a backup, in an order that no database has a say in.
fn rows(backup: &[u8]) -> Vec<String> {
    let mut text = String::new();
    GzDecoder::new(backup).read_to_string(&mut text).unwrap();
    let mut rows: Vec<_> = text.lines().filter(|line| line.starts_with(r#"{"row":"#)).map(str::to_owned).collect();
    rows.sort();
    rows
}

/// A server that begins with what is stored now.
async fn start(fixture: &Fixture) -> Backend {
    Backend::open(fixture.config.clone()).await.unwrap()
}

async fn goes_through(from: &Fixture, to: &Fixture) {
    let novel = live(from).await;
    let backup = back_up(from).await;
    let counted = AtomicU64::new(0);
    let count = |rows| {
        counted.fetch_add(rows, Ordering::Relaxed);
    };

    let restored = to.backend.put_back(backup.as_slice(), Target::Empty, &count).await.unwrap();

    assert_eq!(rows(&back_up(to).await), rows(&backup));
    assert_eq!(restored.contents.rows, counted.into_inner());
    let server = start(to).await;
    assert_eq!(value(server.scene(&novel.author, novel.scene).await.unwrap()).scene.content, "second text");
    let found = value(server.novels(NovelsQuery::first()).await.unwrap());
    assert_eq!(found, value(from.backend.novels(NovelsQuery::first()).await.unwrap()));
    // Life goes on: the log counts on, and what is written shows.
    let saved = server.edit_scene(&novel.author, novel.scene, content(2, "third text")).await.unwrap();
    assert!(saved.clock().seq() > restored_position(from).await);
    assert_eq!(value(server.scene(&novel.author, novel.scene).await.unwrap()).scene.content, "third text");
}

/// Where the log of the old database stands.
async fn restored_position(from: &Fixture) -> u64 {
    from.look::<i64>("SELECT MAX(seq) FROM invalidation_events").await[0].try_into().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_sqlite_to_sqlite() {
    goes_through(&Fixture::sqlite().await, &Fixture::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_sqlite_to_postgresql() {
    goes_through(&Fixture::sqlite().await, &Fixture::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_postgresql_to_sqlite() {
    goes_through(&Fixture::postgres().await, &Fixture::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_postgresql_to_postgresql() {
    goes_through(&Fixture::postgres().await, &Fixture::postgres().await).await;
}

on_both_databases! {
    async fn every_table_that_people_fill_is_in_it(fixture) {
        live(fixture).await;
        let rows = rows(&back_up(fixture).await);

        let forgotten = ["sessions", "histories", "invalidation_events", "cache_metric_buckets", "cache_alerts", "seaql_migrations"];
        for table in tables(fixture).await.iter().filter(|table| !forgotten.contains(&table.as_str())) {
            let stored = fixture.look::<i64>(&format!("SELECT COUNT(*) FROM {table}")).await[0];
            let begins = format!(r#"{{"row":["{table}","#);
            let kept = rows.iter().filter(|row| row.starts_with(&begins)).count();

            assert!(stored > 0, "nothing in {table}: the test shows nothing");
            assert_eq!(i64::try_from(kept).unwrap(), stored, "{table}");
        }
    }

    async fn nobody_can_sign_in_with_a_backup(fixture) {
        live(fixture).await;
        fixture.run(
            "INSERT INTO sessions (token_hash, user_id, created_at, last_seen_at, expires_at)
             SELECT 'a-token', id, created_at, created_at, created_at FROM users LIMIT 1",
        ).await;

        let backup = back_up(fixture).await;

        assert!(rows(&backup).iter().all(|row| !row.contains("a-token")));
        fixture.backend.put_back(backup.as_slice(), Target::Any, NOBODY).await.unwrap();
        assert_eq!(fixture.look::<i64>("SELECT COUNT(*) FROM sessions").await, [0]);
    }

    async fn a_restored_database_is_another_history(fixture) {
        let novel = live(fixture).await;
        let old = start(fixture).await;
        value(old.novel(novel.story).await.unwrap());
        let backup = back_up(fixture).await;

        let restored = fixture.backend.put_back(backup.as_slice(), Target::Any, NOBODY).await.unwrap();

        let new = start(fixture).await;
        assert_eq!(new.cache().clock().epoch(), restored.epoch);
        assert_ne!(new.cache().clock().epoch(), old.cache().clock().epoch());
        assert!(new.cache().clock().seq() > old.cache().clock().seq());
        let floor = backend::cache::Floor::At(old.cache().clock());
        value(new.novel(novel.story).await.unwrap());
        assert_eq!(status(new.not_before(floor).novel(novel.story).await), Status::Bypass);
    }

    async fn what_is_there_is_lost_only_if_it_may_be(fixture) {
        let novel = live(fixture).await;
        let backup = back_up(fixture).await;
        fixture.backend.edit_scene(&novel.author, novel.scene, content(2, "newer text")).await.unwrap();
        let before = rows(&back_up(fixture).await);

        let refused = fixture.backend.put_back(backup.as_slice(), Target::Empty, NOBODY).await;

        assert!(matches!(refused, Err(RestoreError::NotEmpty(1..))), "{refused:?}");
        assert_eq!(rows(&back_up(fixture).await), before);
        fixture.backend.put_back(backup.as_slice(), Target::Any, NOBODY).await.unwrap();
        assert_eq!(rows(&back_up(fixture).await), rows(&backup));
    }

    async fn a_damaged_backup_changes_nothing(fixture) {
        live(fixture).await;
        let backup = back_up(fixture).await;
        let (before, epoch) = (rows(&backup), fixture.look::<i64>("SELECT epoch FROM histories").await);
        let log = fixture.look::<i64>("SELECT COUNT(*) FROM invalidation_events").await;
        let mut changed = backup.clone();
        let middle = backup.len() / 2;
        changed[middle] ^= 0x55;

        for broken in [&backup[..middle], &backup[..backup.len() - 1], changed.as_slice(), b"".as_slice()] {
            let refused = fixture.backend.put_back(broken, Target::Any, NOBODY).await;
            assert!(matches!(refused, Err(RestoreError::Damaged(_))), "{refused:?}");
            assert!(read_backup(broken).is_err());
        }

        assert_eq!(rows(&back_up(fixture).await), before);
        assert_eq!(fixture.look::<i64>("SELECT epoch FROM histories").await, epoch);
        assert_eq!(fixture.look::<i64>("SELECT COUNT(*) FROM invalidation_events").await, log);
    }

    async fn a_row_that_the_database_refuses_takes_all_back(fixture) {
        live(fixture).await;
        let backup = back_up(fixture).await;
        let before = rows(&backup);
        let mut text = String::new();
        GzDecoder::new(backup.as_slice()).read_to_string(&mut text).unwrap();
        let role = text.replacen(r#""role":"developer""#, r#""role":"emperor""#, 1);
        assert_ne!(role, text);
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut packed, role.as_bytes()).unwrap();

        let refused = fixture.backend.put_back(packed.finish().unwrap().as_slice(), Target::Any, NOBODY).await;

        assert!(matches!(refused, Err(RestoreError::Backend(Error::Database(_)))), "{refused:?}");
        assert_eq!(rows(&back_up(fixture).await), before);
    }

    async fn it_shows_one_moment_however_much_is_written_meanwhile(fixture) {
        let novel = live(fixture).await;
        let before = rows(&back_up(fixture).await);

        let (file, newest) = back_up_while_writing(fixture, &novel).await;

        assert_eq!(rows(&file), before);
        assert!(newest > 2);
    }
}

/// A backup during which somebody saves the scene, once a row is written; and the version that this came to.
async fn back_up_while_writing(fixture: &Fixture, novel: &Draft) -> (Vec<u8>, i64) {
    let (told, mut rows) = tokio::sync::mpsc::unbounded_channel();
    let backend = fixture.backend.clone();
    let tell = move |_| told.send(()).expect("the test listens");
    let backup = tokio::spawn(async move {
        let mut file = Vec::new();
        backend.back_up(&mut file, &tell).await.map(|_| file)
    });
    let mut version = 2;
    // From the first row on the moment of the backup is fixed.
    while rows.recv().await.is_some() {
        version = fixture.save(novel, version, &format!("written meanwhile, after {version}")).await.version;
    }
    (backup.await.unwrap().unwrap(), version)
}

async fn tables(fixture: &Fixture) -> Vec<String> {
    let sql = match fixture.stored.get_database_backend() {
        sea_orm::DbBackend::Postgres => "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
        _ => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    };
    fixture.look(sql).await
}
