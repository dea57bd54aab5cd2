//! A server in this process, and people who talk to it.
//!
//! [`TestApp::start`] gives a server of its own to every test: SQLite in a temporary folder, the in-process cache, no
//! rate limits. [`TestApp::visitor`] is nobody in particular, [`TestApp::sign_in`] a writer with an account; both are a
//! [`Person`], whose requests run through the router as the network would bring them. What comes back is an
//! [`Answer`], which knows how to be asserted on.

mod answer;
mod operation;
mod person;
mod world;

use std::{future::IntoFuture, net::SocketAddr, path::PathBuf};

use axum::Router;
use backend::{Backend, Process};
use domain::user::Role;
use serde_json::json;
use server::{
    command,
    config::{self, Read},
    router::{Server, router},
};
use tempfile::TempDir;
use tokio::net::TcpListener;

pub(crate) use answer::Answer;
pub(crate) use operation::{Operation, operations};
pub(crate) use person::{Novel, Person};
pub(crate) use world::{SECRET, Things, World, send};

/// A server, and the folder that holds its database.
pub(crate) struct TestApp {
    pub(crate) backend: Backend,
    router: Router,
    folder: TempDir,
}

impl TestApp {
    /// A server with an empty database.
    pub(crate) async fn start() -> Self {
        TestApp::start_with(&[]).await
    }

    /// A server with options of its own, given as flags.
    pub(crate) async fn start_with(flags: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(folder.path().join("site")).expect("a folder in it");
        let database = format!("--database-url=sqlite://{}", folder.path().join("fictures.db").display());
        let site = format!("--site-root={}", folder.path().join("site").display());
        let fixed = ["fictures", "--redis-url=", "--rate-limits=off", "--dev-tools=off", "--secure-cookies=off"];
        let line = fixed.into_iter().chain(["--trust-proxy=off", &database, &site]).chain(flags.iter().copied());
        // A flag given twice would be refused: the later one is meant.
        let line = later_wins(line.map(str::to_owned).collect());

        let Ok(Read::Run(cli)) = config::read(line.into_iter().map(Into::into)) else { panic!("cannot be read") };
        let backend = Backend::open(command::backend_config(&cli.config, Process::Server)).await.expect("opens");
        let router = router(Server::new(backend.clone(), &cli.config));
        TestApp { backend, router, folder }
    }

    /// Listens on a port of its own, until the test ends; gives the address.
    pub(crate) async fn listen(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let service = self.router.clone().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(axum::serve(listener, service).into_future());
        format!("http://{address}")
    }

    /// Where its database is.
    pub(crate) fn database_url(&self) -> String {
        format!("sqlite://{}", self.folder.path().join("fictures.db").display())
    }

    /// The folder of the files that browsers download; empty at first.
    pub(crate) fn site(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    /// Somebody without a session.
    pub(crate) fn visitor(&self) -> Person {
        Person::new(self.router.clone())
    }

    /// A new writer, signed in.
    pub(crate) async fn sign_in(&self, username: &str) -> Person {
        self.register(username, "writer").await
    }

    /// A new reader, signed in.
    pub(crate) async fn sign_in_reader(&self, username: &str) -> Person {
        self.register(username, "reader").await
    }

    /// A new member in any role, signed in.
    pub(crate) async fn sign_in_as(&self, username: &str, role: Role) -> Person {
        let email = format!("{username}@example.org");
        self.backend.create_user(username, &email, PASSWORD, role).await.expect("an account");
        let mut person = self.visitor();
        let answer = person.post("/api/auth/login", json!({ "username": username, "password": PASSWORD })).await;
        person.keep_session(&answer.assert_status(200));
        person
    }

    async fn register(&self, username: &str, role: &str) -> Person {
        let email = format!("{username}@example.org");
        let account = json!({ "username": username, "email": email, "password": PASSWORD, "role": role });
        let mut person = self.visitor();
        let answer = person.post("/api/auth/register", account).await;
        person.keep_session(&answer.assert_status(201));
        person
    }
}

/// The password of everyone in these tests.
pub(crate) const PASSWORD: &str = "a-long-enough-secret";

fn later_wins(line: Vec<String>) -> Vec<String> {
    let name = |flag: &str| flag.split('=').next().unwrap_or_default().to_owned();
    let is_last = |(place, flag): (usize, &String)| !line[place + 1..].iter().any(|later| name(later) == name(flag));
    line.iter().enumerate().filter(|pair| is_last(*pair)).map(|(_, flag)| flag.clone()).collect()
}
