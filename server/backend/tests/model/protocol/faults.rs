//! What goes wrong: servers crash, wires are cut, Redis loses its data or comes back with an old copy of it.

use super::{Action, Fault, Protocol, Weakening};
use crate::{
    state::{Doing, Server, State, Writer},
    store::{Store, bit},
};

impl Protocol {
    pub(super) fn fault_actions(&self, state: &State, actions: &mut Vec<Action>) {
        for server in [0, 1] {
            if state.servers[usize::from(server)].is_cut {
                actions.push(Action::Mend(server));
            }
        }
        if self.may(state, Fault::Flush) {
            actions.push(Action::Flush);
        }
        if self.may(state, Fault::Outage) && !state.servers.iter().any(|server| server.is_cut) {
            actions.push(Action::Outage);
        }
        if self.may(state, Fault::Expiry) && state.redis.entry.is_some() && !state.redis.is_overdue {
            actions.push(Action::Expire);
        }
        if self.may(state, Fault::FailOver) {
            actions.push(if state.copy.is_some() { Action::FailOver } else { Action::Copy });
        }
        for index in [0, 1] {
            if self.may(state, Fault::Crash) {
                actions.push(Action::Crash(index));
            }
            if self.may(state, Fault::Cut) && !state.servers[usize::from(index)].is_cut {
                actions.push(Action::Cut(index));
            }
            if self.may(state, Fault::LateConfirmation) && state.servers[usize::from(index)].trust.is_some() {
                actions.push(Action::Distrust(index));
            }
            if self.may(state, Fault::FenceExpiry) && state.redis.fences & bit(index) != 0 {
                actions.push(Action::FenceExpires(index));
            }
        }
    }

    pub(super) fn fault(&self, state: &mut State, action: Action) {
        match action {
            Action::Mend(server) => state.servers[usize::from(server)].is_cut = false,
            // The copy is made all the time; when it stops being made is part of the fault that needs it.
            Action::Copy => state.copy = Some(state.redis.clone()),
            _ => {
                state.faults -= 1;
                self.cost(state, action);
            }
        }
    }

    fn cost(&self, state: &mut State, action: Action) {
        match action {
            Action::Crash(server) => self.crash(state, server),
            Action::Cut(server) => state.servers[usize::from(server)].is_cut = true,
            Action::Expire => state.redis.is_overdue = true,
            Action::Distrust(server) => state.servers[usize::from(server)].trust = None,
            Action::Outage => state.servers.iter_mut().for_each(|server| server.is_cut = true),
            Action::Flush => {
                state.fence_lost |= state.redis.fences != 0;
                state.redis = Store { run: state.redis.run, ..Store::default() };
            }
            Action::FailOver => {
                let Some(copy) = state.copy.take() else { return };
                state.fence_lost |= state.redis.fences & !copy.fences != 0;
                state.redis = Store { run: state.redis.run + 1, ..copy };
            }
            Action::FenceExpires(writer) => {
                state.redis.fences &= !bit(writer);
                state.fence_lost = true;
            }
            _ => unreachable!("{action:?} costs nothing"),
        }
    }

    /// The server starts again at once, knowing nothing. What it had sent may still arrive.
    fn crash(&self, state: &mut State, server: u8) {
        let is_cut = state.servers[usize::from(server)].is_cut;
        let trust = self.is(Weakening::TrustAtStart).then(|| state.position());
        state.servers[usize::from(server)] = Server { is_cut, trust, ..Server::default() };
        if state.writers[usize::from(server)] != Writer::Idle {
            state.writers[usize::from(server)] = Writer::Gone;
        }
        for reader in state.readers.iter_mut().filter(|reader| reader.server == server) {
            (reader.doing, reader.overdue, reader.is_answered) = (Doing::Nothing, None, false);
        }
    }
}
