//! One HTTP client for all users, which says how long each answer took and what the server's cache did.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use http::{HeaderMap, Method, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};

use super::{LoadTestError, options::Caching};

/// After this an answer counts as an error.
const PATIENCE: Duration = Duration::from_secs(30);

/// The way to the servers, taking turns.
#[derive(Clone)]
pub(super) struct Client {
    http: reqwest::Client,
    bases: Arc<[String]>,
    turn: Arc<AtomicUsize>,
    caching: Caching,
}

/// A session's cookie.
#[derive(Clone, Debug)]
pub(super) struct Session(String);

/// What came back.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

/// Why nothing usable came back, in a few words.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct NoReply(pub(super) String);

/// What the server's cache did for a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CacheStatus {
    Hit,
    Miss,
    Stale,
    Bypass,
}

impl Client {
    /// A client of the servers at `bases`.
    ///
    /// # Errors
    /// Refuses addresses that are not `http://…`.
    pub(super) fn new(bases: Vec<String>) -> Result<Self, LoadTestError> {
        let refused = |base: &str, cause: &str| LoadTestError::Unusable { base: base.into(), cause: cause.into() };
        if let Some(base) = bases.iter().find(|base| !base.starts_with("http://")) {
            return Err(refused(base, "only http:// is spoken here"));
        }
        let http = reqwest::Client::builder().timeout(PATIENCE).tcp_nodelay(true).no_proxy().build();
        let http = http.map_err(|error| refused(&bases.join(", "), &error.to_string()))?;
        Ok(Client { http, bases: bases.into(), turn: Arc::default(), caching: Caching::On })
    }

    /// The same client, having the servers use their cache or not.
    pub(super) fn with(self, caching: Caching) -> Self {
        Client { caching, ..self }
    }

    /// Where this is, for messages.
    pub(super) fn bases(&self) -> String {
        self.bases.join(", ")
    }

    /// Reads `path` as `session`.
    ///
    /// # Errors
    /// Says why there is no answer.
    pub(super) async fn get(&self, path: &str, session: Option<&Session>) -> Result<Reply, NoReply> {
        self.send(Method::GET, path, session, None::<&()>).await
    }

    /// Sends `body`, or nothing, to `path` as `session`.
    ///
    /// # Errors
    /// Says why there is no answer.
    pub(super) async fn send(
        &self,
        method: Method,
        path: &str,
        session: Option<&Session>,
        body: Option<&impl Serialize>,
    ) -> Result<Reply, NoReply> {
        let base = &self.bases[self.turn.fetch_add(1, Ordering::Relaxed) % self.bases.len()];
        let mut request = self.http.request(method, format!("{base}{path}"));
        if let Some(Session(cookie)) = session {
            request = request.header(header::COOKIE, cookie);
        }
        if self.caching == Caching::Off {
            request = request.header(header::CACHE_CONTROL, "no-cache");
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.map_err(no_reply)?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = answer.bytes().await.map_err(no_reply)?.to_vec();
        Ok(Reply { status, headers, body })
    }
}

impl Reply {
    /// The answer, if it is a success of this shape.
    ///
    /// # Errors
    /// Says what came instead.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, NoReply> {
        if !self.status.is_success() {
            let start: String = String::from_utf8_lossy(&self.body).chars().take(200).collect();
            return Err(NoReply(format!("{}: {start}", self.status)));
        }
        serde_json::from_slice(&self.body).map_err(|error| NoReply(format!("an answer of another shape: {error}")))
    }

    /// The cookie that the answer sets.
    pub(super) fn session(&self) -> Option<Session> {
        let cookie = self.headers.get(header::SET_COOKIE)?.to_str().ok()?;
        Some(Session(cookie.split(';').next()?.to_owned()))
    }

    /// What the server's cache did.
    pub(super) fn cache_status(&self) -> Option<CacheStatus> {
        match self.headers.get("x-cache-status")?.to_str().ok()? {
            "HIT" => Some(CacheStatus::Hit),
            "MISS" => Some(CacheStatus::Miss),
            "STALE" => Some(CacheStatus::Stale),
            "BYPASS" => Some(CacheStatus::Bypass),
            _ => None,
        }
    }

    /// How many bytes the body has.
    pub(super) fn size_bytes(&self) -> usize {
        self.body.len()
    }
}

fn no_reply(error: reqwest::Error) -> NoReply {
    // The whole chain: the outermost says only that sending failed.
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(deeper) = cause {
        text = format!("{text}: {deeper}");
        cause = deeper.source();
    }
    NoReply(text)
}
