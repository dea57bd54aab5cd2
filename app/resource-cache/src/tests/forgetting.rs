//! Time, room, and people who want it gone.

use super::browser::{Browser, changed, failed, fetch_of, forgot, recorded};
use super::library::{Group, KEEP_MS, Key, Tag, at};
use crate::{Cause, Effect, Event, Limits, Operation, Scope};

const PAGE: Key = Key::Page(1);

#[test]
fn a_sweep_drops_what_expired_from_memory_and_storage() {
    let mut browser = Browser::new();
    browser.load(PAGE, "text", at(1));
    browser.wait(KEEP_MS);

    let effects = browser.send(Event::Swept);

    assert!(forgot(&effects, PAGE));
    assert!(recorded(&effects, PAGE, Operation::Evict, Cause::Expired));
    assert!(browser.engine.entries(browser.now_ms).is_empty());
}

#[test]
fn a_mounted_view_that_expired_is_fetched_again() {
    let mut browser = Browser::new();
    browser.load(PAGE, "text", at(1));
    browser.mount(PAGE);
    browser.wait(KEEP_MS);

    let effects = browser.send(Event::Swept);

    assert!(fetch_of(&effects, PAGE).is_some());
}

#[test]
fn what_was_not_used_for_longest_makes_room() {
    let mut browser = Browser::with_limits(Limits { memory_bytes: 1_000, entries: 2 });
    browser.load(Key::Page(1), "one", at(1));
    browser.load(Key::Page(2), "two", at(1));
    browser.read(Key::Page(1));

    browser.load(Key::Page(3), "three", at(1));

    assert!(browser.shown(Key::Page(1)).is_some());
    assert_eq!(browser.shown(Key::Page(2)), None);
    assert!(browser.shown(Key::Page(3)).is_some());
}

#[test]
fn memory_is_bounded_in_bytes_and_storage_keeps_what_memory_drops() {
    let mut browser = Browser::with_limits(Limits { memory_bytes: 10, entries: 100 });
    browser.load(Key::Page(1), "123456", at(1));
    let fetch = fetch_of(&browser.read(Key::Page(2)), Key::Page(2)).unwrap();

    let effects = browser.answer(Key::Page(2), fetch, "123456", at(1));

    assert!(recorded(&effects, Key::Page(1), Operation::Evict, Cause::Pressure));
    assert!(!forgot(&effects, Key::Page(1)));
}

#[test]
fn mounted_views_are_never_evicted() {
    let mut browser = Browser::with_limits(Limits { memory_bytes: 1, entries: 1 });
    for chapter in 1..=3 {
        browser.load(Key::Page(chapter), "text", at(1));
        browser.mount(Key::Page(chapter));
    }

    browser.send(Event::Swept);

    assert!((1..=3).all(|chapter| browser.shown(Key::Page(chapter)).is_some()));
}

#[test]
fn a_value_too_large_for_the_budget_can_still_be_looked_at_once() {
    let mut browser = Browser::with_limits(Limits { memory_bytes: 1, entries: 1 });

    browser.load(PAGE, "a whole novel", at(1));
    assert!(browser.shown(PAGE).is_some());
    browser.send(Event::Swept);

    assert_eq!(browser.shown(PAGE), None);
}

#[test]
fn removing_by_hand_forgets_in_both_places_even_if_memory_held_nothing() {
    let mut browser = Browser::new();
    browser.load(PAGE, "text", at(1));

    let held = browser.send(Event::Removed { key: PAGE });
    let unknown = browser.send(Event::Removed { key: Key::Page(2) });

    assert!(changed(&held, PAGE) && forgot(&held, PAGE));
    assert_eq!(unknown, [Effect::Forget { key: Key::Page(2) }]);
    assert_eq!(browser.shown(PAGE), None);
}

#[test]
fn removing_a_mounted_view_by_hand_fetches_it_again() {
    let mut browser = Browser::new();
    browser.load(PAGE, "text", at(1));
    browser.mount(PAGE);

    let effects = browser.send(Event::Removed { key: PAGE });

    assert!(fetch_of(&effects, PAGE).is_some());
}

#[test]
fn clearing_ends_every_wait_and_fetches_nothing() {
    let waiting = Key::Page(2);
    let mut browser = Browser::new();
    browser.load(PAGE, "text", at(1));
    browser.mount(PAGE);
    let fetch = fetch_of(&browser.mount(waiting), waiting).unwrap();

    let effects = browser.send(Event::Cleared);
    browser.answer(waiting, fetch, "someone else's", at(9));

    assert!(effects.contains(&Effect::ForgetAll));
    assert!(changed(&effects, PAGE));
    assert!(failed(&effects, waiting));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Fetch { .. })));
    assert_eq!(browser.shown(PAGE), None);
    assert_eq!(browser.shown(waiting), None);
}

#[test]
fn clearing_still_refuses_stored_copies_from_before_an_invalidation() {
    let mut browser = Browser::new();
    browser.invalidate(&[Tag::Chapter(1)], Some(at(5)));
    browser.send(Event::Cleared);

    browser.restore(PAGE, "old", at(4), 0);

    assert_eq!(browser.shown(PAGE), None);
    assert_eq!(browser.engine.tables().fenced, 0);
}

#[test]
fn clearing_does_not_lose_the_doubt_about_a_group() {
    let mut browser = Browser::new();
    browser.invalidate_with(&[], &[Group::Reading], Some(at(5)), Scope::Tags);
    browser.send(Event::Cleared);

    browser.restore(PAGE, "old", at(4), 0);

    assert_eq!(browser.shown(PAGE), None);
}

#[test]
fn a_view_is_unmounted_when_its_last_subscriber_leaves() {
    let mut browser = Browser::new();
    browser.load(PAGE, "text", at(1));
    browser.mount(PAGE);
    browser.mount(PAGE);

    browser.unmount(PAGE);
    let one_left = browser.invalidate(&[Tag::Published], Some(at(2)));
    browser.unmount(PAGE);
    browser.unmount(PAGE);
    let none_left = browser.send(Event::Focused);

    assert!(fetch_of(&one_left, PAGE).is_some());
    assert!(none_left.is_empty());
}
