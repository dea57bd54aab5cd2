//! Reads, subscriptions and a person who comes back.

use super::browser::{Browser, changed, failed, fetch_of, recorded};
use super::library::{FRESH_MS, KEEP_MS, Key, at};
use crate::{Cause, Event, Operation, State};

const PAGE: Key = Key::Page(1);

#[test]
fn a_first_read_offers_nothing_and_fetches() {
    let mut browser = Browser::new();

    let effects = browser.read(PAGE);

    assert!(fetch_of(&effects, PAGE).is_some());
    assert!(recorded(&effects, PAGE, Operation::Miss, Cause::Read));
    assert_eq!(browser.shown(PAGE), None);
    assert!(browser.engine.is_fetching(&PAGE));
}

#[test]
fn a_read_during_a_fetch_adds_none() {
    let mut browser = Browser::new();
    browser.read(PAGE);

    let again = browser.read(PAGE);
    let mounted = browser.mount(PAGE);

    assert_eq!(fetch_of(&again, PAGE), None);
    assert_eq!(fetch_of(&mounted, PAGE), None);
}

#[test]
fn a_fresh_value_is_offered_without_asking() {
    let mut browser = Browser::new();
    browser.load(PAGE, "text", at(1));
    browser.wait(FRESH_MS - 1);

    let effects = browser.read(PAGE);

    assert_eq!(fetch_of(&effects, PAGE), None);
    assert!(recorded(&effects, PAGE, Operation::Hit, Cause::Read));
    assert_eq!(browser.state(PAGE), Some(State::Fresh));
}

#[test]
fn a_value_stale_by_time_is_offered_while_it_is_fetched_again() {
    let mut browser = Browser::new();
    browser.load(PAGE, "text", at(1));
    browser.wait(FRESH_MS);
    assert_eq!(browser.state(PAGE), Some(State::Stale));

    let effects = browser.read(PAGE);

    assert!(fetch_of(&effects, PAGE).is_some());
    assert!(recorded(&effects, PAGE, Operation::Stale, Cause::Read));
    assert_eq!(browser.shown(PAGE).as_deref(), Some("text"));
    assert_eq!(browser.state(PAGE), Some(State::Fetching));
}

#[test]
fn a_value_past_its_life_is_not_offered() {
    let mut browser = Browser::new();
    browser.load(PAGE, "text", at(1));
    browser.wait(KEEP_MS);

    assert_eq!(browser.shown(PAGE), None);
    let effects = browser.read(PAGE);

    assert!(recorded(&effects, PAGE, Operation::Miss, Cause::Read));
    assert!(fetch_of(&effects, PAGE).is_some());
}

#[test]
fn mounting_a_view_that_is_not_there_fetches_it() {
    let mut browser = Browser::new();

    let effects = browser.mount(PAGE);

    assert!(fetch_of(&effects, PAGE).is_some());
    assert!(recorded(&effects, PAGE, Operation::Miss, Cause::Subscribed));
}

#[test]
fn coming_back_refetches_only_what_is_mounted_and_stale() {
    let [stale, fresh, left] = [Key::Page(1), Key::Page(2), Key::Page(3)];
    let mut browser = Browser::new();
    browser.load(stale, "one", at(1));
    browser.mount(stale);
    browser.load(left, "three", at(1));
    browser.wait(FRESH_MS);
    browser.load(fresh, "two", at(1));
    browser.mount(fresh);

    let effects = browser.send(Event::Focused);

    assert!(fetch_of(&effects, stale).is_some());
    assert_eq!(fetch_of(&effects, fresh), None);
    assert_eq!(fetch_of(&effects, left), None);
    assert!(recorded(&effects, stale, Operation::Stale, Cause::Focus));
}

#[test]
fn a_mounted_view_whose_fetch_failed_is_fetched_when_the_network_returns() {
    let mut browser = Browser::new();
    let fetch = fetch_of(&browser.mount(PAGE), PAGE).unwrap();
    browser.fail(PAGE, fetch);

    let effects = browser.send(Event::Online);

    assert!(fetch_of(&effects, PAGE).is_some());
}

#[test]
fn a_failed_first_fetch_is_reported_to_those_who_wait() {
    let mut browser = Browser::new();
    let fetch = fetch_of(&browser.read(PAGE), PAGE).unwrap();

    let effects = browser.fail(PAGE, fetch);

    assert!(failed(&effects, PAGE));
    assert!(!browser.engine.is_fetching(&PAGE));
    assert!(fetch_of(&browser.read(PAGE), PAGE).is_some());
}

#[test]
fn a_failed_refetch_keeps_the_value_but_does_not_make_it_valid() {
    let mut browser = Browser::new();
    browser.load(PAGE, "text", at(1));
    browser.wait(FRESH_MS);
    let fetch = fetch_of(&browser.read(PAGE), PAGE).unwrap();

    let effects = browser.fail(PAGE, fetch);

    assert!(!changed(&effects, PAGE));
    assert_eq!(browser.shown(PAGE).as_deref(), Some("text"));
    assert_eq!(browser.state(PAGE), Some(State::Stale));
}

#[test]
fn a_debug_panel_sees_how_often_a_view_was_used() {
    let mut browser = Browser::new();
    browser.load(PAGE, "text", at(7));
    browser.mount(PAGE);
    browser.wait(30);
    browser.read(PAGE);
    browser.read(PAGE);

    let entries = browser.engine.entries(browser.now_ms);

    let [entry] = entries.as_slice() else { panic!("one view was read: {entries:?}") };
    assert_eq!((entry.key, entry.clock, entry.state), (PAGE, Some(at(7)), State::Fresh));
    assert_eq!((entry.hits, entry.stale, entry.misses, entry.subscribers), (2, 0, 1, 1));
    assert_eq!((entry.age_ms, entry.keep_ms, entry.size_bytes), (30, KEEP_MS, 4));

    browser.wait(FRESH_MS);
    browser.read(PAGE);

    let entries = browser.engine.entries(browser.now_ms);
    assert_eq!((entries[0].hits, entries[0].stale, entries[0].misses), (2, 1, 1), "what is overdue is no hit");
}
