//! Somebody who listens, and what they hear.

use std::{
    net::{IpAddr, Ipv4Addr},
    time::Duration,
};

use backend::{Backend, Config, Error, Listening, Process, SessionSlot, SessionToken, Since, Visitor};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    cache::{Clock, Invalidation, Position},
    user::User,
};
use sha2::{Digest, Sha256};

use crate::support::Fixture;

/// One event.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Heard {
    Ping(Clock),
    Reset(Clock),
    Invalidate(Invalidation),
}

/// A stream, read event by event.
pub(crate) struct Ear(Listening);

impl Ear {
    /// The next event; none when the stream is over.
    pub(crate) async fn next(&mut self) -> Option<Heard> {
        loop {
            let piece = tokio::time::timeout(Duration::from_secs(10), self.0.next());
            let piece = piece.await.expect("something is said within ten seconds")?;
            if let Some(heard) = heard(std::str::from_utf8(&piece).unwrap()) {
                return Some(heard);
            }
        }
    }

    /// All writes up to the position `until`, the last of which is told to this listener.
    pub(crate) async fn until(&mut self, until: Clock) -> Vec<Invalidation> {
        let mut all = Vec::new();
        loop {
            match self.next().await.expect("the stream goes on") {
                Heard::Invalidate(event) => all.push(event),
                Heard::Ping(_) => {}
                Heard::Reset(clock) => panic!("a reset at {clock}"),
            }
            if all.last().is_some_and(|event: &Invalidation| event.clock >= until) {
                return all;
            }
        }
    }
}

/// Reads one event; its id is the position in its data.
fn heard(text: &str) -> Option<Heard> {
    let body = text.strip_suffix("\n\n").expect("an empty line ends an event");
    let field = |name: &str| body.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    let (Some(event), Some(data)) = (field("event"), field("data")) else {
        assert!(field("retry").is_some(), "{text}");
        return None;
    };
    let id: Clock = field("id").expect("every event has an id").parse().expect("the id is a position");
    Some(match event {
        "ping" => Heard::Ping(position(data, id)),
        "reset" => Heard::Reset(position(data, id)),
        "invalidate" => {
            let event: Invalidation = serde_json::from_str(data).unwrap();
            assert_eq!(event.clock, id);
            Heard::Invalidate(event)
        }
        other => panic!("an event nobody knows: {other}"),
    })
}

fn position(data: &str, id: Clock) -> Clock {
    let Position { clock } = serde_json::from_str(data).unwrap();
    assert_eq!(clock, id);
    clock
}

/// Somebody without a session.
pub(crate) fn stranger() -> Visitor {
    let address = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));
    Visitor { user: None, address, token: None, slot: SessionSlot::default() }
}

/// Somebody with a session of their own.
pub(crate) async fn signed_in(fixture: &Fixture, user: &User) -> Visitor {
    let secret: [u8; 32] = rand::random();
    let (token, hash) = (URL_SAFE_NO_PAD.encode(secret), URL_SAFE_NO_PAD.encode(Sha256::digest(secret)));
    fixture
        .run(&format!(
            "INSERT INTO sessions (token_hash, user_id, created_at, last_seen_at, expires_at) VALUES ('{hash}', '{}',
             '2026-03-01T12:00:00+00:00', '2026-03-01T12:00:00+00:00', '2026-04-01T12:00:00+00:00')",
            user.id
        ))
        .await;
    let token: SessionToken = token.parse().unwrap();
    Visitor { user: Some(user.clone()), token: Some(token), ..stranger() }
}

/// A server on the database of `fixture`.
pub(crate) async fn server(fixture: &Fixture) -> Backend {
    let config = Config { process: Process::Server, ..fixture.config.clone() };
    Backend::open(config).await.expect("a server opens")
}

/// Begins to listen, and hears first where the stream stands.
pub(crate) async fn listen(server: &Backend, visitor: &Visitor) -> (Ear, Clock) {
    let mut ear = listen_since(server, visitor, Since::Now).await.expect("there is a place");
    match ear.next().await {
        Some(Heard::Ping(clock)) => (ear, clock),
        other => panic!("not a ping first: {other:?}"),
    }
}

pub(crate) async fn listen_since(server: &Backend, visitor: &Visitor, since: Since) -> Result<Ear, Error> {
    server.listen(visitor, since).await.map(Ear)
}
