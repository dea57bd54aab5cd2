//! Looking into the server cache.

use std::future::ready;

use domain::{cache::Key, id::StoryId, user::Role};
use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn the_tools_are_for_developers() {
    let app = TestApp::start().await;
    let moderator = app.sign_in_as("moe", Role::Moderator).await;
    let developer = app.sign_in_as("dev", Role::Developer).await;

    for path in
        ["/studio/api/cache/keys", "/studio/api/cache/operations", "/studio/api/cache/explain?key=stories:published"]
    {
        app.visitor().get(path).await.assert_refused(401, "unauthorized", None);
        moderator.get(path).await.assert_refused(403, "forbidden", None);
        developer.get(path).await.assert_status(200);
    }
}

#[tokio::test]
async fn the_functions_of_the_dashboard_are_for_developers() {
    let app = TestApp::start().await;
    let moderator = app.sign_in_as("moe", Role::Moderator).await;
    let developer = app.sign_in_as("dev", Role::Developer).await;

    for (function, arguments) in [
        ("read_cache_numbers", json!({ "range": "1h", "by": "hour" })),
        ("clear_metrics", json!({})),
        ("drop_entries", json!({})),
        ("warm_cache", json!({})),
        ("acknowledge_alert", json!({ "id": "low_hit_rate:redis" })),
    ] {
        let path = format!("/api/fn/{function}");
        app.visitor().post(&path, arguments.clone()).await.assert_status(401);
        moderator.post(&path, arguments.clone()).await.assert_status(403);
        // No alert is there to be acknowledged.
        let expected = if function == "acknowledge_alert" { 404 } else { 200 };
        developer.post(&path, arguments).await.assert_status(expected);
    }
}

#[tokio::test]
async fn their_page_does_not_exist_for_others() {
    let app = TestApp::start().await;
    let moderator = app.sign_in_as("moe", Role::Moderator).await;
    let developer = app.sign_in_as("dev", Role::Developer).await;

    let page = developer.get("/studio/cache").await.assert_status(200).assert_cache_control("private, no-store");
    assert!(page.text().contains("data-table=\"By layer\""));
    for other in [app.visitor(), moderator] {
        let page = other.get("/studio/cache").await.assert_status(404).text();
        assert!(page.contains("There is no such page") && !page.contains("data-table"));
    }
}

#[tokio::test]
async fn a_server_can_open_them_to_everyone() {
    let app = TestApp::start_with(&["--dev-tools=on"]).await;

    let answer = app.visitor().get("/studio/api/cache/keys").await.assert_status(200).json();

    assert_eq!((&answer["store"], &answer["keys"]), (&json!("in-process"), &json!([])));
}

#[tokio::test]
async fn an_entry_is_seen_and_can_be_dropped() {
    let app = TestApp::start_with(&["--dev-tools=on"]).await;
    let visitor = app.visitor();
    visitor.get("/novels/api/stories").await.assert_header("x-cache-status", "MISS");
    visitor.get("/community/api/stories").await;

    let found = visitor.get("/studio/api/cache/keys?prefix=stories:").await.json();
    assert_eq!(found["keys"].as_array().unwrap().len(), 1);
    let entry = &found["keys"][0];
    assert_eq!((&entry["key"], &entry["tags"]), (&json!("stories:published"), &json!(["stories:published"])));
    for field in ["ageMs", "ttlMs", "sizeBytes"] {
        assert!(entry[field].is_u64(), "{field}: {entry}");
    }

    let dropped = visitor.delete("/studio/api/cache/keys/stories:published").await.assert_status(200).json();
    assert_eq!(dropped["removed"], true);
    visitor.get("/novels/api/stories").await.assert_header("x-cache-status", "MISS");
}

#[tokio::test]
async fn twenty_entries_are_listed_unless_more_are_asked_for() {
    let app = TestApp::start_with(&["--dev-tools=on"]).await;
    for _ in 0..25 {
        let key = Key::Novel(StoryId::from_random(rand::random()));
        app.backend.cache().read(&key, ready(Ok("text".to_owned()))).await.unwrap();
    }

    for (query, expected) in [("", 20), ("?limit=7", 7), ("?limit=100", 25)] {
        let listed = app.visitor().get(&format!("/studio/api/cache/keys{query}")).await.assert_status(200).json();
        assert_eq!(listed["keys"].as_array().unwrap().len(), expected, "{query}");
    }
}

