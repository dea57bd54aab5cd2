//! People of every kind, things they may or may not touch, and a request for every documented operation.

use domain::user::Role;
use http::{Method, header};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, FromQueryResult, JsonValue, Statement};
use serde_json::{Value, json};

use super::{Answer, Operation, Person, TestApp, operations};

/// A word in every text of the things: who reads it has learned something.
pub(crate) const SECRET: &str = "Wattenmeer";

/// Tables that may change although nothing was done: who came by, and what was asked.
const UNSEEN: [&str; 4] = ["sessions", "idempotency_keys", "cache_metric_buckets", "cache_alerts"];

/// A server, and somebody in every role.
pub(crate) struct World {
    pub(crate) app: TestApp,
    pub(crate) operations: Vec<Operation>,
    /// Who wrote the things.
    pub(crate) author: Person,
    stored: DatabaseConnection,
}

/// The ids of a published story, of what is in it, and of what is said about it.
pub(crate) struct Things {
    pub(crate) story: String,
    part: String,
    chapter: String,
    scene: String,
    post: String,
    reply: String,
    character: String,
    setting: String,
    /// A scene that was thrown away.
    trash: String,
}

impl World {
    pub(crate) async fn start() -> Self {
        let app = TestApp::start().await;
        let document = app.visitor().get("/api/openapi.json").await.json();
        let author = app.sign_in("ana").await;
        let stored = Database::connect(app.database_url()).await.expect("the database opens twice");
        World { operations: operations(&document), author, stored, app }
    }

    /// Somebody in this role, who has nothing to do with the things.
    pub(crate) async fn somebody(&self, role: Role) -> Person {
        self.app.sign_in_as(&format!("some-{role}"), role).await
    }

    /// Something of everything, written by the author and published.
    pub(crate) async fn things(&self) -> Things {
        let title = || json!({ "title": SECRET });
        let ana = &self.author;
        let story = ana.create("/studio/api/stories", title(), "story").await;
        let part = ana.create(&format!("/studio/api/story/{story}/parts"), title(), "part").await;
        let chapter = ana.create(&format!("/studio/api/story/{story}/chapters"), title(), "chapter").await;
        let scene = json!({ "title": SECRET, "content": SECRET });
        let scene = ana.create(&format!("/studio/api/chapters/{chapter}/scenes"), scene, "scene").await;
        let trash = ana.create(&format!("/studio/api/chapters/{chapter}/scenes"), title(), "scene").await;
        let name = || json!({ "name": SECRET });
        let character = ana.create(&format!("/studio/api/story/{story}/characters"), name(), "character").await;
        let setting = ana.create(&format!("/studio/api/story/{story}/settings"), name(), "setting").await;
        ana.delete(&format!("/studio/api/scenes/{trash}")).await.assert_status(200);
        ana.put(&format!("/studio/api/story/{story}/publication")).await.assert_status(200);
        let post = json!({ "storyId": story, "title": SECRET, "content": SECRET });
        let post = ana.create("/community/api/posts", post, "post").await;
        let reply = json!({ "content": SECRET });
        let reply = ana.create(&format!("/community/api/posts/{post}/replies"), reply, "reply").await;
        // An alert that no look at the caches takes back.
        self.run(
            "INSERT INTO cache_alerts (rule, layer, state, severity, threshold, current_value, first_seen, last_seen)
             VALUES ('low_hit_rate', 'redis', 'firing', 'warning', 0.7, 0.6, '2026-03-01T12:00:00+00:00',
                     '2099-03-01T12:00:00+00:00') ON CONFLICT DO NOTHING",
        )
        .await;
        Things { story, part, chapter, scene, post, reply, character, setting, trash }
    }

    /// All that is stored, but for what a mere visit leaves.
    pub(crate) async fn dump(&self) -> Vec<Value> {
        let tables = self.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").await;
        let names = tables.iter().filter_map(|table| table["name"].as_str());
        let mut all = Vec::new();
        for table in names.filter(|name| !UNSEEN.contains(name)) {
            all.extend(self.rows(&format!("SELECT '{table}' AS \"table\", * FROM {table}")).await);
        }
        // A row of the log is marked a little after its write was answered.
        all.iter_mut().filter_map(Value::as_object_mut).for_each(|row| drop(row.remove("applied_at")));
        all
    }

    /// Runs SQL that the program does not know of.
    pub(crate) async fn run(&self, sql: &str) {
        self.stored.execute_unprepared(sql).await.expect("the SQL of a test works");
    }

    async fn rows(&self, sql: &str) -> Vec<Value> {
        let statement = Statement::from_string(self.stored.get_database_backend(), sql);
        JsonValue::find_by_statement(statement).all(&self.stored).await.expect("the SQL of a test works")
    }
}

