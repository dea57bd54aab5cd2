//! Random schedules: what can happen to a page, in any order.

use proptest::prelude::*;

use super::library::{Key, Tag};
use super::simulation::{KEYS, World, nth};
use crate::{Event, Retry, Rollback, Scope};

#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    Commit(Tag),
    BeginEpoch,
    Tell { commit: u64, groups: bool, scope: Scope, clock: bool },
    Reset { clock: bool },
    Resume { clock: bool },
    Read(Key),
    Prefetch(Key),
    Mount(Key),
    Unmount(Key),
    Answer { which: usize, delay: u64 },
    Lag { which: usize, by: u64 },
    Fail { which: usize, retry: Retry },
    Hydrate { key: Key, back: u64 },
    Restore(Key),
    RestoreCopy(usize),
    StoreElsewhere(Key),
    Begin(Key),
    Perform(usize),
    Confirm { which: usize, values: bool, clock: bool, headers: bool },
    Refuse { which: usize, rollback: Rollback },
    Focus,
    Hide,
    Online,
    Offline,
    Mark(Key),
    Request(Key),
    Remove(Key),
    Clear,
    Crash,
    Sweep,
    Wait(u64),
    SetClockBack(u64),
}

fn key() -> impl Strategy<Value = Key> {
    prop::sample::select(KEYS.to_vec())
}

fn tag() -> impl Strategy<Value = Tag> {
    prop::sample::select(vec![Tag::Chapter(0), Tag::Chapter(1), Tag::Published, Tag::Person])
}

fn mostly() -> impl Strategy<Value = bool> {
    prop::bool::weighted(0.9)
}

/// What happens on a day on which everything works.
pub(super) fn calm() -> impl Strategy<Value = Step> {
    let scope = prop_oneof![4 => Just(Scope::Tags), 1 => Just(Scope::Groups)];
    let told = (any::<u64>(), any::<bool>(), scope, mostly());
    let confirmed = (any::<usize>(), any::<bool>());
    prop_oneof![
        4 => tag().prop_map(Step::Commit),
        1 => Just(Step::BeginEpoch),
        5 => told.prop_map(|(commit, groups, scope, clock)| Step::Tell { commit, groups, scope, clock }),
        5 => key().prop_map(Step::Read),
        1 => key().prop_map(Step::Prefetch),
        3 => key().prop_map(Step::Mount),
        2 => key().prop_map(Step::Unmount),
        7 => (any::<usize>(), 0..4_u64).prop_map(|(which, delay)| Step::Answer { which, delay }),
        2 => (key(), 0..4_u64).prop_map(|(key, back)| Step::Hydrate { key, back }),
        2 => key().prop_map(Step::Restore),
        2 => any::<usize>().prop_map(Step::RestoreCopy),
        1 => key().prop_map(Step::StoreElsewhere),
        4 => key().prop_map(Step::Begin),
        3 => any::<usize>().prop_map(Step::Perform),
        4 => confirmed.prop_map(|(which, values)| Step::Confirm { which, values, clock: true, headers: true }),
        1 => any::<usize>().prop_map(|which| Step::Refuse { which, rollback: Rollback::Undo }),
        1 => prop_oneof![Just(Step::Focus), Just(Step::Online), Just(Step::Sweep)],
        1 => prop_oneof![key().prop_map(Step::Mark), key().prop_map(Step::Request), key().prop_map(Step::Remove)],
    ]
}

/// And on other days.
pub(super) fn rough() -> impl Strategy<Value = Step> {
    let retry = prop_oneof![Just(Retry::Later), Just(Retry::Never)];
    let confirmed = (any::<usize>(), any::<bool>(), mostly(), any::<bool>());
    prop_oneof![
        24 => calm(),
        2 => (any::<usize>(), retry).prop_map(|(which, retry)| Step::Fail { which, retry }),
        2 => confirmed.prop_map(|(which, values, clock, headers)| Step::Confirm { which, values, clock, headers }),
        1 => any::<usize>().prop_map(|which| Step::Refuse { which, rollback: Rollback::Keep }),
        1 => mostly().prop_map(|clock| Step::Reset { clock }),
        1 => mostly().prop_map(|clock| Step::Resume { clock }),
        1 => prop_oneof![Just(Step::Hide), Just(Step::Offline)],
        1 => Just(Step::Clear),
        1 => Just(Step::Crash),
        3 => (1..700_u64).prop_map(Step::Wait),
        1 => (1_000..90_000_u64).prop_map(Step::Wait),
        1 => (1..100_000_u64).prop_map(Step::SetClockBack),
        2 => Just(Step::Sweep),
    ]
}

