//! Several tabs over one storage: what one learns, the others are told.

use std::sync::Arc;

use super::browser::{Browser, Effects, changed, fetch_of, recorded, stored};
use super::library::{Clock, Key, Tag, at, snapshot};
use crate::{Cause, Effect, Event, Invalidation, Operation, Scope, Source};

const PAGE: Key = Key::Page(1);
const TAG: Tag = Tag::Chapter(1);

fn tell(tab: &mut Browser, source: Source, clock: Clock) -> Effects {
    let (tags, label) = (vec![TAG], Some(Arc::from("scene 7 was saved")));
    let invalidation = Invalidation { tags, groups: Vec::new(), clock: Some(clock), scope: Scope::Tags, source, label };
    tab.send(Event::Invalidated { invalidation })
}

#[test]
fn what_another_tab_wrote_is_fetched_where_it_is_shown() {
    let mut tab = Browser::new();
    tab.load(PAGE, "old", at(1));
    tab.mount(PAGE);

    let effects = tell(&mut tab, Source::OtherTab, at(2));

    assert!(fetch_of(&effects, PAGE).is_some());
    assert_eq!(tab.shown(PAGE), None);
}

#[test]
fn a_record_says_who_told_and_what() {
    for source in [Source::ThisTab, Source::OtherTab, Source::Push, Source::ByHand] {
        let mut tab = Browser::new();
        tab.load(PAGE, "old", at(1));

        let effects = tell(&mut tab, source, at(2));

        let label = Some(Arc::from("scene 7 was saved"));
        assert!(recorded(&effects, PAGE, Operation::Invalidate, Cause::Tag { tag: TAG, source, label }));
    }
}

#[test]
fn the_same_change_told_by_the_answer_the_push_and_another_tab_costs_one_fetch() {
    let mut tab = Browser::new();
    tab.load(PAGE, "old", at(1));
    tab.mount(PAGE);
    let fetch = fetch_of(&tell(&mut tab, Source::ThisTab, at(2)), PAGE).unwrap();

    let during = tell(&mut tab, Source::Push, at(2));
    let answered = tab.answer(PAGE, fetch, "new", at(2));
    let after = tell(&mut tab, Source::OtherTab, at(2));

    assert!([during, answered, after].iter().all(|effects| fetch_of(effects, PAGE).is_none()));
    assert_eq!(tab.shown(PAGE).as_deref(), Some("new"));
}

#[test]
fn messages_in_the_wrong_order_end_at_the_newest() {
    let mut tab = Browser::new();
    tab.load(PAGE, "old", at(1));
    tab.mount(PAGE);
    let fetch = fetch_of(&tell(&mut tab, Source::Push, at(5)), PAGE).unwrap();
    tab.answer(PAGE, fetch, "new", at(5));

    let late = tell(&mut tab, Source::OtherTab, at(3));

    assert!(!changed(&late, PAGE));
    assert_eq!(tab.shown(PAGE).as_deref(), Some("new"));
}

#[test]
fn what_one_tab_stored_another_may_show_unless_it_knows_better() {
    let (mut writer, mut reader) = (Browser::new(), Browser::new());
    let fetch = fetch_of(&writer.read(PAGE), PAGE).unwrap();
    let clock = stored(&writer.answer(PAGE, fetch, "text", at(3)), PAGE).unwrap();

    let fresh = reader.restore(PAGE, "text", clock, 0);
    tell(&mut reader, Source::Push, at(4));
    let late = reader.restore(PAGE, "text", clock, 0);

    assert!(changed(&fresh, PAGE));
    assert!(late.contains(&Effect::Forget { key: PAGE }));
    assert_eq!(reader.shown(PAGE), None);
}

#[test]
fn a_log_out_in_one_tab_leaves_nothing_in_another() {
    let mut tab = Browser::new();
    tab.load(PAGE, "private", at(1));
    tab.mount(PAGE);
    let fetch = fetch_of(&tab.mount(Key::Draft(1)), Key::Draft(1)).unwrap();

    let effects = tab.send(Event::Cleared);
    tab.answer(Key::Draft(1), fetch, "private", at(2));

    assert!(effects.contains(&Effect::ForgetAll));
    assert_eq!((tab.shown(PAGE), tab.shown(Key::Draft(1))), (None, None));
}

#[test]
fn a_newer_copy_from_storage_does_not_go_back_to_an_older_one() {
    let mut tab = Browser::new();
    tab.restore(PAGE, "newer", at(5), 0);

    let snapshot = snapshot("older", at(4));
    let effects = tab.send(Event::Restored { key: PAGE, snapshot, stored_at_ms: tab.now_ms });

    assert!(effects.is_empty());
    assert_eq!(tab.shown(PAGE).as_deref(), Some("newer"));
}
