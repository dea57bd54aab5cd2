//! What is kept of an answer, and its form in Redis.
//!
//! An entry is kept past its time, for the grace of its policy. Then it is *overdue*: it is loaded anew when it is asked
//! for, and shown only if the database is slow or fails, and only if its generations are the present ones.
//!
//! The form is one byte for the schema, one line of JSON for what the cache must know, and the body as it will be sent:
//! readable with `redis-cli GET`, and the body is never parsed to be served.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::cache::Clock;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::store::Generation;

/// Bodies above this are not kept: they would push out hundreds of others.
pub(super) const MAX_BODY_BYTES: usize = 2 * 1024 * 1024;

/// The header line is much shorter than this.
pub(super) const MAX_HEADER_BYTES: usize = 1024;

/// Raise it when the form of an entry changes; entries with another one are misses.
const SCHEMA: u8 = 2;

/// The body of an answer and its strong tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) body: Bytes,
    pub(super) etag: String,
}

impl Answer {
    /// The JSON of `value`.
    pub(super) fn of<T: Serialize>(value: &T) -> Self {
        let body = serde_json::to_vec(value).expect("wire types are plain data with text for keys");
        Answer { etag: etag(&body), body: body.into() }
    }
}

/// A quoted hash: 128 bits of SHA-256, which no two bodies share.
fn etag(body: &[u8]) -> String {
    let hex: String = Sha256::digest(body).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}

/// An answer, and what it was true for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) answer: Answer,
    /// The generations of the key's tags, read before the answer was.
    pub(super) generations: Vec<Generation>,
    /// The position that the answer shows: the clock, read before the answer was, or what the load's snapshot saw if that
    /// is later. An entry of another epoch is no entry.
    pub(super) clock: Clock,
    pub(super) stored_at: DateTime<Utc>,
    /// For how long it is kept when its time is over.
    pub(super) grace: Duration,
}

impl Stored {
    /// For how long it has outlived its time, if it will be dropped in `left`; none while its time is not over.
    pub(super) fn overdue(&self, left: Duration) -> Option<Duration> {
        self.grace.checked_sub(left)
    }

    /// How much of its time is left.
    pub(super) fn ttl(&self, left: Duration) -> Duration {
        left.saturating_sub(self.grace)
    }
}

/// The line before the body.
#[derive(Serialize, Deserialize)]
pub(super) struct Header {
    etag: String,
    pub(super) generations: Vec<Generation>,
    pub(super) clock: Clock,
    pub(super) stored_at: DateTime<Utc>,
    pub(super) grace_ms: u64,
    /// Of the body, so that a cut value is noticed.
    length: usize,
}

impl Stored {
    /// The form in Redis.
    pub(super) fn encode(&self) -> Bytes {
        let header = Header {
            etag: self.answer.etag.clone(),
            generations: self.generations.clone(),
            clock: self.clock,
            stored_at: self.stored_at,
            grace_ms: u64::try_from(self.grace.as_millis()).unwrap_or(u64::MAX),
            length: self.answer.body.len(),
        };
        let mut bytes = vec![SCHEMA];
        serde_json::to_writer(&mut bytes, &header).expect("a header is plain data, and memory takes every byte");
        bytes.push(b'\n');
        bytes.extend_from_slice(&self.answer.body);
        bytes.into()
    }

    /// Reads an entry back; anything that is not wholly as written here is no entry.
    pub(super) fn decode(bytes: &Bytes) -> Option<Stored> {
        let (header, begin) = Header::decode(bytes)?;
        let body = bytes.slice(begin..);
        (body.len() == header.length).then(|| Stored {
            answer: Answer { body, etag: header.etag },
            generations: header.generations,
            clock: header.clock,
            stored_at: header.stored_at,
            grace: Duration::from_millis(header.grace_ms),
        })
    }
}

impl Header {
    /// Reads the header at the beginning of `bytes`, and tells where the body begins.
    pub(super) fn decode(bytes: &[u8]) -> Option<(Header, usize)> {
        let line = bytes.iter().take(MAX_HEADER_BYTES).position(|byte| *byte == b'\n')?;
        let (schema, json) = bytes.get(..line)?.split_first()?;
        (*schema == SCHEMA).then(|| serde_json::from_slice(json).ok()).flatten().map(|header| (header, line + 1))
    }
}
