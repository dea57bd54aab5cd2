//! What the caches of this tab did, for the debug panel.

mod change;
mod words;

use std::{
    cell::RefCell,
    collections::{HashMap, VecDeque},
};

use domain::cache::Key;
use leptos::prelude::*;
use resource_cache::{Cause, Event, Operation};

use super::{Views, browser};

pub use change::{Origin, Told};

/// How many notes are kept, and of how many keys it is known when they were invalidated last.
const CAPACITY: usize = 1_000;

/// Which cache did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// The server's: Redis, or the in-process store.
    Server,
    LocalStorage,
    Memory,
}

impl Layer {
    /// Every layer, the farthest first.
    pub const ALL: [Layer; 3] = [Layer::Server, Layer::LocalStorage, Layer::Memory];
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
    /// Why.
    pub why: String,
    /// What somebody did that made a cache let go of it, and how this tab heard of it.
    pub told: Option<Told>,
}

impl Note {
    /// The whole cause: why, who did what, and how this tab heard of it.
    pub fn because(&self) -> String {
        match &self.told {
            Some(told) if told.origin != Origin::Time => format!("{}, {}", self.why, told.words()),
            Some(_) | None => self.why.clone(),
        }
    }
}

#[derive(Default)]
struct Log {
    notes: VecDeque<Note>,
    /// When each key was invalidated last.
    last: HashMap<String, Note>,
    /// What the event at hand tells.
    telling: Option<Told>,
}

thread_local! {
    static LOG: RefCell<Log> = RefCell::default();
    static CHANGES: ArcRwSignal<u64> = ArcRwSignal::new(0);
}

/// Writes a note down. Where a cache lets go of something, the event at hand says who did what.
pub(super) fn note(layer: Layer, operation: &'static str, subject: String, why: String) {
    let lets_go = matches!(operation, "invalidate" | "evict");
    let told = LOG.with_borrow(|log| log.telling.clone()).filter(|_| lets_go);
    write(layer, operation, subject, why, told);
}

/// Writes down what the engine recorded.
pub(super) fn record(key: Option<&Key>, operation: Operation, cause: &Cause<Views>) {
    let told = match operation {
        Operation::Invalidate | Operation::Evict => change::told_by(cause, LOG.with_borrow(|log| log.telling.clone())),
        Operation::Hit
        | Operation::Stale
        | Operation::Miss
        | Operation::Set
        | Operation::Discard
        | Operation::Patch
        | Operation::Confirm
        | Operation::Rollback => None,
    };
    let subject = key.map(Key::to_string).unwrap_or_default();
    write(Layer::Memory, words::operation(operation), subject, words::because(cause), told);
}

fn write(layer: Layer, operation: &'static str, subject: String, why: String, told: Option<Told>) {
    let n = CHANGES.with(|changes| changes.get_untracked() + 1);
    let note = Note { n, at_ms: browser::now_ms(), layer, operation, subject, why, told };
    LOG.with_borrow_mut(|log| {
        if note.told.is_some() && !note.subject.is_empty() {
            log.remember_last(note.clone());
        }
        log.notes.truncate(CAPACITY - 1);
        log.notes.push_front(note);
    });
    CHANGES.with(|changes| changes.set(n));
}

impl Log {
    /// Has the notes of a change and what is told of it now say the same. True if that was news for a note.
    fn learn(&mut self, told: &mut Told) -> bool {
        let notes = self.notes.iter_mut().chain(self.last.values_mut());
        let mut same: Vec<&mut Told> =
            notes.filter_map(|note| note.told.as_mut()).filter(|known| known.is_same_change(told)).collect();
        for known in &same {
            // What is news for what is told now is none for the panel.
            let _ = told.learn(known);
        }
        let learnt = same.iter_mut().map(|known| known.learn(told)).filter(|is_news| *is_news);
        learnt.count() > 0
    }

    fn remember_last(&mut self, note: Note) {
        self.last.insert(note.subject.clone(), note);
        if self.last.len() > CAPACITY {
            let oldest = self.last.values().min_by_key(|note| note.n).map(|note| note.subject.clone());
            oldest.and_then(|subject| self.last.remove(&subject));
        }
    }
}

/// Carries out what `event` leads to; what is noted meanwhile is noted as its consequence.
pub(super) fn during(told: Option<Told>, act: impl FnOnce()) {
    let before = LOG.with_borrow_mut(|log| std::mem::replace(&mut log.telling, told));
    act();
    LOG.with_borrow_mut(|log| log.telling = before);
}

/// What `event` tells of somebody's doings. It is added to the notes that were taken when that was heard of before.
///
/// The stream may be faster than the answer to the write that it tells of. Then only the answer says that the write was
/// this tab's own, as only the stream says which change it was.
pub(super) fn listen(event: &Event<Views>) -> Option<Told> {
    let mut told = change::told_in(event)?;
    let is_news = LOG.with_borrow_mut(|log| log.learn(&mut told));
    if is_news {
        CHANGES.with(|changes| changes.update(|n| *n += 1));
    }
    Some(told)
}

/// The notes, the newest first.
pub fn notes() -> Vec<Note> {
    LOG.with_borrow(|log| log.notes.iter().cloned().collect())
}

/// Forgets the notes. When each key was invalidated last is still known.
pub fn clear_notes() {
    LOG.with_borrow_mut(|log| log.notes.clear());
    CHANGES.with(|changes| changes.update(|n| *n += 1));
}

/// When the view called `subject` was invalidated last, and why.
pub fn last_invalidation(subject: &str) -> Option<Note> {
    LOG.with_borrow(|log| log.last.get(subject).cloned())
}

/// When views were invalidated last, and why: as far as it was noted after note `n`.
pub fn last_invalidations_after(n: u64) -> Vec<Note> {
    LOG.with_borrow(|log| log.last.values().filter(|note| note.n > n).cloned().collect())
}

/// Grows with each note; reading it subscribes.
pub fn changes() -> u64 {
    CHANGES.with(ArcRwSignal::clone).get()
}

/// The number of the newest note, without subscribing.
pub fn changes_untracked() -> u64 {
    CHANGES.with(ArcRwSignal::get_untracked)
}
