//! Ten thousand views: what concerns one must not touch the others.

use super::browser::Browser;
use super::library::{Key, LINGER_MS, Tag, at};
use crate::{Effect, Event, Limits, Tables};

/// As many views as the keys of the library allow.
fn full() -> Browser {
    let mut browser = Browser::with_limits(Limits { memory_bytes: 1_000_000, entries: 10_000 });
    for chapter in 0..=u8::MAX {
        browser.load(Key::Page(chapter), "page", at(1));
        browser.load(Key::Draft(chapter), "draft", at(1));
    }
    browser
}

#[test]
fn an_invalidation_touches_what_has_its_tag() {
    let mut browser = full();

    let effects = browser.invalidate(&[Tag::Chapter(7)], Some(at(2)));

    let touched = effects.iter().filter(|effect| matches!(effect, Effect::Recorded { .. })).count();
    assert_eq!(touched, 2);
    assert_eq!(browser.engine.tables().values, 2 * 256 - 2);
}

#[test]
fn a_tag_of_many_views_reaches_all_of_them() {
    let mut browser = full();

    browser.invalidate(&[Tag::Published], Some(at(2)));

    assert!((0..=u8::MAX).all(|chapter| browser.shown(Key::Page(chapter)).is_none()));
    assert!((0..=u8::MAX).all(|chapter| browser.shown(Key::Draft(chapter)).is_some()));
}

#[test]
fn indices_shrink_with_what_they_find() {
    let mut browser = full();

    browser.wait(LINGER_MS);
    browser.send(Event::Swept);

    assert_eq!(browser.engine.tables(), Tables::default());
}
