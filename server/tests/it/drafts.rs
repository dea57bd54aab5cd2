//! A draft does not exist for anyone but its author: on every route it answers as if it had never been written.

use http::Method;
use serde_json::{Value, json};

use crate::support::{Novel, Person, TestApp};

/// Every route that names something in the studio, with a body that would be accepted from the author.
fn studio_routes(novel: &Novel) -> Vec<(Method, String, Value)> {
    let Novel { story, chapter, scene } = novel;
    let edit = || json!({ "title": "Mine now", "version": 1 });
    let new = || json!({ "title": "Mine now" });
    vec![
        (Method::GET, format!("story/{story}"), Value::Null),
        (Method::DELETE, format!("story/{story}"), Value::Null),
        (Method::PATCH, format!("story/{story}/write"), edit()),
        (Method::GET, format!("story/{story}/chapters"), Value::Null),
        (Method::POST, format!("story/{story}/chapters"), new()),
        (Method::POST, format!("story/{story}/parts"), new()),
        (Method::PUT, format!("story/{story}/publication"), json!({})),
        (Method::DELETE, format!("story/{story}/publication"), json!({})),
        (Method::GET, format!("chapters/{chapter}"), Value::Null),
        (Method::PATCH, format!("chapters/{chapter}"), edit()),
        (Method::DELETE, format!("chapters/{chapter}"), Value::Null),
        (Method::POST, format!("chapters/{chapter}/move"), json!({ "index": 0 })),
        (Method::PUT, format!("chapters/{chapter}/publication"), json!({})),
        (Method::DELETE, format!("chapters/{chapter}/publication"), json!({})),
        (Method::GET, format!("chapters/{chapter}/scenes"), Value::Null),
        (Method::POST, format!("chapters/{chapter}/scenes"), new()),
        (Method::GET, format!("scenes/{scene}"), Value::Null),
        (Method::PATCH, format!("scenes/{scene}"), edit()),
        (Method::DELETE, format!("scenes/{scene}"), Value::Null),
        (Method::POST, format!("scenes/{scene}/move"), json!({ "chapterId": chapter, "index": 0 })),
        (Method::GET, format!("scenes/{scene}/revisions"), Value::Null),
        (Method::GET, format!("scenes/{scene}/revisions/1"), Value::Null),
        (Method::POST, format!("scenes/{scene}/revisions/1/restore"), json!({ "version": 1 })),
        (Method::GET, format!("story/{story}/trash"), Value::Null),
        (Method::GET, format!("story/{story}/search?q=lamp"), Value::Null),
        (Method::POST, format!("story/{story}/replace"), replace(novel)),
        (Method::POST, format!("trash/{scene}/restore"), json!({})),
    ]
}

/// The replacement of the word that every draft begins with.
fn replace(novel: &Novel) -> Value {
    let Novel { chapter, scene, .. } = novel;
    let hit = json!({
        "sceneId": scene, "chapterId": chapter, "sceneTitle": "Dawn", "version": 1,
        "field": "content", "start": 0, "length": 3, "before": "", "match": "The", "after": "",
    });
    json!({ "query": "The", "replacement": "Mine", "hits": [hit] })
}

async fn assert_closed(person: &Person, novel: &Novel, status: u16, code: &str) {
    for (method, path, body) in studio_routes(novel) {
        let answer = person.send_json(method, &format!("/studio/api/{path}"), &[], body).await;
        answer.assert_refused(status, code, None).assert_invalidates_nothing();
    }
}

#[tokio::test]
async fn another_writer_finds_nothing_in_the_studio() {
    let app = TestApp::start().await;
    let novel = app.sign_in("ana").await.draft("Salt").await;

    assert_closed(&app.sign_in("eve").await, &novel, 404, "not_found").await;
}

#[tokio::test]
async fn a_published_story_is_still_nobody_elses_in_the_studio() {
    let app = TestApp::start().await;
    let novel = app.sign_in("ana").await.novel("Salt").await;

    assert_closed(&app.sign_in("eve").await, &novel, 404, "not_found").await;
}

#[tokio::test]
async fn a_visitor_is_asked_to_log_in_before_anything_is_looked_up() {
    let app = TestApp::start().await;
    let novel = app.sign_in("ana").await.draft("Salt").await;

    assert_closed(&app.visitor(), &novel, 401, "unauthorized").await;
    assert_closed(&app.sign_in_reader("noor").await, &novel, 403, "forbidden").await;
}

#[tokio::test]
async fn readers_find_no_draft_on_any_route_its_author_included() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.draft("Salt").await;

    for person in [&app.visitor(), &app.sign_in_reader("noor").await, &ana] {
        for path in [
            format!("/novels/api/story/{}", novel.story),
            format!("/novels/api/chapters/{}", novel.chapter),
            format!("/community/api/posts?storyId={}", novel.story),
        ] {
            person.get(&path).await.assert_refused(404, "not_found", None);
        }
        for path in ["/novels/api/stories", "/novels/api/stories?q=Salt", "/community/api/stories"] {
            assert_eq!(person.get(path).await.assert_status(200).json()["stories"], json!([]), "{path}");
        }
    }
    let post = json!({ "storyId": novel.story, "title": "Psst", "content": "I know." });
    ana.post("/community/api/posts", post).await.assert_refused(404, "not_found", None);
}

#[tokio::test]
async fn a_draft_chapter_of_a_published_story_is_hidden() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.novel("Salt").await;
    let new = json!({ "title": "Two" });
    let draft = ana.create(&format!("/studio/api/story/{}/chapters", novel.story), new, "chapter").await;

    app.visitor().get(&format!("/novels/api/chapters/{draft}")).await.assert_refused(404, "not_found", None);
    let contents = app.visitor().get(&format!("/novels/api/story/{}", novel.story)).await.json();
    assert_eq!(contents["chapters"].as_array().unwrap().len(), 1);
    let chapter = app.visitor().get(&format!("/novels/api/chapters/{}", novel.chapter)).await.json();
    assert_eq!(chapter["next"], Value::Null);
}

#[tokio::test]
async fn asking_for_a_draft_before_it_is_published_hides_nothing_afterwards() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.draft("Salt").await;
    let paths = [format!("/novels/api/story/{}", novel.story), format!("/novels/api/chapters/{}", novel.chapter)];
    for path in &paths {
        app.visitor().get(path).await.assert_status(404);
    }

    ana.put(&format!("/studio/api/story/{}/publication", novel.story)).await.assert_status(200);

    for path in &paths {
        app.visitor().get(path).await.assert_status(200);
    }
}
