//! The promises, over random schedules.
//!
//! That nothing older than an invalidation is offered, that no key is fetched twice at a time, and that every change is
//! told, is checked by the [simulation](super::simulation) at each step of each schedule.

use proptest::collection::vec;
use proptest::prelude::*;

use super::browser::Browser;
use super::library::{Key, Tag};
use super::simulation::{KEYS, World, nth};
use crate::{Engine, Event, Limits, Scope, State};

#[derive(Clone, Copy, Debug)]
enum Step {
    Commit(Tag),
    BeginEpoch,
    Tell { commit: u64, groups: bool, scope: Scope, clock: bool },
    Read(Key),
    Mount(Key),
    Unmount(Key),
    Answer { which: usize, delay: u64 },
    Lag { which: usize, by: u64 },
    Fail(usize),
    Hydrate { key: Key, back: u64 },
    Restore(Key),
    RestoreCopy(usize),
    Focus,
    Online,
    Remove(Key),
    Clear,
    Sweep,
    Wait(u64),
}

fn key() -> impl Strategy<Value = Key> {
    prop::sample::select(KEYS.to_vec())
}

fn tag() -> impl Strategy<Value = Tag> {
    prop::sample::select(vec![Tag::Chapter(0), Tag::Chapter(1), Tag::Published, Tag::Person])
}

/// What happens on a day on which everything works.
fn calm() -> impl Strategy<Value = Step> {
    let scope = prop_oneof![4 => Just(Scope::Tags), 1 => Just(Scope::Groups)];
    let told = (any::<u64>(), any::<bool>(), scope, prop::bool::weighted(0.9));
    prop_oneof![
        4 => tag().prop_map(Step::Commit),
        1 => Just(Step::BeginEpoch),
        5 => told.prop_map(|(commit, groups, scope, clock)| Step::Tell { commit, groups, scope, clock }),
        5 => key().prop_map(Step::Read),
        3 => key().prop_map(Step::Mount),
        2 => key().prop_map(Step::Unmount),
        7 => (any::<usize>(), 0..4_u64).prop_map(|(which, delay)| Step::Answer { which, delay }),
        2 => (key(), 0..4_u64).prop_map(|(key, back)| Step::Hydrate { key, back }),
        2 => key().prop_map(Step::Restore),
        2 => any::<usize>().prop_map(Step::RestoreCopy),
        1 => prop_oneof![Just(Step::Focus), Just(Step::Online), Just(Step::Sweep)],
        1 => key().prop_map(Step::Remove),
    ]
}

/// And on other days.
fn rough() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => calm(),
        1 => any::<usize>().prop_map(Step::Fail),
        1 => Just(Step::Clear),
        1 => (1..700_u64).prop_map(Step::Wait),
    ]
}

/// And with a source that answers with what it knew long ago.
fn lagging() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => rough(),
        1 => (any::<usize>(), 1..5_u64).prop_map(|(which, by)| Step::Lag { which, by }),
    ]
}

fn run(world: &mut World, steps: &[Step]) {
    let mut epochs_left = 3_u8;
    for step in steps {
        match *step {
            Step::Commit(tag) => world.commit(tag),
            Step::BeginEpoch if epochs_left == 0 => {}
            Step::BeginEpoch => {
                epochs_left -= 1;
                world.begin_epoch();
            }
            Step::Tell { commit, groups, scope, clock } => {
                let commit = commit % (world.head() + 1);
                world.tell(commit, groups || scope == Scope::Groups, scope, clock);
            }
            Step::Read(key) => world.send(Event::Read { key }),
            Step::Mount(key) => world.send(Event::Subscribe { key }),
            Step::Unmount(key) => world.send(Event::Unsubscribe { key }),
            Step::Answer { which, delay } => {
                pick(world, which).into_iter().for_each(|which| world.answer(which, delay));
            }
            Step::Lag { which, by } => {
                pick(world, which).into_iter().for_each(|which| world.lag(which, by));
            }
            Step::Fail(which) => pick(world, which).into_iter().for_each(|which| world.fail(which)),
            Step::Hydrate { key, back } => world.hydrate(key, back),
            Step::Restore(key) => world.restore(key),
            Step::RestoreCopy(which) => world.restore_copy(which),
            Step::Focus => world.send(Event::Focused),
            Step::Online => world.send(Event::Online),
            Step::Remove(key) => world.send(Event::Removed { key }),
            Step::Clear => world.clear(),
            Step::Sweep => world.send(Event::Swept),
            Step::Wait(ms) => world.browser.wait(ms),
        }
    }
}

fn pick(world: &World, random: usize) -> Option<usize> {
    let places: Vec<usize> = (0..world.asked.len()).collect();
    nth(&places, random).copied()
}

/// Small enough that eviction and forgetting happen all the time.
fn cramped() -> World {
    let limits = Limits { memory_bytes: 60, entries: 3 };
    World::new(Browser { engine: Engine::with_tag_memory(limits, 2), now_ms: 10_000 })
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn nothing_older_than_an_invalidation_is_offered(steps in vec(rough(), 0..80)) {
        run(&mut cramped(), &steps);
    }

    #[test]
    fn nor_when_the_source_lags_behind(steps in vec(lagging(), 0..80)) {
        run(&mut World::new(Browser::new()), &steps);
    }

    #[test]
    fn mounted_views_end_fresh_without_further_help(steps in vec(calm(), 0..80)) {
        let mut world = cramped();
        run(&mut world, &steps);

        world.settle();

        assert_mounted_views_are_fresh(&world);
    }

    #[test]
    fn after_failures_mounted_views_end_fresh_when_the_person_comes_back(
        steps in vec(lagging(), 0..80),
    ) {
        let mut world = World::new(Browser::new());
        run(&mut world, &steps);

        world.settle();
        world.send(Event::Focused);
        world.settle();

        assert_mounted_views_are_fresh(&world);
    }

    #[test]
    fn side_tables_are_bounded_and_return_to_baseline(steps in vec(rough(), 0..80)) {
        let mut world = cramped();
        run(&mut world, &steps);
        assert!(world.browser.engine.fenced() <= 2 + 2);

        for entry in world.browser.engine.entries(world.browser.now_ms) {
            for _ in 0..entry.subscribers {
                world.send(Event::Unsubscribe { key: entry.key });
            }
        }
        world.clear();
        world.settle();

        assert_eq!(world.browser.engine.entries(world.browser.now_ms), []);
        assert_eq!(world.browser.engine.fenced(), 0);
    }

    #[test]
    fn a_sweep_leaves_no_more_than_the_limits_allow(steps in vec(rough(), 0..80)) {
        let mut world = cramped();
        run(&mut world, &steps);

        world.send(Event::Swept);

        let mut entries = world.browser.engine.entries(world.browser.now_ms);
        entries.retain(|entry| entry.clock.is_some());
        let spare = entries.iter().any(|entry| entry.subscribers == 0);
        let bytes: usize = entries.iter().map(|entry| entry.size_bytes).sum();
        assert!(!spare || (entries.len() <= 3 && bytes <= 60));
    }
}
