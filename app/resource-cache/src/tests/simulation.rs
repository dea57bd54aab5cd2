//! A source, a network, a storage, other tabs and a person, all of them capricious.
//!
//! The source is a list of commits. The truth about a view at a position is the last commit that touched one of its tags,
//! and the marks of the mutations that were carried out on it. Clocks carry the position, so the simulation can compare
//! what the engine cannot: clocks of different epochs. What must hold whatever happens is checked by the
//! [oracle](super::oracle) after each event.

use std::collections::{BTreeMap, BTreeSet};

use super::browser::{Browser, Effects};
use super::library::{Clock, Group, Key, Library, Tag};
use crate::{
    Catalog, Effect, Engine, Event, FetchId, Invalidation, Limits, MutationId, Retry, Rollback, Scope, Shown, Snapshot,
    Source,
};

pub(super) const KEYS: [Key; 5] = [Key::Draft(0), Key::Draft(1), Key::Page(0), Key::Page(1), Key::Profile];
const TAGS: [Tag; 4] = [Tag::Chapter(0), Tag::Chapter(1), Tag::Published, Tag::Person];
/// What each mutation adds to the views it patches, in the order of beginning.
pub(super) const MARKS: [&str; 10] = ["+0", "+1", "+2", "+3", "+4", "+5", "+6", "+7", "+8", "+9"];

type Answer = Snapshot<String, Clock>;

/// An invalidation the engine was told of.
pub(super) struct Told {
    pub(super) position: u64,
    pub(super) tags: Vec<Tag>,
    pub(super) groups: Vec<Group>,
    pub(super) scope: Scope,
}

/// A fetch the engine asked for.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    pub(super) key: Key,
    fetch: FetchId,
    position: u64,
    /// False once the engine gave it up.
    pub(super) live: bool,
}

/// A mutation of this page.
pub(super) struct Mutation {
    pub(super) keys: Vec<Key>,
    tag: Tag,
    /// Where it was carried out, if it was.
    pub(super) position: Option<u64>,
    pub(super) fate: Fate,
}

/// What the engine knows of a mutation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Pending,
    /// Told at a time, with or without a clock.
    Confirmed {
        at_ms: u64,
        clock: bool,
    },
    Undone,
    Kept,
    /// The page, or the visit, is another.
    Forgotten,
}

pub(super) struct World {
    pub(super) browser: Browser,
    limits: Limits,
    tag_memory: usize,
    /// What passed, whatever the device's clock says.
    pub(super) steady_ms: u64,
    /// The tag each position changed; position 0 is the beginning.
    commits: Vec<Option<Tag>>,
    /// Positions at which a new epoch began.
    epochs: Vec<u64>,
    pub(super) told: Vec<Told>,
    pub(super) asked: Vec<Asked>,
    pub(super) mutations: Vec<Mutation>,
    storage: BTreeMap<Key, (Answer, u64)>,
    /// Everything that was ever stored, for copies that turn up late.
    copies: Vec<(Key, Answer, u64)>,
    /// An answer that is older than its request must at least be from after this.
    lag_floor: u64,
    /// And what came with the page from after this.
    page_floor: u64,
    pub(super) lagged: bool,
    /// Confirmed patches that were seen in a committed value.
    pub(super) landed: BTreeSet<(usize, Key)>,
    /// Since when patches lie on an outdated value.
    pub(super) outdated_ms: BTreeMap<Key, u64>,
}

impl World {
    /// A page whose engine has these limits and remembers so many invalidated tags.
    pub(super) fn new(limits: Limits, tag_memory: usize) -> Self {
        Self {
            browser: Browser { engine: engine(limits, tag_memory), now_ms: 10_000 },
            limits,
            tag_memory,
            steady_ms: 0,
            commits: vec![None],
            epochs: Vec::new(),
            told: Vec::new(),
            asked: Vec::new(),
            mutations: Vec::new(),
            storage: BTreeMap::new(),
            copies: Vec::new(),
            lag_floor: 0,
            page_floor: 0,
            lagged: false,
            landed: BTreeSet::new(),
            outdated_ms: BTreeMap::new(),
        }
    }

