//! Everything there is to be mistreated, and the load on it; gone when dropped.

use std::{fs::File, path::PathBuf, process::Child, time::Duration};

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use serde_json::Value;
use tempfile::TempDir;
use tokio::time::sleep;

use super::{
    empty_database::EmptyDatabase,
    own_redis::OwnRedis,
    process::{Server, fictures},
    proxy::Proxy,
};

/// How many servers there are.
pub(super) const SERVERS: usize = 3;
/// How many users there are; each two have a set of things to play with.
const USERS: u32 = 30;
/// How many actions they begin in a second.
const RATE: u32 = 100;
/// How much of the end of a server's log is shown.
const LAST_LINES: usize = 20;

/// Three servers, their database and their Redis.
pub(super) struct Installation {
    pub(super) servers: Vec<Server>,
    /// Each server's way to Redis.
    pub(super) wires: Vec<Proxy>,
    pub(super) redis: OwnRedis,
    /// A connection of our own, past all servers.
    database: DatabaseConnection,
    _empty: EmptyDatabase,
    folder: TempDir,
}

impl Installation {
    /// Starts all of it.
    pub(super) async fn start() -> Self {
        let (folder, redis, empty) = (tempfile::tempdir().unwrap(), OwnRedis::start(), EmptyDatabase::new().await);
        let (mut servers, mut wires) = (Vec::new(), Vec::new());
        for number in 1..=SERVERS {
            let wire = Proxy::to(&redis.url()).await;
            let (place, database_url, redis_url) = (folder.path().join(number.to_string()), &empty.url, wire.url());
            // Starting blocks, and the wire has to work meanwhile.
            servers.push(tokio::task::block_in_place(|| Server::start(place, database_url, &redis_url)));
            wires.push(wire);
        }
        let database = Database::connect(&empty.url).await.unwrap();
        Installation { servers, wires, redis, database, _empty: empty, folder }
    }

    /// Starts the load test on all servers.
    pub(super) fn load(&self, duration: Duration) -> Load {
        let [report, output] = ["report.json", "load"].map(|name| self.folder.path().join(name));
        let said = File::create(&output).unwrap();
        let mut command = fictures(self.folder.path());
        command
            .args(["load-test", "--expect-outages", "--promises-only", "--write-share=0.1"])
            .args([format!("--duration={}", duration.as_secs()), format!("--users={USERS}"), format!("--rate={RATE}")])
            .args(self.servers.iter().map(|server| format!("--base={}", server.base())))
            .arg(format!("--export={}", report.display()))
            .stdout(said.try_clone().unwrap())
            .stderr(said);
        Load { process: command.spawn().unwrap(), report, output }
    }

    /// Waits until the load test has all it plays with, and begins.
    pub(super) async fn until_staged(&self, load: &mut Load) {
        while self.look("SELECT COUNT(*) FROM posts").await < i64::from(USERS / 2) {
            assert!(load.is_running(), "the load test has ended before it began: {}", load.said());
            sleep(Duration::from_millis(100)).await;
        }
    }

    /// Ends every connection of the servers to the database; says how many there were.
    pub(super) async fn end_connections(&self) -> i64 {
        let others = "datname = current_database() AND pid <> pg_backend_pid()";
        self.look(&format!("SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE {others}")).await
    }

    /// The ends of all logs.
    pub(super) fn last_words(&self) -> String {
        let logs = self.servers.iter().map(|server| {
            let log = server.log();
            let lines: Vec<_> = log.lines().collect();
            let last = &lines[lines.len().saturating_sub(LAST_LINES)..];
            format!("{}:\n  {}\n", server.base(), last.join("\n  "))
        });
        logs.collect()
    }

    async fn look(&self, sql: &str) -> i64 {
        let statement = Statement::from_string(self.database.get_database_backend(), sql);
        self.database.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    }
}

/// The load test, which runs.
pub(super) struct Load {
    process: Child,
    report: PathBuf,
    output: PathBuf,
}

impl Load {
    /// Waits for its end, and reads its report.
    pub(super) async fn report(mut self) -> Value {
        while self.is_running() {
            sleep(Duration::from_millis(100)).await;
        }
        println!("\n{}", self.said());
        let report = std::fs::read(&self.report).expect("the load test writes a report");
        serde_json::from_slice(&report).unwrap()
    }

    fn is_running(&mut self) -> bool {
        self.process.try_wait().unwrap().is_none()
    }

    fn said(&self) -> String {
        std::fs::read_to_string(&self.output).unwrap()
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
