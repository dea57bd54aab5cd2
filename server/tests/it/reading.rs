//! What readers see: published text, and nothing else.

use serde_json::{Value, json};

use crate::support::TestApp;

#[tokio::test]
async fn a_published_story_is_on_the_list_and_can_be_read() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.novel("Salt").await;
    let reader = app.visitor();

    let listed = reader.get("/novels/api/stories").await.assert_status(200).json();
    assert_eq!((&listed["stories"][0]["title"], &listed["next"]), (&json!("Salt"), &Value::Null));
    assert_eq!(listed["stories"][0]["author"]["username"], "ana");
    let contents = reader.get(&format!("/novels/api/story/{}", novel.story)).await.assert_status(200).json();
    assert_eq!(contents["chapters"], json!([{ "id": novel.chapter, "title": "One", "wordCount": 5 }]));
    let chapter = reader.get(&format!("/novels/api/chapters/{}", novel.chapter)).await.assert_status(200).json();
    assert!(chapter["scenes"][0]["html"].as_str().unwrap().contains("The lamp was still burning."));
    assert_eq!((&chapter["previous"], &chapter["next"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn a_member_finds_the_place_where_they_stopped() {
    let app = TestApp::start().await;
    let novel = app.sign_in("ana").await.novel("Salt").await;
    let noor = app.sign_in_reader("noor").await;
    let path = format!("/novels/api/story/{}/progress", novel.story);
    let put = async |body: Value| noor.send_json(http::Method::PUT, &path, &[], body).await;

    assert_eq!(noor.get(&path).await.assert_status(200).json(), json!({ "progress": null }));
    let kept = put(json!({ "chapterId": novel.chapter, "sceneId": novel.scene })).await.assert_status(200).json();
    assert_eq!(
        (&kept["progress"]["chapterId"], &kept["progress"]["sceneId"]),
        (&json!(novel.chapter), &json!(novel.scene))
    );
    assert_eq!(kept["progress"]["furthest"]["sceneId"], json!(novel.scene));
    assert_eq!(noor.get(&path).await.json(), kept);

    put(json!({})).await.assert_refused(422, "invalid", Some("chapterId"));
    put(json!({ "chapterId": novel.scene })).await.assert_refused(422, "invalid", Some("chapterId"));
    put(json!({ "chapterId": novel.chapter, "percent": 5 })).await.assert_refused(422, "invalid", Some("percent"));
    app.visitor().get(&path).await.assert_refused(401, "unauthorized", None);
    noor.get(&format!("/novels/api/story/{}/progress", novel.chapter)).await.assert_refused(404, "not_found", None);
}

#[tokio::test]
async fn readers_see_the_last_publication_never_a_half_typed_sentence() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.novel("Salt").await;
    let path = format!("/novels/api/chapters/{}", novel.chapter);
    let published = app.visitor().get(&path).await.json();

    let edit = json!({ "title": "Dusk", "content": "The lamp wa", "version": 1 });
    ana.patch(&format!("/studio/api/scenes/{}", novel.scene), edit).await.assert_status(200);
    assert_eq!(app.visitor().get(&path).await.json(), published);

    ana.put(&format!("/studio/api/chapters/{}/publication", novel.chapter)).await.assert_status(200);
    let now = app.visitor().get(&path).await.json();
    assert_eq!(now["scenes"][0]["title"], "Dusk");
    assert!(now["scenes"][0]["html"].as_str().unwrap().contains("The lamp wa"));
}

#[tokio::test]
async fn what_goes_to_the_trash_leaves_readers_at_once() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.novel("Salt").await;
    let reader = app.visitor();
    let path = format!("/novels/api/chapters/{}", novel.chapter);
    assert_eq!(reader.get(&path).await.json()["scenes"].as_array().unwrap().len(), 1);

    ana.delete(&format!("/studio/api/scenes/{}", novel.scene)).await.assert_status(200);
    assert_eq!(reader.get(&path).await.json()["scenes"], json!([]));
    ana.delete(&format!("/studio/api/story/{}", novel.story)).await.assert_status(200);
    reader.get(&path).await.assert_refused(404, "not_found", None);
    assert_eq!(reader.get("/novels/api/stories").await.json()["stories"], json!([]));
}

#[tokio::test]
async fn the_list_is_filtered_searched_and_paged() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    for title in ["Salt", "Iron", "Rope"] {
        ana.novel(title).await;
    }
    let reader = app.visitor();
    let titles = async |query: &str| {
        let answer = reader.get(&format!("/novels/api/stories{query}")).await.assert_status(200).json();
        let titles: Vec<_> = answer["stories"].as_array().unwrap().iter().map(|story| story["title"].clone()).collect();
        (titles, answer["next"].as_str().map(str::to_owned))
    };

    assert_eq!(titles("?q=iro").await.0, ["Iron"]);
    assert!(titles("?genre=mystery").await.0.is_empty());
    assert_eq!(titles("?q=&genre=&sort=popular&after=&unheard=of").await.0.len(), 3);
    let (first, next) = titles("?limit=2").await;
    let (second, end) = titles(&format!("?limit=2&after={}", next.unwrap())).await;
    assert_eq!((first.len(), second.len(), end), (2, 1, None));
    assert!(!first.contains(&second[0]));
}

#[tokio::test]
async fn a_query_that_cannot_be_read_is_malformed() {
    let app = TestApp::start().await;
    let reader = app.visitor();

    for (query, field) in [
        ("limit=many", Some("limit")),
        ("limit=0", Some("limit")),
        ("limit=-1", Some("limit")),
        ("sort=best", Some("sort")),
        ("after=%20", Some("after")),
        ("after=nonsense", Some("after")),
        ("sort=latest&sort=popular", None),
    ] {
        let answer = reader.get(&format!("/novels/api/stories?{query}")).await;
        answer.assert_refused(400, "malformed", field);
    }
    reader.get(&format!("/novels/api/stories?q={}", "a".repeat(101))).await.assert_refused(400, "malformed", Some("q"));
}

#[tokio::test]
async fn a_limit_above_a_hundred_means_a_hundred() {
    let app = TestApp::start().await;

    app.visitor().get("/novels/api/stories?limit=99999999999999999999").await.assert_status(200);
}
