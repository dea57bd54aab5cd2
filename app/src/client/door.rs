//! The door between a page and the engine of its tab.
//!
//! The engine is no part of the first page: it comes in a chunk of its own, when the page can be used already, or at once
//! when something is to be read. What is said to it before waits here, in line; so nothing that happens to a page is lost,
//! and a reader's first page is a tenth smaller.
//!
//! Nothing here may call the engine: then it would be a part of the first page again (`.ci/site-size` tells). It is reached
//! through a function that the chunk leaves here when it is loaded.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use domain::cache::{Clock, Key, Snapshot};
use futures::channel::oneshot;
use leptos::prelude::*;

use super::{browser, live, told::Told};
use crate::api::{Failure, Json, Visit};

/// Who waits for a view.
pub(super) type Waiter = oneshot::Sender<Result<Snapshot<Json>, Failure>>;

/// What a page has to say.
pub(super) enum Call {
    /// A page shows this view; `hydrated` came with its HTML.
    Mounted { key: Key, hydrated: Option<Snapshot<Json>> },
    /// A page no longer shows this view.
    Unmounted { key: Key },
    /// Somebody wants the view now.
    Read { key: Key, waiter: Waiter },
    /// Somebody was told that the view changed, and wants what may be shown now; this counts as no use.
    Look { key: Key, waiter: Waiter },
    /// The server's cache answered, in this word; `asked` is the body of the request, if a view was read.
    Answered { status: String, asked: String },
    /// The answer to a write.
    Written(Told),
    /// Whose page this is has logged in again, after their session had ended.
    CameBack,
}

/// Loads the code of the page at a path, without waiting for it.
pub(super) type LoadAhead = fn(&str);

thread_local! {
    static VISIT: RefCell<Visit> = RefCell::default();
    static LOAD_AHEAD: Cell<Option<LoadAhead>> = const { Cell::new(None) };
    static LINE: RefCell<Vec<Call>> = const { RefCell::new(Vec::new()) };
    static ENGINE: Cell<Option<fn(Call)>> = const { Cell::new(None) };
    static IS_CALLED: Cell<bool> = const { Cell::new(false) };
    static NEWEST: Cell<Option<Clock>> = const { Cell::new(None) };
    static REVISIONS: RefCell<HashMap<Key, ArcRwSignal<u64>>> = RefCell::default();
}

/// Begins the life of a page for this visitor.
pub(super) fn open(visit: &Visit, load_ahead: LoadAhead) {
    VISIT.set(visit.clone());
    LOAD_AHEAD.set(Some(load_ahead));
}

/// Loads the code of the page at `path`, which somebody is likely to go to.
pub(super) fn load_ahead(path: &str) {
    if let Some(load) = LOAD_AHEAD.get() {
        load(path);
    }
}

/// Whose page this is.
pub fn visit() -> Visit {
    VISIT.with_borrow(Clone::clone)
}

/// Tells the engine, or has it wait until the engine is there.
pub(super) fn say(call: Call) {
    match ENGINE.get() {
        Some(take) => take(call),
        None => LINE.with_borrow_mut(|line| line.push(call)),
    }
}

/// Loads the engine if nobody did, without waiting for it.
pub(super) fn call_engine() {
    if !IS_CALLED.replace(true) {
        live::load();
    }
}

/// The engine is there: from now on `take` gets what is said, first of all what was said before.
pub(super) fn attend(take: fn(Call)) {
    ENGINE.set(Some(take));
    for call in LINE.take() {
        take(call);
    }
}

/// The view at `key`, as soon as the engine has it.
///
/// # Errors
/// The failure of the fetch, when nothing may be shown without it.
pub(super) async fn ask(call: impl FnOnce(Waiter) -> Call) -> Result<Snapshot<Json>, Failure> {
    let (waiter, answer) = oneshot::channel();
    call_engine();
    say(call(waiter));
    answer.await.unwrap_or(Err(Failure::Lost))
}

/// The newest position that an answer to this tab named: what no server may fall behind.
pub(super) fn newest() -> Option<Clock> {
    NEWEST.get()
}

/// Notes the position that an answer named.
pub(super) fn note_newest(clock: Clock) {
    NEWEST.set(Some(NEWEST.get().map_or(clock, |newest| newest.later(clock))));
}

/// Grows when what may be shown at `key` changes; reading it subscribes. Always 0 on the server.
pub(super) fn revision(key: &Key) -> u64 {
    if !browser::in_browser() {
        return 0;
    }
    let revision = REVISIONS
        .with_borrow_mut(|revisions| revisions.entry(key.clone()).or_insert_with(|| ArcRwSignal::new(0)).clone());
    revision.get()
}

/// Says that what may be shown at `key` changed.
pub(super) fn raise(key: &Key) {
    if let Some(revision) = REVISIONS.with_borrow(|revisions| revisions.get(key).cloned()) {
        revision.update(|n| *n += 1);
    }
}
