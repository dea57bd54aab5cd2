//! What is not as it should be is refused with the right status, in words, and changes nothing.

use axum::body::Body;
use http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Novel, Person, TestApp};

async fn drafted() -> (TestApp, Person, Novel) {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.draft("Salt").await;
    (app, ana, novel)
}

async fn raw(person: &Person, method: Method, path: &str, kind: &str, body: impl Into<Body>) -> Answer {
    person.send(method, path, &[("content-type", kind)], body.into()).await
}

#[tokio::test]
async fn text_that_is_no_json_is_malformed() {
    let (_app, ana, _) = drafted().await;

    for body in ["", "{", "title=Salt", "{\"title\":\"Salt\"} trailing", "{\"title\":\"\u{0}\"}", "\u{feff}{}"] {
        let answer = raw(&ana, Method::POST, "/studio/api/stories", "application/json", body).await;
        answer.assert_refused(400, "malformed", None);
    }
    let latin_1 = b"{\"title\":\"caf\xe9\"}".to_vec();
    let answer = raw(&ana, Method::POST, "/studio/api/stories", "application/json", latin_1).await;
    answer.assert_refused(400, "malformed", None);
}

#[tokio::test]
async fn a_body_that_is_not_json_by_its_own_word_is_another_media_type() {
    let (_app, ana, _) = drafted().await;
    let body = r#"{"title":"Salt"}"#;

    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""] {
        let answer = raw(&ana, Method::POST, "/studio/api/stories", kind, body).await;
        answer.assert_refused(415, "unsupported_media_type", None);
    }
    for kind in ["application/json; charset=utf-8", "Application/JSON", "application/merge-patch+json"] {
        raw(&ana, Method::POST, "/studio/api/stories", kind, body).await.assert_status(201);
    }
}

#[tokio::test]
async fn the_field_to_blame_is_named() {
    let (_app, ana, novel) = drafted().await;
    let scene = format!("/studio/api/scenes/{}", novel.scene);

    for (body, field) in [
        (json!({ "title": "Dusk", "colour": "red", "version": 1 }), "colour"),
        (json!({ "title": 5, "version": 1 }), "title"),
        (json!({ "title": "Dusk", "version": "1" }), "version"),
        (json!({ "title": "Dusk", "version": 1.5 }), "version"),
        (json!({ "status": "lost", "version": 1 }), "status"),
        (json!({ "title": "  ", "version": 1 }), "title"),
        (json!({ "title": "a".repeat(256), "version": 1 }), "title"),
        (json!({ "title": "a\u{0}b", "version": 1 }), "title"),
        (json!({ "content": "a\u{7}b", "version": 1 }), "content"),
        (json!({ "content": "a".repeat(510_001), "version": 1 }), "content"),
        (json!({ "summary": "a".repeat(5_001), "version": 1 }), "summary"),
    ] {
        ana.patch(&scene, body).await.assert_refused(422, "invalid", Some(field));
    }
    ana.post("/studio/api/stories", json!({ "summary": "…" })).await.assert_refused(422, "invalid", Some("title"));
    for body in [json!([]), json!("Salt"), json!(["Salt"]), Value::Null] {
        ana.post("/studio/api/stories", body).await.assert_refused(422, "invalid", None);
    }
}

