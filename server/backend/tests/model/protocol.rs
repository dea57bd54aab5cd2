//! The protocol, as a machine whose every step is one thing that happens at once.

mod faults;
mod reading;
mod relay;
mod writing;

use stateright::{Model, Property};

use crate::{
    state::{Keeps, State, TWO},
    store::{ClockRule, Epoch},
};

/// One step of the protocol left out, or done at the wrong time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weakening {
    /// Writers do not fence.
    NoFence,
    /// New generations are given before the commit, and not after it.
    ReleaseBeforeCommit,
    /// A load is stored under the generations that hold when it is stored.
    GenerationsAfterDatabase,
    /// An old copy of the data is taken for the present one.
    NoEpoch,
    /// A writer whom Redis does not answer answers at once.
    NoWait,
    /// A confirmation only looks at the log.
    RelayOnlyLooks,
    /// Rows are marked before their tags are released.
    MarkedBeforeSettled,
    /// The second of trust begins when the confirmation ends.
    TrustFromTheEnd,
    /// A server that starts trusts the cache before it has read the log.
    TrustAtStart,
    /// Misses share a load although they saw different generations.
    FlightsByKeyAlone,
    /// Misses share a load although they saw their generations in different epochs.
    FlightsWithoutEpoch,
    /// Servers do not care for the clock that a reader sends.
    ClockIgnored,
    /// An answer names the position that was known before it was loaded, and not that of its own snapshot.
    ClockFromBefore,
    /// The clock jumps over writes whose tags were not released.
    ClockWithGaps,
    /// An overdue entry is shown whatever its generations.
    OverdueUncompared,
    /// What a server keeps in front of Redis is served without asking for the generations.
    NearUncompared,
    /// What a server keeps in front of Redis is served in any epoch, if its generations look alike.
    NearWithoutEpoch,
    /// The first write makes a view exist whose absence is remembered, and touches none of its tags.
    BirthUntouched,
}

/// The protocol in a small world: two servers, two writers, two readers, one view.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Protocol {
    pub(crate) weakened: Option<Weakening>,
    /// Which of the two writes is about the view; another one only moves the log on.
    pub(crate) touches: [bool; TWO],
    /// What may go wrong, and how often in all.
    pub(crate) kinds: &'static [Fault],
    pub(crate) faults: u8,
    /// How often each reader reads.
    pub(crate) reads: [u8; TWO],
    pub(crate) levels: Levels,
}

/// Where entries are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Levels {
    Redis,
    /// Each server keeps what it has fetched or loaded.
    RedisAndNear,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    Fence(u8, Reply),
    Commit(u8),
    RollBack(u8),
    Release(u8, Reply),
    /// A second passes for this writer, and so for everyone.
    WaitASecond(u8),
    ReadLog(u8),
    Settle(u8),
    Trust(u8),
    Read(u8, u8),
    /// The database is asked: what it says from here on is the snapshot of this moment.
    Load(u8),
    /// The load is answered, to all who wait for it.
    Arrive(u8),
    Store(u8),
    /// The load fails, and whoever waits for it loads instead.
    Fail(u8),
    /// The database is slow or fails, and the reader is shown the overdue entry. The load may go on.
    ShowOverdue(u8),
    /// The entry's time is over.
    Expire,
    Crash(u8),
    Cut(u8),
    Mend(u8),
    Outage,
    Flush,
    Copy,
    FailOver,
    FenceExpires(u8),
    /// A second passes without a confirmation.
    Distrust(u8),
}

/// What may go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A server is killed, and starts again.
    Crash,
    /// A server does not reach Redis.
    Cut,
    /// A command is carried out, and its reply is lost.
    LostReply,
    /// Nobody reaches Redis.
    Outage,
    /// Redis loses all data.
    Flush,
    /// Redis comes back with what it had at some time before: a replica takes over, or an old file is read.
    FailOver,
    /// A commit takes longer than its fence stands.
    FenceExpiry,
    /// A server confirms too late.
    LateConfirmation,
    /// An entry outlives its time. Not that it were a fault; but so it is counted.
    Expiry,
}

/// What becomes of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Reply {
    Heard,
    /// It was carried out, and nobody was told.
    Lost,
    /// Redis is out of reach.
    Refused,
}

/// A generation that nobody has; renamed right after the step.
const FRESH: u8 = 99;

impl Protocol {
    pub(crate) fn is(&self, weakening: Weakening) -> bool {
        self.weakened == Some(weakening)
    }

