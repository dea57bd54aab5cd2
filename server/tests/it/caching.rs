//! What every route says about being kept: one short test each, then what all cached reads have in common.

use domain::user::Role;
use http::Method;
use serde_json::json;

use crate::support::{Novel, Person, TestApp};

const PUBLIC: &str = "public, max-age=0, must-revalidate";
const PERSONAL: &str = "private, max-age=0, must-revalidate";
const PRIVATE: &str = "private, no-store";
const NONE: &str = "no-store";

async fn published() -> (TestApp, Person, Novel) {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.novel("Salt").await;
    (app, ana, novel)
}

/// A cached read: the second one is a hit with the same tag, and whoever has it gets no body.
async fn assert_cached(person: &Person, path: &str, control: &str) {
    let first = person.get(path).await.assert_status(200).assert_cache_control(control);
    assert!(matches!(first.header("x-cache-status").as_deref(), Some("MISS" | "HIT")), "{path}");
    let tag = first.header("etag").unwrap_or_else(|| panic!("{path}: no tag"));
    assert!(tag.starts_with('"'), "{path}: a weak tag: {tag}");

    let second = person.get(path).await.assert_status(200).assert_header("x-cache-status", "HIT");
    let second = second.assert_header("cache-status", "fictures; hit").assert_header("etag", &tag);
    assert_eq!(second.body, first.body);
    assert!(second.header("x-cache-clock").is_some(), "{path}");

    let third =
        person.get_with(path, &[("if-none-match", &tag)]).await.assert_status(304).assert_cache_control(control);
    let third = third.assert_header("etag", &tag).assert_header("x-cache-status", "HIT");
    assert!(third.body.is_empty() && third.header("x-cache-clock").is_some() && third.header("vary").is_some());
}

#[tokio::test]
async fn the_shelf_is_private() {
    let (_app, ana, _) = published().await;
    assert_cached(&ana, "/studio/api/stories", PRIVATE).await;
}

#[tokio::test]
async fn a_story_in_the_studio_is_private() {
    let (_app, ana, novel) = published().await;
    assert_cached(&ana, &format!("/studio/api/story/{}", novel.story), PRIVATE).await;
}

#[tokio::test]
async fn an_outline_is_private() {
    let (_app, ana, novel) = published().await;
    assert_cached(&ana, &format!("/studio/api/story/{}/chapters", novel.story), PRIVATE).await;
}

#[tokio::test]
async fn a_chapter_in_the_studio_is_private() {
    let (_app, ana, novel) = published().await;
    assert_cached(&ana, &format!("/studio/api/chapters/{}", novel.chapter), PRIVATE).await;
}

#[tokio::test]
async fn the_scenes_of_a_chapter_are_private() {
    let (_app, ana, novel) = published().await;
    assert_cached(&ana, &format!("/studio/api/chapters/{}/scenes", novel.chapter), PRIVATE).await;
}

#[tokio::test]
async fn a_scene_is_private() {
    let (_app, ana, novel) = published().await;
    assert_cached(&ana, &format!("/studio/api/scenes/{}", novel.scene), PRIVATE).await;
}

#[tokio::test]
async fn characters_and_places_are_private() {
    let (_app, ana, novel) = published().await;
    for kind in ["character", "setting"] {
        let list = format!("/studio/api/story/{}/{kind}s", novel.story);
        let id = ana.create(&list, json!({ "name": "Ines" }), kind).await;
        assert_cached(&ana, &list, PRIVATE).await;
        assert_cached(&ana, &format!("/studio/api/{kind}s/{id}"), PRIVATE).await;
    }
}

#[tokio::test]
async fn progress_is_personal() {
    let (_app, ana, novel) = published().await;
    assert_cached(&ana, &format!("/novels/api/story/{}/progress", novel.story), PERSONAL).await;
}

