//! The HTTP client of the commands that talk to servers: `load-test`, `check` and `warm`.
//!
//! It tells what the server's cache did, and in a few words why there is no usable answer.

mod account;

use std::{
    borrow::Cow,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use domain::cache::Clock;
use http::{HeaderMap, HeaderName, Method, StatusCode, header, header::AsHeaderName};
use reqwest::{RequestBuilder, redirect::Policy};
use serde::{Serialize, de::DeserializeOwned};

pub use account::Account;

use crate::outbound;

/// The headers that tell a position, and what the server's cache did.
pub(crate) const CLOCK: &str = "x-cache-clock";
pub(crate) const STATUS: &str = "x-cache-status";
/// After this an answer counts as an error.
const PATIENCE: Duration = Duration::from_secs(30);

/// The way to the servers, taking turns.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    bases: Arc<[String]>,
    turn: Arc<AtomicUsize>,
    caching: Caching,
    /// The newest position that was seen, if it is remembered at all.
    seen: Option<Arc<Mutex<Option<Clock>>>>,
}

/// Does the server use its cache?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caching {
    On,
    Off,
}

/// Addresses that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{base} cannot be used ({cause}).")]
pub struct Unusable {
    pub(crate) base: String,
    pub(crate) cause: String,
}

/// A request, in every detail that matters to its answer.
#[derive(Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) method: &'a Method,
    pub(crate) path: &'a str,
    pub(crate) session: Option<&'a Session>,
    pub(crate) headers: &'a [(HeaderName, &'a str)],
    pub(crate) body: &'a [u8],
}

impl<'a> Ask<'a> {
    /// A request that only reads.
    pub(crate) fn to_read(path: &'a str) -> Self {
        Ask { method: &Method::GET, path, session: None, headers: &[], body: &[] }
    }
}

/// A session's cookie.
#[derive(Clone, Debug)]
pub(crate) struct Session(String);

/// What came back.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    /// Which server sent it.
    base: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

/// Why nothing usable came back, in a few words.
#[derive(Debug, thiserror::Error)]
#[error("{cause}")]
pub(crate) struct NoReply {
    /// Which server was asked.
    pub(crate) base: String,
    pub(crate) cause: String,
    pub(crate) kind: Missing,
}

/// What there was instead of a usable answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// Nobody: no connection came about, or it ended before the answer did. So it is with a server that is down.
    Nobody,
    /// An answer, and not one that was asked for.
    Wrong,
}

/// What the server's cache did for a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CacheStatus {
    Hit,
    Miss,
    Stale,
    Bypass,
}

impl Client {
    /// A client of the servers at `bases`.
    ///
    /// # Errors
    /// Refuses addresses that are not of the web.
    pub(crate) fn new(bases: Vec<String>) -> Result<Self, Unusable> {
        let refused = |base: &str, cause: &str| Unusable { base: base.into(), cause: cause.into() };
        let is_web = |base: &String| base.starts_with("http://") || base.starts_with("https://");
        if let Some(base) = bases.iter().find(|base| !is_web(base)) {
            return Err(refused(base, "it does not begin with http:// or https://"));
        }
        let http = outbound::client().timeout(PATIENCE).tcp_nodelay(true).redirect(Policy::none()).build();
        let http = http.map_err(|error| refused(&bases.join(", "), &error.to_string()))?;
        Ok(Client { http, bases: bases.into(), turn: Arc::default(), caching: Caching::On, seen: None })
    }

    /// The same client, having the servers use their cache or not.
    pub(crate) fn with(self, caching: Caching) -> Self {
        Client { caching, ..self }
    }

    /// The same client as one session of its own: it tells the servers what it has seen, as a browser does, so that none of
    /// them shows it anything older.
    pub(crate) fn remembering(self) -> Self {
        Client { seen: Some(Arc::default()), ..self }
    }

    /// Reads `path` as `session`.
    ///
    /// # Errors
    /// Says why there is no answer.
    pub(crate) async fn get(&self, path: &str, session: Option<&Session>) -> Result<Reply, NoReply> {
        self.ask(Ask { session, ..Ask::to_read(path) }).await
    }

