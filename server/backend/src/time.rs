//! Who says what time it is.
//!
//! Nothing in this crate asks the system: time is injected, so that tests decide it.

use std::{
    fmt,
    sync::atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// A clock on the wall. Times have milliseconds: both databases keep those exactly.
pub trait Time: fmt::Debug + Send + Sync + 'static {
    /// The present, in UTC.
    fn now(&self) -> DateTime<Utc>;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemTime;

impl Time for SystemTime {
    #[expect(clippy::disallowed_methods, reason = "this is the one clock that the others are handed")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(3)
    }
}

/// A clock that stands still until it is moved; for tests and for made-up histories.
#[derive(Debug)]
pub struct SetTime {
    millis: AtomicI64,
}

impl SetTime {
    /// A clock that shows `time`.
    pub fn at(time: DateTime<Utc>) -> Self {
        SetTime { millis: AtomicI64::new(time.timestamp_millis()) }
    }

    /// Shows `time` from now on.
    pub fn set(&self, time: DateTime<Utc>) {
        self.millis.store(time.timestamp_millis(), Ordering::SeqCst);
    }

    /// Moves on by `step`.
    pub fn advance(&self, step: TimeDelta) {
        self.millis.fetch_add(step.num_milliseconds(), Ordering::SeqCst);
    }
}

impl Time for SetTime {
    fn now(&self) -> DateTime<Utc> {
        let millis = self.millis.load(Ordering::SeqCst);
        DateTime::from_timestamp_millis(millis).expect("a set time came from a valid time")
    }
}