#[tokio::test]
async fn revisions_are_private_and_not_cached() {
    let (_app, ana, novel) = published().await;
    let answer = ana.get(&format!("/studio/api/scenes/{}/revisions", novel.scene)).await;
    assert_eq!(answer.assert_cache_control(PRIVATE).header("x-cache-status"), None);
}

#[tokio::test]
async fn the_novels_are_public() {
    let (app, ..) = published().await;
    assert_cached(&app.visitor(), "/novels/api/stories", PUBLIC).await;
}

#[tokio::test]
async fn popular_novels_are_public() {
    let (app, ..) = published().await;
    assert_cached(&app.visitor(), "/novels/api/stories?sort=popular&limit=5", PUBLIC).await;
}

#[tokio::test]
async fn whoever_asks_for_no_cache_is_answered_by_the_database() {
    let (app, ..) = published().await;
    let path = "/novels/api/stories";
    assert_cached(&app.visitor(), path, PUBLIC).await;

    for directives in ["no-cache", "max-age=0, No-Cache"] {
        let answer = app.visitor().get_with(path, &[("cache-control", directives)]).await.assert_status(200);
        answer.assert_header("x-cache-status", "BYPASS");
    }
    let answer = app.visitor().get_with(path, &[("cache-control", "max-age=0")]).await.assert_status(200);
    answer.assert_header("x-cache-status", "HIT");
}

#[tokio::test]
async fn a_search_passes_the_cache_by() {
    let (app, ..) = published().await;
    let answer = app.visitor().get("/novels/api/stories?q=salt").await.assert_status(200);
    answer.assert_header("x-cache-status", "BYPASS").assert_header("cache-status", "fictures; fwd=bypass");
}

#[tokio::test]
async fn a_novel_is_public() {
    let (app, _, novel) = published().await;
    assert_cached(&app.visitor(), &format!("/novels/api/story/{}", novel.story), PUBLIC).await;
}

#[tokio::test]
async fn a_chapter_is_public() {
    let (app, _, novel) = published().await;
    assert_cached(&app.visitor(), &format!("/novels/api/chapters/{}", novel.chapter), PUBLIC).await;
}

#[tokio::test]
async fn the_boards_are_public() {
    let (app, ..) = published().await;
    assert_cached(&app.visitor(), "/community/api/stories", PUBLIC).await;
}

#[tokio::test]
async fn the_feed_is_public_to_visitors_and_personal_to_members() {
    let (app, ana, _) = published().await;
    assert_cached(&app.visitor(), "/community/api/posts", PUBLIC).await;
    assert_cached(&ana, "/community/api/posts", PERSONAL).await;
}

#[tokio::test]
async fn a_board_is_public_to_visitors_and_personal_to_members() {
    let (app, ana, novel) = published().await;
    let path = format!("/community/api/posts?storyId={}", novel.story);
    assert_cached(&app.visitor(), &path, PUBLIC).await;
    assert_cached(&ana, &path, PERSONAL).await;
}

#[tokio::test]
async fn a_post_is_public_to_visitors_and_personal_to_members() {
    let (app, ana, novel) = published().await;
    let path = format!("/community/api/posts/{}", ana.add_post(&novel.story).await);
    assert_cached(&app.visitor(), &path, PUBLIC).await;
    assert_cached(&ana, &path, PERSONAL).await;
}

#[tokio::test]
async fn replies_are_public() {
    let (app, ana, novel) = published().await;
    let path = format!("/community/api/posts/{}/replies", ana.add_post(&novel.story).await);
    assert_cached(&app.visitor(), &path, PUBLIC).await;
}

#[tokio::test]
async fn what_has_no_policy_may_be_kept_by_nobody() {
    let (app, _, novel) = published().await;
    for path in ["/api/auth/session", "/healthz", "/readyz", "/novels/api/nowhere", "/api/nowhere"] {
        app.visitor().get(path).await.assert_cache_control(NONE);
    }
    app.visitor()
        .get(&format!("/studio/api/story/{}", novel.story))
        .await
        .assert_status(401)
        .assert_cache_control(PRIVATE);
}

