//! The promises, over random schedules.
//!
//! That nothing older than an invalidation is offered, that patches are neither lost nor doubled, that no key is fetched
//! twice at a time, and that every change is told, is checked by the [oracle](super::oracle) at each step of each
//! schedule.

use proptest::collection::vec;
use proptest::prelude::*;

use super::library::Key;
use super::schedule::{calm, lagging, rough, run};
use super::simulation::{KEYS, World};
use crate::{Event, Limits, PrefetchCounts, Rollback, Scope, State, Tables};

/// Small enough that eviction and forgetting happen all the time.
fn cramped() -> World {
    World::new(Limits { memory_bytes: 60, entries: 3 }, 2)
}

fn roomy() -> World {
    World::new(Limits { memory_bytes: 1_000, entries: 100 }, 100)
}

fn mounted(world: &World) -> Vec<Key> {
    let entries = world.browser.engine.entries(world.browser.now_ms);
    entries.into_iter().filter(|entry| entry.subscribers > 0).map(|entry| entry.key).collect()
}

fn assert_mounted_views_are_fresh(world: &World) {
    for key in mounted(world) {
        let state = world.peek(key).map(|shown| shown.state);
        assert_eq!(state, Some(State::Fresh), "{key:?}");
    }
}

/// Ends every mutation: the even ones well, the odd ones badly.
fn end_mutations(world: &mut World) {
    for number in world.pending() {
        if number % 2 == 0 {
            world.confirm(number, number % 4 == 0, true, true);
        } else {
            world.refuse(number, Rollback::Undo);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn nothing_older_than_an_invalidation_is_offered_and_no_patch_is_lost_or_doubled(steps in vec(rough(), 0..80)) {
        run(&mut cramped(), &steps);
    }

    #[test]
    fn nor_where_there_is_room(steps in vec(rough(), 0..80)) {
        run(&mut roomy(), &steps);
    }

    #[test]
    fn nor_when_the_source_lags_behind(steps in vec(lagging(), 0..80)) {
        run(&mut roomy(), &steps);
    }

    #[test]
    fn mounted_views_end_fresh_without_further_help(steps in vec(calm(), 0..80)) {
        let mut world = cramped();
        run(&mut world, &steps);

        end_mutations(&mut world);
        world.settle();

        assert_mounted_views_are_fresh(&world);
    }

    #[test]
    fn what_anybody_reads_in_the_end_is_what_the_source_has(steps in vec(rough(), 0..80)) {
        let mut world = roomy();
        run(&mut world, &steps);

        end_mutations(&mut world);
        for position in 0..=world.head() {
            world.tell(position, false, Scope::Tags, true);
        }
        for key in KEYS {
            world.send(Event::Read { key });
            world.settle();
            let Some(shown) = world.peek(key) else { continue };
            let layers = world.layers(key, &shown);
            prop_assert!(layers.iter().all(|number| world.may_linger(*number, shown.clock)));
            let truth = world.truth(key, world.head()).value;
            prop_assert!(shown.value.starts_with(&truth), "{} is not {truth}", shown.value);
        }
    }

    #[test]
    fn after_failures_mounted_views_end_fresh_when_the_person_comes_back(
        steps in vec(lagging(), 0..80),
    ) {
        let mut world = roomy();
        run(&mut world, &steps);

        end_mutations(&mut world);
        world.settle();
        world.send(Event::Focused);
        world.settle();

        assert_mounted_views_are_fresh(&world);
    }

    #[test]
    fn a_shell_that_sleeps_until_something_is_due_gets_mounted_views_again_after_failures(
        steps in vec(rough(), 0..60),
    ) {
        let mut world = roomy();
        run(&mut world, &steps);
        world.send(Event::Focused);
        world.send(Event::Online);
        while !world.asked.is_empty() {
            world.fail(0, crate::Retry::Later);
        }

        while let Some(due_ms) = world.browser.engine.next_due_ms() {
            if world.browser.engine.tables().retries == 0 {
                break;
            }
            world.wait(due_ms.saturating_sub(world.browser.now_ms));
            world.send(Event::Swept);
            world.settle();
        }

        for key in mounted(&world) {
            prop_assert!(world.peek(key).is_some() || world.browser.engine.is_fetching(&key), "{key:?}");
        }
    }

    #[test]
    fn side_tables_are_bounded_and_return_to_baseline(steps in vec(rough(), 0..80)) {
        let mut world = cramped();
        run(&mut world, &steps);
        let tables = world.browser.engine.tables();
        assert!(tables.fenced <= 2 + 2 && tables.queued <= 16 && tables.underlays <= tables.patches);

        for entry in world.browser.engine.entries(world.browser.now_ms) {
            for _ in 0..entry.subscribers {
                world.send(Event::Unsubscribe { key: entry.key });
            }
        }
        world.clear();
        world.settle();

        assert_eq!(world.browser.engine.tables(), Tables::default());
        let PrefetchCounts { issued, used, wasted } = world.browser.engine.prefetch_counts();
        assert_eq!(issued, used + wasted);
    }

    #[test]
    fn time_alone_returns_side_tables_to_baseline(steps in vec(rough(), 0..80)) {
        let mut world = cramped();
        run(&mut world, &steps);
        end_mutations(&mut world);
        world.settle();
        for entry in world.browser.engine.entries(world.browser.now_ms) {
            for _ in 0..entry.subscribers {
                world.send(Event::Unsubscribe { key: entry.key });
            }
        }

        while let Some(due_ms) = world.browser.engine.next_due_ms() {
            world.wait(due_ms.saturating_sub(world.browser.now_ms));
            world.send(Event::Swept);
        }

        let fenced = world.browser.engine.tables().fenced;
        assert_eq!(world.browser.engine.tables(), Tables { fenced, ..Tables::default() });
    }

    #[test]
    fn a_sweep_leaves_no_more_than_the_limits_allow(steps in vec(rough(), 0..80)) {
        let mut world = cramped();
        run(&mut world, &steps);

        world.send(Event::Swept);

        let mut entries = world.browser.engine.entries(world.browser.now_ms);
        entries.retain(|entry| entry.clock.is_some());
        let spare = entries.iter().any(|entry| entry.subscribers == 0 && entry.patches == 0);
        let bytes: usize = entries.iter().map(|entry| entry.size_bytes).sum();
        assert!(!spare || (entries.len() <= 3 && bytes <= 60));
    }
}
