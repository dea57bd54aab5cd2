//! The state machine: events in, effects out.
//!
//! - `slot`: all that is remembered of one key; `layers`: the patches on its value.
//! - `reading`: somebody wants a value: reads, subscriptions, focus. `prefetching`: somebody may soon want one.
//! - `arriving`: a value came: fetched, hydrated, restored. `retrying`: it did not come.
//! - `invalidating`: somebody changed what views are made of. `mutating`: it was this page.
//! - `forgetting`: time, room, and people who want it gone. `requesting`: people who want to see it fetched.
//! - `index`: where to find slots without looking at all of them. `time`: a time that never runs backwards.
//!
//! At most one fetch is in flight per key, and it lives in the slot. Invalidations that arrive meanwhile are written on
//! that flight, so what fences a flight disappears with it. Slots that an event touched are filed in the index when it
//! is over.

mod arriving;
mod forgetting;
mod index;
mod invalidating;
mod layers;
mod mutating;
mod prefetching;
mod reading;
mod requesting;
mod retrying;
mod slot;
mod time;

use std::collections::BTreeMap;

#[cfg(test)]
pub(crate) use self::layers::{HOLD_MS, SETTLE_MS};

use self::index::{Index, Place};
use self::prefetching::Prefetching;
use self::slot::{Flight, Slot};
use self::time::Time;
use crate::fence::Fences;
use crate::{
    Catalog, Cause, Effect, EntryView, Event, FetchId, MutationId, Operation, PrefetchCounts, Purpose, Shown, Tables,
};

/// How many invalidated tags a session remembers one by one.
const TAG_MEMORY: usize = 4096;

/// How much may be remembered. Mounted views count, but are never dropped for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The sum of [`Catalog::size_bytes`] over all values.
    pub memory_bytes: usize,
    /// The number of values.
    pub entries: usize,
}

/// What is remembered of an application's views.
pub struct Engine<A: Catalog> {
    limits: Limits,
    slots: BTreeMap<A::Key, Slot<A>>,
    fences: Fences<A>,
    index: Index<A>,
    /// Mutations that have not ended, and the views they patched.
    mutations: Vec<(MutationId, Vec<A::Key>)>,
    prefetching: Prefetching<A::Key>,
    page: Page,
    time: Time,
    jitter: u64,
    /// Effects of the event at hand.
    effects: Vec<Effect<A>>,
    /// Keys whose slots the event at hand may have changed.
    touched: Vec<A::Key>,
    /// Counts events.
    tick: u64,
    /// Counts uses of slots, to order them; and the first of the event at hand.
    last_use: u64,
    first_use: u64,
    last_fetch: u64,
}

/// Whether somebody looks, and whether the network is there.
#[derive(Clone, Copy, Default)]
struct Page {
    hidden: bool,
    offline: bool,
}

impl Page {
    /// Whether nothing is asked for that nobody asks for.
    fn is_paused(self) -> bool {
        self.hidden || self.offline
    }
}

