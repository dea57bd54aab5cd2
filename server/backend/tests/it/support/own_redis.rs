//! A Redis of one test, to be mistreated.

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

/// A `redis-server` on a port of its own, gone with the test.
pub(crate) struct OwnRedis {
    server: Child,
    port: u16,
    folder: TempDir,
}

impl OwnRedis {
    /// Starts one, empty.
    pub(crate) fn start() -> Self {
        // A port that is free now is free in a moment, too: nobody else is given it so soon.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let server = launch(port, &folder);
        let redis = OwnRedis { server, port, folder };
        redis.wait();
        redis
    }

    /// What to connect to.
    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Writes all data to disk, from where it comes back after a restart.
    pub(crate) fn save(&self) {
        self.ask(&["save"]);
    }

    /// Drops all data.
    pub(crate) fn flush(&self) {
        self.ask(&["flushall"]);
    }

    /// Kills it.
    pub(crate) fn kill(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }

    /// Starts it after it was killed, with what was saved last.
    pub(crate) fn start_again(&mut self) {
        self.server = launch(self.port, &self.folder);
        self.wait();
    }

    /// Drops what was saved: it starts again empty.
    pub(crate) fn forget_saved(&self) {
        std::fs::remove_file(self.folder.path().join("dump.rdb")).unwrap();
    }

    /// Stops it where it is: connections stay open, and nothing answers.
    pub(crate) fn stop(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on.
    pub(crate) fn go_on(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.server.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    fn wait(&self) {
        while self.ask(&["ping"]) != "PONG" {
            std::thread::yield_now();
        }
    }

    /// What it answers to a command; nothing while it does not listen.
    pub(crate) fn ask(&self, words: &[&str]) -> String {
        let mut command = Command::new("redis-cli");
        let output = command.args(["-p", &self.port.to_string()]).args(words).stderr(Stdio::null()).output();
        let output = output.expect("redis-cli is there; `make test` installs it");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}

impl Drop for OwnRedis {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn launch(port: u16, folder: &TempDir) -> Child {
    Command::new("redis-server")
        .args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", "", "--appendonly", "no", "--dir"])
        .arg(folder.path())
        .stdout(Stdio::null())
        .spawn()
        .expect("redis-server is there; `make test` installs it")
}
