//! The engine of this tab. Pages reach it through the `door`, and whatever is loaded with it or after it, directly.
//!
//! There is one per tab, in a thread-local. The server never has one, so no two visitors can share an entry. `effects`
//! carries out what the engine wants; `window` tells it what happens to the page; `by_hand` and `forced` are for whoever
//! looks on with the debug panel.

mod by_hand;
mod effects;
mod forced;
mod window;

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
};

use domain::{
    cache::{self as metrics, Act, Clock, Key, Snapshot},
    id::UserId,
};
use futures::channel::oneshot;
use leptos::{leptos_dom::helpers::TimeoutHandle, task::spawn_local};
use resource_cache::{Engine, EntryView, Event, Limits, MutationId, Source};
use serde::Deserialize;

use super::{
    Views, browser,
    door::{self, Call},
    live::{Prefetched, come_back, count},
    log::{self, Layer},
    storage, tabs,
    told::{Told, invalidation_of},
};
use crate::api::{Failure, Json};

pub use by_hand::{clear, invalidate, refetch, remove};
pub use forced::{Forced, force, forced};

/// What one tab keeps in memory at most.
pub const LIMITS: Limits = Limits { memory_bytes: 20_000_000, entries: 1_000 };

type Waiter = oneshot::Sender<Result<(), Failure>>;

struct Tab {
    engine: Engine<Views>,
    last_mutation: u64,
    waiting: HashMap<Key, Vec<Waiter>>,
    failures: HashMap<Key, Failure>,
    alarm: Option<(u64, TimeoutHandle)>,
}

thread_local! {
    static IS_STARTED: Cell<bool> = const { Cell::new(false) };
    static TAB: RefCell<Tab> = RefCell::new(Tab {
        engine: Engine::new(LIMITS).with_jitter(browser::random()),
        last_mutation: 0,
        waiting: HashMap::new(),
        failures: HashMap::new(),
        alarm: None,
    });
}

/// Forgets what strangers left and what nobody can vouch for, listens to the window and to other tabs, and attends to what pages say; the first time.
///
/// Whoever writes is sometimes faster than what is loaded after the page: the write must find the views that are shown.
pub(super) fn start() {
    if IS_STARTED.replace(true) {
        return;
    }
    let person = person();
    storage::forget_strangers(person);
    storage::forget_unheard(person);
    storage::note_visitor(person);
    tabs::start(person);
    window::listen();
    door::attend(take);
}

fn take(call: Call) {
    match call {
        Call::Mounted { key, hydrated } => mount(key, hydrated),
        Call::Unmounted { key } => handle(Event::Unsubscribe { key }),
        Call::Read { key, waiter } => spawn_local(async move {
            // Whoever waited may have left meanwhile.
            let _ = waiter.send(read(key).await);
        }),
        Call::Look { key, waiter } => spawn_local(async move {
            let _ = waiter.send(look(key).await);
        }),
        Call::Answered { status, asked } => {
            let subject = serde_json::from_str::<Asked>(&asked).map(|asked| asked.key.to_string()).unwrap_or_default();
            log::note(Layer::Server, server_word(&status), subject, "the server answered".to_owned());
        }
        Call::Written(told) => written(told),
        Call::CameBack => come_back(),
    }
}

/// The body of a read.
#[derive(Deserialize)]
struct Asked {
    key: Key,
}

fn server_word(status: &str) -> &'static str {
    match status {
        "HIT" => "hit",
        "STALE" => "stale",
        "BYPASS" => "bypass",
        _ => "miss",
    }
}

/// What this tab wrote is stale here and in the other tabs.
fn written(mut told: Told) {
    // The address of a server function ends with what it does: taken apart here, out of the way of the first page.
    told.label = told.label.rsplit('/').next().unwrap_or_default().replace('_', " ");
    let invalidation = invalidation_of(&told, Source::ThisTab);
    let tags: Vec<String> = invalidation.tags.iter().map(ToString::to_string).collect();
    let event = Event::Invalidated { invalidation };
    log::during(log::listen(&event), || {
        log::note(Layer::Server, "invalidate", tags.join(" "), "its tags were touched".to_owned());
    });
    handle(event);
    tabs::tell(&told);
}

