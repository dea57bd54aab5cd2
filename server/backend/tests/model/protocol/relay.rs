//! The relay of each server: read the log, release what is open, mark it, and trust the cache for a second.

use super::{Action, FRESH, Fault, Protocol, Weakening};
use crate::{
    state::{Confirming, State},
    store::bit,
};

impl Protocol {
    pub(super) fn relay_actions(&self, state: &State, index: u8, actions: &mut Vec<Action>) {
        let server = state.servers[usize::from(index)];
        match server.confirming {
            // Confirming what is confirmed changes nothing but the time.
            None if server.trust == Some(state.position()) && state.open_rows() == 0 => {}
            None => actions.push(Action::ReadLog(index)),
            Some(confirming) if confirming.settled => actions.push(Action::Trust(index)),
            Some(_) => actions.push(Action::Settle(index)),
        }
    }

    pub(super) fn read_log(&self, state: &mut State, server: u8) {
        let confirming = Confirming { position: state.position(), open: state.open_rows(), settled: false };
        if self.is(Weakening::MarkedBeforeSettled) {
            mark(state, confirming);
        }
        state.servers[usize::from(server)].confirming = Some(confirming);
    }

    pub(super) fn settle(&self, state: &mut State, server: u8) {
        let Some(confirming) = state.servers[usize::from(server)].confirming else { return };
        if state.servers[usize::from(server)].is_cut {
            state.servers[usize::from(server)].confirming = None;
            return;
        }
        self.enter(state);
        if !self.is(Weakening::RelayOnlyLooks) {
            for (seq, row) in (1..).zip(state.rows) {
                let Some(row) = row.filter(|_| confirming.open & bit(seq) != 0) else { continue };
                let touches = self.touches(row.writer);
                // Each row is a release of its own, with a generation of its own.
                state.redis.release(row.writer, seq, touches, FRESH + seq, self.clock_rule());
            }
        }
        state.redis.advance(confirming.position);
        state.servers[usize::from(server)].confirming = Some(Confirming { settled: true, ..confirming });
        // What lies between is of interest only if the server can die there.
        if !self.kinds.contains(&Fault::Crash) {
            self.trust(state, server);
        }
    }

    pub(super) fn trust(&self, state: &mut State, server: u8) {
        let Some(confirming) = state.servers[usize::from(server)].confirming else { return };
        mark(state, confirming);
        let end = state.position();
        let server = &mut state.servers[usize::from(server)];
        let since = if self.is(Weakening::TrustFromTheEnd) { end } else { confirming.position };
        (server.trust, server.confirming) = (Some(since), None);
    }
}

/// Notes in the log what was released.
fn mark(state: &mut State, confirming: Confirming) {
    for (seq, row) in (1..).zip(&mut state.rows) {
        if let Some(row) = row.as_mut().filter(|_| confirming.open & bit(seq) != 0) {
            row.applied = true;
        }
    }
}
