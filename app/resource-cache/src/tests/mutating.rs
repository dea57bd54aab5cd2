//! What a mutation is expected to do is shown at once, and what it did as soon as it is known.

use super::browser::{Browser, changed, fetch_of, recorded, stored};
use super::library::{FRESH_MS, Key, Tag, at, snapshot};
use crate::engine::SETTLE_MS;
use crate::{Cause, Effect, Event, MutationId, Operation, Rollback, State, Tables};

const PAGE: Key = Key::Page(1);
const TAG: Tag = Tag::Chapter(1);

/// A page that shows "text", read at position 1.
pub(super) fn shown() -> Browser {
    let mut browser = Browser::new();
    browser.load(PAGE, "text", at(1));
    browser.mount(PAGE);
    browser
}

pub(super) fn text(browser: &Browser) -> Option<String> {
    browser.shown(PAGE)
}

#[test]
fn a_patch_is_shown_at_once_and_counted_as_pending() {
    let mut browser = shown();

    let effects = browser.begin(1, PAGE, "+a");

    assert!(changed(&effects, PAGE));
    assert!(recorded(&effects, PAGE, Operation::Patch, Cause::Mutation(MutationId(1))));
    assert_eq!(text(&browser).as_deref(), Some("text+a"));
    assert_eq!(browser.pending(PAGE), 1);
}

#[test]
fn a_patch_is_never_stored() {
    let mut browser = shown();

    let begun = browser.begin(1, PAGE, "+a");
    browser.wait(FRESH_MS);
    let fetch = fetch_of(&browser.read(PAGE), PAGE).unwrap();
    let answered = browser.answer(PAGE, fetch, "text", at(2));

    assert_eq!(stored(&begun, PAGE), None);
    assert!(answered.contains(&Effect::Store { key: PAGE, snapshot: snapshot("text", at(2)) }));
    assert_eq!(text(&browser).as_deref(), Some("text+a"));
}

#[test]
fn a_value_given_with_the_confirmation_replaces_the_patch() {
    let mut browser = shown();
    browser.begin(1, PAGE, "+a");

    let effects = browser.confirm_with(1, PAGE, "text and a", at(2));

    assert!(changed(&effects, PAGE));
    assert_eq!(stored(&effects, PAGE), Some(at(2)));
    assert_eq!(text(&browser).as_deref(), Some("text and a"));
    assert_eq!((browser.pending(PAGE), browser.state(PAGE)), (0, Some(State::Fresh)));
}

#[test]
fn a_confirmation_that_says_what_the_patch_said_tells_nobody() {
    let mut browser = shown();
    browser.begin(1, PAGE, "+a");
    let invalidated = browser.invalidate(&[TAG], Some(at(2)));

    let confirmed = browser.confirm_with(1, PAGE, "text+a", at(2));

    assert!(!changed(&invalidated, PAGE) && !changed(&confirmed, PAGE));
    assert_eq!(text(&browser).as_deref(), Some("text+a"));
}

#[test]
fn a_failed_mutation_makes_its_views_ask_again_because_it_may_have_arrived() {
    let mut browser = shown();
    browser.begin(1, PAGE, "+a");

    let effects = browser.refuse(1, Rollback::Undo);

    assert!(fetch_of(&effects, PAGE).is_some());
    assert_eq!(text(&browser).as_deref(), Some("text"));
}

#[test]
fn without_rollback_a_patch_stays_until_the_source_says_otherwise() {
    let mut browser = shown();
    browser.begin(1, PAGE, "+a");

    let effects = browser.refuse(1, Rollback::Keep);
    let kept = text(&browser);
    browser.wait(FRESH_MS);
    let fetch = fetch_of(&browser.read(PAGE), PAGE).unwrap();
    browser.answer(PAGE, fetch, "text", at(2));

    assert!(!changed(&effects, PAGE));
    assert_eq!((kept.as_deref(), text(&browser).as_deref()), (Some("text+a"), Some("text")));
    assert_eq!(browser.engine.tables().patches, 0);
}

#[test]
fn a_confirmed_patch_is_not_pinned_for_ever() {
    let mut browser = Browser::new();
    browser.begin(1, PAGE, "+a");
    browser.confirm(1, Some(at(5)));

    browser.wait(SETTLE_MS);
    browser.send(Event::Swept);

    assert_eq!(browser.engine.tables(), Tables::default());
}