/// Tells the engine, and carries out what it asks for, in order.
pub(super) fn handle(event: Event<Views>) {
    let told = log::listen(&event);
    let began_ms = browser::precise_ms();
    let effects = TAB.with_borrow_mut(|tab| tab.engine.handle(event, browser::now_ms()));
    let took_ms = browser::precise_ms() - began_ms;
    log::during(told, || effects.into_iter().for_each(|effect| effects::carry_out(effect, took_ms)));
    window::set_alarm();
}

fn person() -> Option<UserId> {
    door::visit().user.map(|user| user.id)
}

/// The oldest position that anything in memory was read at; `None` if there is nothing, or positions of several epochs.
pub(super) fn oldest() -> Option<Clock> {
    let clocks = TAB.with_borrow(|tab| tab.engine.entries(browser::now_ms()));
    let clocks: Vec<Clock> = clocks.into_iter().filter_map(|entry| entry.clock).collect();
    clocks.iter().copied().find(|oldest| clocks.iter().all(|clock| clock >= oldest))
}

/// A number that no other mutation of this page has.
pub(super) fn next_mutation() -> MutationId {
    TAB.with_borrow_mut(|tab| {
        tab.last_mutation += 1;
        MutationId(tab.last_mutation)
    })
}

fn peek(key: &Key) -> Option<Snapshot<Json>> {
    let shown = TAB.with_borrow(|tab| tab.engine.peek(key, browser::now_ms()))?;
    Some(Snapshot { value: shown.value, clock: shown.clock })
}

fn is_fetching(key: &Key) -> bool {
    TAB.with_borrow(|tab| tab.engine.is_fetching(key))
}

/// The remembered views that `is_it` chooses.
pub(super) fn keys_where(is_it: impl Fn(&Key) -> bool) -> Vec<Key> {
    entries().into_iter().map(|entry| entry.key).filter(|key| is_it(key)).collect()
}

/// Reads a view: from memory, from localStorage, or from the server.
///
/// # Errors
/// The failure of the fetch, when nothing may be shown without it.
async fn read(key: Key) -> Result<Snapshot<Json>, Failure> {
    forced::hold(&key).await?;
    restore_and(key.clone(), |key| Event::Read { key });
    loop {
        forced::hold(&key).await?;
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
async fn look(key: Key) -> Result<Snapshot<Json>, Failure> {
    forced::hold(&key).await?;
    match peek(&key) {
        Some(snapshot) => Ok(snapshot),
        None => read(key).await,
    }
}

/// Tells the engine what localStorage has of `key`, if memory has nothing, and then the event.
pub(super) fn restore_and(key: Key, event: impl FnOnce(Key) -> Event<Views>) {
    let is_wanted = peek(&key).is_none() && !is_fetching(&key);
    if let Some((snapshot, stored_at_ms)) = is_wanted.then(|| find(&key)).flatten() {
        let snapshot = resource_cache::Snapshot { value: snapshot.value, clock: snapshot.clock };
        handle(Event::Restored { key: key.clone(), snapshot, stored_at_ms });
    }
    handle(event(key));
}

/// What localStorage has of `key`; counted.
fn find(key: &Key) -> Option<(Snapshot<Json>, u64)> {
    let began_ms = browser::precise_ms();
    let found = storage::find(person(), key);
    let act = if found.is_some() { Act::Hit } else { Act::Miss };
    count(metrics::Layer::LocalStorage, act, key, browser::precise_ms() - began_ms);
    log::note(Layer::LocalStorage, act.as_str(), key.to_string(), "memory had nothing".to_owned());
    found
}

/// A page shows this view. Its revision outlives it: the next page may already follow it.
///
/// It may be shown before anybody reads it: while the engine was loaded both were said, and reading waits its turn.
fn mount(key: Key, hydrated: Option<Snapshot<Json>>) {
    if let (None, Some(Snapshot { value, clock })) = (peek(&key), hydrated) {
        door::note_newest(clock);
        let snapshot = resource_cache::Snapshot { value, clock };
        handle(Event::Hydrated { key: key.clone(), snapshot });
    }
    restore_and(key, |key| Event::Subscribe { key });
}

/// Everything in memory, for the debug panel.
pub fn entries() -> Vec<EntryView<Views>> {
    TAB.with_borrow(|tab| tab.engine.entries(browser::now_ms()))
}

/// What became of what was fetched unasked.
pub(super) fn prefetched() -> Prefetched {
    let counts = TAB.with_borrow(|tab| tab.engine.prefetch_counts());
    Prefetched { issued: counts.issued, used: counts.used, wasted: counts.wasted }
}
