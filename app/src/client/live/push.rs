//! The server's stream of changes, one for all tabs of a browser.
//!
//! Of the tabs of one person one holds the stream, whichever gets the lock; it passes on what it hears, and when it closes
//! the next one takes over where it stood. The stream is resumed from the position up to which this browser knows what
//! changed. If the server cannot tell what was missed, it says *reset*, and everything older is asked for again.

use std::{cell::RefCell, cmp::Ordering, collections::VecDeque, time::Duration};

use domain::{cache::Clock, id::UserId};
use leptos::prelude::*;
use resource_cache::{Event, Source};
use serde::Deserialize;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

use super::locks::Lock;
use crate::{
    api::Json,
    client::{
        browser, cache, storage, tabs,
        told::{Told, invalidation_of},
    },
};

/// How many changes are remembered for tabs that have just opened.
const REMEMBERED: usize = 256;
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
    /// Every change up to here was heard by this tab.
    heard: Option<Clock>,
    /// When the stream said anything, in milliseconds since 1970.
    last_event_ms: Option<u64>,
    /// The changes after `since`, the oldest first.
    recent: VecDeque<(Clock, Told)>,
    since: Option<Clock>,
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
        push.heard = cache::oldest();
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
        push.recent.clear();
        push.since = None;
    });
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
        heard: storage::heard(push.person).or(push.heard),
        last_event_ms: push.last_event_ms,
    })
}

/// Notes that another tab heard of everything up to `clock`.
fn heard(clock: Clock) {
    PUSH.with_borrow_mut(|push| push.heard = Some(push.heard.map_or(clock, |heard| heard.later(clock))));
}

fn open() {
    let since = PUSH.with_borrow_mut(|push| {
        // What is stored may be older than what is on the page.
        let since = storage::heard(push.person).into_iter().chain(push.heard).reduce(earlier);
        push.since = since;
        since
    });
    let path = since.map_or_else(|| "/api/events".to_owned(), |clock| format!("/api/events?lastEventId={clock}"));
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

/// The position from which nothing is missed: the earlier one; none, if they cannot be compared.
fn earlier(one: Clock, other: Clock) -> Clock {
    if one < other { one } else { other }
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
        remember(clock, told);
        note(clock);
    }
}

fn reset(event: &MessageEvent) {
    let clock = position(event);
    cache::handle(Event::Reset { clock, source: Source::Push });
    tabs::tell_reset(clock);
    PUSH.with_borrow_mut(|push| {
        push.recent.clear();
        push.since = clock;
        push.heard = clock;
    });
    if let Some(clock) = clock {
        note(clock);
    }
}

/// A ping says: nothing else happened up to here.
fn confirmed(event: &MessageEvent) {
    PUSH.with_borrow_mut(|push| push.retry = None);
    if let Some(clock) = position(event) {
        PUSH.with_borrow_mut(|push| {
            push.since.get_or_insert(clock);
        });
        note(clock);
    }
}

/// Where an event stands. Called once for each: what has a position proves that the stream is alive.
fn position(event: &MessageEvent) -> Option<Clock> {
    PUSH.with_borrow_mut(|push| push.last_event_ms = Some(browser::now_ms()));
    event.last_event_id().parse().ok()
}

fn note(clock: Clock) {
    heard(clock);
    let person = PUSH.with_borrow(|push| push.person);
    storage::note_heard(person, clock);
}

fn remember(clock: Clock, told: Told) {
    PUSH.with_borrow_mut(|push| {
        if push.recent.len() == REMEMBERED {
            push.since = push.recent.pop_front().map(|(clock, _)| clock);
        }
        push.recent.push_back((clock, told));
    });
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

fn reopen() {
    if PUSH.with_borrow(|push| push.stream.is_none() && push.lock.is_some()) {
        open();
    }
}

/// Another tab has opened, with a page that was read at `clock`: it is told what changed since.
fn welcome(clock: Option<Clock>) {
    let Some(clock) = clock else { return };
    PUSH.with_borrow(|push| {
        let Some(since) = push.since.filter(|_| push.stream.is_some()) else { return };
        if since <= clock {
            let is_new = |at: &Clock| clock.partial_cmp(at).is_none_or(Ordering::is_lt);
            push.recent.iter().filter(|(at, _)| is_new(at)).for_each(|(_, told)| tabs::relay(told));
        } else {
            tabs::tell_reset(push.heard);
        }
    });
}
