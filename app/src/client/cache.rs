//! The engine of this tab, and the effects it asks for.
//!
//! There is one per tab, in a thread-local: the transport has no other way to reach it. The server never has one, so no
//! two visitors can share an entry.

use std::{cell::RefCell, collections::HashMap};

use domain::{
    cache::{Key, Snapshot},
    id::UserId,
};
use futures::{
    channel::oneshot,
    future::{Either, select},
    pin_mut,
};
use gloo_timers::future::TimeoutFuture;
use leptos::{ev, prelude::*, task::spawn_local};
use resource_cache::{Effect, Engine, EntryView, Event, FetchId, Limits};

use super::{Views, browser, log, storage};
use crate::api::{self, Failure, Json};

/// What one tab keeps in memory at most.
const LIMITS: Limits = Limits { memory_bytes: 20_000_000, entries: 1_000 };
/// A fetch without an answer is given up after this many milliseconds.
const FETCH_TIMEOUT_MS: u32 = 30_000;
/// How often the engine looks for what has expired, in milliseconds.
const SWEEP_MS: u32 = 60_000;

type Waiter = oneshot::Sender<Result<(), Failure>>;

struct Tab {
    engine: Engine<Views>,
    person: Option<UserId>,
    revisions: HashMap<Key, ArcRwSignal<u64>>,
    waiting: HashMap<Key, Vec<Waiter>>,
    failures: HashMap<Key, Failure>,
}

thread_local! {
    static TAB: RefCell<Tab> = RefCell::new(Tab {
        engine: Engine::new(LIMITS),
        person: None,
        revisions: HashMap::new(),
        waiting: HashMap::new(),
        failures: HashMap::new(),
    });
}

/// Begins the life of a page for this visitor: forgets what strangers left, and listens to the window.
pub fn start(person: Option<UserId>) {
    if !browser::in_browser() {
        return;
    }
    TAB.with_borrow_mut(|tab| tab.person = person);
    storage::forget_strangers(person);
    // The page's own listeners: they live exactly as long as the page.
    let _focus = window_event_listener(ev::focus, |_| handle(Event::Focused));
    let _online = window_event_listener(ev::online, |_| handle(Event::Online));
    spawn_local(async {
        loop {
            TimeoutFuture::new(SWEEP_MS).await;
            handle(Event::Swept);
        }
    });
}

/// Tells the engine, and carries out what it asks for, in order.
pub(super) fn handle(event: Event<Views>) {
    let effects = TAB.with_borrow_mut(|tab| tab.engine.handle(event, browser::now_ms()));
    for effect in effects {
        carry_out(effect);
    }
}

fn carry_out(effect: Effect<Views>) {
    let person = person();
    match effect {
        Effect::Fetch { key, fetch } => spawn_local(ask_server(key, fetch)),
        Effect::Changed { key } => changed(&key),
        Effect::Failed { key } => failed(&key),
        Effect::Store { key, snapshot } => {
            storage::store(person, &key, Snapshot { value: snapshot.value, clock: snapshot.clock });
        }
        Effect::Forget { key } => storage::forget(person, &key),
        Effect::ForgetTagged { tags, clock } => storage::forget_tagged(person, &tags, clock),
        Effect::ForgetGroups { groups } => storage::forget_page_types(person, &groups),
        Effect::ForgetAll => storage::forget_all(person),
        Effect::Recorded { key, operation, cause } => log::record(key.as_ref(), operation, &cause),
    }
}

async fn ask_server(key: Key, fetch: FetchId) {
    let answer = api::read(key.clone());
    let timeout = TimeoutFuture::new(FETCH_TIMEOUT_MS);
    pin_mut!(answer);
    let result = match select(answer, timeout).await {
        Either::Left((result, _)) => result,
        Either::Right(((), _)) => Err(Failure::Lost),
    };
    match result {
        Ok(Snapshot { value, clock }) => {
            handle(Event::Fetched { key, fetch, snapshot: resource_cache::Snapshot { value, clock } });
        }
        Err(failure) => {
            TAB.with_borrow_mut(|tab| tab.failures.insert(key.clone(), failure));
            handle(Event::Failed { key, fetch });
        }
    }
}