#[test]
fn a_mutation_without_patches_still_brings_values() {
    let mut browser = Browser::new();
    browser.send(Event::MutationBegun { mutation: MutationId(1), patches: Vec::new() });

    browser.confirm_with(1, PAGE, "made", at(2));

    assert_eq!((text(&browser).as_deref(), browser.state(PAGE)), (Some("made"), Some(State::Fresh)));
}

#[test]
fn a_patch_on_a_view_that_is_not_there_yet_is_shown_once_it_comes() {
    let mut browser = Browser::new();
    browser.begin(1, PAGE, "+a");
    assert_eq!(text(&browser), None);

    browser.restore(PAGE, "stored", at(1), 0);

    assert_eq!(text(&browser).as_deref(), Some("stored+a"));
}

#[test]
fn a_patch_that_does_not_fit_changes_nothing_and_tells_nobody() {
    let mut browser = shown();

    let effects = browser.begin(1, PAGE, "");

    assert!(!changed(&effects, PAGE));
    assert_eq!((text(&browser).as_deref(), browser.pending(PAGE)), (Some("text"), 1));
}

#[test]
fn a_mutation_that_begins_twice_counts_once() {
    let mut browser = shown();
    browser.begin(1, PAGE, "+a");

    let again = browser.begin(1, PAGE, "+a");

    assert!(again.is_empty());
    assert_eq!(text(&browser).as_deref(), Some("text+a"));
}

#[test]
fn a_mutation_that_ends_twice_ends_once() {
    let mut browser = shown();
    browser.begin(1, PAGE, "+a");
    browser.confirm_with(1, PAGE, "text, a", at(2));

    let confirmed = browser.confirm_with(1, PAGE, "another", at(3));
    let failed = browser.refuse(1, Rollback::Undo);

    assert!(confirmed.is_empty() && failed.is_empty());
    assert_eq!(text(&browser).as_deref(), Some("text, a"));
}

#[test]
fn one_mutation_may_patch_many_views() {
    let (first, second) = (Key::Page(1), Key::Page(2));
    let mut browser = Browser::new();
    browser.load(first, "one", at(1));
    browser.load(second, "two", at(1));

    let patches = vec![(first, "+a"), (second, "+b")];
    browser.send(Event::MutationBegun { mutation: MutationId(1), patches });
    let both = (browser.shown(first), browser.shown(second));
    browser.refuse(1, Rollback::Undo);

    assert_eq!(both, (Some("one+a".to_owned()), Some("two+b".to_owned())));
    assert_eq!((browser.shown(first).as_deref(), browser.shown(second).as_deref()), (Some("one"), Some("two")));
}

#[test]
fn one_mutation_may_patch_a_view_twice() {
    let mut browser = shown();

    let patches = vec![(PAGE, "+a"), (PAGE, "+b")];
    browser.send(Event::MutationBegun { mutation: MutationId(1), patches });
    let patched = text(&browser);
    browser.refuse(1, Rollback::Undo);

    assert_eq!((patched.as_deref(), text(&browser).as_deref()), (Some("text+a+b"), Some("text")));
}

#[test]
fn a_patched_view_is_not_evicted() {
    let mut browser = Browser::with_limits(crate::Limits { memory_bytes: 1_000, entries: 1 });
    browser.load(PAGE, "text", at(1));
    browser.begin(1, PAGE, "+a");

    browser.load(Key::Page(2), "two", at(1));
    browser.load(Key::Page(3), "three", at(1));

    assert_eq!(text(&browser).as_deref(), Some("text+a"));
}

#[test]
fn an_answer_to_a_mutation_from_before_the_log_out_is_nobodys_business() {
    let mut browser = shown();
    browser.begin(1, PAGE, "+a");
    browser.send(Event::Cleared);

    let effects = browser.confirm_with(1, PAGE, "someone else's", at(9));

    assert!(effects.is_empty());
    assert_eq!(text(&browser), None);
    assert_eq!(browser.engine.tables().patches, 0);
}

#[test]
fn too_many_pending_mutations_are_not_shown_early_but_harm_nothing() {
    let mut browser = shown();
    for number in 0..300 {
        browser.begin(number, PAGE, "+");
    }

    let tables = browser.engine.tables();
    for number in 0..300 {
        browser.refuse(number, Rollback::Undo);
    }

    assert_eq!((tables.mutations, tables.patches), (256, 256));
    assert_eq!(text(&browser).as_deref(), Some("text"));
    assert_eq!(browser.engine.tables().mutations, 0);
}
