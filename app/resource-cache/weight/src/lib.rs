//! What the engine weighs in a browser: `.ci/engine-size` builds this for WASM and prints its bytes.
//!
//! One door through which every event can come, so that nothing of the engine is left out.
#![expect(unsafe_code, reason = "a module that exports nothing is empty")]

use std::cell::RefCell;

use resource_cache::{
    Catalog, Engine, Event, FetchId, Invalidation, Lifetime, Limits, MutationId, Persist, Retry, Rollback, Scope,
    Snapshot, Source,
};

struct Views;

impl Catalog for Views {
    type Key = u32;
    type Tag = u32;
    type Group = u8;
    type Clock = u64;
    type Value = u64;
    type Patch = u32;

    fn tags(key: &u32) -> Vec<u32> {
        vec![*key, key / 10]
    }

    fn group(key: &u32) -> u8 {
        key.to_le_bytes()[0] & 3
    }

    fn lifetime(_: &u32) -> Lifetime {
        let (fresh_ms, keep_ms, linger_ms) = (5_000, 1_800_000, 300_000);
        Lifetime { fresh_ms, keep_ms, linger_ms, poll_ms: Some(60_000), persist: Persist::Stored }
    }

    fn size_bytes(_: &u64) -> usize {
        8
    }

    fn apply(_: &u32, value: &u64, patch: &u32) -> Option<u64> {
        value.checked_add(u64::from(*patch))
    }
}

thread_local! {
    static ENGINE: RefCell<Engine<Views>> =
        RefCell::new(Engine::new(Limits { memory_bytes: 1_000_000, entries: 1_000 }));
    static FETCHES: RefCell<Vec<FetchId>> = const { RefCell::new(Vec::new()) };
}

/// Sends the event number `which`, and says how many effects it had and when the engine wants to be woken.
#[unsafe(no_mangle)]
pub extern "C" fn drive(which: u32, key: u32, clock: u64, now_ms: u64) -> u64 {
    let Some(event) = event(which, key, clock) else { return 0 };
    ENGINE.with_borrow_mut(|engine| {
        let effects = engine.handle(event, now_ms);
        let fetches = effects.iter().filter_map(|effect| match effect {
            resource_cache::Effect::Fetch { fetch, .. } => Some(*fetch),
            _ => None,
        });
        FETCHES.with_borrow_mut(|known| known.extend(fetches));
        let shown = engine.peek(&key, now_ms).map_or(0, |shown| shown.value);
        let count = u64::try_from(effects.len() + engine.entries(now_ms).len()).unwrap_or_default();
        count ^ shown ^ engine.next_due_ms().unwrap_or_default() ^ engine.prefetch_counts().used
    })
}

fn event(which: u32, key: u32, clock: u64) -> Option<Event<Views>> {
    let snapshot = Snapshot { value: clock, clock };
    let mutation = MutationId(clock);
    let fetch = || FETCHES.with_borrow_mut(Vec::pop);
    Some(match which {
        0 => Event::Read { key },
        1 => Event::Prefetch { key },
        2 => Event::Subscribe { key },
        3 => Event::Unsubscribe { key },
        4 => Event::Fetched { key, fetch: fetch()?, snapshot },
        5 => Event::Failed { key, fetch: fetch()?, retry: Retry::Later },
        6 => Event::Failed { key, fetch: fetch()?, retry: Retry::Never },
        7 => Event::Hydrated { key, snapshot },
        8 => Event::Restored { key, snapshot, stored_at_ms: clock },
        9 => Event::Invalidated { invalidation: invalidation(key, clock, Scope::Tags) },
        10 => Event::Invalidated { invalidation: invalidation(key, clock, Scope::Groups) },
        11 => Event::Reset { clock: Some(clock), source: Source::Push },
        12 => Event::MutationBegun { mutation, patches: vec![(key, 1)] },
        13 => Event::MutationConfirmed { mutation, clock: Some(clock), values: vec![(key, snapshot)] },
        14 => Event::MutationFailed { mutation, rollback: Rollback::Undo },
        15 => Event::MutationFailed { mutation, rollback: Rollback::Keep },
        16 => Event::Focused,
        17 => Event::Hidden,
        18 => Event::Online,
        19 => Event::Offline,
        20 => Event::Resumed { clock: Some(clock) },
        21 => Event::Removed { key },
        22 => Event::Cleared,
        23 => Event::Swept,
        24 => Event::Marked { key },
        25 => Event::Requested { key },
        _ => return None,
    })
}

fn invalidation(tag: u32, clock: u64, scope: Scope) -> Invalidation<Views> {
    Invalidation { tags: vec![tag], groups: vec![1], clock: Some(clock), scope, source: Source::Push, label: None }
}