    pub(super) fn commit(&mut self, tag: Tag) {
        self.commits.push(Some(tag));
    }

    pub(super) fn begin_epoch(&mut self) {
        self.commits.push(None);
        self.epochs.push(self.head());
        self.lag_floor = self.head();
    }

    pub(super) fn head(&self) -> u64 {
        u64::try_from(self.commits.len() - 1).expect("schedules are short")
    }

    /// Tells the engine of a commit: by tag, by tag and groups, or by groups alone; with or without its clock.
    pub(super) fn tell(&mut self, position: u64, groups: bool, scope: Scope, clock: bool) {
        let index = usize::try_from(position).expect("schedules are short");
        let Some(tag) = self.commits[index] else { return };
        let tags = if scope == Scope::Tags { vec![tag] } else { Vec::new() };
        let groups = if groups { vec![Group::Writing, Group::Reading] } else { Vec::new() };
        let clock = clock.then(|| self.clock(position));
        self.note(clock, tags.clone(), groups.clone(), scope);
        let source = if position.is_multiple_of(2) { Source::Push } else { Source::OtherTab };
        let invalidation = Invalidation { tags, groups, clock, scope, source, label: None };
        self.send(Event::Invalidated { invalidation });
    }

    /// The push stream had a gap.
    pub(super) fn reset(&mut self, clock: bool) {
        let clock = clock.then(|| self.clock(self.head()));
        self.note(clock, TAGS.to_vec(), Vec::new(), Scope::Tags);
        self.send(Event::Reset { clock, source: Source::Push });
    }

    /// The page comes back from where it was frozen; other tabs heard of everything up to now.
    pub(super) fn resume(&mut self, clock: bool) {
        let clock = clock.then(|| self.clock(self.head()));
        self.note(clock, Vec::new(), vec![Group::Writing, Group::Reading], Scope::Tags);
        self.send(Event::Resumed { clock });
    }

    /// Answers a fetch with what the source knew at some position between the request and now.
    pub(super) fn answer(&mut self, which: usize, delay: u64) {
        let asked = self.asked[which];
        self.answer_from(which, (asked.position + delay).min(self.head()));
    }

    /// Answers a fetch with what the source knew before the request.
    pub(super) fn lag(&mut self, which: usize, by: u64) {
        self.lagged = true;
        let asked = self.asked[which];
        let position = asked.position.saturating_sub(by).max(self.lag_floor);
        self.answer_from(which, position);
    }

    pub(super) fn fail(&mut self, which: usize, retry: Retry) {
        let Asked { key, fetch, .. } = self.asked.swap_remove(which);
        self.send(Event::Failed { key, fetch, retry });
    }

    pub(super) fn hydrate(&mut self, key: Key, back: u64) {
        let position = self.head().saturating_sub(back).max(self.page_floor);
        let snapshot = self.truth(key, position);
        self.send(Event::Hydrated { key, snapshot });
    }

    pub(super) fn restore(&mut self, key: Key) {
        if let Some((snapshot, stored_at_ms)) = self.storage.get(&key).cloned() {
            self.send(Event::Restored { key, snapshot, stored_at_ms });
        }
    }

    /// A copy turns up that was read from storage before it was removed there.
    pub(super) fn restore_copy(&mut self, which: usize) {
        if let Some((key, snapshot, stored_at_ms)) = nth(&self.copies, which).cloned() {
            self.send(Event::Restored { key, snapshot, stored_at_ms });
        }
    }

    /// Another tab writes what it just read into the storage of all tabs.
    pub(super) fn store_elsewhere(&mut self, key: Key) {
        let snapshot = self.truth(key, self.head());
        self.storage.insert(key, (snapshot, self.browser.now_ms));
    }

