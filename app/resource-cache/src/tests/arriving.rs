//! Values that come as answers, with the page or out of storage.

use super::browser::{Browser, changed, fetch_of, forgot, recorded, stored};
use super::library::{FRESH_MS, KEEP_MS, Key, Tag, at, elsewhere};
use crate::{Cause, Event, Operation, State};

const PAGE: Key = Key::Page(1);

#[test]
fn an_answer_is_offered_told_and_stored() {
    let mut browser = Browser::new();
    let fetch = fetch_of(&browser.read(PAGE), PAGE).unwrap();

    let effects = browser.answer(PAGE, fetch, "text", at(3));

    assert!(changed(&effects, PAGE));
    assert_eq!(stored(&effects, PAGE), Some(at(3)));
    assert!(recorded(&effects, PAGE, Operation::Set, Cause::Answer));
    assert_eq!(browser.state(PAGE), Some(State::Fresh));
}

#[test]
fn a_view_for_memory_only_is_never_stored() {
    let mut browser = Browser::new();
    let fetch = fetch_of(&browser.read(Key::Profile), Key::Profile).unwrap();

    let effects = browser.answer(Key::Profile, fetch, "ana", at(3));

    assert_eq!(stored(&effects, Key::Profile), None);
}

#[test]
fn an_equal_answer_tells_nobody_but_moves_time_and_clock() {
    let mut browser = Browser::new();
    browser.load(PAGE, "text", at(1));
    browser.wait(FRESH_MS);
    let fetch = fetch_of(&browser.read(PAGE), PAGE).unwrap();

    let effects = browser.answer(PAGE, fetch, "text", at(5));

    assert!(!changed(&effects, PAGE));
    assert_eq!(stored(&effects, PAGE), Some(at(5)));
    assert_eq!(browser.state(PAGE), Some(State::Fresh));
    assert_eq!(browser.engine.entries(browser.now_ms)[0].clock, Some(at(5)));
}

#[test]
fn the_late_answer_of_an_older_fetch_is_ignored() {
    let mut browser = Browser::new();
    let older = fetch_of(&browser.read(PAGE), PAGE).unwrap();
    browser.send(Event::Cleared);
    let newer = fetch_of(&browser.read(PAGE), PAGE).unwrap();
    browser.answer(PAGE, newer, "new", at(2));

    let effects = browser.answer(PAGE, older, "old", at(9));

    assert!(recorded(&effects, PAGE, Operation::Discard, Cause::Answer));
    assert_eq!(browser.shown(PAGE).as_deref(), Some("new"));
}

#[test]
fn a_newer_clock_is_never_replaced_by_an_older_one() {
    let mut browser = Browser::new();
    browser.load(PAGE, "new", at(5));
    browser.wait(FRESH_MS);
    let fetch = fetch_of(&browser.read(PAGE), PAGE).unwrap();

    let effects = browser.answer(PAGE, fetch, "old", at(4));
    browser.restore(PAGE, "older", at(3), 0);
    browser.hydrate(PAGE, "oldest", at(2));

    assert!(fetch_of(&effects, PAGE).is_some());
    assert_eq!(browser.shown(PAGE).as_deref(), Some("new"));
}

#[test]
fn an_answer_of_another_epoch_replaces_the_value_it_was_asked_for() {
    let mut browser = Browser::new();
    browser.load(PAGE, "before", at(900));
    browser.wait(FRESH_MS);
    let fetch = fetch_of(&browser.read(PAGE), PAGE).unwrap();

    browser.answer(PAGE, fetch, "after", elsewhere(1));

    assert_eq!(browser.shown(PAGE).as_deref(), Some("after"));
}

#[test]
fn a_hydrated_value_needs_no_fetch() {
    let mut browser = Browser::new();

    let effects = browser.hydrate(PAGE, "text", at(1));
    let mounted = browser.mount(PAGE);

    assert!(changed(&effects, PAGE));
    assert_eq!(stored(&effects, PAGE), Some(at(1)));
    assert_eq!(fetch_of(&mounted, PAGE), None);
    assert_eq!(browser.state(PAGE), Some(State::Fresh));
}