    /// Sends `body`, or nothing, to `path` as `session`.
    ///
    /// # Errors
    /// Says why there is no answer.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        session: Option<&Session>,
        body: Option<&impl Serialize>,
    ) -> Result<Reply, NoReply> {
        let base = self.next_base();
        let mut request = self.request(base, &method, path, session);
        if let Some(body) = body {
            request = request.json(body);
        }
        self.reply(base, request).await
    }

    /// Sends a request as it is described.
    ///
    /// # Errors
    /// Says why there is no answer.
    pub(crate) async fn ask(&self, Ask { method, path, session, headers, body }: Ask<'_>) -> Result<Reply, NoReply> {
        let base = self.next_base();
        let mut request = self.request(base, method, path, session);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        self.reply(base, if body.is_empty() { request } else { request.body(body.to_vec()) }).await
    }

    /// The beginning of an answer that has no end: so much of it that `is_enough`, or what came until nobody had patience.
    ///
    /// # Errors
    /// Says why there is no answer.
    pub(crate) async fn beginning(
        &self,
        path: &str,
        patience: Duration,
        is_enough: impl Fn(&str) -> bool,
    ) -> Result<Reply, NoReply> {
        let base = self.next_base();
        let sent = self.request(base, &Method::GET, path, None).send().await;
        let mut answer = sent.map_err(|error| no_reply(base, error))?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let mut body = Vec::new();
        let reading = async {
            while let Ok(Some(piece)) = answer.chunk().await {
                body.extend_from_slice(&piece);
                if is_enough(&String::from_utf8_lossy(&body)) {
                    break;
                }
            }
        };
        // What has not come by then is missed by whoever looks at it.
        let _ = tokio::time::timeout(patience, reading).await;
        Ok(Reply { status, base: base.clone(), headers, body })
    }

    fn next_base(&self) -> &String {
        &self.bases[self.turn.fetch_add(1, Ordering::Relaxed) % self.bases.len()]
    }

    fn request(&self, base: &str, method: &Method, path: &str, session: Option<&Session>) -> RequestBuilder {
        let mut request = self.http.request(method.clone(), format!("{base}{path}"));
        if let Some(Session(cookie)) = session {
            request = request.header(header::COOKIE, cookie);
        }
        if self.caching == Caching::Off {
            request = request.header(header::CACHE_CONTROL, "no-cache");
        }
        if let Some(clock) = self.seen.as_deref().and_then(|seen| *held(seen)) {
            request = request.header(CLOCK, clock.to_string());
        }
        request
    }

    async fn reply(&self, base: &str, request: RequestBuilder) -> Result<Reply, NoReply> {
        let answer = request.send().await.map_err(|error| no_reply(base, error))?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = answer.bytes().await.map_err(|error| no_reply(base, error))?.to_vec();
        let reply = Reply { status, base: base.to_owned(), headers, body };
        if let (Some(seen), Some(clock)) = (&self.seen, reply.clock()) {
            let mut newest = held(seen);
            *newest = Some(newest.map_or(clock, |newest| newest.later(clock)));
        }
        Ok(reply)
    }
}

impl Reply {
    /// The answer, if it is a success of this shape.
    ///
    /// # Errors
    /// Says what came instead.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, NoReply> {
        if !self.status.is_success() {
            let start: String = String::from_utf8_lossy(&self.body).chars().take(200).collect();
            return Err(self.wrong(format!("{}: {start}", self.status)));
        }
        serde_json::from_slice(&self.body).map_err(|error| self.wrong(format!("an answer of another shape: {error}")))
    }

    /// Says that this is not what was asked for.
    pub(crate) fn wrong(&self, cause: String) -> NoReply {
        NoReply { base: self.base.clone(), cause, kind: Missing::Wrong }
    }

    /// The cookie that the answer sets.
    pub(crate) fn session(&self) -> Option<Session> {
        let cookie = self.headers.get(header::SET_COOKIE)?.to_str().ok()?;
        Some(Session(cookie.split(';').next()?.to_owned()))
    }

    /// What the server's cache did.
    pub(crate) fn cache_status(&self) -> Option<CacheStatus> {
        match self.headers.get(STATUS)?.to_str().ok()? {
            "HIT" => Some(CacheStatus::Hit),
            "MISS" => Some(CacheStatus::Miss),
            "STALE" => Some(CacheStatus::Stale),
            "BYPASS" => Some(CacheStatus::Bypass),
            _ => None,
        }
    }

    /// A header, if it is there and readable.
    pub(crate) fn header(&self, name: impl AsHeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Who may keep the answer, and for how long.
    pub(crate) fn keeping(&self) -> Option<&str> {
        self.header(header::CACHE_CONTROL)
    }

    /// What the server's cache did, in the words of RFC 9211.
    pub(crate) fn standard_status(&self) -> Option<&str> {
        self.header("cache-status")
    }

    /// The position that the answer is at least as new as.
    pub(crate) fn clock(&self) -> Option<Clock> {
        self.header(CLOCK)?.parse().ok()
    }

    /// The body as text.
    pub(crate) fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// The body, if it is JSON.
    pub(crate) fn json(&self) -> Option<serde_json::Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// How many bytes the body has.
    pub(crate) fn size_bytes(&self) -> usize {
        self.body.len()
    }
}

