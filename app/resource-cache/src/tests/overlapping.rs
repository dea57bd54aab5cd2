//! Mutations that overlap with each other, with refetches and with invalidations.

use super::browser::{changed, failed, fetch_of, recorded};
use super::library::{FRESH_MS, Key, Tag, at, elsewhere};
use super::mutating::{shown, text};
use crate::engine::HOLD_MS;
use crate::{Cause, Event, MutationId, Operation, Rollback, State};

const PAGE: Key = Key::Page(1);
const TAG: Tag = Tag::Chapter(1);

#[test]
fn an_invalidation_by_the_own_mutation_does_not_blink() {
    let mut browser = shown();
    browser.begin(1, PAGE, "+a");

    let invalidated = browser.invalidate(&[TAG], Some(at(2)));
    let outdated = browser.state(PAGE);
    let confirmed = browser.confirm(1, Some(at(2)));
    let waiting = text(&browser);
    let answered = browser.answer(PAGE, fetch_of(&invalidated, PAGE).unwrap(), "text+a", at(2));

    assert_eq!(outdated, Some(State::Outdated));
    assert_eq!(waiting.as_deref(), Some("text+a"));
    assert!([invalidated, confirmed, answered].iter().all(|effects| !changed(effects, PAGE)));
    assert_eq!((text(&browser).as_deref(), browser.state(PAGE)), (Some("text+a"), Some(State::Fresh)));
}

#[test]
fn an_outdated_value_is_gone_with_the_last_patch_on_it() {
    let mut browser = shown();
    browser.begin(1, PAGE, "+a");
    browser.invalidate(&[TAG], Some(at(5)));

    let effects = browser.refuse(1, Rollback::Undo);

    assert!(changed(&effects, PAGE));
    assert_eq!(text(&browser), None);
    assert!(browser.engine.is_fetching(&PAGE));
}

#[test]
fn a_failed_mutation_takes_only_its_own_patch_back() {
    let mut browser = shown();
    browser.begin(1, PAGE, "+a");
    browser.begin(2, PAGE, "+b");
    browser.begin(3, PAGE, "+c");

    let effects = browser.refuse(2, Rollback::Undo);

    assert!(recorded(&effects, PAGE, Operation::Rollback, Cause::Mutation(MutationId(2))));
    assert_eq!(text(&browser).as_deref(), Some("text+a+c"));
}

#[test]
fn a_rollback_does_not_undo_what_came_in_between() {
    let mut browser = shown();
    browser.begin(1, PAGE, "+a");
    browser.begin(2, PAGE, "+b");
    browser.confirm_with(2, PAGE, "text and b", at(2));

    browser.refuse(1, Rollback::Undo);

    assert_eq!(text(&browser).as_deref(), Some("text and b"));
}

#[test]
fn mutations_that_end_in_the_order_they_began_end_right() {
    let mut browser = shown();
    browser.begin(1, PAGE, "+a");
    browser.begin(2, PAGE, "+b");

    browser.confirm_with(1, PAGE, "text, a", at(2));
    let between = text(&browser);
    browser.confirm_with(2, PAGE, "text, a, b", at(3));

    assert_eq!(between.as_deref(), Some("text+a+b"));
    assert_eq!(text(&browser).as_deref(), Some("text, a, b"));
}

#[test]
fn mutations_that_end_in_the_other_order_end_right() {
    let mut browser = shown();
    browser.begin(1, PAGE, "+a");
    browser.begin(2, PAGE, "+b");

    browser.confirm_with(2, PAGE, "text, a, b", at(3));
    let between = text(&browser);
    browser.confirm_with(1, PAGE, "text, a", at(2));

    assert_eq!(between.as_deref(), Some("text+a+b"));
    assert_eq!(text(&browser).as_deref(), Some("text, a, b"));
}

