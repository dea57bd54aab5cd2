//! When the shell must wake the engine, and what it finds to do.

use super::browser::{Browser, changed, fetch_of, forgot, recorded};
use super::library::{FRESH_MS, KEEP_MS, Key, LINGER_MS, POLL_MS, at};
use crate::{Cause, Event, Operation, Tables};

const PAGE: Key = Key::Page(1);

#[test]
fn an_engine_that_remembers_nothing_has_nothing_to_wait_for() {
    let mut browser = Browser::new();

    let effects = browser.send(Event::Swept);

    assert!(effects.is_empty());
    assert_eq!(browser.engine.next_due_ms(), None);
    assert_eq!(browser.engine.tables(), Tables::default());
}

#[test]
fn a_value_leaves_memory_a_while_after_its_last_subscriber_and_storage_keeps_it() {
    let mut browser = Browser::new();
    browser.load(PAGE, "text", at(1));
    browser.mount(PAGE);
    browser.wait(100);
    browser.unmount(PAGE);
    assert_eq!(browser.engine.next_due_ms(), Some(browser.now_ms + LINGER_MS));

    browser.wait(LINGER_MS - 1);
    browser.send(Event::Swept);
    assert!(browser.shown(PAGE).is_some());
    browser.wait(1);
    let effects = browser.send(Event::Swept);

    assert!(recorded(&effects, PAGE, Operation::Evict, Cause::Unused));
    assert!(!forgot(&effects, PAGE) && !changed(&effects, PAGE));
    assert_eq!(browser.engine.tables(), Tables::default());
}

#[test]
fn a_mounted_value_does_not_leave_memory() {
    let mut browser = Browser::new();
    browser.load(PAGE, "text", at(1));
    browser.mount(PAGE);

    browser.wait(LINGER_MS);
    browser.send(Event::Swept);

    assert!(browser.shown(PAGE).is_some());
    assert_eq!(browser.engine.next_due_ms(), Some(10_000 + KEEP_MS));
}

#[test]
fn a_use_makes_it_stay_longer() {
    let mut browser = Browser::new();
    browser.load(PAGE, "text", at(1));
    browser.wait(FRESH_MS - 1);

    browser.read(PAGE);

    assert_eq!(browser.engine.next_due_ms(), Some(browser.now_ms + LINGER_MS));
}

#[test]
fn a_mounted_view_that_is_polled_is_asked_for_at_its_age() {
    let mut browser = Browser::new();
    browser.load(Key::Profile, "ana", at(1));
    browser.mount(Key::Profile);
    assert_eq!(browser.engine.next_due_ms(), Some(browser.now_ms + POLL_MS));

    browser.wait(POLL_MS);
    let effects = browser.send(Event::Swept);

    assert!(fetch_of(&effects, Key::Profile).is_some());
    assert!(recorded(&effects, Key::Profile, Operation::Stale, Cause::Poll));
}

#[test]
fn nothing_is_polled_while_nobody_looks() {
    let mut browser = Browser::new();
    browser.load(Key::Profile, "ana", at(1));
    browser.mount(Key::Profile);

    browser.send(Event::Hidden);

    assert_eq!(browser.engine.next_due_ms(), Some(browser.now_ms + KEEP_MS));
}

#[test]
fn a_value_that_expires_while_nobody_looks_is_fetched_when_somebody_does() {
    let mut browser = Browser::new();
    browser.load(PAGE, "text", at(1));
    browser.mount(PAGE);
    browser.send(Event::Hidden);
    browser.wait(KEEP_MS);

    let swept = browser.send(Event::Swept);
    let seen = browser.send(Event::Focused);

    assert_eq!((fetch_of(&swept, PAGE), browser.shown(PAGE)), (None, None));
    assert!(fetch_of(&seen, PAGE).is_some());
}

#[test]
fn a_clock_set_back_does_not_postpone_what_is_due() {
    let mut browser = Browser::new();
    browser.load(PAGE, "text", at(1));
    browser.wait(50);
    browser.send(Event::Swept);
    let due_ms = browser.engine.next_due_ms().unwrap() - browser.now_ms;

    browser.now_ms -= 5_000;
    browser.send(Event::Swept);

    assert_eq!(browser.engine.next_due_ms(), Some(browser.now_ms + due_ms));
    browser.wait(KEEP_MS - 50);
    assert_eq!(browser.shown(PAGE), None);
}
