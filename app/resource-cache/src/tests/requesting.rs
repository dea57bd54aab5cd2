//! People with a tool: what they doubt, ask for, and are told about how long it took.

use super::browser::{Browser, fetch_of, forgot, recorded};
use super::library::{FRESH_MS, KEEP_MS, Key, at};
use crate::{Cause, Effect, Event, Operation, State};

const PAGE: Key = Key::Page(1);

fn fetched_in_ms(browser: &Browser, key: Key) -> Option<u64> {
    let entries = browser.engine.entries(browser.now_ms);
    entries.iter().find(|entry| entry.key == key).expect("it is remembered").fetched_in_ms
}

#[test]
fn a_view_doubted_by_hand_is_offered_and_asked_for_at_its_next_use() {
    let mut browser = Browser::new();
    browser.load(PAGE, "text", at(1));
    browser.load(Key::Page(2), "other", at(1));

    let doubted = browser.send(Event::Marked { key: PAGE });

    assert!(recorded(&doubted, PAGE, Operation::Invalidate, Cause::ByHand) && forgot(&doubted, PAGE));
    assert_eq!(fetch_of(&doubted, PAGE), None);
    assert_eq!((browser.shown(PAGE).as_deref(), browser.state(PAGE)), (Some("text"), Some(State::Marked)));
    assert_eq!(browser.state(Key::Page(2)), Some(State::Fresh));
    assert!(fetch_of(&browser.read(PAGE), PAGE).is_some());
}

#[test]
fn a_mounted_view_doubted_by_hand_is_fetched_at_once() {
    let mut browser = Browser::new();
    browser.load(PAGE, "old", at(1));
    browser.mount(PAGE);

    let fetch = fetch_of(&browser.send(Event::Marked { key: PAGE }), PAGE).expect("it is on the page");
    browser.answer(PAGE, fetch, "new", at(1));

    assert_eq!((browser.shown(PAGE).as_deref(), browser.state(PAGE)), (Some("new"), Some(State::Fresh)));
}

#[test]
fn an_answer_under_way_does_not_take_a_doubt_away() {
    let mut browser = Browser::new();
    browser.mount(PAGE);
    browser.send(Event::Marked { key: PAGE });
    let first = browser.send(Event::Requested { key: PAGE });
    assert!(first.is_empty(), "it is asked for already");

    let fetch = crate::FetchId(1);
    let answered = browser.answer(PAGE, fetch, "from before", at(1));

    assert_eq!(browser.shown(PAGE).as_deref(), Some("from before"));
    assert!(fetch_of(&answered, PAGE).is_some(), "it may be from before the doubt");
}

#[test]
fn doubting_what_is_only_stored_forgets_it_there() {
    let mut browser = Browser::new();

    assert_eq!(browser.send(Event::Marked { key: PAGE }), [Effect::Forget { key: PAGE }]);
}

#[test]
fn a_view_asked_for_by_hand_is_fetched_fresh_or_not_known_or_not() {
    let mut browser = Browser::new();
    browser.load(PAGE, "old", at(1));

    let known = browser.send(Event::Requested { key: PAGE });
    let unknown = browser.send(Event::Requested { key: Key::Page(2) });
    browser.answer(PAGE, fetch_of(&known, PAGE).expect("fresh or not"), "new", at(2));

    assert!(recorded(&known, PAGE, Operation::Stale, Cause::ByHand));
    assert!(recorded(&unknown, Key::Page(2), Operation::Miss, Cause::ByHand));
    assert!(fetch_of(&unknown, Key::Page(2)).is_some());
    assert_eq!(browser.shown(PAGE).as_deref(), Some("new"));
}

#[test]
fn the_last_fetch_says_how_long_it_took_even_if_it_failed() {
    let mut browser = Browser::new();
    browser.mount(PAGE);
    assert_eq!(fetched_in_ms(&browser, PAGE), None);

    browser.wait(30);
    browser.answer(PAGE, crate::FetchId(1), "text", at(1));
    assert_eq!(fetched_in_ms(&browser, PAGE), Some(30));

    browser.wait(FRESH_MS);
    let again = fetch_of(&browser.read(PAGE), PAGE).expect("it is stale");
    browser.wait(70);
    browser.fail(PAGE, again);
    assert_eq!(fetched_in_ms(&browser, PAGE), Some(70));
}

#[test]
fn what_is_asked_for_when_its_time_is_over_counts_as_missing() {
    let mut browser = Browser::new();
    browser.load(PAGE, "text", at(1));
    browser.wait(KEEP_MS);

    let effects = browser.send(Event::Requested { key: PAGE });

    assert!(recorded(&effects, PAGE, Operation::Miss, Cause::ByHand));
}
