//! The trash, as clients meet it: lists, the way back, and what becomes stale on it.

use serde_json::{Value, json};

use crate::support::{Novel, Person, TestApp};

const TEXT: &str = "writing,reading";

async fn drafted() -> (TestApp, Person, Novel) {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.draft("Salt").await;
    (app, ana, novel)
}

async fn restore(person: &Person, id: &str) -> crate::support::Answer {
    person.post(&format!("/studio/api/trash/{id}/restore"), json!({})).await
}

async fn ids(person: &Person, path: &str) -> Vec<String> {
    let answer = person.get(path).await.assert_status(200).assert_cache_control("private, no-store").json();
    let items = answer["trash"].as_array().expect("a list").clone();
    items.iter().map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test]
async fn a_scene_goes_and_comes_back() {
    let (_app, ana, novel) = drafted().await;
    let Novel { story, chapter, scene } = &novel;
    let path = format!("/studio/api/scenes/{scene}");
    let before = ana.get(&path).await.json();
    ana.delete(&path).await.assert_status(200);
    ana.get(&path).await.assert_refused(404, "not_found", None);

    let listed = ana.get(&format!("/studio/api/story/{story}/trash")).await.assert_status(200).json();
    let item = &listed["trash"][0];
    assert_eq!((&item["id"], &item["kind"], &item["title"]), (&json!(scene), &json!("scene"), &json!("Dawn")));
    assert_eq!((&item["storyId"], &item["storyTitle"]), (&json!(story), &json!("Salt")));
    assert_eq!((&item["daysLeft"], &item["wordCount"]), (&json!(30), &json!(5)));
    assert!(item["deletedAt"].as_str().is_some_and(|time| time.ends_with('Z')), "{item}");
    assert_eq!(ids(&ana, "/studio/api/trash").await, [scene.as_str()]);

    let tags = [format!("scene:{scene}"), format!("chapter:{chapter}:scenes"), format!("story:{story}:chapters")];
    let restored = restore(&ana, scene).await.assert_status(200).assert_invalidates(TEXT, &tags).json();

    assert_eq!(restored["restored"], json!({ "id": scene, "kind": "scene", "title": "Dawn", "storyId": story }));
    assert_eq!(ana.get(&path).await.json(), before);
    assert_eq!(ids(&ana, "/studio/api/trash").await, [""; 0]);
    restore(&ana, scene).await.assert_refused(404, "not_found", None).assert_invalidates_nothing();
}

#[tokio::test]
async fn a_chapter_comes_back_with_its_scenes() {
    let (_app, ana, novel) = drafted().await;
    let Novel { story, chapter, scene } = &novel;
    ana.delete(&format!("/studio/api/chapters/{chapter}")).await.assert_status(200);
    ana.get(&format!("/studio/api/scenes/{scene}")).await.assert_status(404);

    let tags = [
        format!("chapter:{chapter}"),
        format!("chapter:{chapter}:scenes"),
        format!("story:{story}:chapters"),
        format!("user:{}:stories", ana.id),
        format!("scene:{scene}"),
    ];
    restore(&ana, chapter).await.assert_status(200).assert_invalidates(TEXT, &tags);

    ana.get(&format!("/studio/api/scenes/{scene}")).await.assert_status(200);
}

#[tokio::test]
async fn a_part_goes_and_comes_back_with_its_chapters() {
    let (_app, ana, novel) = drafted().await;
    let Novel { story, chapter, .. } = &novel;
    let new = json!({ "title": "North" });
    let part = ana.create(&format!("/studio/api/story/{story}/parts"), new, "part").await;
    let into = json!({ "partId": part, "index": 0 });
    ana.post(&format!("/studio/api/chapters/{chapter}/move"), into).await.assert_status(200);
    let whole = [
        format!("part:{part}"),
        format!("story:{story}"),
        format!("story:{story}:chapters"),
        format!("user:{}:stories", ana.id),
    ];

    let gone = ana.delete(&format!("/studio/api/parts/{part}")).await.assert_status(200);
    gone.assert_invalidates(TEXT, &[whole.as_slice(), &["stories:published".to_owned()]].concat());
    ana.get(&format!("/studio/api/chapters/{chapter}")).await.assert_status(404);
    restore(&ana, &part).await.assert_status(200).assert_invalidates(TEXT, &whole);

    ana.get(&format!("/studio/api/chapters/{chapter}")).await.assert_status(200);
}

