//! Reading: from the cache if it is fresh, else from the database (see `loads`).

use std::{future::Future, time::Duration};

use domain::{
    cache::{Act, Clock, Key, Tag},
    error::Entity,
};
use serde::{Serialize, de::DeserializeOwned};
use tokio::time::Instant;

use super::{
    ServerCache,
    flights::Name,
    loads::{Seen, standing},
    operations::{Cause, Operation, Subject},
    store::{Found, Generation, Observation, Store},
    view::{Status, View},
};
use crate::Error;

/// What is to be done for a read.
pub(super) enum Verdict {
    Hit(Found),
    /// It is known that there is no such thing, under these generations.
    Missing {
        name: Name,
        entity: Entity,
        position: u64,
    },
    /// Its time is over, though nothing was written: ask the database, and show it only if that takes too long.
    Overdue(Name, Found),
    /// Ask the database, and store the answer under these generations, which were read before it.
    Miss(Name, Cause),
    /// Ask the database, and store nothing.
    Bypass(Cause),
}

impl ServerCache {
    /// The view at `key`: as stored, if nothing it depends on was written since; else as `load` finds it.
    ///
    /// `load` is asked only then, in a task of its own, which goes on when the reader has left. It must read one
    /// consistent snapshot of the database, and nothing else that changes without a tag of `key`; the answer is as new as
    /// that snapshot. Of concurrent misses one loads, for all. A load that fails is not remembered; that there is no such thing is, for a moment.
    ///
    /// # Errors
    /// Those of `load`, and `Unavailable` if it takes too long. A cache that fails never is one.
    pub async fn read_seen<T>(
        &self,
        key: &Key,
        load: impl Future<Output = Seen<T>> + Send + 'static,
    ) -> Result<View<T>, Error>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
    {
        // What a miss waits for is kept apart, so that a hit, which is most of them, carries none of it.
        let began = Instant::now();
        let (verdict, clock) = self.look_up(key).await;
        let counted = |status, cause| self.counted(key, status, began, cause);
        match verdict {
            Verdict::Hit(found) => {
                let sample = self.sample(key, &found.stored);
                if let Some(view) = self.served(key, found, clock) {
                    drop(counted(Status::Hit, None));
                    if let Some(sample) = sample {
                        self.compare(sample, load);
                    }
                    return Ok(view);
                }
                let _counted = counted(Status::Bypass, Some(Cause::Unreadable));
                self.forget(key).await;
                Box::pin(self.bypass(key, clock, load)).await
            }
            Verdict::Missing { name, entity, position } => {
                drop(counted(Status::Hit, Some(Cause::Missing)));
                if let Some(sample) = self.sample_absence(name) {
                    self.compare(sample, load);
                }
                Err(self.missing(entity, standing(clock, position)))
            }
            Verdict::Overdue(name, found) => Box::pin(self.refreshed(name, found, clock, load)).await,
            Verdict::Miss(name, cause) => {
                let _counted = counted(Status::Miss, Some(cause));
                Box::pin(self.loaded(name, clock, load)).await
            }
            Verdict::Bypass(cause) => {
                let _counted = counted(Status::Bypass, Some(cause));
                Box::pin(self.bypass(key, clock, load)).await
            }
        }
    }

    /// Asks the store. The clock that comes with the verdict was read before everything else.
    async fn look_up(&self, key: &Key) -> (Verdict, Clock) {
        let tags = key.tags();
        let known = self.clock();
        match self.observe(key, &tags).await {
            Ok(observation) => {
                self.learn(observation.clock);
                // What was known before is as true of this observation as what it says itself.
                let clock = known.later(observation.clock);
                let is_new_enough = self.floor.allows(clock);
                let verdict =
                    if is_new_enough { self.judge(key, observation, &tags) } else { Verdict::Bypass(Cause::Behind) };
                (verdict, clock)
            }
            Err(cause) => (Verdict::Bypass(cause), known),
        }
    }

    /// What the store says of a key with `tags`, or why it is not to be believed.
    pub(super) async fn observe(&self, key: &Key, tags: &[Tag]) -> Result<Observation, Cause> {
        // Before the store is asked: whatever happens from here on happens after the read began.
        if !self.inner.trust.holds() {
            return Err(Cause::Unconfirmed);
        }
        self.ask(self.inner.store.observe(key, tags)).await.ok_or(Cause::StoreAway)
    }