    /// The person does something to a view, and to the other view of the same chapter.
    pub(super) fn begin(&mut self, key: Key) {
        let number = self.mutations.len();
        let Some(mark) = MARKS.get(number) else { return };
        let tag = Library::tags(&key)[0];
        let keys: Vec<Key> = KEYS.into_iter().filter(|other| Library::tags(other)[0] == tag).collect();
        let patches = keys.iter().map(|key| (*key, *mark)).collect();
        self.mutations.push(Mutation { keys, tag, position: None, fate: Fate::Pending });
        self.send(Event::MutationBegun { mutation: id(number), patches });
    }

    /// The source carries a mutation out. Nobody is told yet.
    pub(super) fn perform(&mut self, number: usize) -> u64 {
        if let Some(position) = self.mutations[number].position {
            return position;
        }
        self.commit(self.mutations[number].tag);
        let position = self.head();
        self.mutations[number].position = Some(position);
        position
    }

    /// The answer to a mutation comes: its headers first, if it has any, then the new values, if it brings them.
    pub(super) fn confirm(&mut self, number: usize, values: bool, clock: bool, headers: bool) {
        let position = self.perform(number);
        if headers {
            self.tell(position, true, Scope::Tags, clock);
        }
        let keys = if values { self.mutations[number].keys.clone() } else { Vec::new() };
        let values = keys.into_iter().map(|key| (key, self.truth(key, position))).collect();
        self.mutations[number].fate = Fate::Confirmed { at_ms: self.steady_ms, clock };
        let clock = clock.then(|| self.clock(position));
        self.send(Event::MutationConfirmed { mutation: id(number), clock, values });
    }

    /// A mutation fails, or its answer is lost.
    pub(super) fn refuse(&mut self, number: usize, rollback: Rollback) {
        self.mutations[number].fate = match rollback {
            Rollback::Undo => Fate::Undone,
            Rollback::Keep => Fate::Kept,
        };
        self.send(Event::MutationFailed { mutation: id(number), rollback });
    }

    /// The mutations that have not ended.
    pub(super) fn pending(&self) -> Vec<usize> {
        (0..self.mutations.len()).filter(|number| self.mutations[*number].fate == Fate::Pending).collect()
    }

    pub(super) fn clear(&mut self) {
        self.lag_floor = self.head();
        self.forget_mutations();
        self.send(Event::Cleared);
    }

    /// The page is gone, and opened anew: only storage is left.
    pub(super) fn crash(&mut self) {
        self.browser.engine = engine(self.limits, self.tag_memory);
        self.asked.clear();
        self.copies.clear();
        self.forget_mutations();
        self.outdated_ms.clear();
        (self.lag_floor, self.page_floor) = (self.head(), self.head());
        // Doubts are not stored: tags decide, and what they took is gone from storage.
        self.told.iter_mut().filter(|told| told.scope == Scope::Tags).for_each(|told| told.groups.clear());
    }

    pub(super) fn wait(&mut self, ms: u64) {
        self.steady_ms += ms;
        self.browser.wait(ms);
    }

    /// Somebody corrects the device's clock.
    pub(super) fn set_clock_back(&mut self, ms: u64) {
        self.browser.now_ms = self.browser.now_ms.saturating_sub(ms);
    }

    /// Answers every fetch truthfully until none is left.
    pub(super) fn settle(&mut self) {
        for _ in 0..1_000 {
            if self.asked.is_empty() {
                return;
            }
            self.answer_from(0, self.head());
        }
        panic!("the engine never stops fetching");
    }

    /// Passes an event on, carries the effects out, and checks what must hold.
    pub(super) fn send(&mut self, event: Event<Library>) {
        let before = KEYS.map(|key| self.peek(key));
        let swept = event == Event::Swept;
        let effects = self.browser.send(event);
        self.carry_out(&effects);
        self.check(&before, &effects, swept);
    }

    pub(super) fn peek(&self, key: Key) -> Option<Shown<Library>> {
        self.browser.engine.peek(&key, self.browser.now_ms)
    }