#[test]
fn an_answer_that_may_contain_a_pending_mutation_does_not_count_it_twice() {
    let mut browser = shown();
    browser.begin(1, PAGE, "+a");
    let fetch = fetch_of(&browser.invalidate(&[TAG], Some(at(2))), PAGE).unwrap();

    browser.answer(PAGE, fetch, "text+a", at(2));
    let pending = text(&browser);
    browser.confirm(1, Some(at(2)));

    assert_eq!((pending.as_deref(), text(&browser).as_deref()), (Some("text+a"), Some("text+a")));
    assert_eq!(browser.engine.tables().patches, 0);
}

#[test]
fn an_answer_from_before_a_mutation_does_not_undo_it() {
    let mut browser = shown();
    browser.wait(FRESH_MS);
    let fetch = fetch_of(&browser.read(PAGE), PAGE).unwrap();
    browser.begin(1, PAGE, "+a");

    browser.answer(PAGE, fetch, "text", at(1));
    let pending = text(&browser);
    browser.confirm(1, Some(at(2)));

    assert_eq!((pending.as_deref(), text(&browser).as_deref()), (Some("text+a"), Some("text+a")));
}

#[test]
fn a_newer_value_waits_for_a_slow_mutation_only_for_a_moment() {
    let mut browser = shown();
    browser.begin(1, PAGE, "+a");
    let fetch = fetch_of(&browser.invalidate(&[TAG], Some(at(5))), PAGE).unwrap();
    browser.answer(PAGE, fetch, "other", at(5));
    assert_eq!(text(&browser).as_deref(), Some("text+a"));

    browser.wait(HOLD_MS);
    browser.send(Event::Swept);
    browser.restore(PAGE, "other", at(5), 0);

    assert_eq!(text(&browser).as_deref(), Some("other+a"));
}

#[test]
fn a_confirmed_patch_waits_for_a_value_of_its_position() {
    let mut browser = shown();
    browser.begin(1, PAGE, "+a");
    let fetch = fetch_of(&browser.confirm(1, Some(at(5))), PAGE).unwrap();

    let older = browser.answer(PAGE, fetch, "text", at(4));
    let between = text(&browser);
    browser.answer(PAGE, fetch_of(&older, PAGE).unwrap(), "text, a", at(5));

    assert_eq!((between.as_deref(), text(&browser).as_deref()), (Some("text+a"), Some("text, a")));
}

#[test]
fn without_a_clock_a_confirmed_patch_waits_for_a_value_asked_for_afterwards() {
    let mut browser = shown();
    browser.wait(FRESH_MS);
    let before = fetch_of(&browser.read(PAGE), PAGE).unwrap();
    browser.begin(1, PAGE, "+a");
    browser.confirm(1, None);

    let answered = browser.answer(PAGE, before, "text", elsewhere(9));
    let between = text(&browser);
    browser.answer(PAGE, fetch_of(&answered, PAGE).unwrap(), "text, a", elsewhere(9));

    assert_eq!((between.as_deref(), text(&browser).as_deref()), (Some("text+a"), Some("text, a")));
}

#[test]
fn a_given_value_that_was_outdated_meanwhile_is_refused_and_the_patch_waits() {
    let mut browser = shown();
    browser.begin(1, PAGE, "+a");
    let invalidated = browser.invalidate(&[TAG], Some(at(7)));

    let effects = browser.confirm_with(1, PAGE, "text, a", at(5));
    let waiting = text(&browser);
    browser.answer(PAGE, fetch_of(&invalidated, PAGE).unwrap(), "text, a, b", at(7));

    assert!(recorded(&effects, PAGE, Operation::Discard, Cause::Mutation(MutationId(1))));
    assert_eq!((waiting.as_deref(), text(&browser).as_deref()), (Some("text+a"), Some("text, a, b")));
}

#[test]
fn a_failed_refetch_leaves_the_patch_of_a_confirmed_mutation() {
    let mut browser = shown();
    browser.begin(1, PAGE, "+a");
    let fetch = fetch_of(&browser.invalidate(&[TAG], Some(at(2))), PAGE).unwrap();
    browser.confirm(1, Some(at(2)));

    let effects = browser.fail(PAGE, fetch);

    assert!(failed(&effects, PAGE) && !changed(&effects, PAGE));
    assert_eq!(text(&browser).as_deref(), Some("text+a"));
}