/// And with a source that answers with what it knew long ago.
pub(super) fn lagging() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => rough(),
        1 => (any::<usize>(), 1..5_u64).prop_map(|(which, by)| Step::Lag { which, by }),
    ]
}

pub(super) fn run(world: &mut World, steps: &[Step]) {
    let mut epochs_left = 3_u8;
    for step in steps {
        match *step {
            Step::BeginEpoch if epochs_left == 0 => {}
            Step::BeginEpoch => {
                epochs_left -= 1;
                world.begin_epoch();
            }
            step => take(world, step),
        }
    }
}

fn take(world: &mut World, step: Step) {
    match step {
        Step::Commit(tag) => world.commit(tag),
        Step::BeginEpoch => world.begin_epoch(),
        Step::Tell { commit, groups, scope, clock } => {
            let commit = commit % (world.head() + 1);
            world.tell(commit, groups || scope == Scope::Groups, scope, clock);
        }
        Step::Reset { clock } => world.reset(clock),
        Step::Resume { clock } => world.resume(clock),
        Step::Read(key) => world.send(Event::Read { key }),
        Step::Prefetch(key) => world.send(Event::Prefetch { key }),
        Step::Mount(key) => world.send(Event::Subscribe { key }),
        Step::Unmount(key) => world.send(Event::Unsubscribe { key }),
        Step::Answer { which, delay } => with_fetch(world, which, |world, which| world.answer(which, delay)),
        Step::Lag { which, by } => with_fetch(world, which, |world, which| world.lag(which, by)),
        Step::Fail { which, retry } => with_fetch(world, which, |world, which| world.fail(which, retry)),
        Step::Hydrate { key, back } => world.hydrate(key, back),
        Step::Restore(key) => world.restore(key),
        Step::RestoreCopy(which) => world.restore_copy(which),
        Step::StoreElsewhere(key) => world.store_elsewhere(key),
        Step::Begin(key) => world.begin(key),
        Step::Perform(which) => with_mutation(world, which, |world, number| {
            world.perform(number);
        }),
        Step::Confirm { which, values, clock, headers } => {
            with_mutation(world, which, |world, number| world.confirm(number, values, clock, headers));
        }
        Step::Refuse { which, rollback } => {
            with_mutation(world, which, |world, number| world.refuse(number, rollback));
        }
        Step::Focus => world.send(Event::Focused),
        Step::Hide => world.send(Event::Hidden),
        Step::Online => world.send(Event::Online),
        Step::Offline => world.send(Event::Offline),
        Step::Mark(key) => world.send(Event::Marked { key }),
        Step::Request(key) => world.send(Event::Requested { key }),
        Step::Remove(key) => world.send(Event::Removed { key }),
        Step::Clear => world.clear(),
        Step::Crash => world.crash(),
        Step::Sweep => world.send(Event::Swept),
        Step::Wait(ms) => world.wait(ms),
        Step::SetClockBack(ms) => world.set_clock_back(ms),
    }
}

fn with_fetch(world: &mut World, random: usize, act: impl FnOnce(&mut World, usize)) {
    let places: Vec<usize> = (0..world.asked.len()).collect();
    if let Some(place) = nth(&places, random) {
        act(world, *place);
    }
}

fn with_mutation(world: &mut World, random: usize, act: impl FnOnce(&mut World, usize)) {
    if let Some(number) = nth(&world.pending(), random) {
        act(world, *number);
    }
}
