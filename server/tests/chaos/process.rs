//! `fictures`, as processes of their own.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// The program under test.
const FICTURES: &str = env!("CARGO_BIN_EXE_fictures");

/// A server on a port of its own, which it keeps when it is started again.
pub(super) struct Server {
    process: Child,
    port: u16,
    folder: PathBuf,
    database_url: String,
    redis_url: String,
}

impl Server {
    /// Starts one that keeps its files in `folder`.
    pub(super) fn start(folder: PathBuf, database_url: &str, redis_url: &str) -> Self {
        // A port that is free now is free in a moment, too: nobody else is given it so soon.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        std::fs::create_dir_all(&folder).unwrap();
        let process = launch(port, &folder, database_url, redis_url);
        Server { process, port, folder, database_url: database_url.to_owned(), redis_url: redis_url.to_owned() }
    }

    /// Where it listens.
    pub(super) fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Kills it: no answer is ended, no connection closed politely.
    pub(super) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Starts it again, and waits until it listens.
    pub(super) fn start_again(&mut self) {
        self.process = launch(self.port, &self.folder, &self.database_url, &self.redis_url);
    }

    /// Stops it where it is.
    pub(super) fn stop(&self) {
        signal(&self.process, "-STOP");
    }

    /// Lets it go on.
    pub(super) fn go_on(&self) {
        signal(&self.process, "-CONT");
    }

    /// What it has logged.
    pub(super) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// `fictures` in `folder`, with nothing from the environment but what is said.
pub(crate) fn fictures(folder: &Path) -> Command {
    let mut command = Command::new(FICTURES);
    command.current_dir(folder).env_remove("DATABASE_URL").env_remove("REDIS_URL").env_remove("RUST_LOG");
    command
}

fn launch(port: u16, folder: &Path, database_url: &str, redis_url: &str) -> Child {
    let log = File::options().create(true).append(true).open(folder.join("log")).unwrap();
    let mut process = fictures(folder)
        .arg("serve")
        .args(["--rate-limits=off", "--log=warn", "--site-root=.", &format!("--site-addr=127.0.0.1:{port}")])
        .args([format!("--database-url={database_url}"), format!("--redis-url={redis_url}")])
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("Fictures listens"), "a server did not start: see {}", folder.join("log").display());
    process
}

fn signal(process: &Child, signal: &str) {
    let sent = Command::new("kill").args([signal, &process.id().to_string()]).status().unwrap();
    assert!(sent.success());
}
