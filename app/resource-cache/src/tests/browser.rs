//! An engine at a given time, and short ways to say what happens to it.

use super::library::{Clock, Group, Key, Library, Tag, snapshot};
use crate::{
    Cause, Effect, Engine, Event, FetchId, Invalidation, Limits, MutationId, Operation, Retry, Rollback, Scope, Source,
    State,
};

pub(super) type Effects = Vec<Effect<Library>>;

pub(super) struct Browser {
    pub(super) engine: Engine<Library>,
    pub(super) now_ms: u64,
}

impl Browser {
    pub(super) fn new() -> Self {
        Self::with_limits(Limits { memory_bytes: 1_000, entries: 100 })
    }

    pub(super) fn with_limits(limits: Limits) -> Self {
        Self { engine: Engine::new(limits), now_ms: 10_000 }
    }

    pub(super) fn with_tag_memory(tags: usize) -> Self {
        let limits = Limits { memory_bytes: 1_000, entries: 100 };
        Self { engine: Engine::with_tag_memory(limits, tags), now_ms: 10_000 }
    }

    pub(super) fn send(&mut self, event: Event<Library>) -> Effects {
        self.engine.handle(event, self.now_ms)
    }

    pub(super) fn wait(&mut self, ms: u64) {
        self.now_ms += ms;
    }

    pub(super) fn read(&mut self, key: Key) -> Effects {
        self.send(Event::Read { key })
    }

    pub(super) fn mount(&mut self, key: Key) -> Effects {
        self.send(Event::Subscribe { key })
    }

    pub(super) fn unmount(&mut self, key: Key) -> Effects {
        self.send(Event::Unsubscribe { key })
    }

    pub(super) fn answer(&mut self, key: Key, fetch: FetchId, value: &str, clock: Clock) -> Effects {
        self.send(Event::Fetched { key, fetch, snapshot: snapshot(value, clock) })
    }

    pub(super) fn fail(&mut self, key: Key, fetch: FetchId) -> Effects {
        self.send(Event::Failed { key, fetch, retry: Retry::Later })
    }

    /// Reads the key and answers the fetch.
    pub(super) fn load(&mut self, key: Key, value: &str, clock: Clock) {
        let fetch = fetch_of(&self.read(key), key).expect("the value is not there yet");
        self.answer(key, fetch, value, clock);
    }

    pub(super) fn hydrate(&mut self, key: Key, value: &str, clock: Clock) -> Effects {
        self.send(Event::Hydrated { key, snapshot: snapshot(value, clock) })
    }

    /// Finds a copy in storage that was written `age_ms` ago.
    pub(super) fn restore(&mut self, key: Key, value: &str, clock: Clock, age_ms: u64) -> Effects {
        let stored_at_ms = self.now_ms - age_ms;
        self.send(Event::Restored { key, snapshot: snapshot(value, clock), stored_at_ms })
    }

    pub(super) fn invalidate(&mut self, tags: &[Tag], clock: Option<Clock>) -> Effects {
        self.invalidate_with(tags, &[], clock, Scope::Tags)
    }

    pub(super) fn invalidate_with(
        &mut self,
        tags: &[Tag],
        groups: &[Group],
        clock: Option<Clock>,
        scope: Scope,
    ) -> Effects {
        let (tags, groups) = (tags.to_vec(), groups.to_vec());
        let (source, label) = (Source::Push, None);
        let invalidation = Invalidation { tags, groups, clock, scope, source, label };
        self.send(Event::Invalidated { invalidation })
    }

    /// Begins a mutation that patches one view.
    pub(super) fn begin(&mut self, mutation: u64, key: Key, patch: &'static str) -> Effects {
        self.send(Event::MutationBegun { mutation: MutationId(mutation), patches: vec![(key, patch)] })
    }

    /// Confirms a mutation without a value.
    pub(super) fn confirm(&mut self, mutation: u64, clock: Option<Clock>) -> Effects {
        self.send(Event::MutationConfirmed { mutation: MutationId(mutation), clock, values: Vec::new() })
    }

    /// Confirms a mutation with the new value of one view.
    pub(super) fn confirm_with(&mut self, mutation: u64, key: Key, value: &str, clock: Clock) -> Effects {
        let values = vec![(key, snapshot(value, clock))];
        self.send(Event::MutationConfirmed { mutation: MutationId(mutation), clock: Some(clock), values })
    }

    pub(super) fn refuse(&mut self, mutation: u64, rollback: Rollback) -> Effects {
        self.send(Event::MutationFailed { mutation: MutationId(mutation), rollback })
    }

    /// How many patches wait for their mutation.
    pub(super) fn pending(&self, key: Key) -> usize {
        self.engine.peek(&key, self.now_ms).map_or(0, |shown| shown.pending)
    }

    pub(super) fn shown(&self, key: Key) -> Option<String> {
        self.engine.peek(&key, self.now_ms).map(|shown| shown.value)
    }

    pub(super) fn state(&self, key: Key) -> Option<State> {
        self.engine.peek(&key, self.now_ms).map(|shown| shown.state)
    }
}

/// The fetch that was asked for, if any; more than one is a mistake.
pub(super) fn fetch_of(effects: &Effects, wanted: Key) -> Option<FetchId> {
    let mut fetches = effects.iter().filter_map(|effect| match effect {
        Effect::Fetch { key, fetch, .. } if *key == wanted => Some(*fetch),
        _ => None,
    });
    let first = fetches.next();
    assert_eq!(fetches.next(), None, "two fetches of {wanted:?}");
    first
}

pub(super) fn changed(effects: &Effects, key: Key) -> bool {
    effects.contains(&Effect::Changed { key })
}

pub(super) fn failed(effects: &Effects, key: Key) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Failed { key: failed, .. } if *failed == key))
}

pub(super) fn forgot(effects: &Effects, key: Key) -> bool {
    effects.contains(&Effect::Forget { key })
}

pub(super) fn recorded(effects: &Effects, key: Key, operation: Operation, cause: Cause<Library>) -> bool {
    effects.contains(&Effect::Recorded { key: Some(key), operation, cause })
}

pub(super) fn stored(effects: &Effects, wanted: Key) -> Option<Clock> {
    effects.iter().find_map(|effect| match effect {
        Effect::Store { key, snapshot } if *key == wanted => Some(snapshot.clock),
        _ => None,
    })
}

/// What is recorded where a push named the tag.
pub(super) fn pushed(tag: Tag) -> Cause<Library> {
    Cause::Tag { tag, source: Source::Push, label: None }
}
