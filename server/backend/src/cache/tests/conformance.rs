//! What both stores must do alike.

use std::time::Duration;

use domain::cache::{Clock, Key, Tag};

use super::bench::{Bench, SHORT, chapter_of, noon, outline};
use crate::cache::store::{Store, TagState, Token};

const LONG: Duration = Duration::from_secs(60);

on_both_stores!(
    an_entry_is_found_again_as_it_was_stored,
    an_entry_is_gone_after_its_lifetime,
    an_entry_is_overdue_during_its_grace_and_gone_after_it,
    an_entry_that_another_server_stored_is_found_until_its_tags_are_released,
    a_generation_stays_until_its_tag_is_released,
    observers_of_a_new_tag_agree_on_its_generation,
    a_release_touches_its_own_tags_only,
    a_fenced_tag_has_no_generation,
    releasing_one_fence_leaves_the_other,
    an_abandoned_fence_does_not_bring_the_old_generation_back,
    an_expired_fence_leaves_a_new_generation,
    a_release_after_its_fence_expired_still_changes_the_generation,
    a_forgotten_fence_does_not_outlive_those_that_come_after_it,
    the_clock_never_goes_back,
    the_epoch_stays,
    a_release_that_is_repeated_changes_nothing,
    entries_are_listed_with_their_state,
    a_prefix_is_taken_literally,
    one_entry_is_removed,
    all_entries_are_cleared_but_no_generation,
);

async fn an_entry_is_found_again_as_it_was_stored(bench: Bench) {
    let key = outline();
    let stored = bench.fill(&key, "text", LONG).await;

    let observation = bench.store.observe(&key, &key.tags()).await.unwrap();

    assert_eq!(observation.generations(&key.tags()), Ok(stored.generations.clone()));
    let found = observation.entry.unwrap();
    assert_eq!((found.stored, found.overdue), (stored, None));
}

async fn an_entry_is_gone_after_its_lifetime(bench: Bench) {
    let key = outline();
    bench.fill(&key, "text", SHORT).await;

    bench.wait().await;

    assert!(bench.store.observe(&key, &key.tags()).await.unwrap().entry.is_none());
}

async fn an_entry_is_overdue_during_its_grace_and_gone_after_it(bench: Bench) {
    let (key, gone) = (outline(), outline());
    let stored = bench.fill_with_grace(&key, "text", SHORT, LONG).await;
    bench.fill_with_grace(&gone, "text", SHORT / 2, SHORT / 2).await;

    bench.wait().await;

    let found = bench.store.observe(&key, &key.tags()).await.unwrap().entry.unwrap();
    assert_eq!(found.stored, stored);
    assert!(found.overdue.is_some_and(|overdue| (SHORT / 2..LONG).contains(&overdue)));
    assert!(bench.store.observe(&gone, &gone.tags()).await.unwrap().entry.is_none());
}

async fn an_entry_that_another_server_stored_is_found_until_its_tags_are_released(bench: Bench) {
    let key = outline();
    let beside = bench.beside();
    let other = beside.as_ref().unwrap_or(&bench.store);
    let stored = bench.fill(&key, "text", LONG).await;

    for _ in 0..2 {
        let found = other.observe(&key, &key.tags()).await.unwrap().entry.unwrap();
        assert_eq!((&found.stored, found.overdue), (&stored, None));
        other.vouch(&key, &found.stored);
    }
    write(&bench, &key.tags()[..1], 1).await;

    let observation = other.observe(&key, &key.tags()).await.unwrap();
    let found = observation.entry.as_ref().map(|found| found.stored.generations.clone());
    assert_ne!(found, observation.generations(&key.tags()).ok());
}

async fn a_generation_stays_until_its_tag_is_released(bench: Bench) {
    let key = outline();
    let [first, second] = [bench.generations(&key).await, bench.generations(&key).await];

    write(&bench, &key.tags()[..1], 1).await;
    let third = bench.generations(&key).await;

    assert_eq!(first, second);
    assert_ne!(second.unwrap()[0], third.unwrap()[0]);
}

