//! The studio's routes, one journey each.

use http::Method;
use serde_json::{Value, json};

use crate::support::TestApp;

#[tokio::test]
async fn a_story_is_created_edited_and_thrown_away() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;

    let created = ana.post("/studio/api/stories", json!({ "title": "  Salt  ", "genre": "mystery" })).await;
    let story = created.assert_status(201).json()["story"].clone();
    assert_eq!((story["title"].as_str(), story["version"].as_i64()), (Some("Salt"), Some(1)));
    assert_eq!(story["status"], "writing");
    let path = format!("/studio/api/story/{}", story["id"].as_str().unwrap());

    let edited = ana.patch(&format!("{path}/write"), json!({ "title": "Salt and Iron", "version": 1 })).await;
    assert_eq!(edited.assert_status(200).json()["story"]["version"], 2);
    let shown = ana.get(&path).await.assert_status(200).json();
    assert_eq!((&shown["story"]["title"], &shown["story"]["genre"]), (&json!("Salt and Iron"), &json!("mystery")));
    assert_eq!(ana.get("/studio/api/stories").await.json()["stories"][0]["title"], "Salt and Iron");

    assert!(ana.delete(&path).await.assert_status(200).json()["message"].is_string());
    ana.get(&path).await.assert_refused(404, "not_found", None);
    assert_eq!(ana.get("/studio/api/stories").await.json(), json!({ "stories": [] }));
}

#[tokio::test]
async fn what_is_created_can_be_found_where_the_answer_says() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.draft("Salt").await;

    for (path, body, kind) in [
        ("/studio/api/stories".to_owned(), json!({ "title": "Iron" }), "story"),
        (format!("/studio/api/story/{}/parts", novel.story), json!({ "title": "North" }), "part"),
        (format!("/studio/api/story/{}/chapters", novel.story), json!({ "title": "Two" }), "chapter"),
        (format!("/studio/api/chapters/{}/scenes", novel.chapter), json!({ "title": "Noon" }), "scene"),
        (format!("/studio/api/story/{}/characters", novel.story), json!({ "name": "Ines" }), "character"),
        (format!("/studio/api/story/{}/settings", novel.story), json!({ "name": "The quay" }), "setting"),
    ] {
        let created = ana.post(&path, body).await.assert_status(201);
        let found = ana.get(&created.header("location").unwrap()).await.assert_status(200);
        assert_eq!(found.json()[kind], created.json()[kind], "{path}");
    }
}

#[tokio::test]
async fn the_outline_holds_everything_but_the_text() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.draft("Salt").await;
    let part = json!({ "title": "North" });
    let part = ana.create(&format!("/studio/api/story/{}/parts", novel.story), part, "part").await;

    let outline = ana.get(&format!("/studio/api/story/{}/chapters", novel.story)).await.assert_status(200).json();

    assert_eq!(outline["parts"][0]["id"], part);
    let chapter = &outline["chapters"][0];
    assert_eq!((&chapter["id"], &chapter["status"]), (&json!(novel.chapter), &json!("draft")));
    let scene = &chapter["scenes"][0];
    assert_eq!((&scene["id"], &scene["wordCount"], &scene["version"]), (&json!(novel.scene), &json!(5), &json!(1)));
    assert_eq!(scene.get("content"), None);
}

#[tokio::test]
async fn a_scene_is_answered_with_all_that_a_writer_keeps_about_it() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.draft("Salt").await;

    let scene = ana.get(&format!("/studio/api/scenes/{}", novel.scene)).await.json()["scene"].clone();

    for field in [
        "id",
        "storyId",
        "chapterId",
        "title",
        "content",
        "summary",
        "goal",
        "conflict",
        "outcome",
        "status",
        "position",
        "wordCount",
        "version",
        "updatedAt",
        "publishedVersion",
    ] {
        assert!(scene.get(field).is_some(), "{field}: {scene}");
    }
    assert_eq!(scene["publishedVersion"], Value::Null);
}

#[tokio::test]
async fn a_saved_scene_is_what_every_later_read_gives() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.draft("Salt").await;
    let path = format!("/studio/api/scenes/{}", novel.scene);
    let in_chapter = format!("/studio/api/chapters/{}/scenes", novel.chapter);
    ana.get(&path).await;
    ana.get(&in_chapter).await;

    let edit = json!({ "content": "The lamp was out.\r\n", "goal": "light it", "status": "revised", "version": 1 });
    let saved = ana.patch(&path, edit).await.assert_status(200).json();

    assert_eq!(saved["scene"]["content"], "The lamp was out.\n");
    assert_eq!(saved["scene"]["version"], 2);
    assert_eq!(ana.get(&path).await.json(), saved);
    assert_eq!(ana.get(&in_chapter).await.json()["scenes"][0], saved["scene"]);
}

#[tokio::test]
async fn the_version_may_come_in_the_header() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.draft("Salt").await;
    let path = format!("/studio/api/scenes/{}", novel.scene);
    let edit = json!({ "title": "Dusk" });

    let saved = ana.send_json(Method::PATCH, &path, &[("if-match", "\"v1\"")], edit.clone()).await.assert_status(200);
    assert_eq!(saved.json()["scene"]["version"], 2);
    let late = ana.send_json(Method::PATCH, &path, &[("if-match", "\"v1\"")], edit).await;
    late.assert_refused(409, "version_conflict", None);
}

#[tokio::test]
async fn a_delete_honours_the_version_it_is_given() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.draft("Salt").await;
    let path = format!("/studio/api/scenes/{}", novel.scene);
    let delete =
        async |tag: &str| ana.send(Method::DELETE, &path, &[("if-match", tag)], axum::body::Body::empty()).await;

    assert_eq!(delete("\"v7\"").await.assert_status(409).json()["current"]["id"], novel.scene);
    delete("\"v1\"").await.assert_status(200);
}