#[tokio::test]
async fn the_cache_tools_are_private() {
    let app = TestApp::start().await;
    let dev = app.sign_in_as("dev", Role::Developer).await;
    dev.get("/studio/api/cache/keys").await.assert_status(200).assert_cache_control(PRIVATE);
}

#[tokio::test]
async fn a_write_may_be_kept_by_nobody() {
    let (_app, ana, novel) = published().await;
    let edit = json!({ "title": "Dusk", "version": 1 });
    ana.patch(&format!("/studio/api/scenes/{}", novel.scene), edit).await.assert_cache_control(PRIVATE);
    let post = ana.add_post(&novel.story).await;
    ana.post(&format!("/community/api/posts/{post}/like"), json!({})).await.assert_cache_control(NONE);
}

#[tokio::test]
async fn every_answer_varies_by_cookie() {
    let (app, ana, _) = published().await;
    for answer in [app.visitor().get("/novels/api/stories").await, ana.get("/studio/api/stories").await] {
        assert!(answer.header("vary").unwrap().split(", ").any(|word| word == "Cookie"));
    }
}

#[tokio::test]
async fn a_tag_is_recognised_in_a_list_weak_or_as_any() {
    let (app, ..) = published().await;
    let visitor = app.visitor();
    let tag = visitor.get("/novels/api/stories").await.header("etag").unwrap();

    for list in [format!("\"other\", {tag}"), format!("W/{tag}"), "*".to_owned()] {
        visitor.get_with("/novels/api/stories", &[("if-none-match", &list)]).await.assert_status(304);
    }
    visitor.get_with("/novels/api/stories", &[("if-none-match", "\"other\"")]).await.assert_status(200);
}

#[tokio::test]
async fn the_compressed_form_has_a_tag_of_its_own() {
    let (app, ana, _) = published().await;
    for title in ["Iron", "Rope"] {
        ana.novel(title).await;
    }
    let visitor = app.visitor();
    let plain = visitor.get("/novels/api/stories").await.header("etag").unwrap();

    let compressed = visitor.get_with("/novels/api/stories", &[("accept-encoding", "br")]).await;
    let compressed = compressed.assert_header("content-encoding", "br");
    let tag = compressed.header("etag").unwrap();
    assert_ne!(tag, plain);
    let known = [("accept-encoding", "br"), ("if-none-match", tag.as_str())];
    let known = visitor.get_with("/novels/api/stories", &known).await.assert_status(304);
    assert_eq!(known.assert_header("etag", &tag).header("content-encoding"), None);
}

#[tokio::test]
async fn the_tag_changes_when_the_answer_does() {
    let (_app, ana, novel) = published().await;
    let path = format!("/studio/api/scenes/{}", novel.scene);
    let before = ana.get(&path).await.header("etag").unwrap();

    ana.patch(&path, json!({ "title": "Dusk", "version": 1 })).await.assert_status(200);

    let after = ana.get_with(&path, &[("if-none-match", &before)]).await.assert_status(200);
    assert_ne!(after.header("etag").unwrap(), before);
}

#[tokio::test]
async fn a_head_says_what_a_get_would() {
    let (app, ..) = published().await;
    let head = app.visitor().send(Method::HEAD, "/novels/api/stories", &[], axum::body::Body::empty()).await;
    let head = head.assert_status(200).assert_cache_control(PUBLIC);
    assert!(head.body.is_empty() && head.header("etag").is_some());
}

#[tokio::test]
async fn an_answer_never_has_an_older_clock_than_the_write_before_it() {
    let (_app, ana, novel) = published().await;
    let path = format!("/studio/api/scenes/{}", novel.scene);
    let clock = |text: Option<String>| text.unwrap().parse::<domain::cache::Clock>().unwrap();

    let written = ana.patch(&path, json!({ "title": "Dusk", "version": 1 })).await.header("x-cache-clock");
    let read = ana.get(&path).await.header("x-cache-clock");

    assert!(clock(read) >= clock(written));
}
