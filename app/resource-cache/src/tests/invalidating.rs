//! Invalidations, at good and at bad moments.

use super::browser::{Browser, changed, failed, fetch_of, pushed, recorded};
use super::library::{Group, Key, Tag, at, elsewhere};
use crate::{Cause, Effect, Operation, Scope, Source, State};

const PAGE: Key = Key::Page(1);
const TAG: Tag = Tag::Chapter(1);

#[test]
fn an_invalidated_value_is_never_offered_again() {
    let mut browser = Browser::new();
    browser.load(PAGE, "old", at(1));

    let effects = browser.invalidate(&[TAG], Some(at(2)));

    assert!(changed(&effects, PAGE));
    assert!(recorded(&effects, PAGE, Operation::Invalidate, pushed(TAG)));
    assert_eq!(browser.shown(PAGE), None);
    assert!(fetch_of(&browser.read(PAGE), PAGE).is_some());
    assert_eq!(browser.shown(PAGE), None);
}

#[test]
fn an_invalidated_mounted_view_is_fetched_at_once() {
    let mut browser = Browser::new();
    browser.load(PAGE, "old", at(1));
    browser.mount(PAGE);

    let effects = browser.invalidate(&[TAG], Some(at(2)));
    let fetch = fetch_of(&effects, PAGE).unwrap();
    let answered = browser.answer(PAGE, fetch, "new", at(2));

    assert!(changed(&answered, PAGE));
    assert_eq!(browser.state(PAGE), Some(State::Fresh));
}

#[test]
fn an_unmounted_view_is_dropped_without_a_fetch() {
    let mut browser = Browser::new();
    browser.load(PAGE, "old", at(1));

    let effects = browser.invalidate(&[TAG], Some(at(2)));

    assert_eq!(fetch_of(&effects, PAGE), None);
    assert!(browser.engine.entries(browser.now_ms).is_empty());
}

#[test]
fn storage_is_told_even_when_memory_held_nothing() {
    let mut browser = Browser::new();

    let effects = browser.invalidate(&[TAG], Some(at(2)));

    assert_eq!(effects, [Effect::ForgetTagged { tags: vec![TAG], clock: Some(at(2)) }]);
}

#[test]
fn a_value_read_at_or_after_the_invalidation_stays() {
    let mut browser = Browser::new();
    browser.load(PAGE, "text", at(5));

    browser.invalidate(&[TAG], Some(at(4)));
    browser.invalidate(&[TAG], Some(at(5)));

    assert_eq!(browser.state(PAGE), Some(State::Fresh));
}

#[test]
fn a_clock_that_cannot_be_compared_counts_as_older() {
    let mut browser = Browser::new();
    browser.load(PAGE, "text", at(900));

    browser.invalidate(&[TAG], Some(elsewhere(1)));

    assert_eq!(browser.shown(PAGE), None);
}

#[test]
fn without_a_clock_every_value_with_the_tag_is_dropped() {
    let mut browser = Browser::new();
    browser.load(PAGE, "text", at(u64::MAX));

    browser.invalidate(&[TAG], None);
    browser.restore(PAGE, "stored", at(u64::MAX), 0);

    assert_eq!(browser.shown(PAGE), None);
}

#[test]
fn another_tag_leaves_a_view_alone() {
    let mut browser = Browser::new();
    browser.load(PAGE, "text", at(1));

    browser.invalidate(&[Tag::Chapter(2), Tag::Person], Some(at(2)));

    assert_eq!(browser.state(PAGE), Some(State::Fresh));
}

#[test]
fn an_answer_under_way_that_is_older_than_an_invalidation_is_fetched_again() {
    let mut browser = Browser::new();
    let first = fetch_of(&browser.read(PAGE), PAGE).unwrap();
    browser.invalidate(&[TAG], Some(at(5)));

    let refused = browser.answer(PAGE, first, "old", at(4));
    assert_eq!(browser.shown(PAGE), None);
    let second = fetch_of(&refused, PAGE).unwrap();
    browser.answer(PAGE, second, "new", at(5));

    assert!(recorded(&refused, PAGE, Operation::Discard, Cause::Answer));
    assert_eq!(browser.shown(PAGE).as_deref(), Some("new"));
}

#[test]
fn an_answer_under_way_that_proves_to_be_newer_is_accepted() {
    let mut browser = Browser::new();
    let fetch = fetch_of(&browser.read(PAGE), PAGE).unwrap();
    browser.invalidate(&[TAG], Some(at(5)));

    browser.answer(PAGE, fetch, "new", at(6));

    assert_eq!(browser.shown(PAGE).as_deref(), Some("new"));
}

#[test]
fn an_answer_without_a_comparable_clock_is_accepted_only_if_asked_for_afterwards() {
    let mut browser = Browser::new();
    let before = fetch_of(&browser.read(PAGE), PAGE).unwrap();
    browser.invalidate(&[TAG], Some(at(5)));

    let refused = browser.answer(PAGE, before, "old", elsewhere(9));
    assert_eq!(browser.shown(PAGE), None);
    let after = fetch_of(&refused, PAGE).unwrap();
    browser.answer(PAGE, after, "new", elsewhere(9));

    assert_eq!(browser.shown(PAGE).as_deref(), Some("new"));
}