#[tokio::test]
async fn a_story_comes_back_to_the_shelf_and_to_no_reader() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let Novel { story, chapter, scene } = ana.novel("Salt").await;
    let path = format!("/studio/api/story/{story}");
    ana.delete(&path).await.assert_status(200);
    for path in [format!("{path}/trash"), path.clone(), format!("/studio/api/scenes/{scene}")] {
        ana.get(&path).await.assert_refused(404, "not_found", None);
    }
    assert_eq!(ids(&ana, "/studio/api/trash").await, [story.as_str()]);

    let tags = [
        format!("story:{story}"),
        format!("story:{story}:chapters"),
        format!("user:{}:stories", ana.id),
        "stories:published".to_owned(),
    ];
    restore(&ana, &story).await.assert_status(200).assert_invalidates("writing,reading,browse", &tags);

    let shown = ana.get(&path).await.assert_status(200).json();
    assert_eq!((&shown["story"]["status"], &shown["story"]["publishedAt"]), (&json!("writing"), &Value::Null));
    ana.get(&format!("/studio/api/scenes/{scene}")).await.assert_status(200);
    for path in [format!("/novels/api/story/{story}"), format!("/novels/api/chapters/{chapter}")] {
        app.visitor().get(&path).await.assert_refused(404, "not_found", None);
    }
}

#[tokio::test]
async fn the_sentence_names_what_must_come_back_first() {
    let (_app, ana, novel) = drafted().await;
    ana.delete(&format!("/studio/api/scenes/{}", novel.scene)).await.assert_status(200);
    ana.delete(&format!("/studio/api/chapters/{}", novel.chapter)).await.assert_status(200);

    let refused = restore(&ana, &novel.scene).await.assert_refused(409, "parent_in_trash", None);

    assert_eq!(refused.json()["message"], "The chapter “One” is in the trash: restore it first.");
    refused.assert_invalidates_nothing();
}

#[tokio::test]
async fn what_is_not_in_the_trash_cannot_be_restored() {
    let (app, ana, novel) = drafted().await;
    let eve = app.sign_in("eve").await;

    for id in [novel.scene.as_str(), "nonsense", &"x".repeat(10_000), "g6Jy-EoFLW_TuyxHVjIci"] {
        restore(&ana, id).await.assert_refused(404, "not_found", None);
    }
    ana.delete(&format!("/studio/api/scenes/{}", novel.scene)).await.assert_status(200);
    restore(&eve, &novel.scene).await.assert_refused(404, "not_found", None);
    assert_eq!(ids(&eve, "/studio/api/trash").await, [""; 0]);
    let path = format!("/studio/api/trash/{}/restore", novel.scene);
    ana.post(&path, json!({ "where": "here" })).await.assert_refused(422, "invalid", Some("where"));
    app.visitor().get("/studio/api/trash").await.assert_refused(401, "unauthorized", None);
    app.sign_in_reader("noor").await.get("/studio/api/trash").await.assert_refused(403, "forbidden", None);
    ana.send(http::Method::POST, &path, &[], axum::body::Body::empty()).await.assert_status(200);
}

#[tokio::test]
async fn posts_and_replies_that_were_removed_are_not_in_the_trash() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.novel("Salt").await;
    let post = ana.add_post(&novel.story).await;
    let replies = format!("/community/api/posts/{post}/replies");
    let reply = ana.create(&replies, json!({ "content": "I did." }), "reply").await;

    ana.delete(&format!("/community/api/replies/{reply}")).await.assert_status(200);
    ana.delete(&format!("/community/api/posts/{post}")).await.assert_status(200);

    assert_eq!(ids(&ana, "/studio/api/trash").await, [""; 0]);
    for id in [&post, &reply] {
        restore(&ana, id).await.assert_refused(404, "not_found", None);
    }
}
