//! What every test begins with: an empty database, a backend on it, and people.

mod empty_database;
mod own_redis;

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use backend::{
    Backend, Config, Error, Process, RateLimits,
    cache::{Status, View},
    time::SetTime,
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    error::Entity as Kind,
    id::{ChapterId, SceneId, StoryId, UserId},
    studio::{ChapterEdit, NewChapter, NewScene, NewStory, Scene, SceneEdit},
    user::{Role, User},
};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement, TryGetable};
use serde::{Serialize, de::DeserializeOwned};

pub(crate) use empty_database::EmptyDatabase;
use empty_database::{clean_up, postgres_url};
pub(crate) use own_redis::OwnRedis;

/// A backend on an empty database of its own, which goes with it.
pub(crate) struct Fixture {
    pub(crate) backend: Backend,
    pub(crate) time: Arc<SetTime>,
    /// A look past the backend, at what is stored.
    pub(crate) stored: DatabaseConnection,
    pub(crate) config: Config,
    people: AtomicU32,
    _keep: Keep,
}

/// What has to live as long as the test.
enum Keep {
    Folder { _folder: tempfile::TempDir },
    Schema { name: String, url: String },
    Database { _database: EmptyDatabase },
}

impl Fixture {
    /// On an SQLite file in a folder of its own.
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}/test.db", folder.path().display());
        Fixture::on(url, Keep::Folder { _folder: folder }).await
    }

    /// On a schema of its own in the PostgreSQL of `TEST_DATABASE_URL`.
    pub(crate) async fn postgres() -> Self {
        let url = postgres_url();
        let name = format!("test_{:016x}", rand::random::<u64>());
        let outside = Database::connect(&url).await.expect("PostgreSQL answers at TEST_DATABASE_URL");
        outside.execute_unprepared(&format!("CREATE SCHEMA {name}")).await.expect("a schema can be made");
        let inside = format!("{url}?options=-c%20search_path%3D{name}");
        Fixture::on(inside, Keep::Schema { name, url }).await
    }

    /// On a PostgreSQL database of its own: servers claim all of it.
    pub(crate) async fn own_postgres() -> Self {
        let database = EmptyDatabase::new().await;
        Fixture::on(database.url.clone(), Keep::Database { _database: database }).await
    }

    async fn on(url: String, keep: Keep) -> Self {
        let time = Arc::new(SetTime::at("2026-03-01T12:00:00Z".parse().expect("a time")));
        let config = Config {
            rate_limits: RateLimits::Off,
            process: Process::Tool,
            time: time.clone(),
            ..Config::new(url.clone())
        };
        let backend = Backend::open(config.clone()).await.expect("the backend opens");
        let stored = Database::connect(&url).await.expect("the database opens twice");
        Fixture { backend, time, stored, config, people: AtomicU32::new(0), _keep: keep }
    }

    /// A person in a role, straight into the table: hashing a password for each test would be slow.
    pub(crate) async fn person(&self, role: Role) -> User {
        let number = self.people.fetch_add(1, Ordering::SeqCst);
        let (id, username) = (UserId::from_random(rand::random()), format!("person-{number}"));
        self.run(&format!(
            "INSERT INTO users (id, username, username_norm, email, email_norm, password_hash, role, created_at, updated_at)
             VALUES ('{id}', '{username}', '{username}', '{username}@example.org', '{username}@example.org', '', '{role}',
                     '2026-03-01T12:00:00+00:00', '2026-03-01T12:00:00+00:00')"
        ))
        .await;
        User { id, username, role }
    }

    pub(crate) async fn writer(&self) -> User {
        self.person(Role::Writer).await
    }

    /// A story with one chapter of one scene, which says `text`.
    pub(crate) async fn draft(&self, text: &str) -> Draft {
        let author = self.writer().await;
        self.draft_by(author, text).await
    }

    pub(crate) async fn draft_by(&self, author: User, text: &str) -> Draft {
        let story = self.add_story(&author, "The Lighthouse").await;
        let chapter = self.add_chapter(&author, story, "One").await;
        let scene = self.add_scene(&author, chapter, text).await;
        Draft { author, story, chapter, scene: scene.id }
    }

    /// The same, published.
    pub(crate) async fn novel(&self, text: &str) -> Draft {
        let draft = self.draft(text).await;
        self.backend.publish_story(&draft.author, draft.story).await.expect("a story can be published");
        draft
    }

    pub(crate) async fn add_story(&self, author: &User, title: &str) -> StoryId {
        let new = NewStory { title: title.to_owned(), summary: None, genre: None };
        self.backend.create_story(author, new).await.expect("a story can be created").value().id
    }

    pub(crate) async fn add_chapter(&self, author: &User, story: StoryId, title: &str) -> ChapterId {
        let new = NewChapter { title: title.to_owned(), summary: None, part_id: None };
        self.backend.add_chapter(author, story, new).await.expect("a chapter can be added").value().id
    }

    pub(crate) async fn add_scene(&self, author: &User, chapter: ChapterId, text: &str) -> Scene {
        let new = NewScene { title: "A scene".to_owned(), content: Some(text.to_owned()) };
        self.backend.add_scene(author, chapter, new).await.expect("a scene can be added").value().clone()
    }

    /// Saves `text` over version `version`, which must work.
    pub(crate) async fn save(&self, draft: &Draft, version: i64, text: &str) -> Scene {
        let saved = self.backend.edit_scene(&draft.author, draft.scene, content(version, text)).await;
        saved.expect("the scene is saved").value().clone()
    }

    pub(crate) async fn rename_chapter(&self, draft: &Draft, version: i64, title: &str) {
        let edit = ChapterEdit { title: Some(title.to_owned()), summary: None, version: Some(version) };
        self.backend.edit_chapter(&draft.author, draft.chapter, edit).await.expect("the chapter is renamed");
    }

    /// The HTML that readers see of a chapter's scenes.
    pub(crate) async fn read_html(&self, chapter: ChapterId) -> Vec<String> {
        let reading = value(self.backend.read_chapter(chapter).await.expect("the chapter can be read"));
        reading.scenes.into_iter().map(|scene| scene.html).collect()
    }

    /// Runs SQL that the backend does not know of.
    pub(crate) async fn run(&self, sql: &str) {
        self.stored.execute_unprepared(sql).await.expect("the SQL of a test works");
    }

    /// The first value of each row that `sql` finds.
    pub(crate) async fn look<T: TryGetable>(&self, sql: &str) -> Vec<T> {
        let statement = Statement::from_string(self.stored.get_database_backend(), sql);
        let rows = self.stored.query_all_raw(statement).await.expect("the SQL of a test works");
        rows.iter().map(|row| row.try_get_by_index(0).expect("a value of this type")).collect()
    }

    /// Waits until so many wait for a lock in this database, which has to be a PostgreSQL of its own.
    pub(crate) async fn until_locked_out(&self, count: i64) {
        let waiting =
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        soon(async || self.look::<i64>(waiting).await == [count]).await;
    }

    /// Moves the clock on by a second.
    pub(crate) fn tick(&self) -> DateTime<Utc> {
        self.time.advance(TimeDelta::seconds(1));
        self.backend.now()
    }
}