async fn observers_of_a_new_tag_agree_on_its_generation(bench: Bench) {
    let key = outline();

    let seen = futures::future::join_all((0..20).map(|_| bench.generations(&key))).await;

    assert!(seen.iter().all(|generations| generations.is_some() && *generations == seen[0]));
}

async fn a_release_touches_its_own_tags_only(bench: Bench) {
    let (key, other) = (outline(), outline());
    let before = bench.generations(&other).await;

    write(&bench, &key.tags(), 1).await;

    assert_eq!(bench.generations(&other).await, before);
}

async fn a_fenced_tag_has_no_generation(bench: Bench) {
    let key = outline();
    let (open, fenced) = (key.tags()[0], key.tags()[1]);

    bench.store.fence(&[fenced], Token::fresh()).await.unwrap();

    assert_eq!(bench.state(fenced).await, TagState::Fenced);
    assert!(matches!(bench.state(open).await, TagState::Open(_)));
    assert_eq!(bench.generations(&key).await, None);
}

async fn releasing_one_fence_leaves_the_other(bench: Bench) {
    let (tag, one, other) = (outline().tags()[0], Token::fresh(), Token::fresh());
    let before = bench.state(tag).await;
    bench.store.fence(&[tag], one).await.unwrap();
    bench.store.fence(&[tag], other).await.unwrap();

    bench.store.release(&[tag], one, 1).await.unwrap();
    let between = bench.state(tag).await;
    bench.store.release(&[tag], other, 2).await.unwrap();
    let after = bench.state(tag).await;

    assert_eq!(between, TagState::Fenced);
    assert!(matches!(after, TagState::Open(_)));
    assert_ne!(after, before);
}

async fn an_abandoned_fence_does_not_bring_the_old_generation_back(bench: Bench) {
    let (tag, token) = (outline().tags()[0], Token::fresh());
    let before = bench.state(tag).await;

    bench.store.fence(&[tag], token).await.unwrap();
    bench.store.release(&[tag], token, 0).await.unwrap();

    assert!(matches!(bench.state(tag).await, TagState::Open(_)));
    assert_ne!(bench.state(tag).await, before);
}

async fn an_expired_fence_leaves_a_new_generation(bench: Bench) {
    let (bench, tag) = (bench.with_short_fences(), outline().tags()[0]);
    let before = bench.state(tag).await;
    bench.store.fence(&[tag], Token::fresh()).await.unwrap();

    bench.wait().await;

    assert!(matches!(bench.state(tag).await, TagState::Open(_)));
    assert_ne!(bench.state(tag).await, before);
}

async fn a_release_after_its_fence_expired_still_changes_the_generation(bench: Bench) {
    let (bench, tag, token) = (bench.with_short_fences(), outline().tags()[0], Token::fresh());
    bench.store.fence(&[tag], token).await.unwrap();
    bench.wait().await;
    let filled_before_the_commit = bench.state(tag).await;

    bench.store.release(&[tag], token, 1).await.unwrap();

    assert_ne!(bench.state(tag).await, filled_before_the_commit);
}

async fn a_forgotten_fence_does_not_outlive_those_that_come_after_it(bench: Bench) {
    let (bench, tag, second) = (bench.with_short_fences(), outline().tags()[0], Token::fresh());
    bench.store.fence(&[tag], Token::fresh()).await.unwrap();
    bench.wait().await;

    bench.store.fence(&[tag], second).await.unwrap();
    bench.store.release(&[tag], second, 1).await.unwrap();

    assert!(matches!(bench.state(tag).await, TagState::Open(_)));
}

async fn the_clock_never_goes_back(bench: Bench) {
    let epoch = clock(&bench).await.epoch();

    // It waits for the write before, so that no gap is ever claimed.
    for (seq, stands) in [(1, 1), (3, 1), (2, 3), (0, 3), (1, 3), (6, 3)] {
        let answered = bench.store.release(&[], Token::fresh(), seq).await.unwrap();
        assert_eq!([answered, clock(&bench).await], [Clock::new(epoch, stands); 2]);
    }
    // Whoever has read the log knows that there is no such write.
    for (position, stands) in [(5, 6), (2, 6), (9, 9)] {
        assert_eq!(bench.store.reach(position).await.unwrap(), Clock::new(epoch, stands));
    }
}

