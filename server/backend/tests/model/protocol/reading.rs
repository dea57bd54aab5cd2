//! A read: from the cache if that is trusted and fresh, else from the database, once for all who saw the same.

use super::{Action, FRESH, Levels, Protocol, Weakening};
use crate::{
    state::{Answer, Doing, State},
    store::Entry,
};

impl Protocol {
    pub(super) fn reader_actions(&self, state: &State, index: u8, actions: &mut Vec<Action>) {
        let reader = state.readers[usize::from(index)];
        let other = state.readers[usize::from(1 - index)];
        match reader.doing {
            // Of two who are alike, the first to come is called the first; of two servers that are alike, the one that
            // the other comes to is called the second.
            Doing::Nothing if index == 1 && self.reads == [1, 1] && other.reads_left > 0 => {}
            Doing::Nothing if index == 1 && self.reads == [1, 1] && self.touches == [true, true] => {
                actions.extend((reader.reads_left > 0).then_some(Action::Read(1, 1)));
            }
            Doing::Nothing if reader.reads_left > 0 => actions.extend([Action::Read(index, 0), Action::Read(index, 1)]),
            Doing::Missed { .. } | Doing::Loaded { .. } => {
                let is_loaded = matches!(reader.doing, Doing::Loaded { .. });
                actions.push(if is_loaded { Action::Arrive(index) } else { Action::Load(index) });
                if matches!(other.doing, Doing::Following { .. }) {
                    actions.push(Action::Fail(index));
                }
            }
            Doing::Nothing | Doing::Following { .. } => {}
        }
        if reader.overdue.is_some() {
            actions.push(Action::ShowOverdue(index));
        }
        if state.fills[usize::from(index)].is_some() {
            actions.push(Action::Store(index));
        }
    }

    pub(super) fn read(&self, state: &mut State, index: u8, server: u8) {
        let (acked, shown) = (state.acked, state.shown);
        let reader = &mut state.readers[usize::from(index)];
        (reader.server, reader.acked, reader.shown) = (server, acked, shown);
        reader.reads_left -= 1;

        let site = state.servers[usize::from(server)];
        let epoch = state.redis.epoch.map_or(0, |epoch| epoch.number);
        if site.is_cut || site.trust.is_none() {
            let position = site.trust.unwrap_or(0);
            return self.bypass(state, index, epoch, position);
        }
        self.enter(state);
        let redis = &mut state.redis;
        let (epoch, position) = (redis.epoch.map_or(0, |epoch| epoch.number), redis.clock);
        let asked = state.readers[usize::from(index)].clock;
        let is_behind = asked.is_some_and(|(of, asked)| of != epoch || asked > position);
        if redis.fences != 0 || (is_behind && !self.is(Weakening::ClockIgnored)) {
            return self.bypass(state, index, epoch, position);
        }
        let generation = *redis.generation.get_or_insert(FRESH);
        let is_overdue = redis.is_overdue;
        if let Some(entry) = self.kept(state, server, (epoch, generation)) {
            let known = if self.is(Weakening::ClockFromBefore) { position } else { position.max(entry.position) };
            let answer = Answer { version: entry.version, clock: (epoch, known) };
            if !is_overdue {
                state.seen.hit_after_write |= entry.version > 0;
                return self.answer_reader(state, index, answer);
            }
            state.readers[usize::from(index)].overdue = Some(answer);
        }
        let is_shared = self.leader_of(state, index, server, (epoch, generation));
        let doing = if is_shared {
            Doing::Following { epoch, position }
        } else {
            Doing::Missed { generation, epoch, position }
        };
        state.readers[usize::from(index)].doing = doing;
    }

    /// The entry that holds under what Redis says now: the server's own, or that of Redis, which it then keeps.
    fn kept(&self, state: &mut State, server: u8, seen: (u8, u8)) -> Option<Entry> {
        let near = &mut state.servers[usize::from(server)].near;
        let is_near_alike = |entry: &Entry| {
            (entry.epoch, entry.generation) == seen
                || self.is(Weakening::NearUncompared)
                || (self.is(Weakening::NearWithoutEpoch) && entry.generation == seen.1)
        };
        if let Some(entry) = near.filter(is_near_alike) {
            state.seen.near_hit = true;
            return Some(entry);
        }
        let is_uncompared = state.redis.is_overdue && self.is(Weakening::OverdueUncompared);
        let entry = state.redis.entry.filter(|entry| (entry.epoch, entry.generation) == seen || is_uncompared)?;
        if self.levels == Levels::RedisAndNear {
            *near = Some(entry);
        }
        Some(entry)
    }

    /// Is the other reader about to load the same, on the same server?
    fn leader_of(&self, state: &State, index: u8, server: u8, seen: (u8, u8)) -> bool {
        let other = state.readers[usize::from(1 - index)];
        let joined = match other.doing {
            Doing::Missed { generation, epoch, .. } => (epoch, generation),
            Doing::Loaded { entry, .. } => (entry.epoch, entry.generation),
            Doing::Nothing | Doing::Following { .. } => return false,
        };
        let is_same = joined == seen
            || self.is(Weakening::FlightsByKeyAlone)
            || (self.is(Weakening::FlightsWithoutEpoch) && joined.1 == seen.1);
        other.server == server && is_same
    }

