//! A server that is killed between any two steps of a write leaves nothing stale, nothing lost and nothing undone.
//!
//! Each test starts itself a second time, as a process that dies: it acknowledges one text, begins to save another, and
//! is aborted after the step that the test names, so that no destructor runs and nobody says goodbye.

mod dying;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

use backend::{Backend, Config, Process, RateLimits, cache::Status};
use domain::{
    id::SceneId,
    studio::{NewChapter, NewScene, NewStory},
    user::{Role, User},
};
use sea_orm::{ConnectionTrait, Database, Statement};

use crate::support::{EmptyDatabase, content, soon, value};
use dying::{ACKNOWLEDGED, Dying, UNANSWERED};

const OPEN: &str = "SELECT COUNT(*) FROM invalidation_events WHERE applied_at IS NULL";
const POSITION: &str = "SELECT COALESCE(MAX(seq), 0) FROM invalidation_events";

/// After which step the server is killed, and whether its write is committed by then.
macro_rules! killed {
    ($($test:ident: $step:literal, $committed:literal;)*) => {
        mod sqlite {$(
            #[test]
            fn $test() {
                let test = concat!(module_path!(), "::", stringify!($test));
                super::run(test, |dying| super::alone(dying($step), $committed));
            }
        )*}

        mod postgres_and_redis {$(
            #[test]
            fn $test() {
                let test = concat!(module_path!(), "::", stringify!($test));
                super::run(test, |dying| super::beside_another(dying($step), $committed));
            }
        )*}
    };
}

killed! {
    killed_after_its_work: "Work", false;
    killed_after_its_fence: "Fence", false;
    killed_after_its_row_in_the_log: "Log", false;
    killed_after_its_commit: "Commit", true;
    killed_after_its_release: "Release", true;
}

/// Dies if this process was started for that, and else carries out the test.
fn run<F: Future<Output = ()>>(test: &str, trial: impl FnOnce(&dyn Fn(&str) -> Dying) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    match dying::orders() {
        Some(orders) => runtime.block_on(dying::write_and_die(orders)),
        None => runtime.block_on(trial(&|step| Dying::new(test, step))),
    }
}

/// One server on SQLite with its cache in process, which is started again.
async fn alone(dying: Dying, is_committed: bool) {
    let folder = tempfile::tempdir().unwrap();
    let config = config(format!("sqlite://{}/one.db", folder.path().display()), None);
    let before = Backend::open(config.clone()).await.unwrap();
    let draft = Draft::write(&before).await;
    drop(before);

    let mut dying = dying.start(&config, &draft.author, draft.scene);
    dying.hear_acknowledgement();
    dying.see_dead();
    let again = Backend::open(config.clone()).await.unwrap();

    assert_eq!(look(&config, OPEN).await, 0, "the log is drained before the first answer");
    draft.check(&config, &[&again], is_committed).await;
}

/// Two servers on PostgreSQL and Redis: one is killed and started again, the other goes on.
async fn beside_another(dying: Dying, is_committed: bool) {
    let database = EmptyDatabase::new().await;
    let config = config(database.url.clone(), Some(redis_url()));
    let other = Backend::open(config.clone()).await.unwrap();
    let draft = Draft::write(&other).await;
    let watch = Watch::start(&other, &draft);

    let mut dying = dying.start(&config, &draft.author, draft.scene);
    dying.hear_acknowledgement();
    watch.floor.fetch_max(2, SeqCst);
    dying.see_dead();
    let died = Instant::now();
    soon(async || look(&config, OPEN).await == 0).await;
    assert!(died.elapsed() < Duration::from_secs(1), "the log was drained after {:?}", died.elapsed());
    let fenced = matches!(dying.step.as_str(), "Fence" | "Log");
    if fenced {
        assert_eq!(other.scene(&draft.author, draft.scene).await.unwrap().status, Status::Bypass, "the fence stands");
    } else {
        soon(async || other.scene(&draft.author, draft.scene).await.unwrap().status == Status::Hit).await;
    }
    let again = Backend::open(config.clone()).await.unwrap();

    draft.check(&config, &[&other, &again], is_committed).await;
    assert!(watch.end().await > 0, "somebody was reading");
}

