//! What is asked of a server. All of it only reads, or is refused.

use std::time::Duration;

use http::{HeaderName, Method, header};
use serde_json::json;

use crate::{
    api::MAX_TEXT_BYTES,
    client::{Account, Ask, Caching, Client, Reply, Session},
};

/// How long the first event may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// Longer than any address may be.
const LONG: usize = 20_000;

/// An answer, or why there is none.
pub(super) type Answer = Result<Reply, String>;

/// What came of it.
pub(super) struct Seen {
    pub(super) alive: Answer,
    pub(super) ready: Answer,
    pub(super) page: Answer,
    pub(super) page_again: Answer,
    pub(super) compressed_page: Answer,
    pub(super) missing_page: Answer,
    pub(super) studio_page: Answer,
    /// A list that nobody has asked for before.
    pub(super) first: Answer,
    pub(super) again: Answer,
    pub(super) bypassed: Answer,
    pub(super) known: Answer,
    pub(super) shelf: Answer,
    pub(super) cross_site: Answer,
    pub(super) wrong_method: Answer,
    pub(super) missing_route: Answer,
    pub(super) malformed: Answer,
    pub(super) too_large: Answer,
    pub(super) too_long: Answer,
    pub(super) wrong_password: Answer,
    pub(super) document: Answer,
    pub(super) events: Answer,
    pub(super) script: Answer,
    pub(super) known_script: Answer,
    pub(super) wasm: Answer,
    pub(super) style: Answer,
    /// The log-in, if there is an account.
    pub(super) log_in: Option<Answer>,
    pub(super) tools: Tools,
}

/// What there is for developers.
pub(super) struct Tools {
    /// The numbers, as somebody without a session sees them.
    pub(super) as_visitor: Answer,
    pub(super) metrics: Answer,
    pub(super) monitoring: Answer,
    pub(super) keys: Answer,
    pub(super) explanation: Answer,
    pub(super) scraped: Answer,
}

impl Seen {
    /// Asks for everything.
    ///
    /// # Errors
    /// Says why nobody answers at all.
    pub(super) async fn visit(client: &Client, account: &Account) -> Result<Self, String> {
        let asking = Asking(client);
        let alive = Ok(asking.0.get("/healthz", None).await.map_err(|missing| missing.cause)?);
        let page = asking.get("/novels").await;
        let first_path = format!("/novels/api/stories?genre=check-{:016x}", rand::random::<u64>());
        let first = asking.get(&first_path).await;
        let tag = first.as_ref().ok().and_then(|reply| reply.header(header::ETAG)).unwrap_or_default().to_owned();
        let pkg = pkg_of(page.as_ref().ok());
        let (script_path, wasm, style) =
            (format!("{pkg}fictures.js"), format!("{pkg}fictures_bg.wasm"), format!("{pkg}fictures.css"));
        let script = asking.file(&script_path, &[]).await;
        let modified = script.as_ref().ok().and_then(|reply| reply.header(header::LAST_MODIFIED)).unwrap_or_default();
        let log_in = asking.log_in_as(account).await;
        let session = log_in.as_ref().and_then(|answer| answer.as_ref().ok()?.session());
        let no_cache = client.clone().with(Caching::Off);
        Ok(Seen {
            ready: asking.get("/readyz").await,
            page_again: asking.get("/novels").await,
            compressed_page: asking.with("/novels", &[(header::ACCEPT_ENCODING, "br, gzip")]).await,
            missing_page: asking.get("/there-is-no-such-page").await,
            studio_page: asking.get("/studio").await,
            again: asking.get(&first_path).await,
            bypassed: Asking(&no_cache).get(&first_path).await,
            known: asking.with(&first_path, &[(header::IF_NONE_MATCH, &tag)]).await,
            shelf: asking.get("/studio/api/stories").await,
            cross_site: asking.cross_site().await,
            wrong_method: asking.method(&Method::TRACE, "/novels/api/stories").await,
            missing_route: asking.get("/novels/api/there-is-no-such-route").await,
            malformed: asking.log_in(b"{").await,
            too_large: asking.log_in(&vec![b' '; MAX_TEXT_BYTES + 1]).await,
            too_long: asking.get(&format!("/novels/api/stories?q={}", "a".repeat(LONG))).await,
            wrong_password: asking.log_in(nobody().as_bytes()).await,
            document: asking.get("/api/openapi.json").await,
            events: asking.events().await,
            known_script: asking.file(&script_path, &[(header::IF_MODIFIED_SINCE, modified)]).await,
            wasm: asking.file(&wasm, &[]).await,
            style: asking.file(&style, &[]).await,
            tools: Tools::visit(client, session.as_ref()).await,
            log_in,
            alive,
            page,
            first,
            script,
        })
    }
}