    /// Asks the database, which answers with what is committed now.
    pub(super) fn load(&self, state: &mut State, index: u8) {
        let now = state.position();
        let version = self.version(state, now);
        if let Doing::Missed { generation, epoch, position } = state.readers[usize::from(index)].doing {
            let entry = Entry { epoch, generation, version, position: now };
            state.readers[usize::from(index)].doing = Doing::Loaded { entry, before: position };
        }
    }

    /// Asks the database, and stores nothing. A slow answer is like that to a later question, which is promised more.
    fn bypass(&self, state: &mut State, index: u8, epoch: u8, before: u8) {
        let now = state.position();
        let answer = Answer { version: self.version(state, now), clock: self.named(epoch, before, now) };
        self.answer_reader(state, index, answer);
    }

    /// Answers the one who loaded and the one who waited, and sends the answer to Redis.
    pub(super) fn arrive(&self, state: &mut State, index: u8) {
        let Doing::Loaded { entry, before } = state.readers[usize::from(index)].doing else { return };
        let answer =
            |epoch, before| Answer { version: entry.version, clock: self.named(epoch, before, entry.position) };
        state.fills[usize::from(index)] = Some(entry);
        let reader = &mut state.readers[usize::from(index)];
        if self.levels == Levels::RedisAndNear {
            state.servers[usize::from(reader.server)].near = Some(entry);
        }
        if reader.is_answered {
            (reader.doing, reader.is_answered) = (Doing::Nothing, false);
        } else {
            self.answer_reader(state, index, answer(entry.epoch, before));
        }
        if let Doing::Following { epoch, position } = state.readers[usize::from(1 - index)].doing {
            state.seen.shared_load = true;
            self.answer_reader(state, 1 - index, answer(epoch, position));
        }
    }

    /// The clock of a loaded answer: the position of the snapshot it was loaded from.
    fn named(&self, epoch: u8, before: u8, now: u8) -> (u8, u8) {
        (epoch, if self.is(Weakening::ClockFromBefore) { before } else { now })
    }

    pub(super) fn store(&self, state: &mut State, index: u8) {
        let Some(mut entry) = state.fills[usize::from(index)].take() else { return };
        if self.is(Weakening::GenerationsAfterDatabase) {
            self.enter(state);
            if state.redis.fences != 0 {
                return;
            }
            entry.generation = *state.redis.generation.get_or_insert(FRESH);
            entry.epoch = state.redis.epoch.map_or(0, |epoch| epoch.number);
        }
        (state.redis.entry, state.redis.is_overdue) = (Some(entry), false);
    }

    /// Shows the overdue entry. The load goes on, for whoever follows and for the next to come.
    pub(super) fn show_overdue(&self, state: &mut State, index: u8) {
        let reader = state.readers[usize::from(index)];
        let Some(answer) = reader.overdue else { return };
        state.seen.overdue_shown = true;
        self.answer_reader(state, index, answer);
        if let Doing::Missed { .. } | Doing::Loaded { .. } = reader.doing {
            let still = &mut state.readers[usize::from(index)];
            (still.doing, still.server, still.is_answered) = (reader.doing, reader.server, true);
        }
    }

    /// The load fails; the one who waited loads instead, under what both had seen.
    pub(super) fn fail(&self, state: &mut State, index: u8) {
        let generation = match state.readers[usize::from(index)].doing {
            Doing::Missed { generation, .. } => generation,
            Doing::Loaded { entry, .. } => entry.generation,
            Doing::Nothing | Doing::Following { .. } => return,
        };
        let reader = &mut state.readers[usize::from(index)];
        (reader.doing, reader.overdue, reader.is_answered) = (Doing::Nothing, None, false);
        let other = &mut state.readers[usize::from(1 - index)];
        if let Doing::Following { epoch, position } = other.doing {
            other.doing = Doing::Missed { generation, epoch, position };
        }
    }

    /// Holds an answer against everything that must be true of it.
    fn answer_reader(&self, state: &mut State, index: u8, answer: Answer) {
        let promised = self.version(state, answer.clock.1);
        let reader = &mut state.readers[usize::from(index)];
        state.seen.stale_answer |= answer.version < reader.acked;
        state.seen.session_went_back |= answer.version < reader.version;
        state.seen.write_was_hidden_again |= answer.version < reader.shown && !state.fence_lost;
        state.seen.clock_lied |= answer.version < promised;
        reader.version = reader.version.max(answer.version);
        // A clock of another epoch cannot be compared: the newer answer's is kept.
        let later = reader.clock.filter(|(epoch, position)| *epoch == answer.clock.0 && *position > answer.clock.1);
        reader.clock = Some(later.unwrap_or(answer.clock));
        (reader.doing, reader.overdue) = (Doing::Nothing, None);
        state.shown = state.shown.max(answer.version);
        if reader.reads_left == 0 {
            // What it has seen concerns nobody any more.
            (reader.clock, reader.version, reader.acked, reader.shown, reader.server) = (None, 0, 0, 0, 0);
        }
    }
}