    /// Decides what an observation of a key with `tags` allows.
    pub(super) fn judge(&self, key: &Key, observation: Observation, tags: &[Tag]) -> Verdict {
        let generations = match observation.generations(tags) {
            Ok(generations) => generations,
            Err(fenced) => return Verdict::Bypass(Cause::Fenced(fenced)),
        };
        let epoch = observation.clock.epoch();
        let cause = match observation.entry {
            None => Cause::Absent,
            Some(found) => match difference(&found, epoch, &generations, tags) {
                Some(cause) => cause,
                None if found.overdue.is_none() => return Verdict::Hit(found),
                None => return Verdict::Overdue(Name { key: key.clone(), epoch, generations }, found),
            },
        };
        let missing = self.inner.absences.find(key, epoch, &generations);
        let name = Name { key: key.clone(), epoch, generations };
        match missing {
            Some((entity, position)) => Verdict::Missing { name, entity, position },
            None => Verdict::Miss(name, cause),
        }
    }

    /// An entry as an answer; nothing if it is no `T`.
    pub(super) fn served<T: DeserializeOwned>(&self, key: &Key, found: Found, clock: Clock) -> Option<View<T>> {
        let (mut value, status) = (None, if found.overdue.is_some() { Status::Stale } else { Status::Hit });
        if !found.is_known {
            // Another version of this program may have written it, with another idea of `T`.
            value = Some(serde_json::from_slice(&found.stored.answer.body).ok()?);
            self.inner.store.vouch(key, &found.stored);
        }
        // Of the same epoch, or it were no entry.
        let clock = clock.later(found.stored.clock);
        let mut view = View::new(key, found.stored.answer, status, clock, value);
        view.overdue = found.overdue;
        Some(view)
    }

    /// The refusal of what is not there, as far as `clock`; the request's report remembers that.
    pub(super) fn missing(&self, entity: Entity, clock: Clock) -> Error {
        self.report.missing(clock);
        domain::Error::NotFound(entity).into()
    }

    /// The same for what a load said.
    pub(super) fn note_missing(&self, error: &Error, clock: Clock) {
        if let Error::Refused(domain::Error::NotFound(_)) = error {
            self.report.missing(clock);
        }
    }

    /// A read of `key` that began then and ends when the answer is dropped, so that what the database takes is in it; it
    /// is counted as well if its reader leaves.
    fn counted<'a>(&'a self, key: &'a Key, status: Status, began: Instant, cause: Option<Cause>) -> Counted<'a> {
        if let Some(Cause::Outdated(tag) | Cause::Fenced(tag)) = &cause {
            // So one server hears of what another wrote.
            self.inner.sampler.note_written(&[*tag]);
        }
        Counted { cache: self, key, status, began, cause }
    }

    /// Records a read that is over.
    pub(super) fn record(&self, key: &Key, status: Status, began: Instant, cause: Option<Cause>) {
        let Some(act) = self.purpose.act(status) else { return };
        let operation = Operation::new((self.inner.now)(), act, Subject::Key(key.clone()), began.elapsed());
        self.inner.operations.record(Operation { cause, ..operation });
    }

    /// Records what was done for a view beside those who read it.
    pub(super) fn record_fill(&self, key: &Key, kind: Act, took: Duration, cause: Option<Cause>) {
        let operation = Operation::new((self.inner.now)(), kind, Subject::Key(key.clone()), took);
        self.inner.operations.record(Operation { cause, ..operation });
    }

    /// The same, where it is not worth a line among the last operations.
    pub(super) fn count_fill(&self, key: &Key, kind: Act, took: Duration) {
        self.inner.operations.count(&Operation::new((self.inner.now)(), kind, Subject::Key(key.clone()), took));
    }
}

/// See [`ServerCache::counted`].
struct Counted<'a> {
    cache: &'a ServerCache,
    key: &'a Key,
    status: Status,
    began: Instant,
    cause: Option<Cause>,
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.cache.record(self.key, self.status, self.began, self.cause.take());
    }
}

/// Why an entry does not hold under what was observed; nothing if it does.
fn difference(found: &Found, epoch: u32, generations: &[Generation], tags: &[Tag]) -> Option<Cause> {
    let stored = &found.stored;
    // Another epoch is another history of generations, even where they look alike.
    if stored.clock.epoch() != epoch || stored.generations.len() != generations.len() {
        return Some(Cause::Unreadable);
    }
    let changed = stored.generations.iter().zip(generations).position(|(stored, current)| stored != current)?;
    Some(tags.get(changed).map_or(Cause::Unreadable, |tag| Cause::Outdated(*tag)))
}
