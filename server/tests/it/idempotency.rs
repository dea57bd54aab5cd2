//! Asked twice under one key, done once: for every operation that changes something.

use http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Operation, Person, TestApp, World};

/// The headers that a retry gets again.
const HEADERS: [&str; 8] = [
    "content-type",
    "location",
    "cache-control",
    "x-cache-clock",
    "x-cache-invalidate",
    "x-cache-invalidate-keys",
    "cache-group-invalidation",
    "x-cache-invalidate-timestamp",
];

#[track_caller]
fn assert_same(operation: &str, first: &Answer, again: &Answer, headers: &[&str]) {
    assert_eq!(again.status, first.status, "{operation}: {}", again.text());
    assert_eq!(again.body, first.body, "{operation}");
    for name in headers {
        assert_eq!(again.header(name), first.header(name), "{operation}: {name}");
    }
}

/// Every operation that changes something that is not the session.
fn writes(world: &World) -> impl Iterator<Item = &Operation> {
    let is_account = |operation: &Operation| operation.path.starts_with("/api/auth/");
    world.operations.iter().filter(move |operation| operation.is_unsafe() && !is_account(operation))
}

/// Whoever may do anything in these tests: the author, or for the cache tools a developer.
async fn somebody_who_may<'a>(world: &'a World, developer: &'a Person, operation: &Operation) -> &'a Person {
    if operation.path.starts_with("/studio/api/cache/") { developer } else { &world.author }
}

#[tokio::test]
async fn a_retry_gets_the_same_answer_and_changes_nothing() {
    let world = World::start().await;
    let developer = world.somebody(domain::user::Role::Developer).await;

    for operation in writes(&world) {
        let (things, key) = (world.things().await, [("idempotency-key", operation.id.as_str())]);
        let person = somebody_who_may(&world, &developer, operation).await;
        let first = things.ask_with(person, operation, &key).await.assert_status(operation.success());
        let stored = world.dump().await;

        let again = things.ask_with(person, operation, &key).await;

        assert_same(&operation.id, &first, &again, &HEADERS);
        assert_eq!(world.dump().await, stored, "{}", operation.id);
    }
}

#[tokio::test]
async fn a_retry_after_a_crash_gets_the_same_answer_and_changes_nothing() {
    let world = World::start().await;
    let made_anew = &HEADERS[..7];

    for operation in writes(&world).filter(|operation| !operation.path.starts_with("/studio/api/cache/")) {
        let (things, key) = (world.things().await, [("idempotency-key", operation.id.as_str())]);
        world.run("CREATE TRIGGER crash BEFORE UPDATE OF answer ON idempotency_keys BEGIN SELECT RAISE(ABORT, 'crash'); END").await;
        let first = things.ask_with(&world.author, operation, &key).await.assert_status(operation.success());
        world.run("DROP TRIGGER crash").await;
        let stored = world.dump().await;

        let again = things.ask_with(&world.author, operation, &key).await;

        assert_same(&operation.id, &first, &again, made_anew);
        assert_eq!(world.dump().await, stored, "{}", operation.id);
        let third = things.ask_with(&world.author, operation, &key).await;
        assert_same(&operation.id, &again, &third, &HEADERS);
    }
}

#[tokio::test]
async fn two_at_once_write_once() {
    let world = World::start().await;
    for round in 0..5 {
        let key = format!("round-{round}");
        let send = || keyed(&world.author, &key, "/studio/api/stories", json!({ "title": "Salt" }));

        let (one, two) = tokio::join!(send(), send());

        assert_same(&key, &one.assert_status(201), &two, &HEADERS);
    }
    let stories = world.author.get("/studio/api/stories").await.json();
    assert_eq!(stories["stories"].as_array().unwrap().len(), 5);
}

async fn keyed(person: &Person, key: &str, path: &str, body: Value) -> Answer {
    person.send_json(Method::POST, path, &[("idempotency-key", key)], body).await
}

#[tokio::test]
async fn the_same_key_with_another_request_is_refused() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.novel("Salt").await;
    let path = format!("/studio/api/story/{}/chapters", novel.story);
    keyed(&ana, "k", &path, json!({ "title": "Two" })).await.assert_status(201);

    for (path, body) in [
        (path.as_str(), json!({ "title": "Three" })),
        ("/studio/api/stories", json!({ "title": "Two" })),
        (&format!("{path}?x=1"), json!({ "title": "Two" })),
    ] {
        let answer = keyed(&ana, "k", path, body).await;
        answer.assert_refused(422, "idempotency_mismatch", Some("idempotency-key")).assert_invalidates_nothing();
    }
    let eve = app.sign_in("eve").await;
    keyed(&eve, "k", "/studio/api/stories", json!({ "title": "Two" })).await.assert_status(201);
}

#[tokio::test]
async fn a_refusal_is_told_again_even_when_it_would_be_accepted_now() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.draft("Salt").await;
    let path = format!("/studio/api/scenes/{}/revisions/1/restore", novel.scene);
    let first = keyed(&ana, "k", &path, json!({ "version": 2 })).await.assert_refused(409, "version_conflict", None);
    keyed(&ana, "l", &path, json!({ "version": 1 })).await.assert_status(200);

    let again = keyed(&ana, "k", &path, json!({ "version": 2 })).await;

    assert_same("a refusal", &first, &again, &HEADERS);
}

#[tokio::test]
async fn what_is_no_key_is_refused() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;

    for key in ["", " ", "a b", "caf\u{e9}", &"k".repeat(256)] {
        let answer = keyed(&ana, key, "/studio/api/stories", json!({ "title": "Salt" })).await;
        answer.assert_refused(422, "invalid", Some("idempotency-key"));
    }
    let twice = [("idempotency-key", "a"), ("idempotency-key", "a")];
    let answer = ana.send_json(Method::POST, "/studio/api/stories", &twice, json!({ "title": "Salt" })).await;
    answer.assert_refused(422, "invalid", Some("idempotency-key"));
    ana.get_with("/studio/api/stories", &[("idempotency-key", "")]).await.assert_status(200);
}

#[tokio::test]
async fn without_a_session_there_is_nobody_to_keep_an_answer_for() {
    let app = TestApp::start().await;
    let account = json!({ "username": "noor", "email": "noor@example.org", "password": crate::support::PASSWORD });

    keyed(&app.visitor(), "k", "/api/auth/register", account.clone()).await.assert_status(201);

    keyed(&app.visitor(), "k", "/api/auth/register", account).await.assert_refused(409, "taken", Some("username"));
}

#[tokio::test]
async fn an_answer_that_changes_the_session_is_not_kept() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let body = json!({ "username": "ana", "password": crate::support::PASSWORD });

    let first = keyed(&ana, "k", "/api/auth/login", body.clone()).await.assert_status(200);
    let mut again = ana.clone();
    again.keep_session(&first);
    let second = keyed(&again, "k", "/api/auth/login", body).await.assert_status(200);

    assert!(second.header("set-cookie").is_some_and(|cookie| Some(cookie) != first.header("set-cookie")));
}