#[tokio::test]
async fn the_field_of_a_character_or_a_place_to_blame_is_named() {
    let (_app, ana, novel) = drafted().await;
    for (kind, bad) in [
        ("character", vec![("role", json!("hero")), ("colour", json!("red")), ("traits", json!("brave"))]),
        ("setting", vec![("senses", json!(["a"; 1].repeat(51))), ("details", json!([1])), ("mood", json!(null))]),
    ] {
        let list = format!("/studio/api/story/{}/{kind}s", novel.story);
        let path = format!("/studio/api/{kind}s/{}", ana.create(&list, json!({ "name": "Ines" }), kind).await);
        let common = [("name", json!(" ")), ("summary", json!("a".repeat(5_001))), ("shoes", json!("red"))];
        for (field, value) in common.into_iter().chain(bad).filter(|(_, value)| !value.is_null()) {
            let edit = json!({ field: value, "version": 1 });
            let blamed = if field == "details" { "details[0]" } else { field };
            ana.patch(&path, edit).await.assert_refused(422, "invalid", Some(blamed));
        }
        ana.patch(&path, json!({ "name": "Abel" })).await.assert_refused(428, "version_required", Some("version"));
        let late = ana.patch(&path, json!({ "name": "Abel", "version": 7 })).await;
        assert_eq!(late.assert_refused(409, "version_conflict", None).json()["current"]["name"], "Ines");
        ana.post(&list, json!({})).await.assert_refused(422, "invalid", Some("name"));
        assert_eq!(ana.get(&list).await.json()[format!("{kind}s")].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn the_longest_text_of_the_widest_letters_is_accepted() {
    let (_app, ana, novel) = drafted().await;
    let escaped = "\\ud83d\\udd25".repeat(510_000);
    let body = format!("{{\"content\":\"{escaped}\",\"version\":1}}");

    let answer =
        raw(&ana, Method::PATCH, &format!("/studio/api/scenes/{}", novel.scene), "application/json", body).await;

    answer.assert_status(200);
}

#[tokio::test]
async fn a_body_beyond_all_measure_is_too_large() {
    let (_app, ana, novel) = drafted().await;
    let scene = format!("/studio/api/scenes/{}", novel.scene);
    let huge = format!("{{\"content\":\"{}\",\"version\":1}}", "a".repeat(20 * 1024 * 1024));

    let answer = raw(&ana, Method::PATCH, &scene, "application/json", huge.clone()).await;
    answer.assert_refused(413, "too_large", None);
    let announced = [("content-type", "application/json"), ("content-length", &huge.len().to_string())];
    let answer = ana.send(Method::PATCH, &scene, &announced, huge.into()).await;
    answer.assert_refused(413, "too_large", None);
    let long = json!({ "title": "a".repeat(300_000) });
    ana.post("/studio/api/stories", long).await.assert_refused(413, "too_large", None);
}

#[tokio::test]
async fn an_edit_of_an_old_version_gets_the_stored_one_and_changes_nothing() {
    let (_app, ana, novel) = drafted().await;
    let path = format!("/studio/api/scenes/{}", novel.scene);
    ana.patch(&path, json!({ "content": "Mine.", "version": 1 })).await.assert_status(200);
    let stored = ana.get(&path).await.json()["scene"].clone();

    for version in [1, 3, 0, -1] {
        let answer = ana.patch(&path, json!({ "content": "Theirs.", "version": version })).await;
        let answer = answer.assert_refused(409, "version_conflict", None);
        assert_eq!(answer.json()["current"], stored);
    }

    assert_eq!(ana.get(&path).await.json()["scene"], stored);
}

#[tokio::test]
async fn an_edit_must_name_its_version() {
    let (_app, ana, novel) = drafted().await;
    let [scene, story] = [format!("scenes/{}", novel.scene), format!("story/{}/write", novel.story)];

    for path in [scene, story, format!("chapters/{}", novel.chapter)] {
        let answer = ana.patch(&format!("/studio/api/{path}"), json!({ "title": "Dusk" })).await;
        answer.assert_refused(428, "version_required", Some("version"));
    }
}

#[tokio::test]
async fn body_and_header_must_name_the_same_version() {
    let (_app, ana, novel) = drafted().await;
    let path = format!("/studio/api/scenes/{}", novel.scene);
    let edit = json!({ "title": "Dusk", "version": 1 });

    for tag in ["\"v2\"", "\"etag\"", "\"v1\", \"v2\""] {
        let answer = ana.send_json(Method::PATCH, &path, &[("if-match", tag)], edit.clone()).await;
        answer.assert_refused(422, "invalid", Some("version"));
    }
    ana.send_json(Method::PATCH, &path, &[("if-match", "\"v1\"")], edit).await.assert_status(200);
}

#[tokio::test]
async fn without_a_session_the_studio_is_closed_whatever_is_sent() {
    let app = TestApp::start().await;
    let visitor = app.visitor();

    visitor.get("/studio/api/stories").await.assert_refused(401, "unauthorized", None);
    visitor.get("/studio/api/scenes/nonsense").await.assert_refused(401, "unauthorized", None);
    let answer = raw(&visitor, Method::POST, "/studio/api/stories", "text/plain", "{").await;
    answer.assert_refused(401, "unauthorized", None);
}

#[tokio::test]
async fn a_path_that_holds_no_id_names_nothing() {
    let (app, ana, _) = drafted().await;

    for id in ["x", "%00", "%ff", "..", "g6Jy%2FEoFLW_TuyxHVjIci", "💥", &"a".repeat(10_000)] {
        let id = if id.is_ascii() { id.to_owned() } else { "%F0%9F%92%A5".to_owned() };
        ana.get(&format!("/studio/api/scenes/{id}")).await.assert_refused(404, "not_found", None);
        app.visitor().get(&format!("/novels/api/story/{id}")).await.assert_refused(404, "not_found", None);
        app.visitor().get(&format!("/community/api/posts/{id}")).await.assert_refused(404, "not_found", None);
    }
}

#[tokio::test]
async fn an_address_beyond_all_measure_is_refused() {
    let app = TestApp::start().await;

    let answer = app.visitor().get(&format!("/novels/api/story/{}", "a".repeat(20_000))).await;

    answer.assert_refused(414, "too_large", None);
}

#[tokio::test]
async fn unknown_routes_of_the_api_answer_in_json() {
    let app = TestApp::start().await;
    let visitor = app.visitor();

    for path in
        ["/api/nowhere", "/api/fn/nowhere", "/studio/api/no/where", "/novels/api/no", "/community/api/no/where/at/all"]
    {
        visitor.get(path).await.assert_refused(404, "not_found", None);
        visitor.post(path, json!({})).await.assert_refused(404, "not_found", None);
    }
}

#[tokio::test]
async fn a_method_that_a_path_does_not_take_is_answered_with_those_it_does() {
    let app = TestApp::start().await;

    let answer = app.visitor().delete("/novels/api/stories").await;
    let answer = answer.assert_refused(405, "method_not_allowed", None);
    assert_eq!(answer.header("allow").as_deref(), Some("GET,HEAD"));
    let answer = app.visitor().get("/api/auth/login").await.assert_refused(405, "method_not_allowed", None);
    assert_eq!(answer.header("allow").as_deref(), Some("POST"));
}

#[tokio::test]
async fn a_write_from_another_site_is_refused_through_every_door() {
    let (_app, ana, novel) = drafted().await;
    let scene = format!("/studio/api/scenes/{}", novel.scene);
    let edit = json!({ "title": "Dusk", "version": 1 });

    for headers in [
        [("sec-fetch-site", "cross-site")],
        [("sec-fetch-site", "same-site")],
        [("origin", "https://elsewhere.test")],
        [("origin", "null")],
    ] {
        for path in [scene.as_str(), "/api/auth/login", "/api/fn/nowhere", "/nowhere"] {
            let answer = ana.send_json(Method::PATCH, path, &headers, edit.clone()).await;
            answer.assert_refused(403, "forbidden", None).assert_invalidates_nothing();
        }
    }
    for headers in
        [[("sec-fetch-site", "same-origin")], [("sec-fetch-site", "none")], [("origin", "http://fictures.test")]]
    {
        let version = ana.get(&scene).await.json()["scene"]["version"].clone();
        let edit = json!({ "title": format!("Dusk {version}"), "version": version });
        ana.send_json(Method::PATCH, &scene, &headers, edit).await.assert_status(200);
    }
}

#[tokio::test]
async fn a_link_from_another_site_may_be_followed() {
    let app = TestApp::start().await;

    let headers = [("sec-fetch-site", "cross-site"), ("origin", "https://elsewhere.test")];

    app.visitor().get_with("/novels/api/stories", &headers).await.assert_status(200);
}

#[tokio::test]
async fn a_chapter_cannot_move_into_another_story() {
    let (_app, ana, novel) = drafted().await;
    let other = ana.draft("Iron").await;

    let to = json!({ "chapterId": other.chapter, "index": 0 });
    let answer = ana.post(&format!("/studio/api/scenes/{}/move", novel.scene), to).await;

    answer.assert_refused(422, "invalid", Some("chapterId"));
}

#[tokio::test]
async fn no_error_shows_what_is_behind_it() {
    let (_app, ana, _) = drafted().await;

    for path in ["/studio/api/scenes/'%20OR%201=1", "/novels/api/stories?q=%27%3B--", "/novels/api/stories?after=AAAA"]
    {
        let text = ana.get(path).await.text().to_lowercase();
        for word in ["select", "sqlite", "sqlx", "sea_orm", "panicked", ".rs"] {
            assert!(!text.contains(word), "{path}: {text}");
        }
    }
}
