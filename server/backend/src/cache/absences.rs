//! What is known not to be there, for a moment.
//!
//! An absence is believed like an entry: only under the epoch and the generations that were read before the database was.
//! A key whose absence may be remembered has a tag that is touched by every change that makes the view exist (a property
//! test in `domain` goes through all of them), so the first read after such a change looks anew.
//!
//! Anyone can ask for any number of things that do not exist. So absences are kept in this process, with a small budget
//! of their own: they never push out an entry, and never reach Redis.

use std::{sync::Arc, time::Duration};

use domain::{cache::Key, error::Entity};
use tokio::time::Instant;

use super::{flights::Name, store::Generation};

/// How many absences are remembered. One takes a few hundred bytes.
const CAPACITY: u64 = 4_096;
/// They leave the map after this; no policy is longer.
const RECLAIM_AFTER: Duration = Duration::from_secs(60);

/// The absences.
pub(super) struct Absences(moka::sync::Cache<Key, Arc<Absence>>);

struct Absence {
    missing: Entity,
    /// The last position of the log that the load saw.
    position: u64,
    epoch: u32,
    generations: Vec<Generation>,
    until: Instant,
}

impl Default for Absences {
    fn default() -> Self {
        Absences(moka::sync::Cache::builder().max_capacity(CAPACITY).time_to_live(RECLAIM_AFTER).build())
    }
}

impl Absences {
    /// Notes that `missing` was not found by the load of this name, which saw the log up to `position`, for as long as the
    /// key's policy says.
    pub(super) fn note(&self, name: &Name, missing: Entity, position: u64) {
        let secs = name.key.policy().missing_secs;
        if secs > 0 {
            let until = Instant::now() + Duration::from_secs(secs.into());
            let generations = name.generations.clone();
            let absence = Absence { missing, position, epoch: name.epoch, generations, until };
            self.0.insert(name.key.clone(), Arc::new(absence));
        }
    }

    /// What is known not to be at `key`, and as of which position, if nothing that could make it be has happened since.
    pub(super) fn find(&self, key: &Key, epoch: u32, generations: &[Generation]) -> Option<(Entity, u64)> {
        let absence = self.0.get(key)?;
        let holds = absence.epoch == epoch && absence.generations == generations && absence.until > Instant::now();
        holds.then_some((absence.missing, absence.position))
    }

    /// Forgets one.
    pub(super) fn forget(&self, key: &Key) {
        self.0.invalidate(key);
    }

    /// Forgets all.
    pub(super) fn clear(&self) {
        self.0.invalidate_all();
    }

    /// How many are remembered, once the books are settled.
    #[cfg(test)]
    pub(super) fn len(&self) -> u64 {
        self.0.run_pending_tasks();
        self.0.entry_count()
    }
}
