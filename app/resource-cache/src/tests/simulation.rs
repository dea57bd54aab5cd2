//! A source, a network, a storage and a person, all of them capricious, and what must hold whatever they do.
//!
//! The source is a list of commits. The truth about a view at a position is the last commit that touched one of its tags.
//! Clocks carry the position, so the simulation can compare what the engine cannot: clocks of different epochs.

use std::collections::BTreeMap;

use super::browser::{Browser, Effects};
use super::library::{Clock, Group, Key, Library, Tag};
use crate::{Catalog, Cause, Effect, Event, FetchId, Invalidation, Operation, Scope, Shown, Snapshot, State};

pub(super) const KEYS: [Key; 5] = [Key::Draft(0), Key::Draft(1), Key::Page(0), Key::Page(1), Key::Profile];

type Answer = Snapshot<String, Clock>;

/// An invalidation the engine was told of.
struct Told {
    position: u64,
    tags: Vec<Tag>,
    groups: Vec<Group>,
    scope: Scope,
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

pub(super) struct World {
    pub(super) browser: Browser,
    /// The tag each position changed; position 0 is the beginning.
    commits: Vec<Option<Tag>>,
    /// Positions at which a new epoch began.
    epochs: Vec<u64>,
    told: Vec<Told>,
    pub(super) asked: Vec<Asked>,
    storage: BTreeMap<Key, (Answer, u64)>,
    /// Everything that was ever stored, for copies that turn up late.
    copies: Vec<(Key, Answer, u64)>,
    /// An answer that is older than its request must at least be from after this.
    lag_floor: u64,
    lagged: bool,
}

impl World {
    pub(super) fn new(browser: Browser) -> Self {
        Self {
            browser,
            commits: vec![None],
            epochs: Vec::new(),
            told: Vec::new(),
            asked: Vec::new(),
            storage: BTreeMap::new(),
            copies: Vec::new(),
            lag_floor: 0,
            lagged: false,
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
        if clock.is_none() {
            self.lag_floor = self.head();
        }
        let position = clock.map_or(self.head(), |clock| clock.seq);
        self.told.push(Told { position, tags: tags.clone(), groups: groups.clone(), scope });
        self.send(Event::Invalidated { invalidation: Invalidation { tags, groups, clock, scope } });
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

    pub(super) fn fail(&mut self, which: usize) {
        let Asked { key, fetch, .. } = self.asked.swap_remove(which);
        self.send(Event::Failed { key, fetch });
    }

    pub(super) fn hydrate(&mut self, key: Key, back: u64) {
        let snapshot = self.truth(key, self.head().saturating_sub(back));
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

    pub(super) fn clear(&mut self) {
        self.lag_floor = self.head();
        self.send(Event::Cleared);
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
        let effects = self.browser.send(event);
        self.carry_out(&effects);
        for (key, before) in KEYS.into_iter().zip(before) {
            let after = self.peek(key);
            self.check_shown(key, after.as_ref());
            check_step(key, before.as_ref(), after.as_ref(), &effects);
        }
    }

    pub(super) fn peek(&self, key: Key) -> Option<Shown<Library>> {
        self.browser.engine.peek(&key, self.browser.now_ms)
    }

    fn clock(&self, position: u64) -> Clock {
        let begun = self.epochs.iter().filter(|epoch| **epoch <= position).count();
        Clock { epoch: u8::try_from(begun).expect("epochs are few"), seq: position }
    }

    fn truth(&self, key: Key, position: u64) -> Answer {
        let tags = Library::tags(&key);
        let written = (0..=position).zip(&self.commits);
        let last = written.filter(|(_, tag)| tag.is_some_and(|tag| tags.contains(&tag))).last();
        let value = format!("{key:?} of {}", last.map_or(0, |(position, _)| position));
        Snapshot { value, clock: self.clock(position) }
    }

    fn answer_from(&mut self, which: usize, position: u64) {
        let Asked { key, fetch, .. } = self.asked.swap_remove(which);
        let snapshot = self.truth(key, position);
        self.send(Event::Fetched { key, fetch, snapshot });
    }

    fn carry_out(&mut self, effects: &Effects) {
        for effect in effects {
            match effect {
                Effect::Fetch { key, fetch } => {
                    let twice = self.asked.iter().any(|asked| asked.live && asked.key == *key);
                    assert!(!twice, "two fetches of {key:?} in flight");
                    let position = self.head();
                    self.asked.push(Asked { key: *key, fetch: *fetch, position, live: true });
                }
                Effect::Store { key, snapshot } => {
                    let stored_at_ms = self.browser.now_ms;
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
                Effect::ForgetAll => {
                    self.storage.clear();
                    self.asked.iter_mut().for_each(|asked| asked.live = false);
                }
                Effect::Changed { .. } | Effect::Failed { .. } | Effect::Recorded { .. } => {}
            }
        }
    }

    /// What is offered is true, and not older than any invalidation the engine was told of.
    fn check_shown(&self, key: Key, shown: Option<&Shown<Library>>) {
        let Some(shown) = shown else { return };
        let position = shown.clock.seq;
        assert_eq!(shown.value, self.truth(key, position).value);
        let (tags, group) = (Library::tags(&key), Library::group(&key));
        for told in self.told.iter().filter(|told| told.position > position) {
            let tagged = tags.iter().any(|tag| told.tags.contains(tag));
            let grouped = told.groups.contains(&group);
            assert!(
                !(tagged || grouped && told.scope == Scope::Groups),
                "{key:?} of {position} is offered after {}",
                told.position,
            );
            let unmarked = grouped && shown.state == State::Fresh && !self.lagged;
            assert!(!unmarked, "{key:?} of {position} lost its mark of {}", told.position);
        }
    }
}

/// One step never goes back, and tells of every change of value and of nothing else.
fn check_step(key: Key, before: Option<&Shown<Library>>, after: Option<&Shown<Library>>, effects: &Effects) {
    if let (Some(before), Some(after)) = (before, after) {
        assert!(after.clock.seq >= before.clock.seq, "{key:?} went back");
    }
    let (operation, cause) = (Operation::Evict, Cause::Pressure);
    let evicted = effects.contains(&Effect::Recorded { key: Some(key), operation, cause });
    let differs = before.map(|shown| &shown.value) != after.map(|shown| &shown.value);
    let told = effects.contains(&Effect::Changed { key });
    assert!(told || !differs || evicted, "{key:?} changed and nobody was told");
    assert!(!told || differs || before.is_none(), "{key:?} did not change");
}

/// The element a random number stands for.
pub(super) fn nth<T>(list: &[T], random: usize) -> Option<&T> {
    list.get(random.checked_rem(list.len())?)
}
