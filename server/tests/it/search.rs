//! Search and replace, as clients meet them.

use serde_json::{Value, json};

use crate::support::{Novel, Person, TestApp};

async fn drafted() -> (TestApp, Person, Novel) {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.draft("Salt").await;
    (app, ana, novel)
}

async fn search(person: &Person, novel: &Novel, query: &str) -> Value {
    let path = format!("/studio/api/story/{}/search?{query}", novel.story);
    person.get(&path).await.assert_status(200).assert_cache_control("private, no-store").json()
}

#[tokio::test]
async fn hits_go_back_as_they_came() {
    let (_app, ana, novel) = drafted().await;
    let Novel { story, chapter, scene } = &novel;

    let found = search(&ana, &novel, "q=LAMP").await;
    let hit = json!({
        "sceneId": scene, "chapterId": chapter, "sceneTitle": "Dawn", "version": 1, "field": "content",
        "start": 4, "length": 4, "before": "The ", "match": "lamp", "after": " was still burning.",
    });
    assert_eq!(found, json!({ "hits": [hit], "truncated": false }));
    let wish = json!({ "query": "LAMP", "replacement": "light", "hits": found["hits"] });
    let answer = ana.post(&format!("/studio/api/story/{story}/replace"), wish.clone()).await.assert_status(200);

    let tags = [format!("scene:{scene}"), format!("chapter:{chapter}:scenes"), format!("story:{story}:chapters")];
    let body = answer.assert_invalidates("writing,reading", &tags).json();
    assert_eq!((&body["replaced"], body["scenes"].as_array().map(Vec::len)), (&json!(1), Some(1)));
    let now = ana.get(&format!("/studio/api/scenes/{scene}")).await.json();
    assert_eq!(body["scenes"][0], now["scene"]);
    assert_eq!(now["scene"]["content"], "The light was still burning.");
    let late = ana.post(&format!("/studio/api/story/{story}/replace"), wish).await;
    let late = late.assert_refused(409, "version_conflict", None).assert_invalidates_nothing();
    assert_eq!(late.json()["current"], now["scene"]);
}

#[tokio::test]
async fn capitals_words_and_expressions_are_switches() {
    let (_app, ana, novel) = drafted().await;

    for (query, count) in [
        ("q=the", 1),
        ("q=the&case=true", 0),
        ("q=the&case=false", 1),
        ("q=till", 1),
        ("q=till&word=true", 0),
        ("q=still&word=1", 1),
        ("q=l.mp", 0),
        ("q=l.mp&regex=true", 1),
        ("q=%20was%20", 1),
    ] {
        let hits = search(&ana, &novel, query).await["hits"].as_array().map(Vec::len);
        assert_eq!(hits, Some(count), "{query}");
    }
}

#[tokio::test]
async fn a_search_that_says_nothing_or_too_much_is_refused() {
    let (_app, ana, novel) = drafted().await;
    let path = format!("/studio/api/story/{}/search", novel.story);

    let long = format!("?q={}", "x".repeat(256));
    for query in ["", "?q=", &long, "?q=%00", "?q=(&regex=true", "?q=(%3F%3Da)&regex=true"] {
        ana.get(&format!("{path}{query}")).await.assert_refused(400, "malformed", Some("q"));
    }
    ana.get(&format!("{path}?q=a&regex=maybe")).await.assert_refused(400, "malformed", Some("regex"));
    ana.get(&format!("{path}?q=a&q=b")).await.assert_refused(400, "malformed", None);
}

#[tokio::test]
async fn a_replacement_is_checked_field_by_field() {
    let (_app, ana, novel) = drafted().await;
    let path = format!("/studio/api/story/{}/replace", novel.story);
    let hits = search(&ana, &novel, "q=lamp").await["hits"].clone();
    let with = |name: &str, value: Value| {
        let mut wish = json!({ "query": "lamp", "replacement": "light", "hits": hits });
        wish[name] = value;
        wish
    };
    let mut strange = hits.clone();
    strange[0]["colour"] = json!("red");
    let mut elsewhere = hits.clone();
    elsewhere[0]["start"] = json!(5);

    for (wish, field) in [
        (with("query", json!("")), "query"),
        (with("replacement", json!("x".repeat(5_001))), "replacement"),
        (with("replacement", json!("\u{1}")), "replacement"),
        (with("hits", json!([])), "hits"),
        (with("hits", elsewhere), "hits"),
        (with("hits", strange), "hits[0].colour"),
        (with("hits", json!([{}])), "hits[0].sceneId"),
        (with("everywhere", json!(true)), "everywhere"),
    ] {
        ana.post(&path, wish).await.assert_refused(422, "invalid", Some(field)).assert_invalidates_nothing();
    }
    let scene = ana.get(&format!("/studio/api/scenes/{}", novel.scene)).await.json();
    assert_eq!(scene["scene"]["version"], 1);
}