    pub(super) fn clock(&self, position: u64) -> Clock {
        let begun = self.epochs.iter().filter(|epoch| **epoch <= position).count();
        Clock { epoch: u8::try_from(begun).expect("epochs are few"), seq: position }
    }

    pub(super) fn truth(&self, key: Key, position: u64) -> Answer {
        let tags = Library::tags(&key);
        let written = (0..=position).zip(&self.commits);
        let last = written.filter(|(_, tag)| tag.is_some_and(|tag| tags.contains(&tag))).last();
        let mut marks: Vec<_> = self.mutations.iter().zip(MARKS).collect();
        marks
            .retain(|(mutation, _)| mutation.keys.contains(&key) && mutation.position.is_some_and(|at| at <= position));
        marks.sort_by_key(|(mutation, _)| mutation.position);
        let marks: String = marks.into_iter().map(|(_, mark)| mark).collect();
        let value = format!("{key:?} of {}: {marks};", last.map_or(0, |(position, _)| position));
        Snapshot { value, clock: self.clock(position) }
    }

    fn note(&mut self, clock: Option<Clock>, tags: Vec<Tag>, groups: Vec<Group>, scope: Scope) {
        if clock.is_none() {
            self.lag_floor = self.head();
        }
        let position = clock.map_or(self.head(), |clock| clock.seq);
        self.told.push(Told { position, tags, groups, scope });
    }

    fn forget_mutations(&mut self) {
        self.mutations.iter_mut().for_each(|mutation| mutation.fate = Fate::Forgotten);
    }

    fn answer_from(&mut self, which: usize, position: u64) {
        let Asked { key, fetch, .. } = self.asked.swap_remove(which);
        let snapshot = self.truth(key, position);
        self.send(Event::Fetched { key, fetch, snapshot });
    }

    fn carry_out(&mut self, effects: &Effects) {
        for effect in effects {
            match effect {
                Effect::Fetch { key, fetch, .. } => {
                    let twice = self.asked.iter().any(|asked| asked.live && asked.key == *key);
                    assert!(!twice, "two fetches of {key:?} in flight");
                    self.asked.push(Asked { key: *key, fetch: *fetch, position: self.head(), live: true });
                }
                Effect::Store { key, snapshot } => {
                    let stored_at_ms = self.browser.now_ms;
                    assert_eq!(snapshot, &self.truth(*key, snapshot.clock.seq), "only what is committed is stored");
                    self.storage.insert(*key, (snapshot.clone(), stored_at_ms));
                    self.copies.push((*key, snapshot.clone(), stored_at_ms));
                }
                Effect::Forget { key } => {
                    self.storage.remove(key);
                }
                Effect::ForgetTagged { tags, clock } => self.storage.retain(|key, (held, _)| {
                    let tagged = Library::tags(key).iter().any(|tag| tags.contains(tag));
                    !tagged || clock.is_some_and(|clock| held.clock >= clock)
                }),
                Effect::ForgetGroups { groups } => {
                    self.storage.retain(|key, _| !groups.contains(&Library::group(key)));
                }
                Effect::ForgetOlder { clock } => {
                    self.storage.retain(|_, (held, _)| clock.is_some_and(|clock| held.clock >= clock));
                }
                Effect::ForgetAll => {
                    self.storage.clear();
                    self.asked.iter_mut().for_each(|asked| asked.live = false);
                }
                Effect::Changed { .. } | Effect::Failed { .. } | Effect::Recorded { .. } => {}
            }
        }
    }
}

fn engine(limits: Limits, tag_memory: usize) -> Engine<Library> {
    Engine::with_tag_memory(limits, tag_memory).with_jitter(7)
}

fn id(number: usize) -> MutationId {
    MutationId(u64::try_from(number).expect("mutations are few"))
}

/// The element a random number stands for.
pub(super) fn nth<T>(list: &[T], random: usize) -> Option<&T> {
    list.get(random.checked_rem(list.len())?)
}
