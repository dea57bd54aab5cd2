//! The process that dies: the same test, started again with orders in its environment.

use std::{
    fmt,
    io::{BufRead, BufReader, Read},
    os::unix::process::ExitStatusExt,
    process::{Child, ChildStderr, Command, Stdio},
};

use backend::{Backend, Config};
use domain::{id::SceneId, user::User};
use serde::{Deserialize, Serialize};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

use crate::support::{content, value};

/// The text of version 2, which the process is told it has saved.
pub(super) const ACKNOWLEDGED: &str = "acknowledged";
/// The text of version 3, which the process dies over.
pub(super) const UNANSWERED: &str = "unanswered";
/// What a process that aborts dies of.
const SIGABRT: i32 = 6;
/// Where the orders are.
const ORDERS: &str = "FICTURES_TEST_ORDERS";

/// What the process is to do.
#[derive(Serialize, Deserialize)]
pub(super) struct Orders {
    database_url: String,
    redis_url: Option<String>,
    author: User,
    scene: SceneId,
    /// After this step of its second write it dies.
    step: String,
}

/// The process, seen from the test that starts it.
pub(super) struct Dying {
    test: String,
    pub(super) step: String,
    process: Option<Child>,
    stderr: Option<BufReader<ChildStderr>>,
}

impl Dying {
    /// `test` is the path of the test that calls, with the name of its crate.
    pub(super) fn new(test: &str, step: &str) -> Self {
        let (_, test) = test.split_once("::").expect("a path begins with the crate");
        Dying { test: test.to_owned(), step: step.to_owned(), process: None, stderr: None }
    }

    /// Starts it.
    pub(super) fn start(mut self, config: &Config, author: &User, scene: SceneId) -> Self {
        let orders = Orders {
            database_url: config.database_url.clone(),
            redis_url: config.redis_url.clone(),
            author: author.clone(),
            scene,
            step: self.step.clone(),
        };
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", &self.test, "--nocapture"]).env(ORDERS, serde_json::to_string(&orders).unwrap());
        let mut process = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        self.stderr = process.stderr.take().map(BufReader::new);
        self.process = Some(process);
        self
    }

    /// Waits until it was told that version 2 is saved.
    pub(super) fn hear_acknowledgement(&mut self) {
        let mut heard = String::new();
        while !heard.ends_with(&format!("{ACKNOWLEDGED}\n")) {
            let count = self.stderr().read_line(&mut heard).unwrap();
            assert!(count > 0, "it died before that: {heard}");
        }
    }

    /// Waits until it is dead, by its own hand.
    pub(super) fn see_dead(&mut self) {
        let mut said = String::new();
        self.stderr().read_to_string(&mut said).unwrap();
        let status = self.process.as_mut().expect("it was started").wait().unwrap();
        assert_eq!(status.signal(), Some(SIGABRT), "it was to be aborted where it stood: {status}, {said}");
    }

    fn stderr(&mut self) -> &mut BufReader<ChildStderr> {
        self.stderr.as_mut().expect("it was started")
    }
}

/// The orders, in the process that is to die.
#[expect(clippy::disallowed_methods, reason = "a test tells itself what to do")]
pub(super) fn orders() -> Option<Orders> {
    let orders = std::env::var(ORDERS).ok()?;
    Some(serde_json::from_str(&orders).unwrap())
}

/// Saves version 2, says so, and dies while it saves version 3.
pub(super) async fn write_and_die(orders: Orders) {
    let Orders { database_url, redis_url, author, scene, step } = orders;
    let backend = Backend::open(Config { redis_url, ..Config::new(database_url) }).await.unwrap();
    backend.edit_scene(&author, scene, content(1, ACKNOWLEDGED)).await.unwrap();
    eprintln!("{ACKNOWLEDGED}");
    // So that there is something cached that could be served too long.
    let cached = value(backend.scene(&author, scene).await.unwrap()).scene;
    tracing::subscriber::set_global_default(AbortAfter(step)).unwrap();
    backend.edit_scene(&author, scene, content(cached.version, UNANSWERED)).await.unwrap();
    panic!("a write was answered after its process should have died");
}

/// Listens to the log, and aborts the process when a write has taken a step.
struct AbortAfter(String);

impl Subscriber for AbortAfter {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "backend::write"
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut StepIs(&self.0));
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

struct StepIs<'a>(&'a str);

impl Visit for StepIs<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "step" && format!("{value:?}") == self.0 {
            std::process::abort();
        }
    }
}
