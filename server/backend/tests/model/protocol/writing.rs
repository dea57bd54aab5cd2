//! A write: fence, commit, release, answer.

use super::{Action, FRESH, Fault, Protocol, Reply, Weakening};
use crate::{
    state::{Row, State, Writer},
    store::bit,
};

impl Protocol {
    pub(super) fn writer_actions(&self, state: &State, writer: u8, actions: &mut Vec<Action>) {
        let is_cut = state.servers[usize::from(writer)].is_cut;
        let replies: &[Reply] = match (is_cut, self.may(state, Fault::LostReply)) {
            (true, _) => &[Reply::Refused],
            (false, false) => &[Reply::Heard],
            (false, true) => &[Reply::Heard, Reply::Lost],
        };
        match state.writers[usize::from(writer)] {
            Writer::Idle => actions.extend(replies.iter().map(|reply| Action::Fence(writer, *reply))),
            // They are alike: it is enough that one of them may roll back, and that in a world without faults.
            Writer::Fenced if writer == 0 && self.kinds.is_empty() => {
                actions.extend([Action::Commit(0), Action::RollBack(0)])
            }
            Writer::Fenced => actions.push(Action::Commit(writer)),
            Writer::Committed { .. } => actions.extend(replies.iter().map(|reply| Action::Release(writer, *reply))),
            Writer::Unreleased { .. } => actions.push(Action::WaitASecond(writer)),
            Writer::Gone => {}
        }
    }

    pub(super) fn fence(&self, state: &mut State, writer: u8, reply: Reply) {
        let touches = self.touches(writer);
        if reply != Reply::Refused {
            self.enter(state);
            if self.is(Weakening::ReleaseBeforeCommit) {
                state.redis.generation = Some(FRESH);
            } else if touches && !self.is(Weakening::NoFence) {
                state.redis.fences |= bit(writer);
                state.redis.generation = None;
            }
        }
        self.note(state, writer, reply);
        state.fence_lost |= reply == Reply::Refused && touches;
        state.writers[usize::from(writer)] = Writer::Fenced;
    }

    pub(super) fn commit(&self, state: &mut State, writer: u8) {
        let seq = state.position() + 1;
        state.rows[usize::from(seq) - 1] = Some(Row { writer, applied: false });
        state.writers[usize::from(writer)] = Writer::Committed { seq };
    }

    /// The fence is abandoned, whether Redis hears of it or not.
    pub(super) fn roll_back(&self, state: &mut State, writer: u8) {
        if !state.servers[usize::from(writer)].is_cut {
            self.enter(state);
            let touches = self.touches(writer);
            state.redis.release(writer, 0, touches, FRESH, self.clock_rule());
        }
        state.writers[usize::from(writer)] = Writer::Gone;
    }

    pub(super) fn release(&self, state: &mut State, writer: u8, reply: Reply) {
        let Writer::Committed { seq } = state.writers[usize::from(writer)] else { return };
        if reply != Reply::Refused {
            self.enter(state);
            let touches = self.touches(writer) && !self.is(Weakening::ReleaseBeforeCommit);
            state.redis.release(writer, seq, touches, FRESH, self.clock_rule());
        }
        self.note(state, writer, reply);
        let is_released = reply == Reply::Heard || self.is(Weakening::NoWait);
        if is_released {
            self.answer(state, writer, seq);
        } else {
            state.writers[usize::from(writer)] = Writer::Unreleased { seq };
        }
    }

    /// A lost reply is a fault. A server that was not answered trusts nothing until it has read the log again.
    fn note(&self, state: &mut State, writer: u8, reply: Reply) {
        state.faults -= u8::from(reply == Reply::Lost);
        if reply != Reply::Heard && !self.is(Weakening::NoWait) {
            let server = &mut state.servers[usize::from(writer)];
            (server.trust, server.confirming) = (None, None);
        }
    }

    /// One second after the commit nobody trusts a confirmation from before it, nor one that was under way then.
    pub(super) fn wait_a_second(&self, state: &mut State, writer: u8) {
        let Writer::Unreleased { seq } = state.writers[usize::from(writer)] else { return };
        for server in &mut state.servers {
            server.trust = server.trust.filter(|position| *position >= seq);
            if !self.is(Weakening::TrustFromTheEnd) {
                server.confirming = server.confirming.filter(|confirming| confirming.position >= seq);
            }
        }
        self.answer(state, writer, seq);
    }

    /// The writer is answered at once. Any later, and readers would have to be promised less.
    fn answer(&self, state: &mut State, writer: u8, seq: u8) {
        if self.touches[usize::from(writer)] {
            state.acked = state.acked.max(seq);
        }
        state.writers[usize::from(writer)] = Writer::Gone;
    }
}