impl Things {
    /// The address of an operation on these things.
    pub(crate) fn path(&self, operation: &Operation) -> String {
        let path = operation.path.replace("{n}", "1").replace("{key}", "stories:published");
        let id = [
            ("/story/{id}", &self.story),
            ("/parts/{id}", &self.part),
            ("/chapters/{id}", &self.chapter),
            ("/scenes/{id}", &self.scene),
            ("/posts/{id}", &self.post),
            ("/replies/{id}", &self.reply),
            ("/characters/{id}", &self.character),
            ("/settings/{id}", &self.setting),
            ("/trash/{id}", &self.trash),
        ];
        let filled = id.iter().fold(path, |path, (template, id)| path.replace(template, &template.replace("{id}", id)));
        assert!(!filled.contains('{'), "{}: say here what this path names", operation.id);
        match operation.id.as_str() {
            "getStudioStoryByIdSearch" => format!("{filled}?q=another"),
            "getStudioCacheExplain" => format!("{filled}?key=stories:published"),
            _ => filled,
        }
    }

    /// A body that the operation accepts; none if it needs none.
    pub(crate) fn body(&self, operation: &Operation) -> Option<Value> {
        let title = json!({ "title": "Another" });
        let edit = json!({ "title": "Another", "version": 1 });
        let body = match operation.id.as_str() {
            "postAuthRegister" => {
                json!({ "username": "another", "email": "another@example.org", "password": super::PASSWORD })
            }
            "postAuthLogin" => json!({ "username": "ana", "password": super::PASSWORD }),
            "postStudioStories"
            | "postStudioStoryByIdChapters"
            | "postStudioStoryByIdParts"
            | "postStudioChaptersByIdScenes" => title,
            "patchStudioStoryByIdWrite"
            | "patchStudioPartsById"
            | "patchStudioChaptersById"
            | "patchStudioScenesById"
            | "patchCommunityPostsById" => edit,
            "postStudioStoryByIdCharacters" | "postStudioStoryByIdSettings" => json!({ "name": "Another" }),
            "patchStudioCharactersById" | "patchStudioSettingsById" => json!({ "name": "Another", "version": 1 }),
            "putNovelsStoryByIdProgress" => json!({ "chapterId": self.chapter, "sceneId": self.scene }),
            "postStudioChaptersByIdMove" => json!({ "index": 0 }),
            "postStudioScenesByIdMove" => json!({ "chapterId": self.chapter, "index": 0 }),
            "postStudioScenesByIdRevisionsByNRestore" => json!({ "version": 1 }),
            "postStudioStoriesImport" => json!({ "format": "markdown", "text": "# Another" }),
            "postStudioStoryByIdReplace" => {
                let hit = json!({
                    "sceneId": self.scene, "chapterId": self.chapter, "sceneTitle": "", "version": 1,
                    "field": "content", "start": 0, "length": SECRET.len(), "before": "", "match": SECRET, "after": "",
                });
                json!({ "query": SECRET, "replacement": "Another", "hits": [hit] })
            }
            "postCommunityPosts" => json!({ "storyId": self.story, "title": "Another", "content": "Another." }),
            "postCommunityPostsByIdReplies" => json!({ "content": "Another." }),
            "patchCommunityRepliesById" => json!({ "content": "Another.", "version": 1 }),
            "postStudioCacheMonitoring" => json!({ "action": "acknowledge", "alertId": "low_hit_rate:redis" }),
            "postStudioCacheMetrics" => json!({ "metrics": [] }),
            other => {
                let is_required = operation.described["requestBody"]["required"] == true;
                assert!(!is_required, "{other}: say here what a good body is");
                return None;
            }
        };
        Some(body)
    }

    /// Asks `person` to do an operation.
    pub(crate) async fn ask(&self, person: &Person, operation: &Operation) -> Answer {
        self.ask_with(person, operation, &[]).await
    }

    pub(crate) async fn ask_with(&self, person: &Person, operation: &Operation, headers: &[(&str, &str)]) -> Answer {
        send(person, operation, &self.path(operation), headers, self.body(operation)).await
    }
}

/// Sends an operation somewhere, with a body if there is one.
pub(crate) async fn send(
    person: &Person,
    operation: &Operation,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<Value>,
) -> Answer {
    let kind = body.as_ref().map(|_| (header::CONTENT_TYPE.as_str(), "application/json"));
    let headers: Vec<_> = headers.iter().copied().chain(kind).collect();
    let text = body.map(|body| body.to_string()).unwrap_or_default();
    person.send(operation.method.clone(), path, &headers, text.into()).await
}

impl Operation {
    /// Could it change something?
    pub(crate) fn is_unsafe(&self) -> bool {
        self.method != Method::GET
    }

    /// Does it answer without an end?
    pub(crate) fn is_stream(&self) -> bool {
        self.described["responses"]["200"]["content"]["text/event-stream"].is_object()
    }

    /// The status of success.
    pub(crate) fn success(&self) -> u16 {
        let statuses = self.described["responses"].as_object().expect("answers").keys();
        let first = statuses.filter_map(|status| status.parse::<u16>().ok()).find(|status| *status < 300);
        first.unwrap_or_else(|| panic!("{} cannot succeed", self.id))
    }
}
