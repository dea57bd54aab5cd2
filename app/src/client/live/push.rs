//! The server's stream of changes, one for all tabs of a browser.
//!
//! Of the tabs of one person one holds the stream, whichever gets the lock; it passes on what it hears, and when it closes
//! the next one takes over where it stood. The stream is resumed from the position up to which this browser knows what
//! changed. If the server cannot tell what was missed, it says *reset*, and everything older is asked for again.
//!
//! It is asked for as the person whose page this is, and refused when their session has ended: a guest's stream would say
//! that nothing happened where something private did.

mod hearing;

use std::{cell::RefCell, time::Duration};

use domain::{cache::Clock, id::UserId};
use leptos::prelude::*;
use resource_cache::{Event, Source};
use serde::Deserialize;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

use self::hearing::{Hearing, Start, Welcome};
use super::locks::Lock;
use crate::{
    api::Json,
    client::{
        browser, cache, storage, tabs,
        told::{Told, invalidation_of},
    },
};

/// A stream that the server refused is asked for again after this long, and after twice as long each time.
const RETRY: Duration = Duration::from_secs(5);
const LONGEST_RETRY: Duration = Duration::from_secs(60);

type Listener = Closure<dyn Fn(MessageEvent)>;

/// The part a tab has in hearing what changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamRole {
    /// It holds the stream, for all tabs of this person in this browser.
    Holds,
    /// It holds the stream, which is being opened, now or in a while.
    Connects,
    /// Another tab holds the stream and passes on what it hears.
    Follows,
    /// It does not take part.
    None,
}

/// How a tab hears of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamState {
    pub role: StreamRole,
    /// Every change up to here was heard.
    pub heard: Option<Clock>,
    /// When the stream said anything to this tab, in milliseconds since 1970.
    pub last_event_ms: Option<u64>,
}

#[derive(Default)]
struct Push {
    person: Option<UserId>,
    lock: Option<Lock>,
    stream: Option<Stream>,
    retry: Option<Duration>,
    hearing: Hearing,
    /// When the stream said anything, in milliseconds since 1970.
    last_event_ms: Option<u64>,
}

struct Stream {
    source: EventSource,
    /// They live as long as the stream.
    _listeners: [Listener; 4],
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}

thread_local! {
    static PUSH: RefCell<Push> = RefCell::default();
}

/// What an event says; see `GET /api/events`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    tags: Json,
    page_types: Vec<String>,
    clock: String,
    #[serde(default)]
    entity: String,
    #[serde(default)]
    action: String,
    #[serde(default)]
    mutation: String,
    #[serde(default)]
    origin: String,
}

impl Change {
    /// What was done to what, and the name of the write.
    fn words(&self) -> String {
        let deed = [self.entity.as_str(), self.action.as_str()].join(" ");
        if self.mutation.is_empty() { deed.trim().to_owned() } else { format!("{deed} (write {})", self.mutation) }
    }
}

/// Takes part: holds the stream, or waits for the tab that does.
pub(super) fn start(person: Option<UserId>) {
    PUSH.with_borrow_mut(|push| {
        push.person = person;
        push.hearing = Hearing::new(cache::oldest());
    });
    tabs::on_hello(welcome);
    tabs::hello(cache::oldest());
    take_part();
}

/// Waits for the lock and then opens the stream. Without locks each tab has a stream of its own.
pub(super) fn take_part() {
    let name = PUSH
        .with_borrow(|push| format!("fictures:stream:{}", push.person.map(|id| id.to_string()).unwrap_or_default()));
    match Lock::wait(&name, open) {
        Some(lock) => PUSH.with_borrow_mut(|push| push.lock = Some(lock)),
        None => open(),
    }
}

/// Lets go of the stream: a page in the back/forward cache must hold neither it nor the lock.
pub(super) fn pause() {
    PUSH.with_borrow_mut(|push| {
        push.stream = None;
        push.lock = None;
        push.retry = None;
        push.hearing.pause();
    });
}

/// The session that had ended goes on: whoever of this person's tabs holds the stream asks for it again.
pub(in crate::client) fn come_back() {
    reopen();
    tabs::hello(cache::oldest());
}

/// How this tab hears of changes now.
pub fn stream_state() -> StreamState {
    PUSH.with_borrow(|push| StreamState {
        role: match &push.stream {
            Some(stream) if stream.source.ready_state() == EventSource::OPEN => StreamRole::Holds,
            Some(_) => StreamRole::Connects,
            None if push.retry.is_some() => StreamRole::Connects,
            None if push.lock.is_some() => StreamRole::Follows,
            None => StreamRole::None,
        },
        heard: storage::heard(push.person).or(push.hearing.heard()),
        last_event_ms: push.last_event_ms,
    })
}