#[tokio::test]
async fn all_entries_can_be_dropped_at_once() {
    let app = TestApp::start_with(&["--dev-tools=on"]).await;
    app.visitor().get("/novels/api/stories").await;

    app.visitor().delete("/studio/api/cache/keys").await.assert_status(200);

    assert_eq!(app.visitor().get("/studio/api/cache/keys").await.json()["keys"], json!([]));
}

#[tokio::test]
async fn what_is_no_key_cannot_be_dropped() {
    let app = TestApp::start_with(&["--dev-tools=on"]).await;

    app.visitor().delete("/studio/api/cache/keys/nonsense").await.assert_refused(404, "not_found", None);
}

#[tokio::test]
async fn the_last_operations_are_listed_newest_first() {
    let app = TestApp::start_with(&["--dev-tools=on"]).await;
    let visitor = app.visitor();
    visitor.get("/novels/api/stories").await;
    visitor.get("/novels/api/stories").await;

    let listed = visitor.get("/studio/api/cache/operations?limit=1").await.assert_status(200).json();

    assert_eq!(listed["operations"].as_array().unwrap().len(), 1);
    assert_eq!(listed["operations"][0]["operation"], "hit");
}

#[tokio::test]
async fn a_key_is_explained_before_and_after_it_is_read() {
    let app = TestApp::start_with(&["--dev-tools=on"]).await;
    let (visitor, path) = (app.visitor(), "/studio/api/cache/explain?key=stories:published");

    let before = visitor.get(path).await.assert_status(200).json();
    visitor.get("/novels/api/stories").await.assert_header("x-cache-status", "MISS");
    let after = visitor.get(path).await.assert_status(200).json();

    assert_eq!((&before["outlook"], &before["entry"]), (&json!("miss"), &json!(null)));
    assert_eq!((&after["outlook"], &after["entry"]["isFresh"]), (&json!("hit"), &json!(true)));
    let tag = json!({ "tag": "stories:published", "isFenced": false, "isStale": false, "lastWrite": null });
    assert_eq!(after["tags"], json!([tag]));
}

#[tokio::test]
async fn what_is_no_key_cannot_be_explained() {
    let app = TestApp::start_with(&["--dev-tools=on"]).await;

    for query in ["", "?key=", "?key=nonsense"] {
        let path = format!("/studio/api/cache/explain{query}");
        app.visitor().get(&path).await.assert_refused(400, "malformed", Some("key"));
    }
}

#[tokio::test]
async fn a_developer_has_what_readers_will_come_for_loaded() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.novel("The Lighthouse").await;
    let developer = app.sign_in_as("dev", Role::Developer).await;
    ana.post("/studio/api/cache/warm", json!({})).await.assert_refused(403, "forbidden", None);
    developer.delete("/studio/api/cache/metrics").await.assert_status(200);

    let warmed = developer.post("/studio/api/cache/warm", json!({})).await.assert_status(200);
    let warmed = warmed.assert_cache_control("private, no-store").assert_invalidates_nothing().json();

    assert_eq!(warmed["success"], true);
    assert!(warmed["warmed"].as_u64().unwrap() > 5 && warmed["durationMs"].is_u64(), "{warmed}");
    let path = format!("/novels/api/story/{}", novel.story);
    app.visitor().get(&path).await.assert_header("x-cache-status", "HIT");
    let numbers = developer.get("/studio/api/cache/metrics?timeRange=1h&groupBy=operation").await.json();
    assert_eq!((&numbers["totalHits"], &numbers["totalMisses"]), (&json!(1), &json!(0)));
    assert_eq!(numbers["byType"]["redis"]["warmed"], warmed["warmed"]);
    assert_eq!(numbers["grouped"]["warm"]["warmed"], warmed["warmed"]);
    let again = developer.post("/studio/api/cache/warm", json!({})).await.json();
    assert_eq!(again["warmed"], 0);
}