async fn a_release_that_is_repeated_changes_nothing(bench: Bench) {
    let key = outline();
    write(&bench, &key.tags(), 1).await;
    let before = bench.generations(&key).await;

    write(&bench, &key.tags(), 2).await;
    let between = bench.generations(&key).await;
    bench.store.release(&key.tags(), Token::fresh(), 1).await.unwrap();
    bench.store.release(&key.tags(), Token::fresh(), 2).await.unwrap();

    assert_ne!(before, between);
    assert_eq!(bench.generations(&key).await, between);
}

async fn the_epoch_stays(bench: Bench) {
    let before = clock(&bench).await.epoch();

    write(&bench, &outline().tags(), 1).await;
    bench.store.clear_all().await.unwrap();

    assert_eq!(clock(&bench).await.epoch(), before);
}

async fn entries_are_listed_with_their_state(bench: Bench) {
    let fresh = outline();
    let outdated = chapter_of(&fresh);
    bench.fill(&outdated, "old", LONG).await;
    write(&bench, &outdated.tags()[1..], 1).await;
    bench.fill(&fresh, "new", LONG).await;

    let later = noon() + chrono::TimeDelta::seconds(5);
    let listed = bench.store.scan("", 10, later).await.unwrap();
    let seen: Vec<_> = listed.iter().map(|entry| (entry.key.clone(), entry.is_fresh, entry.age_ms)).collect();

    assert_eq!(seen, [(outdated.to_string(), false, 5_000), (fresh.to_string(), true, 5_000)]);
    assert_eq!(listed[1].tags, fresh.tags());
    assert!(listed.iter().all(|entry| (50_000..=60_000).contains(&entry.ttl_ms) && entry.size_bytes > 5));
    assert_eq!(bench.store.scan("", 1, later).await.unwrap().len(), 1);
}

async fn a_prefix_is_taken_literally(bench: Bench) {
    let key: Key = "stories:published?sort=popular".parse().unwrap();
    bench.fill(&key, "list", LONG).await;
    bench.fill(&outline(), "outline", LONG).await;

    for (prefix, count) in [("stories:published?", 1), ("stories:published*", 0), ("s", 2), ("[st]", 0), ("?", 0)] {
        assert_eq!(bench.store.scan(prefix, 10, noon()).await.unwrap().len(), count, "{prefix}");
    }
}

async fn one_entry_is_removed(bench: Bench) {
    let (key, other) = (outline(), outline());
    bench.fill(&key, "text", LONG).await;
    bench.fill(&other, "text", LONG).await;

    assert!(bench.store.remove(&key).await.unwrap());
    assert!(!bench.store.remove(&key).await.unwrap());

    assert!(bench.store.observe(&key, &key.tags()).await.unwrap().entry.is_none());
    assert!(bench.store.observe(&other, &other.tags()).await.unwrap().entry.is_some());
}

async fn all_entries_are_cleared_but_no_generation(bench: Bench) {
    let keys = [outline(), outline(), outline()];
    for key in &keys {
        bench.fill(key, "text", LONG).await;
    }
    let before = bench.generations(&keys[0]).await;

    assert_eq!(bench.store.clear_all().await.unwrap(), 3);

    assert_eq!(bench.store.scan("", 10, noon()).await.unwrap(), []);
    assert_eq!(bench.generations(&keys[0]).await, before);
}

async fn write(bench: &Bench, tags: &[Tag], seq: u64) {
    let token = Token::fresh();
    bench.store.fence(tags, token).await.unwrap();
    bench.store.release(tags, token, seq).await.unwrap();
}

async fn clock(bench: &Bench) -> Clock {
    bench.store.observe(&Key::Forums, &[]).await.unwrap().clock
}