fn open() {
    let path = PUSH.with_borrow_mut(|push| {
        let start = push.hearing.start(storage::heard(push.person));
        let person = push.person.map(|id| id.to_string()).unwrap_or_default();
        address(&person, start)
    });
    let Ok(source) = EventSource::new(&path) else { return };
    let changed = Listener::new(|event: MessageEvent| changed(&event));
    let reset = Listener::new(|event: MessageEvent| reset(&event));
    let ping = Listener::new(|event: MessageEvent| confirmed(&event));
    let failed = Listener::new(|_| failed());
    for (name, listener) in [("invalidate", &changed), ("reset", &reset), ("ping", &ping), ("error", &failed)] {
        // It fails for no event name, and these are.
        let _ = source.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
    }
    let stream = Stream { source, _listeners: [changed, reset, ping, failed] };
    PUSH.with_borrow_mut(|push| push.stream = Some(stream));
}

/// What is empty counts as absent.
fn address(person: &str, start: Start) -> String {
    format!("/api/events?person={person}&lastEventId={start}")
}

fn changed(event: &MessageEvent) {
    PUSH.with_borrow_mut(|push| push.last_event_ms = Some(browser::now_ms()));
    let Some(change) = event.data().as_string().and_then(|text| serde_json::from_str::<Change>(&text).ok()) else {
        return;
    };
    let label = change.words();
    let told = Told {
        page_types: change.page_types.join(","),
        tags: Some(change.tags.as_str().to_owned()),
        clock: Some(change.clock),
        label,
        is_scheduled: change.origin == "schedule",
    };
    cache::handle(Event::Invalidated { invalidation: invalidation_of(&told, Source::Push) });
    tabs::relay(&told);
    if let Some(clock) = told.position() {
        PUSH.with_borrow_mut(|push| push.hearing.changed(clock, told));
        note(clock);
    }
}

fn reset(event: &MessageEvent) {
    let clock = position(event);
    PUSH.with_borrow_mut(|push| push.hearing.reset(clock));
    forget_older(clock);
    if let Some(clock) = clock {
        note(clock);
    }
}

/// Something may have been missed, here and in the other tabs.
fn forget_older(clock: Option<Clock>) {
    cache::handle(Event::Reset { clock, source: Source::Push });
    tabs::tell_reset(clock);
}

/// A ping says: nothing else happened up to here.
fn confirmed(event: &MessageEvent) {
    PUSH.with_borrow_mut(|push| push.retry = None);
    if let Some(clock) = position(event) {
        if PUSH.with_borrow_mut(|push| push.hearing.pinged(clock)) {
            forget_older(Some(clock));
        }
        note(clock);
    }
}

/// Where an event stands. Called once for each: what has a position proves that the stream is alive.
fn position(event: &MessageEvent) -> Option<Clock> {
    PUSH.with_borrow_mut(|push| push.last_event_ms = Some(browser::now_ms()));
    event.last_event_id().parse().ok()
}

/// Notes that what is stored is right up to here.
fn note(clock: Clock) {
    storage::note_heard(PUSH.with_borrow(|push| push.person), clock);
}

/// A stream that broke is opened again by the browser; one that was refused is not.
fn failed() {
    let again = PUSH.with_borrow_mut(|push| {
        let is_closed = push.stream.as_ref().is_some_and(|stream| stream.source.ready_state() == EventSource::CLOSED);
        is_closed.then(|| {
            push.stream = None;
            let after = push.retry.map_or(RETRY, |last| (last * 2).min(LONGEST_RETRY));
            push.retry = Some(after);
            after
        })
    });
    if let Some(after) = again {
        set_timeout(reopen, after);
    }
}

/// Asks again for the stream that was refused, if one was and this page still wants it.
fn reopen() {
    if PUSH.with_borrow(|push| push.stream.is_none() && push.retry.is_some()) {
        open();
    }
}

/// Another tab has opened, with a page that was read at `clock`: it is told what changed since. Or this person logged in
/// again there: then the stream that was refused here is not any more.
fn welcome(clock: Option<Clock>) {
    reopen();
    let Some(clock) = clock else { return };
    match PUSH.with_borrow(|push| push.stream.is_some().then(|| push.hearing.welcome(clock)).flatten()) {
        Some(Welcome::Changes(changes)) => changes.iter().for_each(tabs::relay),
        Some(Welcome::Reset(heard)) => tabs::tell_reset(heard),
        None => {}
    }
}
