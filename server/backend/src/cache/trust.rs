//! How long a server may believe what the store says without having looked at the log.
//!
//! A writer that does not reach the store cannot release its tags there. But its row is in the log, and every server
//! reads the log several times a second and releases what it finds open. So what a store says is believed for a moment
//! after the log was read, and no longer; and such a writer waits a second before it answers. Then nobody believes
//! anything that was confirmed before its commit.

use std::{sync::Mutex, time::Duration};

use tokio::time::Instant;

/// How long a confirmation counts, from when it began. Shorter than [`A_SECOND`]: clocks of two machines may run unlike.
const TRUST: Duration = Duration::from_millis(900);

/// How long a writer waits whom the store did not answer, from its commit.
pub(super) const A_SECOND: Duration = Duration::from_secs(1);

/// Who else writes to the store and the database?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Company {
    /// Nobody: what this process does not know did not happen.
    Alone,
    /// Other servers may.
    Others,
}

/// Whether the store is believed.
#[derive(Debug)]
pub(super) struct Trust {
    company: Company,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// How often trust was lost at once: a confirmation that began before counts for nothing.
    losses: u64,
    /// When the last confirmation began.
    since: Option<Instant>,
}

/// A look at the log that has begun.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Confirmation {
    losses: u64,
    began: Instant,
}

impl Trust {
    /// No trust yet.
    pub(super) fn new(company: Company) -> Self {
        Trust { company, state: Mutex::default() }
    }

    /// Is the store believed now?
    pub(super) fn holds(&self) -> bool {
        let since = self.state().since;
        match self.company {
            Company::Alone => since.is_some(),
            Company::Others => since.is_some_and(|since| since.elapsed() < TRUST),
        }
    }

    /// To be called before the log is read.
    pub(super) fn begin(&self) -> Confirmation {
        Confirmation { losses: self.state().losses, began: Instant::now() }
    }

    /// Everything that was in the log when `confirmation` began is released in the store.
    pub(super) fn confirm(&self, confirmation: Confirmation) {
        let mut state = self.state();
        if state.losses == confirmation.losses {
            state.since = state.since.max(Some(confirmation.began));
        }
    }

    /// The store did not take a release: it is not believed before the log was read again.
    pub(super) fn lose(&self) {
        let mut state = self.state();
        state.losses += 1;
        state.since = None;
    }

    /// How long a writer waits whom the store did not answer.
    pub(super) fn wait(&self) -> Duration {
        match self.company {
            Company::Alone => Duration::ZERO,
            Company::Others => A_SECOND,
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds this lock")
    }
}
