//! The part of Redis that the protocol stands on.

/// One Redis: what it holds of the one view and of its tag.
///
/// Generations are numbers here. They are drawn anew where the real ones are random, and renamed after every step, so
/// that states which differ by names only are one state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Store {
    /// Which run of which node this is; what the real one learns from `master_replid`.
    pub(crate) run: u8,
    /// The epoch and the run it was drawn in; none in an empty Redis.
    pub(crate) epoch: Option<Epoch>,
    pub(crate) generation: Option<u8>,
    /// One bit per writer.
    pub(crate) fences: u8,
    /// Every write up to here has released its tags.
    pub(crate) clock: u8,
    /// One bit per write above `clock` that has released its tags.
    pub(crate) done: u8,
    pub(crate) entry: Option<Entry>,
    /// The entry has outlived its time.
    pub(crate) is_overdue: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Epoch {
    pub(crate) number: u8,
    pub(crate) run: u8,
}

/// A stored answer: the version it shows, and the position in the log at which it was loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Entry {
    pub(crate) epoch: u8,
    pub(crate) generation: u8,
    pub(crate) version: u8,
    pub(crate) position: u8,
}

/// How the clock moves when a write is released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClockRule {
    /// Only over writes that are all released.
    WithoutGaps,
    /// To the greatest position that anyone mentions.
    ToTheGreatest,
}

impl Store {
    /// Takes `writer`'s fence away, gives the tag a new generation, and notes that write `seq` is done. Done twice, it does
    /// nothing; `seq` is 0 after a rollback. `touches` says whether the write is about the tag of the view.
    pub(crate) fn release(&mut self, writer: u8, seq: u8, touches: bool, fresh: u8, rule: ClockRule) {
        if seq > 0 && (seq <= self.clock || self.done & bit(seq) != 0) && rule == ClockRule::WithoutGaps {
            return;
        }
        if touches {
            self.fences &= !bit(writer);
            self.generation = (self.fences == 0).then_some(fresh);
        }
        match rule {
            ClockRule::WithoutGaps if seq > 0 => {
                self.done |= bit(seq);
                self.absorb();
            }
            ClockRule::WithoutGaps => {}
            ClockRule::ToTheGreatest => self.clock = self.clock.max(seq),
        }
    }

    /// Moves the clock to `position`, of which somebody knows that every write up to it is done.
    pub(crate) fn advance(&mut self, position: u8) {
        self.clock = self.clock.max(position);
        self.absorb();
    }

    fn absorb(&mut self) {
        while self.done & bit(self.clock + 1) != 0 {
            self.clock += 1;
        }
        self.done &= !0 << (self.clock + 1);
    }
}

/// The set of one.
pub(crate) fn bit(index: u8) -> u8 {
    1 << index
}
