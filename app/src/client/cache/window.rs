//! What happens to the page, told to the engine: it is looked at, left, cut off, and time goes by.

use std::time::Duration;

use leptos::{ev, prelude::*};
use resource_cache::Event;
use web_sys::VisibilityState;

use super::{TAB, handle};
use crate::client::{browser, storage};

/// Listens for as long as the page lives.
pub(super) fn listen() {
    let _focus = window_event_listener(ev::focus, |_| handle(Event::Focused));
    let _online = window_event_listener(ev::online, |_| handle(Event::Online));
    let _offline = window_event_listener(ev::offline, |_| handle(Event::Offline));
    let _visible = document_event_listener("visibilitychange", || {
        if document().visibility_state() == VisibilityState::Hidden {
            // It may never be looked at again: what waits to be stored is stored now.
            storage::flush();
            handle(Event::Hidden);
        } else {
            handle(Event::Focused);
        }
    });
    let _left = window_event_listener(ev::pagehide, |_| storage::flush());
    // A page may begin behind others, in a tab of its own.
    if document().visibility_state() == VisibilityState::Hidden {
        handle(Event::Hidden);
    }
    if !browser::is_online() {
        handle(Event::Offline);
    }
}

fn document_event_listener(name: &'static str, act: impl Fn() + 'static) -> WindowListenerHandle {
    // It bubbles up to the window.
    window_event_listener_untyped(name, move |_| act())
}

/// Wakes the engine when something is due, and not before.
pub(super) fn set_alarm() {
    TAB.with_borrow_mut(|tab| {
        let due_ms = tab.engine.next_due_ms();
        if due_ms == tab.alarm.as_ref().map(|(due_ms, _)| *due_ms) {
            return;
        }
        if let Some((_, timer)) = tab.alarm.take() {
            timer.clear();
        }
        tab.alarm = due_ms.and_then(|due_ms| {
            let after = Duration::from_millis(due_ms.saturating_sub(browser::now_ms()));
            let timer = set_timeout_with_handle(ring, after.min(LONGEST)).ok()?;
            Some((due_ms, timer))
        });
    });
}

/// Longer than any tab sleeps in one piece; browsers take the time for a 32-bit number of milliseconds.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

fn ring() {
    TAB.with_borrow_mut(|tab| tab.alarm = None);
    handle(Event::Swept);
}
