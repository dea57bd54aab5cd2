//! A small application to test with: chapters and the people who write them.

use std::cmp::Ordering;

use crate::{Catalog, Lifetime, Persist, Snapshot};

pub(super) const FRESH_MS: u64 = 100;
pub(super) const KEEP_MS: u64 = 1_000;
pub(super) const LINGER_MS: u64 = 600;
pub(super) const POLL_MS: u64 = 300;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Library;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Key {
    /// A chapter as its writer sees it.
    Draft(u8),
    /// A chapter as readers see it.
    Page(u8),
    /// Never stored, and asked for now and then.
    Profile,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Tag {
    Chapter(u8),
    Published,
    Person,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    Writing,
    Reading,
}

/// Ordered within an epoch only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    pub(super) epoch: u8,
    pub(super) seq: u64,
}

impl PartialOrd for Clock {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self.epoch == other.epoch).then(|| self.seq.cmp(&other.seq))
    }
}

/// A clock of the first epoch.
pub(super) fn at(seq: u64) -> Clock {
    Clock { epoch: 1, seq }
}

/// A clock of an epoch that cannot be compared with the first.
pub(super) fn elsewhere(seq: u64) -> Clock {
    Clock { epoch: 2, seq }
}

pub(super) fn snapshot(value: &str, clock: Clock) -> Snapshot<String, Clock> {
    Snapshot { value: value.to_owned(), clock }
}

impl Catalog for Library {
    type Key = Key;
    type Tag = Tag;
    type Group = Group;
    type Clock = Clock;
    type Value = String;
    type Patch = &'static str;

    fn tags(key: &Key) -> Vec<Tag> {
        match key {
            Key::Draft(chapter) => vec![Tag::Chapter(*chapter)],
            Key::Page(chapter) => vec![Tag::Chapter(*chapter), Tag::Published],
            Key::Profile => vec![Tag::Person],
        }
    }

    fn group(key: &Key) -> Group {
        match key {
            Key::Draft(_) | Key::Profile => Group::Writing,
            Key::Page(_) => Group::Reading,
        }
    }

    fn lifetime(key: &Key) -> Lifetime {
        let (persist, poll_ms) = match key {
            Key::Draft(_) | Key::Page(_) => (Persist::Stored, None),
            Key::Profile => (Persist::MemoryOnly, Some(POLL_MS)),
        };
        Lifetime { fresh_ms: FRESH_MS, keep_ms: KEEP_MS, linger_ms: LINGER_MS, poll_ms, persist }
    }

    fn size_bytes(value: &String) -> usize {
        value.len()
    }

    /// Appends, and would append twice: that a patch does not count twice is not its own doing here.
    fn apply(_: &Key, value: &String, patch: &&'static str) -> Option<String> {
        (!patch.is_empty()).then(|| format!("{value}{patch}"))
    }
}