/// A scene of one text, version 1.
struct Draft {
    author: User,
    scene: SceneId,
}

impl Draft {
    async fn write(backend: &Backend) -> Self {
        let author =
            backend.create_user("mira", "mira@example.org", "a-long-enough-secret", Role::Writer).await.unwrap();
        let new = NewStory { title: "The Lighthouse".to_owned(), summary: None, genre: None };
        let story = backend.create_story(&author, new).await.unwrap().value().id;
        let new = NewChapter { title: "One".to_owned(), summary: None, part_id: None };
        let chapter = backend.add_chapter(&author, story, new).await.unwrap().value().id;
        let new = NewScene { title: "A scene".to_owned(), content: Some("first".to_owned()) };
        let scene = backend.add_scene(&author, chapter, new).await.unwrap().value().id;
        Draft { author, scene }
    }

    /// Nothing stale, nothing lost, the clock where the log is; and writing goes on, whoever writes.
    async fn check(&self, config: &Config, servers: &[&Backend], is_committed: bool) {
        let Draft { author, scene } = self;
        let mut version = if is_committed { 3 } else { 2 };
        for server in servers {
            let seen = value(server.scene(author, *scene).await.unwrap()).scene;
            let text = if is_committed { UNANSWERED } else { ACKNOWLEDGED };
            assert_eq!((seen.version, seen.content.as_str()), (version, text));
            let revisions = server.revisions(author, *scene).await.unwrap().revisions;
            let mut texts = revisions.iter().map(|revision| &revision.content).chain([&seen.content]);
            assert!(texts.any(|text| text == ACKNOWLEDGED), "what was acknowledged is there");
        }
        // A tool has no relay: its clock is where the store's is.
        let store = Backend::open(Config { process: Process::Tool, ..config.clone() }).await.unwrap().cache().clock();
        assert_eq!(i64::try_from(store.seq()).unwrap(), look(config, POSITION).await);

        for writer in servers {
            writer.edit_scene(author, *scene, content(version, "later")).await.unwrap();
            version += 1;
            for reader in servers {
                assert_eq!(value(reader.scene(author, *scene).await.unwrap()).scene.version, version);
            }
        }
    }
}

/// Readers who never see less than what was answered, or shown to any of them before.
struct Watch {
    floor: Arc<AtomicI64>,
    is_over: Arc<AtomicBool>,
    readers: Vec<tokio::task::JoinHandle<u32>>,
}

impl Watch {
    fn start(server: &Backend, draft: &Draft) -> Self {
        let (floor, is_over) = (Arc::new(AtomicI64::new(1)), Arc::new(AtomicBool::new(false)));
        let readers = (0..2).map(|_| {
            let (server, author, scene) = (server.clone(), draft.author.clone(), draft.scene);
            let (floor, is_over) = (floor.clone(), is_over.clone());
            tokio::spawn(async move {
                let mut reads = 0;
                while !is_over.load(SeqCst) {
                    let least = floor.load(SeqCst);
                    let view = server.scene(&author, scene).await.unwrap();
                    let (status, seen) = (view.status, value(view).scene.version);
                    assert!(seen >= least, "version {seen} after {least} was answered or shown ({status:?})");
                    floor.fetch_max(seen, SeqCst);
                    reads += 1;
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                reads
            })
        });
        Watch { readers: readers.collect(), floor, is_over }
    }

    /// Ends the watch, and counts the reads.
    async fn end(self) -> u32 {
        self.is_over.store(true, SeqCst);
        let mut reads = 0;
        for reader in self.readers {
            reads += reader.await.unwrap();
        }
        reads
    }
}

fn config(database_url: String, redis_url: Option<String>) -> Config {
    Config { redis_url, rate_limits: RateLimits::Off, ..Config::new(database_url) }
}

#[expect(clippy::disallowed_methods, reason = "tests have no configuration but this")]
fn redis_url() -> String {
    std::env::var("TEST_REDIS_URL").expect("these tests need a Redis: set TEST_REDIS_URL, or run `make test`")
}

/// What SQL finds that the backend does not know of.
async fn look(config: &Config, sql: &str) -> i64 {
    let connection = Database::connect(&config.database_url).await.unwrap();
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let found = connection.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap();
    connection.close().await.unwrap();
    found
}