#[test]
fn a_source_that_keeps_answering_old_values_is_given_up_until_the_next_read() {
    let mut browser = Browser::new();
    browser.invalidate(&[TAG], Some(at(5)));
    let mut effects = browser.mount(PAGE);

    for _ in 0..3 {
        let fetch = fetch_of(&effects, PAGE).unwrap();
        assert!(!failed(&effects, PAGE));
        effects = browser.answer(PAGE, fetch, "old", at(4));
    }

    assert!(failed(&effects, PAGE));
    assert_eq!(fetch_of(&effects, PAGE), None);
    assert_eq!(browser.shown(PAGE), None);
    assert!(fetch_of(&browser.read(PAGE), PAGE).is_some());
}

#[test]
fn invalidations_that_keep_coming_do_not_exhaust_the_patience() {
    let mut browser = Browser::new();
    let mut effects = browser.mount(PAGE);

    for seq in 1..=10 {
        let fetch = fetch_of(&effects, PAGE).unwrap();
        browser.invalidate(&[TAG], Some(at(seq)));
        effects = browser.answer(PAGE, fetch, "old", at(seq - 1));
    }
    let fetch = fetch_of(&effects, PAGE).unwrap();
    browser.answer(PAGE, fetch, "new", at(10));

    assert_eq!(browser.state(PAGE), Some(State::Fresh));
}

#[test]
fn a_failed_refetch_does_not_bring_an_invalidated_value_back() {
    let mut browser = Browser::new();
    browser.load(PAGE, "old", at(1));
    browser.mount(PAGE);
    let fetch = fetch_of(&browser.invalidate(&[TAG], Some(at(2))), PAGE).unwrap();

    let effects = browser.fail(PAGE, fetch);

    assert!(failed(&effects, PAGE));
    assert_eq!(browser.shown(PAGE), None);
}

#[test]
fn a_named_group_without_a_tag_marks_and_keeps_offering() {
    let draft = Key::Draft(7);
    let mut browser = Browser::new();
    browser.load(draft, "text", at(1));

    let effects = browser.invalidate_with(&[TAG], &[Group::Writing], Some(at(2)), Scope::Tags);
    assert_eq!(browser.state(draft), Some(State::Marked));
    let read = browser.read(draft);

    let cause = Cause::Group { group: Group::Writing, source: Source::Push, label: None };
    assert!(!changed(&effects, draft));
    assert!(recorded(&effects, draft, Operation::Invalidate, cause));
    assert!(fetch_of(&read, draft).is_some());
    assert_eq!(browser.shown(draft).as_deref(), Some("text"));
}

#[test]
fn a_marked_mounted_view_is_fetched_at_once_and_an_answer_clears_the_mark() {
    let draft = Key::Draft(7);
    let mut browser = Browser::new();
    browser.load(draft, "text", at(1));
    browser.mount(draft);

    let effects = browser.invalidate_with(&[], &[Group::Writing], Some(at(2)), Scope::Tags);
    let fetch = fetch_of(&effects, draft).unwrap();
    browser.answer(draft, fetch, "text", elsewhere(1));

    assert_eq!(browser.state(draft), Some(State::Fresh));
}

#[test]
fn a_mark_during_a_fetch_is_not_lost() {
    let draft = Key::Draft(7);
    let mut browser = Browser::new();
    let fetch = fetch_of(&browser.read(draft), draft).unwrap();
    browser.invalidate_with(&[], &[Group::Writing], Some(at(2)), Scope::Tags);

    browser.answer(draft, fetch, "text", at(1));

    assert_eq!(browser.state(draft), Some(State::Marked));
}

#[test]
fn a_stored_copy_of_a_named_group_comes_back_marked() {
    let draft = Key::Draft(7);
    let mut browser = Browser::new();
    browser.invalidate_with(&[], &[Group::Writing], Some(at(2)), Scope::Tags);

    browser.restore(draft, "text", at(1), 0);

    assert_eq!(browser.state(draft), Some(State::Marked));
}

#[test]
fn when_tags_are_missing_the_group_decides_alone() {
    let mut browser = Browser::new();
    browser.load(Key::Draft(1), "draft", at(1));
    browser.load(PAGE, "page", at(1));

    let effects = browser.invalidate_with(&[], &[Group::Writing], Some(at(2)), Scope::Groups);
    browser.restore(Key::Draft(2), "stored", at(1), 0);

    assert!(effects.contains(&Effect::ForgetGroups { groups: vec![Group::Writing] }));
    assert_eq!(browser.shown(Key::Draft(1)), None);
    assert_eq!(browser.shown(Key::Draft(2)), None);
    assert_eq!(browser.shown(PAGE).as_deref(), Some("page"));
}
