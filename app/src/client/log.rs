//! What the caches of this tab did, for the debug panel.

use std::{cell::RefCell, collections::VecDeque};

use domain::cache::{Key, Tag};
use leptos::prelude::*;
use resource_cache::{Cause, Operation};

use super::{Views, browser};

/// How many notes are kept.
const CAPACITY: usize = 1_000;

/// Which cache did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// The server's: Redis, or the in-process store.
    Server,
    LocalStorage,
    Memory,
}

/// One thing a cache did.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// Counts up from 1 in this tab.
    pub n: u64,
    pub at_ms: u64,
    pub layer: Layer,
    pub operation: &'static str,
    /// What it was about; empty where everything is meant.
    pub subject: String,
    pub cause: String,
}

thread_local! {
    static NOTES: RefCell<VecDeque<Note>> = const { RefCell::new(VecDeque::new()) };
    static CHANGES: ArcRwSignal<u64> = ArcRwSignal::new(0);
}

/// Writes a note down.
pub(super) fn note(layer: Layer, operation: &'static str, subject: String, cause: String) {
    let n = CHANGES.with(|changes| changes.get_untracked() + 1);
    NOTES.with_borrow_mut(|notes| {
        notes.truncate(CAPACITY - 1);
        notes.push_front(Note { n, at_ms: browser::now_ms(), layer, operation, subject, cause });
    });
    CHANGES.with(|changes| changes.set(n));
}

/// Writes down what the engine recorded.
pub(super) fn record(key: Option<&Key>, operation: Operation, cause: &Cause<Views>) {
    let layer = if matches!(cause, Cause::Storage) { Layer::LocalStorage } else { Layer::Memory };
    note(layer, word(operation), key.map(Key::to_string).unwrap_or_default(), because(cause));
}

/// The notes, the newest first.
pub fn notes() -> Vec<Note> {
    NOTES.with_borrow(|notes| notes.iter().cloned().collect())
}

/// Grows with each note; reading it subscribes.
pub fn changes() -> u64 {
    CHANGES.with(ArcRwSignal::clone).get()
}

fn word(operation: Operation) -> &'static str {
    match operation {
        Operation::Hit => "hit",
        Operation::Stale => "stale",
        Operation::Miss => "miss",
        Operation::Set => "set",
        Operation::Invalidate => "invalidate",
        Operation::Evict => "evict",
        Operation::Discard => "discard",
    }
}

fn because(cause: &Cause<Views>) -> String {
    match cause {
        Cause::Read => "read".to_owned(),
        Cause::Subscribed => "shown on this page".to_owned(),
        Cause::Tag(tag) => because_of_tag(tag),
        Cause::Group(page_type) => format!("pages of type {page_type} changed"),
        Cause::Focus => "the window came back".to_owned(),
        Cause::Reconnect => "the network came back".to_owned(),
        Cause::Expired => "its time was over".to_owned(),
        Cause::Pressure => "there was no room".to_owned(),
        Cause::ByHand => "by hand".to_owned(),
        Cause::Hydration => "came with the page".to_owned(),
        Cause::Storage => "kept on this device".to_owned(),
        Cause::Answer => "the server answered".to_owned(),
    }
}

fn because_of_tag(tag: &Tag) -> String {
    format!("{tag} changed")
}
