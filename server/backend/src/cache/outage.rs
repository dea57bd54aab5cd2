//! What happens when the store does not answer: a broken cache is a slow cache, never a wrong one.
//!
//! Reads go to the database. Writes are committed all the same; the tags they could not fence or release are *owed*:
//! this server passes the cache by for them until the store has given them new generations. This makes one server with
//! one Redis right through any outage. What concerns several servers belongs here too, and only here: the relay that
//! releases what another server owed, out of the invalidation log; the circuit breaker in front of a store that answers
//! slowly; and the second for which a server must know that it misses no row of the log before it trusts an entry.

use std::{
    collections::HashSet,
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::cache::Tag;

use super::{
    ServerCache,
    operations::{Cause, Kind, Operation},
    store::{Store, StoreError, Token},
};

/// Whether the store answered last, and what is owed to it.
#[derive(Default)]
pub(super) struct Outage {
    away: AtomicBool,
    owed: Mutex<HashSet<Tag>>,
}

impl Outage {
    /// Remembers that the store may hold entries of `tags` that are outdated.
    pub(super) fn owe(&self, tags: &[Tag]) {
        self.owed().extend(tags);
    }

    /// The store has given `tags` new generations.
    pub(super) fn settle(&self, tags: &[Tag]) {
        let mut owed = self.owed();
        if !owed.is_empty() {
            tags.iter().for_each(|tag| {
                owed.remove(tag);
            });
        }
    }

    /// Those of `tags` that are owed.
    fn owed_of(&self, tags: &[Tag]) -> Vec<Tag> {
        let owed = self.owed();
        tags.iter().filter(|tag| owed.contains(tag)).copied().collect()
    }

    fn owed(&self) -> MutexGuard<'_, HashSet<Tag>> {
        self.owed.lock().expect("nothing panics while it holds this lock")
    }
}

impl ServerCache {
    /// What the store answered, or nothing: then the caller does without. Says so in the log when that changes.
    pub(super) fn or_bypass<T>(&self, answer: Result<T, StoreError>) -> Option<T> {
        let was_away = self.inner.outage.away.swap(answer.is_err(), Ordering::Relaxed);
        match answer {
            Ok(answer) => {
                if was_away {
                    tracing::info!("the cache answers again");
                }
                Some(answer)
            }
            Err(error) => {
                if !was_away {
                    tracing::warn!(%error, "the cache does not answer: reading from the database until it does");
                }
                let at = (self.inner.now)();
                let failed = Operation::new(at, Kind::Error, &error, Duration::ZERO).because(Cause::StoreAway);
                self.inner.operations.record(failed);
                None
            }
        }
    }

    /// Whether none of `tags` is owed, after trying to pay: if not, the store is not to be asked about them.
    pub(super) async fn owes_nothing(&self, tags: &[Tag]) -> bool {
        let owed = self.inner.outage.owed_of(tags);
        if owed.is_empty() {
            return true;
        }
        // Nobody's fence is lifted: the token is new.
        let paid = self.inner.store.release(&owed, Token::fresh(), 0).await;
        let Some(clock) = self.or_bypass(paid) else { return false };
        self.learn(clock);
        self.inner.outage.settle(&owed);
        true
    }
}