fn changed(key: &Key) {
    let (revision, waiting) = TAB.with_borrow_mut(|tab| {
        tab.failures.remove(key);
        (tab.revisions.get(key).cloned(), tab.waiting.remove(key).unwrap_or_default())
    });
    if let Some(revision) = revision {
        revision.update(|n| *n += 1);
    }
    for waiter in waiting {
        // A waiter that is gone was unmounted meanwhile.
        let _ = waiter.send(Ok(()));
    }
}

fn failed(key: &Key) {
    let (failure, waiting) = TAB.with_borrow_mut(|tab| {
        let failure = tab.failures.remove(key).unwrap_or(Failure::Lost);
        (failure, tab.waiting.remove(key).unwrap_or_default())
    });
    for waiter in waiting {
        let _ = waiter.send(Err(failure.clone()));
    }
}

fn person() -> Option<UserId> {
    TAB.with_borrow(|tab| tab.person)
}

fn peek(key: &Key) -> Option<Snapshot<Json>> {
    let shown = TAB.with_borrow(|tab| tab.engine.peek(key, browser::now_ms()))?;
    Some(Snapshot { value: shown.value, clock: shown.clock })
}

fn is_fetching(key: &Key) -> bool {
    TAB.with_borrow(|tab| tab.engine.is_fetching(key))
}

/// Grows when what may be shown at `key` changes; reading it subscribes. Always 0 on the server.
pub(super) fn revision(key: &Key) -> u64 {
    if !browser::in_browser() {
        return 0;
    }
    let revision =
        TAB.with_borrow_mut(|tab| tab.revisions.entry(key.clone()).or_insert_with(|| ArcRwSignal::new(0)).clone());
    revision.get()
}

/// Reads a view: from memory, from localStorage, or from the server.
///
/// # Errors
/// The failure of the fetch, when nothing may be shown without it.
pub(super) async fn read(key: Key) -> Result<Snapshot<Json>, Failure> {
    if peek(&key).is_none() && !is_fetching(&key) {
        restore(&key);
    }
    handle(Event::Read { key: key.clone() });
    loop {
        if let Some(snapshot) = peek(&key) {
            return Ok(snapshot);
        }
        if !is_fetching(&key) {
            handle(Event::Read { key: key.clone() });
        }
        let (waiter, answer) = oneshot::channel();
        TAB.with_borrow_mut(|tab| tab.waiting.entry(key.clone()).or_default().push(waiter));
        answer.await.unwrap_or(Err(Failure::Lost))?;
    }
}

/// What may be shown after the engine said that it changed, without counting as another read.
pub(super) async fn look(key: Key) -> Result<Snapshot<Json>, Failure> {
    match peek(&key) {
        Some(snapshot) => Ok(snapshot),
        None => read(key).await,
    }
}

fn restore(key: &Key) {
    if let Some((snapshot, stored_at_ms)) = storage::find(person(), key) {
        let snapshot = resource_cache::Snapshot { value: snapshot.value, clock: snapshot.clock };
        handle(Event::Restored { key: key.clone(), snapshot, stored_at_ms });
    }
}

/// Says that a page shows this view; `hydrated` came with its HTML.
pub(super) fn mount(key: &Key, hydrated: Option<Snapshot<Json>>) {
    if let (None, Some(Snapshot { value, clock })) = (peek(key), hydrated) {
        let snapshot = resource_cache::Snapshot { value, clock };
        handle(Event::Hydrated { key: key.clone(), snapshot });
    }
    handle(Event::Subscribe { key: key.clone() });
}

/// Says that a page no longer shows this view. Its revision stays: the next page may already follow it.
pub(super) fn unmount(key: &Key) {
    handle(Event::Unsubscribe { key: key.clone() });
}

/// Everything in memory, for the debug panel.
pub fn entries() -> Vec<EntryView<Views>> {
    TAB.with_borrow(|tab| tab.engine.entries(browser::now_ms()))
}

/// Drops one view, from memory and localStorage; where it is shown it is asked for again.
pub fn remove(key: Key) {
    handle(Event::Removed { key });
}

/// Drops everything, from memory and localStorage: by hand, or when a visit ends. Unsent drafts stay.
pub fn clear() {
    if browser::in_browser() {
        handle(Event::Cleared);
    }
}
