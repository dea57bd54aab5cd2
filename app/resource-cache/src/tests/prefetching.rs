//! What somebody may soon need.

use super::browser::{Browser, Effects, fetch_of};
use super::library::{FRESH_MS, Key, LINGER_MS, Tag, at};
use crate::{Effect, Event, FetchId, PrefetchCounts, Purpose};

const PAGE: Key = Key::Page(1);

fn prefetch(browser: &mut Browser, key: Key) -> Effects {
    browser.send(Event::Prefetch { key })
}

fn purpose_of(effects: &Effects) -> Option<(Key, FetchId, Purpose)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Fetch { key, fetch, purpose } => Some((*key, *fetch, *purpose)),
        _ => None,
    })
}

#[test]
fn a_view_that_may_be_needed_is_fetched_without_a_reader() {
    let mut browser = Browser::new();

    let (key, fetch, purpose) = purpose_of(&prefetch(&mut browser, PAGE)).unwrap();
    browser.answer(PAGE, fetch, "text", at(1));

    assert_eq!((key, purpose), (PAGE, Purpose::Prefetch));
    assert_eq!(browser.shown(PAGE).as_deref(), Some("text"));
}

#[test]
fn what_is_fresh_is_not_prefetched() {
    let mut browser = Browser::new();
    browser.load(PAGE, "text", at(1));

    let fresh = prefetch(&mut browser, PAGE);
    browser.wait(FRESH_MS);
    let stale = prefetch(&mut browser, PAGE);

    assert!(fresh.is_empty());
    assert!(fetch_of(&stale, PAGE).is_some());
}

#[test]
fn two_are_in_flight_and_the_newest_wish_is_next() {
    let mut browser = Browser::new();
    let (_, first, _) = purpose_of(&prefetch(&mut browser, Key::Page(1))).unwrap();
    prefetch(&mut browser, Key::Page(2));
    let third = prefetch(&mut browser, Key::Page(3));
    let fourth = prefetch(&mut browser, Key::Page(4));

    let next = browser.answer(Key::Page(1), first, "one", at(1));

    assert!(third.is_empty() && fourth.is_empty());
    assert_eq!(purpose_of(&next).map(|(key, _, _)| key), Some(Key::Page(4)));
    assert_eq!(browser.engine.tables().queued, 1);
}

#[test]
fn a_read_of_a_view_that_waits_for_its_turn_goes_at_once() {
    let mut browser = Browser::new();
    for chapter in 1..=3 {
        prefetch(&mut browser, Key::Page(chapter));
    }

    let read = browser.read(Key::Page(3));

    assert_eq!(purpose_of(&read).map(|(key, _, purpose)| (key, purpose)), Some((Key::Page(3), Purpose::Use)));
    assert_eq!(browser.engine.tables().queued, 0);
}

#[test]
fn a_read_takes_a_prefetch_over_and_frees_its_place() {
    let mut browser = Browser::new();
    for chapter in 1..=3 {
        prefetch(&mut browser, Key::Page(chapter));
    }

    let read = browser.read(Key::Page(1));

    assert_eq!(fetch_of(&read, Key::Page(1)), None);
    assert_eq!(purpose_of(&read).map(|(key, _, _)| key), Some(Key::Page(3)));
}

#[test]
fn nothing_is_prefetched_while_nobody_looks_or_the_network_is_gone() {
    for event in [Event::Hidden, Event::Offline] {
        let mut browser = Browser::new();
        for chapter in 1..=3 {
            prefetch(&mut browser, Key::Page(chapter));
        }
        browser.send(event);

        assert!(prefetch(&mut browser, Key::Page(4)).is_empty());
        assert_eq!(browser.engine.tables().queued, 0);
    }
}

#[test]
fn a_wish_that_waited_too_long_is_forgotten() {
    let mut browser = Browser::new();
    let (_, first, _) = purpose_of(&prefetch(&mut browser, Key::Page(1))).unwrap();
    prefetch(&mut browser, Key::Page(2));
    prefetch(&mut browser, Key::Page(3));
    browser.wait(10_000);

    let next = browser.answer(Key::Page(1), first, "one", at(1));

    assert_eq!(purpose_of(&next), None);
    assert_eq!(browser.engine.tables().queued, 0);
}

#[test]
fn the_queue_is_bounded() {
    let mut browser = Browser::new();

    for chapter in 0..100 {
        prefetch(&mut browser, Key::Page(chapter));
    }

    assert_eq!(browser.engine.tables().queued, 16);
}

#[test]
fn a_prefetch_is_used_wasted_or_still_open() {
    let mut browser = Browser::new();
    let (_, used, _) = purpose_of(&prefetch(&mut browser, Key::Page(1))).unwrap();
    let (_, invalidated, _) = purpose_of(&prefetch(&mut browser, Key::Page(2))).unwrap();
    browser.answer(Key::Page(1), used, "one", at(1));
    browser.answer(Key::Page(2), invalidated, "two", at(1));
    let (_, failed, _) = purpose_of(&prefetch(&mut browser, Key::Page(3))).unwrap();
    let (_, left, _) = purpose_of(&prefetch(&mut browser, Key::Page(4))).unwrap();
    browser.answer(Key::Page(4), left, "four", at(1));

    browser.read(Key::Page(1));
    browser.read(Key::Page(1));
    browser.invalidate(&[Tag::Chapter(2)], Some(at(2)));
    browser.fail(Key::Page(3), failed);
    let open = browser.engine.prefetch_counts();
    browser.wait(LINGER_MS);
    browser.send(Event::Swept);

    assert_eq!(open, PrefetchCounts { issued: 4, used: 1, wasted: 2 });
    assert_eq!(browser.engine.prefetch_counts(), PrefetchCounts { issued: 4, used: 1, wasted: 3 });
}