impl Drop for Keep {
    fn drop(&mut self) {
        if let Keep::Schema { name, url } = self {
            clean_up(url.clone(), format!("DROP SCHEMA {name} CASCADE"));
        }
    }
}

/// Waits for something that happens by itself soon.
pub(crate) async fn soon(mut happened: impl AsyncFnMut() -> bool) {
    let happening = async {
        while !happened().await {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), happening).await.expect("it happens within ten seconds");
}

/// A small story and its author.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) author: User,
    pub(crate) story: StoryId,
    pub(crate) chapter: ChapterId,
    pub(crate) scene: SceneId,
}

/// An edit of the content alone.
pub(crate) fn content(version: i64, text: &str) -> SceneEdit {
    SceneEdit { content: Some(text.to_owned()), version: Some(version), ..SceneEdit::default() }
}

/// What a view holds.
pub(crate) fn value<T: Serialize + DeserializeOwned>(view: View<T>) -> T {
    view.value().expect("a view can be read")
}

/// What the cache did for a read.
pub(crate) fn status<T>(view: Result<View<T>, Error>) -> Status {
    view.expect("the view is there").status
}

#[track_caller]
pub(crate) fn assert_not_found<T>(outcome: Result<T, Error>, kind: Kind) {
    match outcome {
        Err(Error::Refused(domain::Error::NotFound(found))) => assert_eq!(found, kind),
        Err(other) => panic!("not NotFound but {other:?}"),
        Ok(_) => panic!("not NotFound but an answer"),
    }
}

#[track_caller]
pub(crate) fn refusal<T>(outcome: Result<T, Error>) -> domain::Error {
    match outcome {
        Err(Error::Refused(refusal)) => refusal,
        Err(other) => panic!("not a refusal but {other:?}"),
        Ok(_) => panic!("not a refusal but an answer"),
    }
}

/// The scene that a conflict shows.
#[track_caller]
pub(crate) fn conflicting_scene<T>(outcome: Result<T, Error>) -> Scene {
    match refusal(outcome) {
        domain::Error::Conflict(current) => current.read().expect("a conflict about a scene"),
        other => panic!("not a conflict but {other:?}"),
    }
}

/// Makes each test two: one on SQLite, one on PostgreSQL.
macro_rules! on_both_databases {
    ($(async fn $name:ident($fixture:ident) $body:block)*) => {
        $(async fn $name($fixture: &$crate::support::Fixture) $body)*

        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(&$crate::support::Fixture::sqlite().await).await;
            })*
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(&$crate::support::Fixture::postgres().await).await;
            })*
        }
    };
}
pub(crate) use on_both_databases;
