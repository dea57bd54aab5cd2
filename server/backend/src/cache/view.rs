//! What a read gives: the JSON as it will be sent, and how it came about.

use std::time::Duration;

use bytes::Bytes;
use domain::cache::{Clock, Key, Policy, Sharing, Snapshot};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::entry::Answer;
use crate::Error;

/// What the server's cache did for a read; the later, the worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// The entry was there and fresh.
    Hit,
    /// The entry had outlived its time, and the database was slow or failed. Nothing that it shows had been written when
    /// the read began, so it is as true as a hit.
    Stale,
    /// The entry was missing or outdated: the database answered, and the answer was stored.
    Miss,
    /// The cache was passed by: a write was about to commit, the store was away, or the view is never cached.
    Bypass,
}

impl Status {
    /// The word in `X-Cache-Status`.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Hit => "HIT",
            Status::Stale => "STALE",
            Status::Miss => "MISS",
            Status::Bypass => "BYPASS",
        }
    }
}

/// An answer to a read, of type `T` once it is decoded.
#[derive(Clone, Debug)]
pub struct View<T> {
    /// The JSON of the value, ready to send.
    pub body: Bytes,
    /// A strong tag of the body, with its quotes.
    pub etag: String,
    /// The answer is at least as new as every write up to here.
    pub clock: Clock,
    pub status: Status,
    /// The address, unless the view has none because it is never cached.
    pub key: Option<Key>,
    /// Who may share the answer.
    pub sharing: Sharing,
    /// For how long the entry had outlived its time, if it was shown all the same.
    pub overdue: Option<Duration>,
    /// Spares whoever loaded the value from decoding it.
    value: Option<T>,
}

impl<T: Serialize> View<T> {
    /// A value that was read past the cache and is never kept.
    pub(super) fn uncached(value: T, policy: Policy, clock: Clock) -> Self {
        let Answer { body, etag } = Answer::of(&value);
        let (status, sharing) = (Status::Bypass, policy.sharing);
        View { body, etag, clock, status, key: None, sharing, overdue: None, value: Some(value) }
    }
}

impl<T> View<T> {
    pub(super) fn new(key: &Key, answer: Answer, status: Status, clock: Clock, value: Option<T>) -> Self {
        let Answer { body, etag } = answer;
        let (key, sharing) = (Some(key.clone()), key.policy().sharing);
        View { body, etag, clock, status, key, sharing, overdue: None, value }
    }

    /// The same answer, knowing that it holds only together with `other`, which was looked up before it: no better, no
    /// newer and no more public than both.
    pub fn relying_on<U>(self, other: &View<U>) -> Self {
        View {
            clock: earlier(self.clock, other.clock),
            status: self.status.max(other.status),
            sharing: self.sharing.stricter(other.sharing),
            overdue: self.overdue.max(other.overdue),
            ..self
        }
    }
}

impl<T: DeserializeOwned> View<T> {
    /// Decodes the value.
    ///
    /// # Errors
    /// Fails with `Encoding` if the body is no `T`; reads check what other processes stored, so it does not happen.
    pub fn value(&self) -> Result<T, Error> {
        decode(&self.body)
    }

    /// The value with the position it was read at, for pages that carry both.
    ///
    /// # Errors
    /// As for [`View::value`].
    pub fn into_snapshot(self) -> Result<Snapshot<T>, Error> {
        let value = self.value.map_or_else(|| decode(&self.body), Ok)?;
        Ok(Snapshot { value, clock: self.clock })
    }
}

fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    Ok(serde_json::from_slice(body)?)
}

/// The earlier of two positions; the first if they cannot be compared, so that a client of neither epoch asks again.
pub(super) fn earlier(one: Clock, other: Clock) -> Clock {
    if other < one { other } else { one }
}