#[tokio::test]
async fn parts_come_and_go_and_take_their_chapters_along() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.draft("Salt").await;
    let outline = format!("/studio/api/story/{}/chapters", novel.story);
    let new = json!({ "title": "North" });
    let part = ana.create(&format!("/studio/api/story/{}/parts", novel.story), new, "part").await;
    let path = format!("/studio/api/parts/{part}");

    let edited = ana.patch(&path, json!({ "title": "Far North", "version": 1 })).await.assert_status(200);
    assert_eq!(edited.json()["part"]["title"], "Far North");
    let to = json!({ "partId": part, "index": 0 });
    ana.post(&format!("/studio/api/chapters/{}/move", novel.chapter), to).await.assert_status(200);
    assert_eq!(ana.get(&outline).await.json()["chapters"][0]["partId"], part);

    ana.delete(&path).await.assert_status(200);
    let left = ana.get(&outline).await.json();
    assert_eq!((&left["parts"], &left["chapters"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn moving_changes_places_and_no_text() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.draft("Salt").await;
    let scenes = format!("/studio/api/chapters/{}/scenes", novel.chapter);
    let second = ana.create(&scenes, json!({ "title": "Noon", "content": "High water." }), "scene").await;

    let to = json!({ "chapterId": novel.chapter, "index": 0 });
    ana.post(&format!("/studio/api/scenes/{second}/move"), to).await.assert_status(200);

    let listed = ana.get(&scenes).await.json();
    let titles: Vec<_> = listed["scenes"].as_array().unwrap().iter().map(|scene| scene["title"].clone()).collect();
    assert_eq!(titles, ["Noon", "Dawn"]);
    assert_eq!(listed["scenes"][1]["content"], "The lamp was still burning.");
}

#[tokio::test]
async fn a_move_from_another_order_names_a_neighbour_or_gets_the_present_one() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.draft("Salt").await;
    let outline = format!("/studio/api/story/{}/chapters", novel.story);
    let old = ana.get(&outline).await.json()["structureVersion"].clone();
    let scenes = format!("/studio/api/chapters/{}/scenes", novel.chapter);
    let second = ana.create(&scenes, json!({ "title": "Noon" }), "scene").await;
    let path = format!("/studio/api/scenes/{second}/move");
    let wish = |place: &str, value: Value| json!({ "chapterId": novel.chapter, place: value, "structureVersion": old });

    let late = ana.post(&path, wish("index", json!(0))).await.assert_refused(409, "version_conflict", None);
    assert_eq!(late.json()["current"], ana.get(&outline).await.json());
    ana.post(&path, wish("beforeId", json!(novel.scene))).await.assert_status(200);
    assert_eq!(ana.get(&scenes).await.json()["scenes"][0]["id"], second);

    let nowhere = json!({ "chapterId": novel.chapter });
    ana.post(&path, nowhere).await.assert_refused(422, "invalid", Some("index"));
    let twice = json!({ "chapterId": novel.chapter, "index": 0, "afterId": novel.scene });
    ana.post(&path, twice).await.assert_refused(422, "invalid", Some("index"));
}

#[tokio::test]
async fn every_acknowledged_text_can_be_had_back() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.draft("Salt").await;
    let path = format!("/studio/api/scenes/{}", novel.scene);
    ana.patch(&path, json!({ "content": "Second thoughts.", "version": 1 })).await.assert_status(200);

    let listed = ana.get(&format!("{path}/revisions")).await.assert_status(200).json();
    let revisions = listed["revisions"].as_array().unwrap();
    let first = revisions.iter().find(|revision| revision["content"] == "The lamp was still burning.").unwrap();
    let n = &first["n"];
    let shown = ana.get(&format!("{path}/revisions/{n}")).await.assert_status(200).json();
    assert_eq!(shown["revision"]["content"], first["content"]);

    let restored = ana.post(&format!("{path}/revisions/{n}/restore"), json!({ "version": 2 })).await;
    let scene = restored.assert_status(200).json()["scene"].clone();
    assert_eq!((&scene["content"], &scene["version"]), (&first["content"], &json!(3)));
    ana.get(&format!("{path}/revisions/9999")).await.assert_refused(404, "not_found", None);
    ana.get(&format!("{path}/revisions/first")).await.assert_refused(404, "not_found", None);
}

#[tokio::test]
async fn a_chapter_can_be_published_and_hidden_again() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.novel("Salt").await;
    let publication = format!("/studio/api/chapters/{}/publication", novel.chapter);
    let reading = format!("/novels/api/chapters/{}", novel.chapter);

    assert_eq!(ana.delete(&publication).await.assert_status(200).json()["chapter"]["status"], "draft");
    app.visitor().get(&reading).await.assert_refused(404, "not_found", None);
    assert_eq!(ana.put(&publication).await.assert_status(200).json()["chapter"]["status"], "published");
    app.visitor().get(&reading).await.assert_status(200);
}

#[tokio::test]
async fn publishing_takes_an_empty_body_or_an_empty_object() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.draft("Salt").await;
    let path = format!("/studio/api/story/{}/publication", novel.story);

    ana.send_json(Method::PUT, &path, &[], json!({})).await.assert_status(200);
    ana.put(&path).await.assert_status(200);
    let wrong = ana.send_json(Method::PUT, &path, &[], json!({ "when": "now" })).await;
    wrong.assert_refused(422, "invalid", Some("when"));
}