    /// Are the tags of the view touched by this writer?
    fn touches(&self, writer: u8) -> bool {
        self.touches[usize::from(writer)] && !(writer == 0 && self.is(Weakening::BirthUntouched))
    }

    fn may(&self, state: &State, fault: Fault) -> bool {
        state.faults > 0 && self.kinds.contains(&fault)
    }

    fn clock_rule(&self) -> ClockRule {
        if self.is(Weakening::ClockWithGaps) { ClockRule::ToTheGreatest } else { ClockRule::WithoutGaps }
    }

    /// What every command to Redis begins with: is this the Redis in which its epoch was drawn? If not, its data is an
    /// old copy: a new epoch begins, in which no entry counts.
    fn enter(&self, state: &mut State) {
        let run = state.redis.run;
        let is_known = |epoch: Epoch| epoch.run == run || self.is(Weakening::NoEpoch);
        if !state.redis.epoch.is_some_and(is_known) {
            state.redis.epoch = Some(Epoch { number: state.epochs, run });
            state.epochs += 1;
            (state.redis.clock, state.redis.done) = (0, 0);
        }
    }

    /// The newest version of the view at a position of the log: the last write up to there that is about it.
    fn version(&self, state: &State, position: u8) -> u8 {
        let about = |row: u8| self.touches[usize::from(row)];
        let rows = (1..=position).zip(state.rows.into_iter().flatten());
        rows.filter(|(_, row)| about(row.writer)).map(|(seq, _)| seq).max().unwrap_or(0)
    }
}

impl Model for Protocol {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State::warm(self.faults, self.reads)]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        for index in [0, 1] {
            self.writer_actions(state, index, actions);
            self.relay_actions(state, index, actions);
            self.reader_actions(state, index, actions);
        }
        self.fault_actions(state, actions);
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        let mut next = state.clone();
        match action {
            Action::Fence(writer, reply) => self.fence(&mut next, writer, reply),
            Action::Commit(writer) => self.commit(&mut next, writer),
            Action::RollBack(writer) => self.roll_back(&mut next, writer),
            Action::Release(writer, reply) => self.release(&mut next, writer, reply),
            Action::WaitASecond(writer) => self.wait_a_second(&mut next, writer),
            Action::ReadLog(server) => self.read_log(&mut next, server),
            Action::Settle(server) => self.settle(&mut next, server),
            Action::Trust(server) => self.trust(&mut next, server),
            Action::Read(reader, server) => self.read(&mut next, reader, server),
            Action::Load(reader) => self.load(&mut next, reader),
            Action::Arrive(reader) => self.arrive(&mut next, reader),
            Action::Store(reader) => self.store(&mut next, reader),
            Action::Fail(reader) => self.fail(&mut next, reader),
            Action::ShowOverdue(reader) => self.show_overdue(&mut next, reader),
            Action::Crash(_)
            | Action::Cut(_)
            | Action::Mend(_)
            | Action::Outage
            | Action::Flush
            | Action::Copy
            | Action::FailOver
            | Action::FenceExpires(_)
            | Action::Expire
            | Action::Distrust(_) => self.fault(&mut next, action),
        }
        next.normalise(Keeps {
            fills: self.is(Weakening::GenerationsAfterDatabase),
            epochs: self.is(Weakening::NoEpoch),
            entries: self.is(Weakening::OverdueUncompared),
            near: self.is(Weakening::NearUncompared) || self.is(Weakening::NearWithoutEpoch),
        });
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(
                "no answer is older than what was answered before it was asked for",
                |_, state: &State| !state.seen.stale_answer,
            ),
            Property::always("no session that sends its clock goes back", |_, state: &State| {
                !state.seen.session_went_back
            }),
            Property::always("what was shown is not hidden again while fences stand", |_, state: &State| {
                !state.seen.write_was_hidden_again
            }),
            Property::always("an answer is as new as its clock says", |_, state: &State| !state.seen.clock_lied),
            Property::sometimes("a write is served from the cache", |_, state: &State| state.seen.hit_after_write),
            Property::sometimes("two readers share a load", |_, state: &State| state.seen.shared_load),
            Property::sometimes("an overdue entry is shown", |_, state: &State| state.seen.overdue_shown),
            Property::sometimes("a server serves what it kept", |_, state: &State| state.seen.near_hit),
        ]
    }
}
