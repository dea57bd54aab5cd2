//! The generations and fences of tags, and the clock: the part of the store that must be seen as one.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use domain::cache::{Clock, Tag};
use tokio::time::Instant;

use crate::cache::store::{Generation, TagState, Token};

/// Above this many fenced tags, those whose fences have all expired are looked for and dropped.
const SWEEP_ABOVE: usize = 1024;

/// How every tag stands, and how far the log is.
///
/// Generations are bounded by keeping two maps: when the young one is full, it becomes the old one, and the old one goes
/// with all that was not asked for since. A generation that went is made anew, which only costs misses. Fences are never
/// evicted: a lost fence would let readers see an answer of before and after a commit in turn.
pub(super) struct Tags {
    clock: Clock,
    /// Writes above the clock that have released their tags.
    done: BTreeSet<u64>,
    young: HashMap<Tag, Generation>,
    old: HashMap<Tag, Generation>,
    fences: HashMap<Tag, Vec<Held>>,
    capacity: usize,
}

/// One write's fence.
struct Held {
    token: Token,
    until: Instant,
}

impl Tags {
    /// No tags, at `clock`, with room for about `capacity` generations.
    pub(super) fn new(clock: Clock, capacity: usize) -> Self {
        Tags {
            clock,
            done: BTreeSet::new(),
            young: HashMap::new(),
            old: HashMap::new(),
            fences: HashMap::new(),
            capacity,
        }
    }

    /// How far the log is.
    pub(super) fn clock(&self) -> Clock {
        self.clock
    }

    /// Has the write at `seq` released its tags?
    pub(super) fn is_done(&self, seq: u64) -> bool {
        seq > 0 && (seq <= self.clock.seq() || self.done.contains(&seq))
    }

    /// Notes that the write at `seq` has released its tags, and moves the clock as far as all writes have.
    pub(super) fn done(&mut self, seq: u64) {
        self.done.insert(seq);
        self.reach(self.clock.seq());
    }

    /// Moves the clock to `position` or further, never backwards.
    pub(super) fn reach(&mut self, position: u64) {
        let mut seq = self.clock.seq().max(position);
        self.done = self.done.split_off(&(seq + 1));
        while self.done.remove(&(seq + 1)) {
            seq += 1;
        }
        self.clock = Clock::new(self.clock.epoch(), seq);
    }

    /// How `tag` stands; one without a generation gets one.
    pub(super) fn state(&mut self, tag: Tag, now: Instant) -> TagState {
        self.drop_expired(tag, now);
        if self.fences.contains_key(&tag) {
            return TagState::Fenced;
        }
        if let Some(generation) = self.young.get(&tag) {
            return TagState::Open(*generation);
        }
        let generation = self.old.remove(&tag).unwrap_or_else(Generation::fresh);
        self.remember(tag, generation);
        TagState::Open(generation)
    }

    /// Whether all `tags` are open at `generations`; makes none.
    pub(super) fn are(&mut self, tags: &[Tag], generations: &[Generation], now: Instant) -> bool {
        let current = |tag| self.young.get(tag).or_else(|| self.old.get(tag));
        let same = tags.iter().map(current).eq(generations.iter().map(Some));
        tags.iter().for_each(|tag| self.drop_expired(*tag, now));
        same && !tags.iter().any(|tag| self.fences.contains_key(tag))
    }

    /// Adds a fence for `life`. The generation is forgotten now: it must not come back, however this ends.
    pub(super) fn fence(&mut self, tag: Tag, token: Token, now: Instant, life: Duration) {
        if self.fences.len() > SWEEP_ABOVE {
            self.fences.retain(|_, held| held.iter().any(|fence| fence.until > now));
        }
        self.young.remove(&tag);
        self.old.remove(&tag);
        self.fences.entry(tag).or_default().push(Held { token, until: now + life });
    }

    /// Takes the fence of `token` away. A tag without other fences gets a new generation, even if this fence had expired
    /// and readers made one meanwhile: they may have filled it with what was true before the commit.
    pub(super) fn release(&mut self, tag: Tag, token: Token, now: Instant) {
        if let Some(held) = self.fences.get_mut(&tag) {
            held.retain(|fence| fence.token != token);
        }
        self.drop_expired(tag, now);
        if !self.fences.contains_key(&tag) {
            self.old.remove(&tag);
            self.remember(tag, Generation::fresh());
        }
    }

    fn drop_expired(&mut self, tag: Tag, now: Instant) {
        if let Some(held) = self.fences.get_mut(&tag) {
            held.retain(|fence| fence.until > now);
            if held.is_empty() {
                self.fences.remove(&tag);
            }
        }
    }

    fn remember(&mut self, tag: Tag, generation: Generation) {
        if self.young.len() >= self.capacity.div_ceil(2) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(tag, generation);
    }
}
