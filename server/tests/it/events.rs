//! `GET /api/events`, over a real connection.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::support::TestApp;

/// A connection on which events arrive.
struct Stream {
    socket: TcpStream,
    text: String,
}

impl Stream {
    async fn open(base: &str, path: &str, headers: &str) -> Self {
        let address = base.trim_start_matches("http://");
        let mut socket = TcpStream::connect(address).await.expect("the server listens");
        let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n{headers}\r\n");
        socket.write_all(request.as_bytes()).await.expect("the server reads");
        Stream { socket, text: String::new() }
    }

    /// Reads until `wanted` was sent, and gives everything that was.
    async fn until(&mut self, wanted: &str) -> &str {
        while !self.text.contains(wanted) {
            assert!(self.more().await, "the stream ended without {wanted}: {}", self.text);
        }
        &self.text
    }

    /// Reads to the end.
    async fn read_to_end(&mut self) -> &str {
        while self.more().await {}
        &self.text
    }

    async fn more(&mut self) -> bool {
        let mut buffer = [0; 4096];
        let read = timeout(Duration::from_secs(10), self.socket.read(&mut buffer)).await;
        let read = read.unwrap_or_else(|_| panic!("nothing more was sent: {}", self.text)).expect("a connection");
        self.text.push_str(&String::from_utf8_lossy(&buffer[..read]));
        read > 0
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_stream_is_neither_kept_nor_compressed_nor_held_back() {
    let app = TestApp::start().await;
    let base = app.listen().await;

    let mut stream = Stream::open(&base, "/api/events", "accept-encoding: br, gzip\r\n").await;
    let head = stream.until("event: ping").await.to_lowercase();

    assert!(head.starts_with("http/1.1 200"), "{head}");
    for line in ["content-type: text/event-stream\r\n", "cache-control: no-store\r\n", "x-accel-buffering: no\r\n"] {
        assert!(head.contains(line), "{line} is not in {head}");
    }
    assert!(!head.contains("content-encoding") && !head.contains("content-length"), "{head}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_like_of_one_person_arrives_at_another() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.novel("Salt").await;
    let post = ana.add_post(&novel.story).await;
    let mut stream = Stream::open(&app.listen().await, "/api/events", "").await;
    stream.until("event: ping").await;

    let liked = ana.post(&format!("/community/api/posts/{post}/like"), serde_json::json!({})).await.assert_status(200);
    let clock = liked.header("x-cache-clock").unwrap();
    let text = stream.until("event: invalidate").await.to_owned();

    assert!(text.contains(&format!("id: {clock}\n")), "{text}");
    let data = text.lines().filter_map(|line| line.strip_prefix("data: ")).next_back().unwrap();
    let data: Value = serde_json::from_str(data).unwrap();
    assert_eq!(data["clock"], clock);
    assert_eq!(data["tags"][0], format!("post:{post}"));
    assert_eq!(data["pageTypes"], serde_json::json!(["community"]));
    assert_eq!((&data["entity"], &data["action"]), (&"post".into(), &"liked".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_header_of_a_browser_that_comes_back_knows_better_than_the_address() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    ana.novel("Salt").await;
    let base = app.listen().await;
    let now = app.backend.cache().clock();

    let fresh = format!("last-event-id: {now}\r\n");
    let mut by_header = Stream::open(&base, "/api/events?lastEventId=nonsense", &fresh).await;
    let mut by_query = Stream::open(&base, "/api/events?lastEventId=nonsense", "").await;
    let mut unreadable =
        Stream::open(&base, &format!("/api/events?lastEventId={now}"), "last-event-id: \u{e9}\r\n").await;

    assert!(!by_header.until("event: ping").await.contains("event: reset"));
    assert!(by_query.until("event: ping").await.contains("event: reset"));
    assert!(unreadable.until("event: ping").await.contains("event: reset"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn logging_out_ends_the_stream() {
    let app = TestApp::start().await;
    let base = app.listen().await;
    let ana = app.sign_in("ana").await;
    let cookie = format!("cookie: {}\r\n", ana.cookie());
    let mut stream = Stream::open(&base, "/api/events", &cookie).await;
    stream.until("event: ping").await;

    ana.post("/api/auth/logout", serde_json::json!({})).await.assert_status(204);

    // The last piece of a body in pieces; the connection may be used again.
    stream.until("\r\n0\r\n\r\n").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_listens_as_somebody_hears_nothing_as_another() {
    let app = TestApp::start().await;
    let base = app.listen().await;
    let (ana, ben) = (app.sign_in("ana").await, app.sign_in("ben").await);
    let session = ana.get("/api/auth/session").await.json();
    let path = format!("/api/events?person={}", session["user"]["id"].as_str().unwrap());

    app.visitor().get(&path).await.assert_refused(401, "unauthorized", None);
    ben.get(&path).await.assert_refused(401, "unauthorized", None);
    app.visitor().get("/api/events?person=nobody").await.assert_refused(400, "malformed", None);
    let cookie = format!("cookie: {}\r\n", ana.cookie());
    Stream::open(&base, &path, &cookie).await.until("event: ping").await;
    Stream::open(&base, "/api/events?person=", "").await.until("event: ping").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_session_that_listens_too_often_is_told_to_come_back_later() {
    let app = TestApp::start_with(&["--rate-limits=on"]).await;
    let base = app.listen().await;
    let ana = app.sign_in("ana").await;
    let cookie = format!("cookie: {}\r\n", ana.cookie());
    let mut streams = Vec::new();
    for _ in 0..16 {
        let mut stream = Stream::open(&base, "/api/events", &cookie).await;
        stream.until("event: ping").await;
        streams.push(stream);
    }

    let refused = ana.get("/api/events").await.assert_refused(429, "too_many_requests", None);
    assert_eq!(refused.header("retry-after").as_deref(), Some("30"));

    drop(streams.pop());
    // That the connection is closed is noticed when the next thing is written to it, or read from it.
    loop {
        let answer = ana.get("/api/events").await;
        if answer.status == 200 {
            break;
        }
        tokio::task::yield_now().await;
    }
}

/// The program, on a database of its own.
struct Program {
    process: Child,
    base: String,
    _folder: tempfile::TempDir,
}

impl Program {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database = format!("--database-url=sqlite://{}", folder.path().join("fictures.db").display());
        let fixed = ["serve", "--site-addr=127.0.0.1:0", "--redis-url=", "--rate-limits=off", "--dev-tools=off"];
        let mut process = Command::new(env!("CARGO_BIN_EXE_fictures"))
            .args(fixed)
            .arg(database)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let output = process.stdout.take().expect("it was asked for");
        BufReader::new(output).read_line(&mut line).expect("it says where it listens");
        let base = line.split_whitespace().next_back().expect("it says where it listens").to_owned();
        Program { process, base, _folder: folder }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn open_streams_do_not_hold_up_a_server_that_is_told_to_stop() {
    let mut program = Program::start();
    let mut streams = Vec::new();
    for _ in 0..10 {
        let mut stream = Stream::open(&program.base, "/api/events", "").await;
        stream.until("event: ping").await;
        streams.push(stream);
    }

    let began = Instant::now();
    let told = Command::new("kill").args(["-TERM", &program.process.id().to_string()]).status().unwrap();
    assert!(told.success());
    for stream in &mut streams {
        stream.read_to_end().await;
    }
    let status = tokio::task::spawn_blocking(move || program.process.wait()).await.unwrap().unwrap();

    assert!(status.success(), "{status}");
    assert!(began.elapsed() < Duration::from_secs(1), "it took {:?}", began.elapsed());
}
