//! What the tabs of one browser tell each other.
//!
//! A tab that hears of a change, by an answer of its own or from the server's stream, tells the others; so one stream
//! serves them all, and what is saved in one tab is fresh in the next before anybody looks. Every message names the
//! person whose page sent it. A tab that hears somebody else knows that the visitor logged in or out elsewhere: what it
//! shows belongs to nobody any more, and it begins anew.
//!
//! A message is a list of texts, the headers of an answer as they came, so that it is read by the same few lines.

use std::cell::RefCell;

use domain::{cache::Clock, id::UserId};
use js_sys::{Array, JsString};
use resource_cache::{Event, Source};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

use super::{
    browser, cache,
    told::{Told, invalidation_of},
};

/// The channel all tabs of this site listen to.
const CHANNEL: &str = "fictures";

const INVALIDATED: &str = "invalidated";
const RELAYED: &str = "relayed";
const RESET: &str = "reset";
const HELLO: &str = "hello";
/// The last part of a change that the server made by itself.
const SCHEDULED: &str = "scheduled";

type Listener = Closure<dyn Fn(MessageEvent)>;

struct Tabs {
    channel: BroadcastChannel,
    person: String,
    /// Lives as long as the page.
    _listener: Listener,
}

/// What is done when another tab says hello.
type Welcome = Box<dyn Fn(Option<Clock>)>;

thread_local! {
    static TABS: RefCell<Option<Tabs>> = const { RefCell::new(None) };
    /// Called when another tab of this person says hello, with the position its page was read at.
    static ON_HELLO: RefCell<Option<Welcome>> = const { RefCell::new(None) };
}

/// Begins to listen, and tells the others who is here. A browser without channels has tabs that do not hear each other:
/// they ask again when they are looked at.
pub(super) fn start(person: Option<UserId>) {
    let Ok(channel) = BroadcastChannel::new(CHANNEL) else { return };
    let listener = Listener::new(|event: MessageEvent| hear(&event.data()));
    channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    let person = person.map(|person| person.to_string()).unwrap_or_default();
    TABS.with_borrow_mut(|tabs| *tabs = Some(Tabs { channel, person, _listener: listener }));
    hello(None);
}

/// Says who is here, and up to where this page knows what changed: whoever holds the stream tells the rest.
pub(super) fn hello(clock: Option<Clock>) {
    say(HELLO, &[&clock.map(|clock| clock.to_string()).unwrap_or_default()]);
}

/// What this tab does when another of the same person says hello.
pub(super) fn on_hello(act: impl Fn(Option<Clock>) + 'static) {
    ON_HELLO.with_borrow_mut(|slot| *slot = Some(Box::new(act)));
}

/// Passes on what this tab changed.
pub(super) fn tell(told: &Told) {
    pass_on(INVALIDATED, told);
}

/// Passes on what the stream told this tab.
pub(super) fn relay(told: &Told) {
    pass_on(RELAYED, told);
}

fn pass_on(word: &str, told: &Told) {
    let text = |part: &Option<String>| part.clone().unwrap_or_default();
    let by_whom = if told.is_scheduled { SCHEDULED } else { "" };
    say(word, &[&told.page_types, &text(&told.tags), &text(&told.clock), &told.label, by_whom]);
}

/// Passes on that something may have been missed.
pub(super) fn tell_reset(clock: Option<Clock>) {
    say(RESET, &[&clock.map(|clock| clock.to_string()).unwrap_or_default()]);
}

fn say(word: &str, parts: &[&str]) {
    TABS.with_borrow(|tabs| {
        let Some(tabs) = tabs else { return };
        let message: Array = [&tabs.person, word].into_iter().chain(parts.iter().copied()).map(JsValue::from).collect();
        // It fails only for what cannot be copied, and texts can.
        let _ = tabs.channel.post_message(&message);
    });
}

/// Everything of this site may write to the channel, an older version of this program too: what is not understood is
/// passed over.
fn hear(message: &JsValue) {
    let Some(message) = message.dyn_ref::<Array>() else { return };
    let part = |index: u32| message.get(index).dyn_ref::<JsString>().map(String::from).unwrap_or_default();
    let from_me = TABS.with_borrow(|tabs| tabs.as_ref().is_some_and(|tabs| tabs.person == part(0)));
    if !from_me {
        return browser::begin_anew();
    }
    let some = |index: u32| Some(part(index)).filter(|text| !text.is_empty());
    match part(1).as_str() {
        word @ (INVALIDATED | RELAYED) => {
            let told = Told {
                page_types: part(2),
                tags: some(3),
                clock: some(4),
                label: part(5),
                is_scheduled: part(6) == SCHEDULED,
            };
            let source = if word == RELAYED { Source::Relay } else { Source::OtherTab };
            cache::handle(Event::Invalidated { invalidation: invalidation_of(&told, source) });
        }
        RESET => {
            cache::handle(Event::Reset {
                clock: some(2).and_then(|clock| clock.parse().ok()),
                source: Source::OtherTab,
            });
        }
        HELLO => ON_HELLO.with_borrow(|act| {
            if let Some(act) = act {
                act(some(2).and_then(|clock| clock.parse().ok()));
            }
        }),
        _ => {}
    }
}

/// Stops this page's channel: a page in the back/forward cache must not hold one open.
pub(super) fn pause() {
    TABS.with_borrow_mut(|tabs| {
        if let Some(tabs) = tabs.take() {
            tabs.channel.close();
        }
    });
}
