//! What failed is asked for again, with patience.

use super::browser::{Browser, Effects, fetch_of, recorded};
use super::library::{FRESH_MS, Key, Tag, at};
use crate::{Cause, Effect, Engine, Event, FetchId, Limits, Operation, Retry};

const PAGE: Key = Key::Page(1);

/// A mounted view whose first fetch is under way.
fn waiting() -> (Browser, FetchId) {
    let mut browser = Browser::new();
    let fetch = fetch_of(&browser.mount(PAGE), PAGE).unwrap();
    (browser, fetch)
}

fn retry_at_ms(effects: &Effects) -> Option<u64> {
    effects.iter().find_map(|effect| match effect {
        Effect::Failed { retry_at_ms, .. } => *retry_at_ms,
        _ => None,
    })
}

/// Sleeps until the engine wants to be woken.
fn sleep(browser: &mut Browser) -> Effects {
    browser.now_ms = browser.engine.next_due_ms().expect("something is due");
    browser.send(Event::Swept)
}

#[test]
fn a_failed_fetch_of_a_mounted_view_is_tried_again_after_about_a_second() {
    let (mut browser, fetch) = waiting();

    let effects = browser.fail(PAGE, fetch);
    let due_ms = browser.engine.next_due_ms();
    let wait_ms = due_ms.unwrap() - browser.now_ms;
    let retried = sleep(&mut browser);

    assert!((1_000..=1_250).contains(&wait_ms), "{wait_ms}");
    assert_eq!(retry_at_ms(&effects), due_ms);
    assert!(fetch_of(&retried, PAGE).is_some());
    assert!(recorded(&retried, PAGE, Operation::Miss, Cause::Retry));
}

#[test]
fn the_pauses_double_and_after_five_tries_it_is_given_up() {
    let (mut browser, mut fetch) = waiting();
    let mut pauses_ms = Vec::new();

    for _ in 0..5 {
        let at_ms = retry_at_ms(&browser.fail(PAGE, fetch)).expect("there is another try");
        pauses_ms.push(at_ms - browser.now_ms);
        fetch = fetch_of(&sleep(&mut browser), PAGE).unwrap();
    }
    let last = browser.fail(PAGE, fetch);

    let expected_ms = [1_000, 2_000, 4_000, 8_000, 16_000];
    for (pause_ms, expected_ms) in pauses_ms.iter().zip(expected_ms) {
        assert!((expected_ms..=expected_ms * 5 / 4).contains(pause_ms), "{pauses_ms:?}");
    }
    assert_eq!((retry_at_ms(&last), browser.engine.next_due_ms()), (None, None));
}

#[test]
fn a_refusal_is_not_asked_again() {
    let (mut browser, fetch) = waiting();

    let effects = browser.send(Event::Failed { key: PAGE, fetch, retry: Retry::Never });

    assert_eq!((retry_at_ms(&effects), browser.engine.next_due_ms()), (None, None));
}

#[test]
fn what_nobody_shows_is_not_tried_again() {
    let mut browser = Browser::new();
    let fetch = fetch_of(&browser.read(PAGE), PAGE).unwrap();

    let effects = browser.fail(PAGE, fetch);

    assert_eq!((retry_at_ms(&effects), browser.engine.next_due_ms()), (None, None));
}

#[test]
fn a_retry_ends_with_the_last_subscriber() {
    let (mut browser, fetch) = waiting();
    browser.fail(PAGE, fetch);

    browser.unmount(PAGE);

    assert_eq!(browser.engine.next_due_ms(), None);
    assert!(browser.engine.entries(browser.now_ms).is_empty());
}

#[test]
fn retries_wait_while_the_page_is_hidden_and_go_at_once_when_it_is_seen() {
    let (mut browser, fetch) = waiting();
    browser.fail(PAGE, fetch);

    browser.send(Event::Hidden);
    let hidden = browser.engine.next_due_ms();
    browser.wait(60_000);
    let swept = browser.send(Event::Swept);
    let seen = browser.send(Event::Focused);

    assert_eq!(hidden, None);
    assert_eq!(fetch_of(&swept, PAGE), None);
    assert!(fetch_of(&seen, PAGE).is_some());
}

#[test]
fn retries_wait_while_the_network_is_gone_and_go_at_once_when_it_returns() {
    let (mut browser, fetch) = waiting();
    browser.send(Event::Offline);
    browser.fail(PAGE, fetch);

    let offline = browser.engine.next_due_ms();
    let online = browser.send(Event::Online);

    assert_eq!(offline, None);
    assert!(fetch_of(&online, PAGE).is_some());
}

#[test]
fn a_success_forgets_the_failures() {
    let (mut browser, fetch) = waiting();
    browser.fail(PAGE, fetch);
    let fetch = fetch_of(&sleep(&mut browser), PAGE).unwrap();
    browser.answer(PAGE, fetch, "text", at(1));
    browser.wait(FRESH_MS);

    let fetch = fetch_of(&browser.read(PAGE), PAGE).unwrap();
    let pause_ms = retry_at_ms(&browser.fail(PAGE, fetch)).unwrap() - browser.now_ms;

    assert!(pause_ms <= 1_250, "{pause_ms}");
}

#[test]
fn a_read_does_not_wait_for_the_next_try() {
    let (mut browser, fetch) = waiting();
    browser.fail(PAGE, fetch);

    let read = browser.read(PAGE);

    assert!(fetch_of(&read, PAGE).is_some());
}

#[test]
fn a_lagging_source_is_asked_again_later() {
    let mut browser = Browser::new();
    browser.invalidate(&[Tag::Chapter(1)], Some(at(5)));
    let mut effects = browser.mount(PAGE);

    for _ in 0..3 {
        let fetch = fetch_of(&effects, PAGE).unwrap();
        effects = browser.answer(PAGE, fetch, "old", at(4));
    }

    assert!(retry_at_ms(&effects).is_some());
    assert!(fetch_of(&sleep(&mut browser), PAGE).is_some());
}

#[test]
fn browsers_with_other_seeds_come_back_at_other_moments() {
    let limits = Limits { memory_bytes: 1_000, entries: 100 };
    let moments = [1, 2, 3, 4].map(|seed| {
        let engine = Engine::new(limits).with_jitter(seed);
        let mut browser = Browser { engine, now_ms: 10_000 };
        let fetch = fetch_of(&browser.mount(PAGE), PAGE).unwrap();
        retry_at_ms(&browser.fail(PAGE, fetch)).unwrap()
    });

    assert!(moments.iter().any(|moment| *moment != moments[0]), "{moments:?}");
}
