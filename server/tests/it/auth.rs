//! Accounts and sessions.

use domain::user::Role;
use serde_json::{Value, json};

use crate::support::{PASSWORD, TestApp};

#[tokio::test]
async fn registering_signs_in_as_a_reader_unless_asked_otherwise() {
    let app = TestApp::start().await;
    let mut noor = app.visitor();
    let account = json!({ "username": "noor", "email": "noor@example.org", "password": PASSWORD });

    let answer = noor.post("/api/auth/register", account).await.assert_status(201);

    assert_eq!(answer.json()["user"]["role"], "reader");
    noor.keep_session(&answer);
    assert_eq!(noor.get("/api/auth/session").await.json()["user"]["username"], "noor");
}

#[tokio::test]
async fn nobody_makes_themselves_a_moderator() {
    let app = TestApp::start().await;
    let account = json!({ "username": "eve", "email": "eve@example.org", "password": PASSWORD, "role": "moderator" });

    let answer = app.visitor().post("/api/auth/register", account).await;

    answer.assert_refused(422, "invalid", Some("role"));
}

#[tokio::test]
async fn a_name_belongs_to_one_person() {
    let app = TestApp::start().await;
    app.sign_in("ana").await;
    let account = json!({ "username": "Ana", "email": "other@example.org", "password": PASSWORD });

    let answer = app.visitor().post("/api/auth/register", account).await;

    answer.assert_refused(409, "taken", Some("username"));
}

#[tokio::test]
async fn logging_in_works_by_name_and_by_address() {
    let app = TestApp::start().await;
    app.sign_in("ana").await;

    for name in ["ana", "ana@example.org"] {
        let answer = app.visitor().post("/api/auth/login", json!({ "username": name, "password": PASSWORD })).await;
        assert_eq!(answer.assert_status(200).json()["user"]["username"], "ana");
    }
}

#[tokio::test]
async fn a_failed_log_in_says_the_same_whatever_the_cause() {
    let app = TestApp::start().await;
    app.sign_in("ana").await;
    let try_as = async |name: &str| {
        let body = json!({ "username": name, "password": "not-the-password" });
        app.visitor().post("/api/auth/login", body).await.assert_refused(401, "unauthorized", None).text()
    };

    assert_eq!(try_as("ana").await, try_as("nobody").await);
}

#[tokio::test]
async fn the_cookie_is_for_this_site_and_not_for_scripts() {
    let app = TestApp::start().await;
    app.sign_in("ana").await;

    let body = json!({ "username": "ana", "password": PASSWORD });
    let cookie = app.visitor().post("/api/auth/login", body).await.header("set-cookie").unwrap();

    assert!(cookie.starts_with("fictures_session="), "{cookie}");
    for flag in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(flag), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "{cookie}");
}

#[tokio::test]
async fn the_cookie_is_secure_when_the_server_is() {
    let app = TestApp::start_with(&["--secure-cookies=on"]).await;
    app.sign_in("ana").await;

    let answer = app.visitor().post("/api/auth/login", json!({ "username": "ana", "password": PASSWORD })).await;

    assert!(answer.header("set-cookie").unwrap().contains("; Secure"));
    assert!(answer.header("strict-transport-security").is_some());
}

#[tokio::test]
async fn logging_in_again_ends_the_session_before() {
    let app = TestApp::start().await;
    let mut ana = app.sign_in("ana").await;
    let before = ana.clone();

    let answer = ana.post("/api/auth/login", json!({ "username": "ana", "password": PASSWORD })).await;
    ana.keep_session(&answer);

    assert_eq!(before.get("/api/auth/session").await.json()["user"], Value::Null);
    assert_eq!(ana.get("/api/auth/session").await.json()["user"]["username"], "ana");
}

#[tokio::test]
async fn logging_out_ends_the_session_and_takes_the_cookie_away() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;

    let answer = ana.post("/api/auth/logout", json!({})).await.assert_status(204);

    assert!(answer.header("set-cookie").unwrap().starts_with("fictures_session=; "));
    assert!(answer.header("set-cookie").unwrap().contains("Max-Age=0"));
    assert_eq!(ana.get("/api/auth/session").await.assert_status(200).json(), json!({ "user": null }));
    ana.get("/studio/api/stories").await.assert_refused(401, "unauthorized", None);
}

#[tokio::test]
async fn logging_out_without_a_session_is_no_error() {
    let app = TestApp::start().await;

    app.visitor().post("/api/auth/logout", json!({})).await.assert_status(204);
}

#[tokio::test]
async fn a_cookie_that_no_server_minted_is_no_session() {
    let app = TestApp::start().await;

    for cookie in ["fictures_session=nonsense", "fictures_session=", "fictures_session=%00", "=", ";;;"] {
        let answer = app.visitor().get_with("/api/auth/session", &[("cookie", cookie)]).await;
        assert_eq!(answer.assert_status(200).json(), json!({ "user": null }), "{cookie}");
    }
}

#[tokio::test]
async fn a_reader_may_not_enter_the_studio() {
    let app = TestApp::start().await;
    let noor = app.sign_in_reader("noor").await;

    noor.get("/studio/api/stories").await.assert_refused(403, "forbidden", None);
    noor.post("/studio/api/stories", json!({ "title": "Salt" })).await.assert_refused(403, "forbidden", None);
}

#[tokio::test]
async fn accounts_of_other_roles_come_from_those_who_run_the_server() {
    let app = TestApp::start().await;

    let dev = app.sign_in_as("dev", Role::Developer).await;

    assert_eq!(dev.get("/api/auth/session").await.json()["user"]["role"], "developer");
}

#[tokio::test]
async fn too_many_attempts_are_told_when_to_come_back() {
    let app = TestApp::start_with(&["--rate-limits=on"]).await;
    let attempt = json!({ "username": "ana", "password": "not-the-password" });

    for _ in 0..5 {
        app.visitor().post("/api/auth/login", attempt.clone()).await.assert_status(401);
    }

    let answer = app.visitor().post("/api/auth/login", attempt).await;
    let answer = answer.assert_refused(429, "too_many_requests", None);
    assert!(answer.header("retry-after").unwrap().parse::<u32>().unwrap() > 0);
}
