//! When a page cannot know what it missed: a gap in the push stream, a page that was frozen.

use super::browser::{Browser, changed, fetch_of, recorded};
use super::library::{Key, at, elsewhere};
use crate::{Cause, Effect, Event, Operation, Source, State};

const PAGE: Key = Key::Page(1);

fn reset(seq: u64) -> Event<super::library::Library> {
    Event::Reset { clock: Some(at(seq)), source: Source::Push }
}

#[test]
fn a_gap_outdates_everything_that_is_not_provably_newer() {
    let mut browser = Browser::new();
    browser.load(Key::Page(1), "old", at(4));
    browser.load(Key::Draft(2), "new", at(5));
    browser.load(Key::Profile, "other", elsewhere(9));

    let effects = browser.send(reset(5));

    assert!(effects.contains(&Effect::ForgetOlder { clock: Some(at(5)) }));
    assert!(recorded(&effects, Key::Page(1), Operation::Invalidate, Cause::Reset { source: Source::Push }));
    assert_eq!(browser.shown(Key::Page(1)), None);
    assert_eq!(browser.shown(Key::Draft(2)).as_deref(), Some("new"));
    assert_eq!(browser.shown(Key::Profile), None);
}

#[test]
fn after_a_gap_mounted_views_are_fetched() {
    let mut browser = Browser::new();
    browser.load(PAGE, "old", at(4));
    browser.mount(PAGE);

    let effects = browser.send(reset(5));

    assert!(changed(&effects, PAGE));
    assert!(fetch_of(&effects, PAGE).is_some());
}

#[test]
fn an_answer_under_way_during_a_gap_must_be_newer() {
    let mut browser = Browser::new();
    let fetch = fetch_of(&browser.read(PAGE), PAGE).unwrap();
    browser.send(reset(5));

    let refused = browser.answer(PAGE, fetch, "old", at(4));
    browser.answer(PAGE, fetch_of(&refused, PAGE).unwrap(), "new", at(5));

    assert_eq!(browser.shown(PAGE).as_deref(), Some("new"));
}

#[test]
fn a_stored_copy_from_before_a_gap_is_refused_even_after_clearing() {
    let mut browser = Browser::new();
    browser.send(reset(5));

    browser.restore(PAGE, "old", at(4), 0);
    browser.send(Event::Cleared);
    browser.restore(Key::Draft(1), "old", at(4), 0);

    assert_eq!((browser.shown(PAGE), browser.shown(Key::Draft(1))), (None, None));
}

#[test]
fn without_a_position_a_gap_takes_everything() {
    let mut browser = Browser::new();
    browser.load(PAGE, "text", at(u64::MAX));

    let effects = browser.send(Event::Reset { clock: None, source: Source::OtherTab });

    assert!(effects.contains(&Effect::ForgetOlder { clock: None }));
    assert_eq!(browser.shown(PAGE), None);
}

#[test]
fn a_page_that_was_frozen_asks_again_for_what_may_be_older_and_shows_it_meanwhile() {
    let [older, newer, left] = [Key::Page(1), Key::Page(2), Key::Page(3)];
    let mut browser = Browser::new();
    for (key, seq) in [(older, 4), (newer, 5), (left, 4)] {
        browser.load(key, "text", at(seq));
    }
    browser.mount(older);
    browser.mount(newer);

    let effects = browser.send(Event::Resumed { clock: Some(at(5)) });

    assert!(fetch_of(&effects, older).is_some());
    assert!(recorded(&effects, older, Operation::Invalidate, Cause::Resumed));
    assert_eq!(fetch_of(&effects, newer), None);
    assert_eq!(browser.shown(older).as_deref(), Some("text"));
    assert_eq!(browser.state(left), Some(State::Marked));
}

#[test]
fn a_frozen_page_that_knows_no_position_asks_again_for_all_it_shows() {
    let mut browser = Browser::new();
    browser.load(PAGE, "text", at(4));
    browser.mount(PAGE);

    let effects = browser.send(Event::Resumed { clock: None });

    assert!(fetch_of(&effects, PAGE).is_some());
}

#[test]
fn an_answer_that_was_under_way_when_the_page_froze_is_asked_for_again() {
    let mut browser = Browser::new();
    let fetch = fetch_of(&browser.mount(PAGE), PAGE).unwrap();
    browser.send(Event::Resumed { clock: Some(at(5)) });

    let effects = browser.answer(PAGE, fetch, "text", at(4));

    assert_eq!(browser.shown(PAGE).as_deref(), Some("text"));
    assert!(fetch_of(&effects, PAGE).is_some());
}
