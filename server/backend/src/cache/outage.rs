//! What happens when the store does not answer: a broken cache is a slow cache, never a wrong one.
//!
//! Reads go to the database, so many at once and no more (as do those that miss). Writes are committed all the same. That a store which comes
//! back is not believed too early is the business of `trust`; that it is not asked too often is that of the circuit
//! breaker here: after a few failures in a row, one question in half a second finds out whether it is back.

use std::{
    future::Future,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::cache::Act;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout},
};

use super::{
    ServerCache,
    operations::{Cause, Operation, Subject},
    store::StoreError,
};
use crate::Error;

/// After so many failures in a row the store is left alone.
const FAILURES: u32 = 3;
/// For so long; then one question is let through.
const REST: Duration = Duration::from_millis(500);
/// How many reads may ask the database at once. It has fewer connections, so more would only queue there.
const LOADS: usize = 64;
/// How long a read waits for its turn to ask the database, before its client is told to come back.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether the store answered last, and whether it is asked at all.
pub(super) struct Outage {
    away: AtomicBool,
    breaker: Mutex<Breaker>,
    loads: Arc<Semaphore>,
}

#[derive(Default)]
struct Breaker {
    failures: u32,
    rests_until: Option<Instant>,
}

impl Default for Outage {
    fn default() -> Self {
        Outage { away: AtomicBool::default(), breaker: Mutex::default(), loads: Arc::new(Semaphore::new(LOADS)) }
    }
}

impl Outage {
    /// May the store be asked now? One question at a time is let through while it rests.
    fn lets_through(&self) -> bool {
        let (now, mut breaker) = (Instant::now(), self.breaker());
        match breaker.rests_until {
            Some(end) if now < end => false,
            Some(_) => {
                breaker.rests_until = Some(now + REST);
                true
            }
            None => true,
        }
    }

    /// Did the store not answer last?
    pub(super) fn is_away(&self) -> bool {
        self.away.load(Ordering::Relaxed)
    }

    fn answered(&self) {
        *self.breaker() = Breaker::default();
    }

    fn failed(&self) {
        let mut breaker = self.breaker();
        breaker.failures += 1;
        if breaker.failures >= FAILURES {
            breaker.rests_until = Some(Instant::now() + REST);
        }
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().expect("nothing panics while it holds this lock")
    }
}

impl ServerCache {
    /// What the store answers, or nothing: then the caller does without. Says so in the log when that changes.
    pub(super) async fn ask<T>(&self, question: impl Future<Output = Result<T, StoreError>>) -> Option<T> {
        if !self.inner.outage.lets_through() {
            return None;
        }
        let answer = question.await;
        let was_away = self.inner.outage.away.swap(answer.is_err(), Ordering::Relaxed);
        match answer {
            Ok(answer) => {
                self.inner.outage.answered();
                if was_away {
                    tracing::info!("the cache answers again");
                }
                Some(answer)
            }
            Err(error) => {
                self.inner.outage.failed();
                if !was_away {
                    tracing::warn!(%error, "the cache does not answer: reading from the database until it does");
                }
                let at = (self.inner.now)();
                let failed = Operation::new(at, Act::Error, Subject::Store(error.to_string()), Duration::ZERO)
                    .because(Cause::StoreAway);
                self.inner.operations.record(failed);
                None
            }
        }
    }

    /// A turn to ask the database, which ends when the permit is dropped.
    ///
    /// # Errors
    /// Says `Unavailable` when too many others wait for the database.
    pub(super) async fn turn(&self) -> Result<OwnedSemaphorePermit, Error> {
        let turn = timeout(PATIENCE, self.inner.outage.loads.clone().acquire_owned()).await;
        turn.ok().and_then(Result::ok).ok_or(Error::Unavailable)
    }
}
