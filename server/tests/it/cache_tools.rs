//! Looking into the server cache.

use domain::user::Role;
use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn the_tools_are_for_developers() {
    let app = TestApp::start().await;
    let moderator = app.sign_in_as("moe", Role::Moderator).await;
    let developer = app.sign_in_as("dev", Role::Developer).await;

    for path in ["/studio/api/cache/keys", "/studio/api/cache/operations"] {
        app.visitor().get(path).await.assert_refused(401, "unauthorized", None);
        moderator.get(path).await.assert_refused(403, "forbidden", None);
        developer.get(path).await.assert_status(200);
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