impl<A: Catalog> Engine<A> {
    /// An engine that remembers nothing yet, of a page that is visible and online.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self::with_tag_memory(limits, TAG_MEMORY)
    }

    pub(crate) fn with_tag_memory(limits: Limits, tags: usize) -> Self {
        Self {
            limits,
            slots: BTreeMap::new(),
            fences: Fences::new(tags),
            index: Index::default(),
            mutations: Vec::new(),
            prefetching: Prefetching::default(),
            page: Page::default(),
            time: Time::default(),
            jitter: 0,
            effects: Vec::new(),
            touched: Vec::new(),
            tick: 0,
            last_use: 0,
            first_use: 0,
            last_fetch: 0,
        }
    }

    /// Scatters retries by a random number, so that many browsers do not ask at the same moment.
    #[must_use]
    pub fn with_jitter(self, seed: u64) -> Self {
        Self { jitter: seed, ..self }
    }

    /// Takes an event and says what to do about it.
    ///
    /// `now_ms` is the time in milliseconds since any fixed moment. It should not run backwards, but nothing breaks when
    /// it does: then no time has passed.
    pub fn handle(&mut self, event: Event<A>, now_ms: u64) -> Vec<Effect<A>> {
        self.tick += 1;
        self.first_use = self.last_use + 1;
        let shell_ms = now_ms;
        let now_ms = self.time.advance(shell_ms);
        match event {
            Event::Read { key } => self.read(&key, now_ms),
            Event::Prefetch { key } => self.prefetch(&key, now_ms),
            Event::Subscribe { key } => self.subscribe(&key, now_ms),
            Event::Unsubscribe { key } => self.unsubscribe(&key, now_ms),
            Event::Fetched { key, fetch, snapshot } => self.fetched(&key, fetch, snapshot, now_ms),
            Event::Failed { key, fetch, retry } => self.failed(&key, fetch, retry, now_ms),
            Event::Hydrated { key, snapshot } => self.hydrated(&key, snapshot, now_ms),
            Event::Restored { key, snapshot, stored_at_ms } => {
                // A device whose clock was set back must not keep an entry for ever.
                self.restored(&key, snapshot, shell_ms.saturating_sub(stored_at_ms), now_ms);
            }
            Event::Invalidated { invalidation } => self.invalidated(&invalidation, now_ms),
            Event::Reset { clock, source } => self.reset(clock.as_ref(), source, now_ms),
            Event::MutationBegun { mutation, patches } => self.begun(mutation, patches, now_ms),
            Event::MutationConfirmed { mutation, clock, values } => {
                self.confirmed(mutation, clock.as_ref(), values, now_ms);
            }
            Event::MutationFailed { mutation, rollback } => self.rolled_back(mutation, rollback, now_ms),
            Event::Focused => self.unpause(Page { hidden: false, ..self.page }, || Cause::Focus, now_ms),
            Event::Hidden => self.pause(Page { hidden: true, ..self.page }),
            Event::Online => self.unpause(Page { offline: false, ..self.page }, || Cause::Reconnect, now_ms),
            Event::Offline => self.pause(Page { offline: true, ..self.page }),
            Event::Resumed { clock } => self.resumed(clock.as_ref(), now_ms),
            Event::Marked { key } => self.doubted(&key, now_ms),
            Event::Requested { key } => self.requested(&key, now_ms),
            Event::Removed { key } => self.removed(&key, now_ms),
            Event::Cleared => self.cleared(now_ms),
            Event::Swept => self.swept(now_ms),
        }
        self.finish(now_ms);
        std::mem::take(&mut self.effects)
    }

    /// What may be shown now. Has no side effects and counts as no use.
    #[must_use]
    pub fn peek(&self, key: &A::Key, now_ms: u64) -> Option<Shown<A>> {
        let now_ms = self.time.at(now_ms);
        let slot = self.slots.get(key)?;
        let base = slot.base(now_ms)?;
        Some(Shown {
            value: slot.shown(now_ms)?.clone(),
            clock: base.clock.clone(),
            state: slot.state(now_ms),
            pending: slot.layers.pending(),
        })
    }

    /// Whether an answer is awaited for this key.
    #[must_use]
    pub fn is_fetching(&self, key: &A::Key) -> bool {
        self.slots.get(key).is_some_and(|slot| slot.flight.is_some())
    }

    /// When to send [`Event::Swept`], in the time that [`Engine::handle`] is given; `None` while there is nothing to wait
    /// for. Any event may change it.
    #[must_use]
    pub fn next_due_ms(&self) -> Option<u64> {
        self.index.next_due_ms().map(|due_ms| self.time.shell_ms(due_ms))
    }

    /// Everything that is remembered, in the order of the keys.
    #[must_use]
    pub fn entries(&self, now_ms: u64) -> Vec<EntryView<A>> {
        let now_ms = self.time.at(now_ms);
        self.slots.iter().map(|(key, slot)| slot.view(key, now_ms)).collect()
    }

    /// How useful prefetching was so far.
    #[must_use]
    pub fn prefetch_counts(&self) -> PrefetchCounts {
        self.prefetching.counts
    }

    /// How much is remembered. Looks at everything: for tests and tools.
    #[must_use]
    pub fn tables(&self) -> Tables {
        let count = |wanted: fn(&Slot<A>) -> bool| self.slots.values().filter(|slot| wanted(slot)).count();
        Tables {
            slots: self.slots.len(),
            values: self.index.values,
            flights: count(|slot| slot.flight.is_some()),
            mutations: self.mutations.len(),
            patches: self.slots.values().map(|slot| slot.layers.len()).sum(),
            underlays: count(|slot| slot.layers.underlay().is_some()),
            retries: count(|slot| slot.tries.at_ms.is_some()),
            queued: self.prefetching.queued(),
            indexed: self.index.len(),
            fenced: self.fences.len(),
        }
    }

    /// Nobody looks, or nobody answers: what nobody asks for waits.
    fn pause(&mut self, page: Page) {
        self.page = page;
        self.prefetching.drop_queue();
        self.touched.extend(self.index.mounted());
    }

    /// Somebody looks again, or answers again.
    fn unpause(&mut self, page: Page, cause: fn() -> Cause<A>, now_ms: u64) {
        self.page = page;
        self.refresh_mounted(cause, now_ms);
    }

    /// The slot of a key, to change it.
    fn slot(&mut self, key: &A::Key) -> Option<&mut Slot<A>> {
        let slot = self.slots.get_mut(key)?;
        self.touched.push(key.clone());
        Some(slot)
    }

    /// The slot of a key that is used now; a new one where there is none.
    fn used_slot(&mut self, key: &A::Key, now_ms: u64) -> &mut Slot<A> {
        self.last_use += 1;
        self.touched.push(key.clone());
        let index = &mut self.index;
        let slot = self.slots.entry(key.clone()).or_insert_with(|| {
            let slot = Slot::new(key);
            index.insert(key, &slot.tags, slot.group);
            slot
        });
        slot.used = self.last_use;
        slot.used_ms = now_ms;
        slot
    }

    /// Starts a fetch, unless one is in flight. `discarded` counts the answers refused in a row before it.
    fn fetch(&mut self, key: &A::Key, purpose: Purpose, discarded: u8, now_ms: u64) {
        let fetch = FetchId(self.last_fetch + 1);
        let Some(slot) = self.slot(key) else { return };
        if let Some(flight) = &mut slot.flight {
            if purpose == Purpose::Use {
                flight.purpose = purpose;
            }
            return;
        }
        slot.flight = Some(Flight::new(fetch, purpose, discarded));
        slot.tries.at_ms = None;
        slot.asked_ms = now_ms;
        self.last_fetch += 1;
        self.prefetching.forget(key);
        self.effects.push(Effect::Fetch { key: key.clone(), fetch, purpose });
    }

    fn record(&mut self, key: &A::Key, operation: Operation, cause: Cause<A>) {
        self.effects.push(Effect::Recorded { key: Some(key.clone()), operation, cause });
    }

    /// The value that is shown, to be compared later by [`Engine::tell`].
    fn shown(&self, key: &A::Key, now_ms: u64) -> Option<A::Value> {
        self.slots.get(key)?.shown(now_ms).cloned()
    }

    /// Puts the patches on the value anew, and tells subscribers if what is shown is not what it was `before`.
    fn tell(&mut self, key: &A::Key, before: Option<A::Value>, now_ms: u64) {
        let Some(slot) = self.slot(key) else { return };
        slot.settle(key, now_ms);
        if slot.shown(now_ms) != before.as_ref() {
            self.effects.push(Effect::Changed { key: key.clone() });
        }
    }

    /// Ends an event: files what it touched, makes room, and uses what is idle.
    fn finish(&mut self, now_ms: u64) {
        self.file_touched();
        self.trim();
        self.start_prefetches(now_ms);
        self.file_touched();
    }

    fn file_touched(&mut self) {
        while let Some(key) = self.touched.pop() {
            self.file(&key);
        }
    }

    /// Puts a slot where it belongs in the index, or drops it if nothing is remembered in it.
    fn file(&mut self, key: &A::Key) {
        let Some(slot) = self.slots.get_mut(key) else { return };
        if slot.prefetched && slot.entry.is_none() && slot.flight.is_none() {
            slot.prefetched = false;
            self.prefetching.counts.wasted += 1;
        }
        let place = Place {
            mounted: slot.is_mounted(),
            spare: slot.is_spare().then_some(slot.used),
            due_ms: slot.due_ms(self.page.is_paused()),
            size_bytes: slot.entry.as_ref().map(|entry| entry.size_bytes),
        };
        self.index.shift(key, std::mem::replace(&mut slot.place, place), place);
        if slot.is_idle() {
            self.index.remove(key, &slot.tags, slot.group);
            self.slots.remove(key);
        }
    }
}
