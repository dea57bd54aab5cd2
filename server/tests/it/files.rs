//! Export and import, as clients meet them.

use http::Method;
use serde_json::{Value, json};

use crate::support::{Novel, Person, TestApp};

const IMPORT: &str = "/studio/api/stories/import";

async fn drafted() -> (TestApp, Person, Novel) {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.draft("Salt/Ærø").await;
    (app, ana, novel)
}

#[tokio::test]
async fn each_form_says_what_it_is_and_how_to_call_it() {
    let (_app, ana, novel) = drafted().await;
    let path = format!("/studio/api/story/{}/export", novel.story);

    for (query, kind, extension) in [
        ("", "text/markdown; charset=utf-8", "md"),
        ("?format=markdown", "text/markdown; charset=utf-8", "md"),
        ("?format=html", "text/html; charset=utf-8", "html"),
        ("?format=txt", "text/plain; charset=utf-8", "txt"),
        ("?format=epub", "application/epub+zip", "epub"),
        ("?format=json", "application/json", "json"),
    ] {
        let answer = ana.get(&format!("{path}{query}")).await.assert_status(200);
        let name =
            format!("attachment; filename=\"Salt-_r_.{extension}\"; filename*=UTF-8''Salt-%C3%86r%C3%B8.{extension}");
        answer
            .assert_header("content-type", kind)
            .assert_header("content-disposition", &name)
            .assert_cache_control("private, no-store")
            .assert_invalidates_nothing();
    }
    ana.get(&format!("{path}?format=docx")).await.assert_refused(400, "malformed", Some("format"));
}

#[tokio::test]
async fn an_export_is_a_legal_import_as_it_is() {
    let (_app, ana, novel) = drafted().await;
    let document = ana.get(&format!("/studio/api/story/{}/export?format=json", novel.story)).await.json();
    assert_eq!((&document["format"], &document["story"]["title"]), (&json!("json"), &json!("Salt/Ærø")));
    assert_eq!(document["chapters"][0]["scenes"][0]["content"], "The lamp was still burning.");

    let answer = ana.post(IMPORT, document).await.assert_status(201);

    let body = answer.json();
    let story = body["story"]["id"].as_str().expect("an id").to_owned();
    assert_ne!(story, novel.story);
    assert_eq!((&body["story"]["status"], &body["warnings"]), (&json!("writing"), &json!([])));
    let tags = [format!("story:{story}"), format!("user:{}:stories", ana.id), "stories:published".to_owned()];
    let location = format!("/studio/api/story/{story}");
    answer.assert_header("location", &location).assert_invalidates("writing,reading,browse", &tags);
    assert_eq!(ana.get(&location).await.json()["story"], body["story"]);
    let outline = ana.get(&format!("{location}/chapters")).await.json();
    assert_eq!(outline["chapters"][0]["scenes"][0]["title"], "Dawn");
}

#[tokio::test]
async fn what_is_not_understood_is_listed() {
    let (_app, ana, _) = drafted().await;

    let text = "# Iron\n\n## One\n\n###### Deep\n";
    let body = ana.post(IMPORT, json!({ "format": "markdown", "text": text })).await.assert_status(201).json();

    assert_eq!(body["story"]["title"], "Iron");
    assert_eq!(body["warnings"], json!([{ "line": 5, "message": "A heading of this level is kept as text." }]));
}

#[tokio::test]
async fn an_import_that_says_too_little_or_too_much_is_refused() {
    let (app, ana, _) = drafted().await;

    for (body, field) in [
        (json!({ "text": "# Salt" }), "format"),
        (json!({ "format": "docx", "text": "" }), "format"),
        (json!({ "format": "txt" }), "text"),
        (json!({ "format": "txt", "text": 1 }), "text"),
        (json!({ "format": "json" }), "story"),
        (json!({ "format": "json", "text": "[]" }), "text"),
        (json!({ "format": "txt", "text": "a", "title": "" }), "title"),
        (json!({ "format": "txt", "text": "a", "colour": "red" }), "colour"),
        (json!({ "format": "json", "story": { "title": "a" }, "chapters": [{}] }), "chapters[0].title"),
    ] {
        ana.post(IMPORT, body).await.assert_refused(422, "invalid", Some(field)).assert_invalidates_nothing();
    }
    assert_eq!(ana.get("/studio/api/stories").await.json()["stories"].as_array().map(Vec::len), Some(1));
    let large = json!({ "format": "txt", "text": "x".repeat(9 * 1024 * 1024) });
    ana.post(IMPORT, large).await.assert_refused(413, "too_large", None);
    let form = ana.send(Method::POST, IMPORT, &[("content-type", "text/markdown")], "# Salt".into()).await;
    form.assert_refused(415, "unsupported_media_type", None);
    app.sign_in_reader("noor").await.post(IMPORT, Value::Null).await.assert_refused(403, "forbidden", None);
    app.visitor().post(IMPORT, Value::Null).await.assert_refused(401, "unauthorized", None);
}
