//! `fictures` as it is shipped: processes, on one database.

mod commands;
#[path = "../../backend/tests/it/support/empty_database.rs"]
pub(crate) mod empty_database;
#[expect(dead_code, reason = "other tests do more to theirs")]
#[path = "../../backend/tests/it/support/own_redis.rs"]
pub(crate) mod own_redis;
#[expect(dead_code, reason = "chaos does more to its servers")]
#[path = "../chaos/process.rs"]
pub(crate) mod process;

use std::{path::Path, time::Duration};

use domain::{
    id::SceneId,
    studio::{ChapterAnswer, SceneAnswer, StoryAnswer},
};
use futures::future::join_all;
use http::header;
use reqwest::{Client, Response};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub(crate) use empty_database::EmptyDatabase;
pub(crate) use own_redis::OwnRedis;
use process::{Server, fictures};

/// How long the server is paused: longer than anything is believed, shorter than anyone's patience.
const PAUSE: Duration = Duration::from_secs(10);
/// How many ask a server while it is paused, and how many as soon as it goes on.
const CROWD: usize = 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_was_paused_answers_nothing_old() {
    let (redis, database, folder) = (OwnRedis::start(), EmptyDatabase::new().await, tempfile::tempdir().unwrap());
    let start = |name: &str| Server::start(folder.path().join(name), &database.url, &redis.url());
    let (paused, awake) = (start("paused"), start("awake"));
    let writer = Writer::register(&awake.base()).await;
    let scene = writer.scene(&awake.base()).await;
    while cache_status(&writer.read(&paused.base(), scene).await) != "HIT" {}

    paused.stop();
    assert_eq!(writer.save(&awake.base(), scene, 1).await, 2);
    // The system takes these in for it.
    let base = paused.base();
    let crowd = async || join_all((0..CROWD).map(|_| writer.read(&base, scene))).await;
    let (early, late) = tokio::join!(crowd(), async {
        tokio::time::sleep(PAUSE).await;
        assert_eq!(writer.save(&awake.base(), scene, 2).await, 3);
        paused.go_on();
        crowd().await
    });

    assert_eq!((early.len(), late.len()), (CROWD, CROWD));
    for (answers, least) in [(early, 2), (late, 3)] {
        for answer in answers {
            let version = body::<SceneAnswer>(answer).await.scene.version;
            assert!(version >= least, "version {version} after {least} was answered");
        }
    }
}

#[tokio::test]
async fn a_second_server_on_one_sqlite_file_is_refused_in_a_sentence_that_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("one.db").display());
    let _first = Server::start(folder.path().join("first"), &url, "");

    assert_refused(folder.path(), &url);
}

#[tokio::test]
async fn a_second_server_on_one_postgresql_without_redis_is_refused_in_a_sentence_that_says_why() {
    let (folder, database) = (tempfile::tempdir().unwrap(), EmptyDatabase::new().await);
    let _first = Server::start(folder.path().join("first"), &database.url, "");

    assert_refused(folder.path(), &database.url);
}

/// Starts another server, which must end at once.
#[track_caller]
fn assert_refused(folder: &Path, database_url: &str) {
    let mut second = fictures(folder);
    second.args([
        "serve",
        "--log=warn",
        "--site-addr=127.0.0.1:0",
        "--redis-url=",
        &format!("--database-url={database_url}"),
    ]);

    let ended = second.output().unwrap();

    assert_eq!(ended.status.code(), Some(1));
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(said.contains("Another server uses this database and would not hear of what this one writes: "), "{said}");
    assert_eq!(said.trim().lines().count(), 1, "{said}");
}

/// Somebody with an account, over HTTP.
struct Writer {
    client: Client,
    cookie: String,
}

impl Writer {
    async fn register(base: &str) -> Self {
        let client = server::outbound::client().build().unwrap();
        let account = json!({
            "username": "mira", "email": "mira@example.org", "password": "a-long-enough-secret", "role": "writer",
        });
        let answer = client.post(format!("{base}/api/auth/register")).json(&account).send().await.unwrap();
        let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
        Writer { client, cookie }
    }

    /// A new scene, in version 1.
    async fn scene(&self, base: &str) -> SceneId {
        let story: StoryAnswer = self.create(base, "/studio/api/stories", json!({ "title": "The Lighthouse" })).await;
        let path = format!("/studio/api/story/{}/chapters", story.story.id);
        let chapter: ChapterAnswer = self.create(base, &path, json!({ "title": "One" })).await;
        let path = format!("/studio/api/chapters/{}/scenes", chapter.chapter.id);
        let scene: SceneAnswer = self.create(base, &path, json!({ "title": "A scene", "content": "1" })).await;
        scene.scene.id
    }

    async fn create<T: DeserializeOwned>(&self, base: &str, path: &str, new: Value) -> T {
        let request = self.client.post(format!("{base}{path}")).header(header::COOKIE, &self.cookie).json(&new);
        body(request.send().await.unwrap()).await
    }

    /// Saves upon `version`, and says which one that made.
    async fn save(&self, base: &str, scene: SceneId, version: i64) -> i64 {
        let edit = json!({ "content": format!("after {version}"), "version": version });
        let request =
            self.client.patch(format!("{base}/studio/api/scenes/{scene}")).header(header::COOKIE, &self.cookie);
        body::<SceneAnswer>(request.json(&edit).send().await.unwrap()).await.scene.version
    }

    async fn read(&self, base: &str, scene: SceneId) -> Response {
        let request = self.client.get(format!("{base}/studio/api/scenes/{scene}")).header(header::COOKIE, &self.cookie);
        request.send().await.unwrap()
    }
}

fn cache_status(answer: &Response) -> &str {
    answer.headers()["x-cache-status"].to_str().unwrap()
}

async fn body<T: DeserializeOwned>(answer: Response) -> T {
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{status}: {error}: {text}"))
}
