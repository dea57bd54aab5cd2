//! Pages, server functions and files: what HTTP says around them. What is on the pages is tested in `end2end`.

use std::fs;

use http::Method;
use leptos::server_fn::axum::server_fn_paths;
use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn a_page_is_html_and_kept_by_nobody() {
    let app = TestApp::start().await;

    let answer = app.visitor().get("/novels").await.assert_status(200);

    assert!(answer.header("content-type").unwrap().starts_with("text/html"));
    assert!(answer.text().contains("<!DOCTYPE html>"));
    answer.assert_cache_control("no-store");
}

#[tokio::test]
async fn a_page_of_the_studio_is_private() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;

    ana.get("/studio").await.assert_status(200).assert_cache_control("private, no-store");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_that_are_rendered_side_by_side_share_nothing() {
    let app = TestApp::start().await;
    let (ana, ben, visitor) = (app.sign_in("ana").await, app.sign_in("ben").await, app.visitor());
    ana.draft("The Lighthouse").await;
    ben.draft("The Foghorn").await;
    let (mine, theirs) = ("The Lighthouse", "The Foghorn");

    for _ in 0..20 {
        let (anas, bens, visitors) = tokio::join!(ana.get("/studio"), ben.get("/studio"), visitor.get("/novels"));
        let [anas, bens, visitors] = [anas, bens, visitors].map(|page| page.assert_status(200).text());

        assert!(anas.contains(mine) && !anas.contains(theirs));
        assert!(bens.contains(theirs) && !bens.contains(mine));
        assert!(!visitors.contains(mine) && !visitors.contains(theirs));
    }
}

#[tokio::test]
async fn a_page_allows_only_the_scripts_it_came_with() {
    let app = TestApp::start().await;

    let answer = app.visitor().get("/novels").await;

    let policy = answer.header("content-security-policy").unwrap();
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce");
    assert!(answer.text().contains(nonce));
    assert!(!policy.contains("'unsafe-inline'") && !policy.contains("'unsafe-eval'"), "{policy}");
}

#[tokio::test]
async fn what_is_neither_page_nor_file_says_so_with_a_page() {
    let app = TestApp::start().await;

    for path in ["/nowhere", "/novels/g6Jy-EoFLW_TuyxHVjIci", "/novels/x/y/z", "/pkg/nothing.js"] {
        let answer = app.visitor().get(path).await.assert_status(404).assert_cache_control("no-store");
        assert!(answer.text().contains("<!DOCTYPE html>"), "{path}");
    }
}

#[tokio::test]
async fn every_answer_is_guarded_against_misuse() {
    let app = TestApp::start().await;

    for path in ["/novels", "/novels/api/stories", "/nowhere", "/api/nowhere", "/healthz"] {
        let answer = app.visitor().get(path).await;
        let answer = answer.assert_header("x-content-type-options", "nosniff").assert_header("x-frame-options", "DENY");
        assert!(answer.header("referrer-policy").is_some(), "{path}");
        assert!(answer.header("x-request-id").is_some(), "{path}");
    }
}

#[test]
fn server_functions_are_posted_to_one_place() {
    let strays: Vec<_> =
        server_fn_paths().filter(|(path, method)| *method != Method::POST || !path.starts_with("/api/fn/")).collect();

    assert!(strays.is_empty(), "{strays:?}");
}

#[tokio::test]
async fn no_server_function_answers_another_site_or_a_get() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    assert!(server_fn_paths().count() > 0);

    for (path, _) in server_fn_paths() {
        let answer = ana.send_json(Method::POST, path, &[("sec-fetch-site", "cross-site")], json!({})).await;
        answer.assert_refused(403, "forbidden", None);
        ana.get(path).await.assert_refused(405, "method_not_allowed", None);
    }
}

#[tokio::test]
async fn files_are_asked_about_before_each_use() {
    let app = TestApp::start().await;
    fs::create_dir(app.site().join("pkg")).unwrap();
    fs::write(app.site().join("pkg/fictures_bg.wasm"), b"\0asm").unwrap();
    fs::write(app.site().join("pkg/fictures_bg.wasm.br"), b"compressed").unwrap();

    let plain = app.visitor().get("/pkg/fictures_bg.wasm").await.assert_status(200);
    let plain = plain.assert_header("content-type", "application/wasm");
    let plain = plain.assert_cache_control("public, max-age=0, must-revalidate");
    let modified = plain.header("last-modified").unwrap();
    let brotli = app.visitor().get_with("/pkg/fictures_bg.wasm", &[("accept-encoding", "br")]).await.assert_status(200);
    assert_eq!(brotli.assert_header("content-encoding", "br").text(), "compressed");
    let known = app.visitor().get_with("/pkg/fictures_bg.wasm", &[("if-modified-since", &modified)]).await;
    known.assert_status(304).assert_cache_control("public, max-age=0, must-revalidate");
}

#[tokio::test]
async fn files_of_a_release_are_kept_for_ever_and_pages_ask_for_them() {
    let site = tempfile::tempdir().unwrap();
    fs::create_dir_all(site.path().join("pkg/00ff")).unwrap();
    fs::write(site.path().join("pkg/release"), "00ff\n").unwrap();
    fs::write(site.path().join("pkg/00ff/fictures.css"), "p {}").unwrap();
    fs::write(site.path().join("robots.txt"), "").unwrap();
    let app = TestApp::start_with(&[&format!("--site-root={}", site.path().display())]).await;

    let page = app.visitor().get("/novels").await.assert_status(200).text();
    for name in ["fictures.css", "fictures.js", "fictures_bg.wasm"] {
        assert!(page.contains(&format!("/pkg/00ff/{name}\"")), "{name}");
    }
    assert!(!page.contains("\"/pkg/fictures"), "{page}");
    let file = app.visitor().get("/pkg/00ff/fictures.css").await.assert_status(200);
    file.assert_cache_control("public, max-age=31536000, immutable");
    app.visitor().get("/pkg/00ff/gone.wasm").await.assert_status(404).assert_cache_control("no-store");
    app.visitor().get("/pkg/0000/fictures.css").await.assert_status(404).assert_cache_control("no-store");
    let other = app.visitor().get("/robots.txt").await.assert_status(200);
    other.assert_cache_control("public, max-age=0, must-revalidate");
}

#[tokio::test]
async fn no_path_leads_out_of_the_site() {
    let app = TestApp::start().await;

    for path in ["/../fictures.db", "/pkg/../../fictures.db", "/%2e%2e/fictures.db", "//etc/passwd", "/pkg/..%2f..%2fx"]
    {
        app.visitor().get(path).await.assert_status(404);
    }
}

#[tokio::test]
async fn the_server_says_that_it_is_alive_and_ready() {
    let app = TestApp::start().await;

    assert_eq!(app.visitor().get("/healthz").await.assert_status(200).json(), json!({ "status": "ok" }));
    assert_eq!(app.visitor().get("/readyz").await.assert_status(200).json(), json!({ "status": "ready" }));
}