fn held(seen: &Mutex<Option<Clock>>) -> MutexGuard<'_, Option<Clock>> {
    seen.lock().expect("nothing panics while it holds this lock")
}

fn no_reply(base: &str, error: reqwest::Error) -> NoReply {
    // Without the address, which differs each time, and with the whole chain: the outermost says only that sending failed.
    let error = error.without_url();
    let mut cause = error.to_string();
    let mut deeper = std::error::Error::source(&error);
    while let Some(error) = deeper {
        cause = format!("{cause}: {error}");
        deeper = error.source();
    }
    NoReply { base: base.to_owned(), cause, kind: Missing::Nobody }
}

#[cfg(test)]
impl Reply {
    /// An answer that nobody sent.
    pub(crate) fn made(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> Self {
        let pairs =
            headers.iter().map(|(name, value)| (HeaderName::from_static(name), http::HeaderValue::from_static(value)));
        let status = StatusCode::from_u16(status).expect("a status");
        Reply { status, base: String::new(), headers: pairs.collect(), body: body.as_bytes().to_vec() }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use axum::{Router, extract::State, response::IntoResponse, routing::get};
    use tokio::net::TcpListener;

    use super::*;

    /// The clocks that a server will answer with, and those that it was sent.
    struct Script {
        answers: VecDeque<Option<&'static str>>,
        sent: Vec<Option<String>>,
    }

    async fn answer(State(script): State<Arc<Mutex<Script>>>, headers: HeaderMap) -> impl IntoResponse {
        let mut script = script.lock().unwrap();
        script.sent.push(headers.get(CLOCK).map(|clock| clock.to_str().unwrap().to_owned()));
        let clock = script.answers.pop_front().flatten();
        (clock.map(|clock| [(CLOCK, clock)]), "{}")
    }

    /// What is sent with each of so many requests, when these are the answers.
    async fn sent(made: impl FnOnce(Client) -> Client, answers: &[Option<&'static str>]) -> Vec<Option<String>> {
        let script = Arc::new(Mutex::new(Script { answers: answers.to_vec().into(), sent: Vec::new() }));
        let router = Router::new().route("/", get(answer)).with_state(Arc::clone(&script));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = made(Client::new(vec![format!("http://{}", listener.local_addr().unwrap())]).unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        for _ in answers {
            client.get("/", None).await.unwrap();
        }
        let script = script.lock().unwrap();
        script.sent.clone()
    }

    #[tokio::test]
    async fn a_session_sends_the_newest_clock_that_it_has_seen() {
        let answers = [Some("0000000a.7"), Some("0000000a.9"), Some("0000000a.8"), None, Some("0000000b.1"), None];
        let seen = sent(Client::remembering, &answers).await;

        let expected =
            [None, Some("0000000a.7"), Some("0000000a.9"), Some("0000000a.9"), Some("0000000a.9"), Some("0000000b.1")];
        assert_eq!(seen, expected.map(|clock| clock.map(str::to_owned)));
    }

    #[tokio::test]
    async fn whoever_is_no_session_sends_none() {
        assert_eq!(sent(|client| client, &[Some("0000000a.7"), None]).await, [None, None]);
    }
}