#[test]
fn a_page_older_than_the_last_invalidation_is_refused_and_fetched() {
    let mut browser = Browser::new();
    browser.invalidate(&[Tag::Published], Some(at(5)));

    let effects = browser.hydrate(PAGE, "old", at(4));
    let mounted = browser.mount(PAGE);

    assert!(recorded(&effects, PAGE, Operation::Discard, Cause::Hydration));
    assert_eq!(browser.shown(PAGE), None);
    assert!(fetch_of(&mounted, PAGE).is_some());
}

#[test]
fn a_page_of_another_epoch_does_not_replace_what_is_held_but_casts_doubt_on_it() {
    let mut browser = Browser::new();
    browser.load(PAGE, "held", at(5));

    browser.hydrate(PAGE, "other", elsewhere(1));

    assert_eq!(browser.shown(PAGE).as_deref(), Some("held"));
    assert_eq!(browser.state(PAGE), Some(State::Marked));
}

#[test]
fn an_answer_asked_for_before_the_page_came_cannot_undo_it() {
    let mut browser = Browser::new();
    let fetch = fetch_of(&browser.read(PAGE), PAGE).unwrap();
    browser.hydrate(PAGE, "page", elsewhere(1));

    browser.answer(PAGE, fetch, "answer", at(900));

    assert_eq!(browser.shown(PAGE).as_deref(), Some("page"));
}

#[test]
fn a_restored_value_is_as_old_as_when_it_was_stored() {
    let mut browser = Browser::new();

    let effects = browser.restore(PAGE, "text", at(1), FRESH_MS);

    assert!(changed(&effects, PAGE));
    assert_eq!(stored(&effects, PAGE), None);
    assert_eq!(browser.state(PAGE), Some(State::Stale));
}

#[test]
fn a_restored_value_past_its_life_is_forgotten() {
    let mut browser = Browser::new();

    let effects = browser.restore(PAGE, "text", at(1), KEEP_MS);

    assert!(forgot(&effects, PAGE));
    assert_eq!(browser.shown(PAGE), None);
}

#[test]
fn a_restored_value_from_the_future_ages_from_now() {
    let mut browser = Browser::new();
    let snapshot = super::library::snapshot("text", at(1));
    let stored_at_ms = browser.now_ms + 1_000_000;

    browser.send(Event::Restored { key: PAGE, snapshot, stored_at_ms });
    browser.wait(KEEP_MS);

    assert_eq!(browser.shown(PAGE), None);
}

#[test]
fn a_restored_value_is_offered_until_the_answer_comes() {
    let mut browser = Browser::new();
    let fetch = fetch_of(&browser.read(PAGE), PAGE).unwrap();

    browser.restore(PAGE, "old", at(1), FRESH_MS);
    assert_eq!(browser.shown(PAGE).as_deref(), Some("old"));
    browser.answer(PAGE, fetch, "new", at(2));

    assert_eq!(browser.shown(PAGE).as_deref(), Some("new"));
}

#[test]
fn a_stored_copy_older_than_an_invalidation_is_refused_and_removed() {
    let mut browser = Browser::new();
    browser.invalidate(&[Tag::Chapter(1)], Some(at(5)));

    let older = browser.restore(PAGE, "old", at(4), 0);
    let other_epoch = browser.restore(PAGE, "other", elsewhere(9), 0);
    assert_eq!(browser.shown(PAGE), None);
    browser.restore(PAGE, "new", at(5), 0);

    assert!(forgot(&older, PAGE));
    assert!(forgot(&other_epoch, PAGE));
    assert_eq!(browser.shown(PAGE).as_deref(), Some("new"));
}

#[test]
fn when_too_many_tags_were_invalidated_old_copies_are_refused_without_looking() {
    let mut browser = Browser::with_tag_memory(2);
    for (chapter, seq) in [(1, 10), (2, 11), (3, 12), (4, 13)] {
        browser.invalidate(&[Tag::Chapter(chapter)], Some(at(seq)));
    }

    browser.restore(Key::Draft(1), "invalidated and forgotten", at(9), 0);
    browser.restore(Key::Draft(9), "never invalidated, too old to tell", at(9), 0);
    browser.restore(Key::Draft(8), "newer than all that was forgotten", at(11), 0);

    assert_eq!(browser.shown(Key::Draft(1)), None);
    assert_eq!(browser.shown(Key::Draft(9)), None);
    assert!(browser.shown(Key::Draft(8)).is_some());
    assert_eq!(browser.engine.tables().fenced, 2);
}