impl Tools {
    async fn visit(client: &Client, session: Option<&Session>) -> Self {
        const METRICS: &str = "/studio/api/cache/metrics?timeRange=1h";
        let get = async |path: &str| client.get(path, session).await.map_err(|missing| missing.cause);
        let tools = Tools {
            as_visitor: Asking(client).get(METRICS).await,
            metrics: get(METRICS).await,
            monitoring: get("/studio/api/cache/monitoring").await,
            keys: get("/studio/api/cache/keys?limit=1").await,
            explanation: get("/studio/api/cache/explain?key=stories:published").await,
            scraped: get("/metrics").await,
        };
        if let Some(session) = session
            && client.send(Method::POST, "/api/auth/logout", Some(session), None::<&()>).await.is_err()
        {
            tracing::warn!("the session of the check stays open until it expires");
        }
        tools
    }
}

/// Somebody without a session, who asks.
struct Asking<'a>(&'a Client);

impl Asking<'_> {
    async fn send(&self, ask: Ask<'_>) -> Answer {
        self.0.ask(ask).await.map_err(|missing| missing.cause)
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Ask::to_read(path)).await
    }

    async fn with(&self, path: &str, headers: &[(HeaderName, &str)]) -> Answer {
        self.send(Ask { headers, ..Ask::to_read(path) }).await
    }

    async fn method(&self, method: &Method, path: &str) -> Answer {
        self.send(Ask { method, ..Ask::to_read(path) }).await
    }

    /// A file of the site, as a browser asks for it.
    async fn file(&self, path: &str, headers: &[(HeaderName, &str)]) -> Answer {
        let headers = [&[(header::ACCEPT_ENCODING, "br, gzip")], headers].concat();
        self.with(path, &headers).await
    }

    /// Logging out, because another site wants it: nothing would be lost if it worked.
    async fn cross_site(&self) -> Answer {
        let headers = [(HeaderName::from_static("sec-fetch-site"), "cross-site")];
        self.send(Ask { method: &Method::POST, headers: &headers, ..Ask::to_read("/api/auth/logout") }).await
    }

    async fn log_in(&self, body: &[u8]) -> Answer {
        let headers = [(header::CONTENT_TYPE, "application/json")];
        self.send(Ask { method: &Method::POST, headers: &headers, body, ..Ask::to_read("/api/auth/login") }).await
    }

    async fn log_in_as(&self, account: &Account) -> Option<Answer> {
        let credentials = json!({ "username": account.username.as_ref()?, "password": account.password });
        Some(self.log_in(credentials.to_string().as_bytes()).await)
    }

    async fn events(&self) -> Answer {
        let is_enough =
            |text: &str| text.split("\n\n").any(|event| event.lines().any(|line| line.starts_with("event:")));
        self.0.beginning("/api/events", PATIENCE, is_enough).await.map_err(|missing| missing.cause)
    }
}

/// The folder of the files that a page asks for, as it names it; see `.ci/build-site`.
fn pkg_of(page: Option<&Reply>) -> String {
    const SHEET: &str = "fictures.css";
    let text = page.map(Reply::text).unwrap_or_default();
    let before = text.find(SHEET).and_then(|at| text.get(..at));
    before.and_then(|before| before.rsplit('"').next()).unwrap_or("/pkg/").to_owned()
}

/// Credentials that are nobody's.
fn nobody() -> String {
    json!({ "username": format!("nobody-{:016x}", rand::random::<u64>()), "password": "not-a-password" }).to_string()
}
