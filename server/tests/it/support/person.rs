//! Somebody with a browser, or with curl.

use std::net::SocketAddr;

use axum::{Router, body::Body, extract::ConnectInfo};
use http::{Method, Request, header};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::Answer;

/// Somebody, and the session cookie of their browser.
#[derive(Clone)]
pub(crate) struct Person {
    router: Router,
    cookie: Option<String>,
    /// Their id; empty for those without an account.
    pub(crate) id: String,
}

/// The ids of a story with one chapter with one scene.
pub(crate) struct Novel {
    pub(crate) story: String,
    pub(crate) chapter: String,
    pub(crate) scene: String,
}

impl Person {
    pub(super) fn new(router: Router) -> Self {
        Person { router, cookie: None, id: String::new() }
    }

    /// Keeps the cookie that `answer` sets, and the id of the user that it names.
    pub(crate) fn keep_session(&mut self, answer: &Answer) {
        let cookie = answer.header("set-cookie").expect("a cookie");
        self.cookie = cookie.split(';').next().map(str::to_owned);
        self.id = answer.json()["user"]["id"].as_str().unwrap_or_default().to_owned();
    }

    /// What their browser sends along with each request.
    pub(crate) fn cookie(&self) -> &str {
        self.cookie.as_deref().expect("somebody who is signed in")
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Body::empty()).await
    }

    pub(crate) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(Method::GET, path, headers, Body::empty()).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send_json(Method::POST, path, &[], body).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send_json(Method::PATCH, path, &[], body).await
    }

    pub(crate) async fn put(&self, path: &str) -> Answer {
        self.send(Method::PUT, path, &[], Body::empty()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, &[], Body::empty()).await
    }

    pub(crate) async fn send_json(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Value) -> Answer {
        let headers: Vec<_> = headers.iter().copied().chain([("content-type", "application/json")]).collect();
        self.send(method, path, &headers, Body::from(body.to_string())).await
    }

    /// Sends one request through the router, and waits for the whole answer.
    pub(crate) async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Answer {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
        self.send_bytes(method, path, &headers, body).await
    }

    /// The same with headers that need not be text.
    pub(crate) async fn send_bytes(&self, method: Method, path: &str, headers: &[(&str, &[u8])], body: Body) -> Answer {
        let mut request = Request::builder().method(method.clone()).uri(path).header(header::HOST, "fictures.test");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let peer = ConnectInfo(SocketAddr::from(([192, 0, 2, 7], 40_000)));
        let request = request.extension(peer).body(body).expect("a request");

        let response = self.router.clone().oneshot(request).await.expect("the router never fails");
        Answer::read(format!("{method} {path}"), response).await
    }

    /// Writes a story with one chapter with one scene, and publishes nothing.
    pub(crate) async fn draft(&self, title: &str) -> Novel {
        let story = self.create("/studio/api/stories", json!({ "title": title }), "story").await;
        let chapter =
            self.create(&format!("/studio/api/story/{story}/chapters"), json!({ "title": "One" }), "chapter").await;
        let scene = json!({ "title": "Dawn", "content": "The lamp was still burning." });
        let scene = self.create(&format!("/studio/api/chapters/{chapter}/scenes"), scene, "scene").await;
        Novel { story, chapter, scene }
    }

    /// Writes the same, and publishes it.
    pub(crate) async fn novel(&self, title: &str) -> Novel {
        let novel = self.draft(title).await;
        self.put(&format!("/studio/api/story/{}/publication", novel.story)).await.assert_status(200);
        novel
    }

    /// Writes a post on a story's board, and gives its id.
    pub(crate) async fn add_post(&self, story: &str) -> String {
        let post = json!({ "storyId": story, "title": "The lamp", "content": "Who lit it?" });
        self.create("/community/api/posts", post, "post").await
    }

    /// Creates something and gives its id, which the answer has below `kind`.
    pub(crate) async fn create(&self, path: &str, body: Value, kind: &str) -> String {
        let answer = self.post(path, body).await.assert_status(201);
        answer.json()[kind]["id"].as_str().expect("an id").to_owned()
    }
}
