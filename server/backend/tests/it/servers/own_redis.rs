//! A Redis of one test, to be mistreated.

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

/// A `redis-server` on a port of its own, gone with the test.
pub(super) struct OwnRedis {
    server: Child,
    port: u16,
    folder: TempDir,
}

impl OwnRedis {
    /// Starts one, empty.
    pub(super) fn start() -> Self {
        // A port that is free now is free in a moment, too: nobody else is given it so soon.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let server = launch(port, &folder);
        let redis = OwnRedis { server, port, folder };
        redis.wait();
        redis
    }

    /// What to connect to.
    pub(super) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Writes all data to disk, from where it comes back after a restart.
    pub(super) fn save(&self) {
        self.tell(&["save"]);
    }

    /// Drops all data.
    pub(super) fn flush(&self) {
        self.tell(&["flushall"]);
    }

    /// Kills it, and starts it with what was saved last.
    pub(super) fn kill_and_restart(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
        self.server = launch(self.port, &self.folder);
        self.wait();
    }

    /// Stops it where it is: connections stay open, and nothing answers.
    pub(super) fn stop(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on.
    pub(super) fn go_on(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.server.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    fn wait(&self) {
        while !self.tell(&["ping"]) {
            std::thread::yield_now();
        }
    }

    fn tell(&self, words: &[&str]) -> bool {
        let mut command = Command::new("redis-cli");
        command.args(["-p", &self.port.to_string()]).args(words).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().expect("redis-cli is there; `make test` installs it").success()
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
