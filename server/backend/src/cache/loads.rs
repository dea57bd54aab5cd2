//! Loading: the database is asked, once for all who want to know the same, and nobody waits for it without an end.
//!
//! A load runs in a task of its own. A reader who leaves, or has no more patience, takes it from nobody: it goes on, is
//! answered to the others, and stored. Only so many run at once.

use std::{future::Future, time::Duration};

use domain::cache::{Act, Clock, Key, Policy};
use serde::{Serialize, de::DeserializeOwned};
use tokio::{
    sync::OwnedSemaphorePermit,
    time::{Instant, timeout},
};
use tracing::Instrument;

use super::{
    ServerCache,
    entry::{Answer, MAX_BODY_BYTES, Stored},
    flights::{Flight, Landing, Name, Seat},
    operations::Cause,
    store::{Found, Store},
    view::{Status, View},
};
use crate::Error;

/// How long a reader waits for the database who could be shown an overdue entry.
const SOFT_LIMIT: Duration = Duration::from_millis(250);
/// How long any reader waits for the database; then it is told to come back.
const HARD_LIMIT: Duration = Duration::from_secs(5);
/// How long a load may take of which nobody knows any more. Those who come meanwhile join it, in vain or not.
const LOAD_LIMIT: Duration = Duration::from_secs(30);

/// What a load found in its snapshot of the database.
#[derive(Debug)]
pub struct Seen<T> {
    /// That there is no such thing was seen, too.
    pub found: Result<T, Error>,
    /// The last position of the log that the snapshot shows; 0 if it is unknown.
    pub position: u64,
}

impl<T> From<Result<T, Error>> for Seen<T> {
    fn from(found: Result<T, Error>) -> Self {
        Seen { found, position: 0 }
    }
}

impl<T> From<Error> for Seen<T> {
    fn from(error: Error) -> Self {
        Seen::from(Err(error))
    }
}

/// Where a reader stands who knew of `clock` and saw a snapshot up to `position`. The snapshot may show more than the store
/// knows: a write that is not released yet.
pub(super) fn standing(clock: Clock, position: u64) -> Clock {
    clock.later(Clock::new(clock.epoch(), position))
}

impl ServerCache {
    /// The view as the database has it, and stored.
    pub(super) async fn loaded<T>(
        &self,
        name: Name,
        clock: Clock,
        load: impl Future<Output = Seen<T>> + Send + 'static,
    ) -> Result<View<T>, Error>
    where
        T: Serialize + Send + 'static,
    {
        timeout(HARD_LIMIT, self.share(&name, clock, load)).await.unwrap_or(Err(Error::Unavailable))
    }

    /// The same, or the overdue entry if that takes too long or fails.
    ///
    /// The entry carries the generations that were observed when this read began: nothing it shows had been written by
    /// then, so it is what a hit would have been. It has only outlived its time.
    pub(super) async fn refreshed<T>(
        &self,
        name: Name,
        overdue: Found,
        clock: Clock,
        load: impl Future<Output = Seen<T>> + Send + 'static,
    ) -> Result<View<T>, Error>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
    {
        let began = Instant::now();
        let Some(overdue) = self.served(&name.key, overdue, clock) else {
            let key = name.key.clone();
            let view = self.loaded(name, clock, load).await;
            self.record(&key, Status::Miss, began, Some(Cause::Unreadable));
            return view;
        };
        let cause = match timeout(SOFT_LIMIT, self.share(&name, clock, load)).await {
            Ok(answer @ (Ok(_) | Err(Error::Refused(_)))) => {
                self.record(&name.key, Status::Miss, began, Some(Cause::Expired));
                return answer;
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, key = %name.key, "a view cannot be loaded anew: showing it as it is stored");
                Cause::Failing
            }
            Err(_) => Cause::Slow,
        };
        self.record(&name.key, Status::Stale, began, Some(cause));
        Ok(overdue)
    }

    /// The view as the database has it; it is not stored.
    pub(super) async fn bypass<T: Serialize>(
        &self,
        key: &Key,
        clock: Clock,
        load: impl Future<Output = Seen<T>>,
    ) -> Result<View<T>, Error> {
        let _turn = self.turn().await?;
        let seen = timeout(HARD_LIMIT, load).await.unwrap_or(Error::Unavailable.into());
        let clock = standing(clock, seen.position);
        let value = seen.found.inspect_err(|error| self.note_missing(error, clock))?;
        Ok(View::new(key, Answer::of(&value), Status::Bypass, clock, Some(value)))
    }

    /// What a snapshot showed that nobody keeps; `clock` is the cache's, taken before.
    pub(crate) fn uncached<T: Serialize>(&self, policy: Policy, clock: Clock, seen: Seen<T>) -> Result<View<T>, Error> {
        let clock = standing(clock, seen.position);
        let value = seen.found.inspect_err(|error| self.note_missing(error, clock))?;
        Ok(View::uncached(value, policy, clock))
    }

    /// Joins the load of this name, or begins it.
    async fn share<T>(
        &self,
        name: &Name,
        clock: Clock,
        load: impl Future<Output = Seen<T>> + Send + 'static,
    ) -> Result<View<T>, Error>
    where
        T: Serialize + Send + 'static,
    {
        let (landing, own) = loop {
            match self.inner.flights.join(name) {
                // Without a landing the load has failed, and the next of us is to try.
                Seat::Passenger(passenger) => {
                    if let Some(landing) = passenger.landing().await {
                        break (landing, None);
                    }
                }
                Seat::Pilot(flight) => {
                    let turn = self.turn().await?;
                    let task = tokio::spawn(self.clone().fly(flight, clock, turn, load).in_current_span());
                    let (landing, value) = task.await.map_err(|_| Error::Unavailable)??;
                    break (landing, value);
                }
            }
        };
        let clock = standing(clock, landing.position);
        match landing.found {
            Ok(answer) => Ok(View::new(&name.key, answer, Status::Miss, clock, own)),
            Err(entity) => Err(self.missing(entity, clock)),
        }
    }

    /// Loads, tells all who wait, and stores. Whether it ends well, fails, panics or is dropped: the flight ends with it.
    async fn fly<T: Serialize>(
        self,
        flight: Flight,
        clock: Clock,
        turn: OwnedSemaphorePermit,
        load: impl Future<Output = Seen<T>>,
    ) -> Result<(Landing, Option<T>), Error> {
        let Seen { found, position } = timeout(LOAD_LIMIT, load).await.unwrap_or(Error::Unavailable.into());
        drop(turn);
        let (found, value) = match found {
            Ok(value) => (Ok(Answer::of(&value)), Some(value)),
            Err(Error::Refused(domain::Error::NotFound(entity))) => (Err(entity), None),
            Err(error) => return Err(error),
        };
        let landing = Landing { found, position };
        flight.land(landing.clone());
        // The flight lasts until it is stored: who comes meanwhile is told at once, without another load.
        match &landing.found {
            Ok(answer) => self.store(flight.name(), answer.clone(), standing(clock, position)).await,
            Err(missing) => self.inner.absences.note(flight.name(), *missing, position),
        }
        Ok((landing, value))
    }

    async fn store(&self, name: &Name, answer: Answer, clock: Clock) {
        let began = Instant::now();
        if answer.body.len() > MAX_BODY_BYTES {
            return self.record_fill(&name.key, Act::Error, Duration::ZERO, Some(Cause::TooLarge));
        }
        let policy = name.key.policy();
        let stored = Stored {
            answer,
            generations: name.generations.clone(),
            clock,
            stored_at: (self.inner.now)(),
            grace: Duration::from_secs(policy.grace_secs.into()),
        };
        let ttl = jittered(policy.server_ttl_secs, rand::random());
        if self.ask(self.inner.store.put(&name.key, stored, ttl)).await.is_some() {
            self.record_fill(&name.key, Act::Set, began.elapsed(), None);
        }
    }
}

/// `secs`, up to a tenth more or less: views that were stored together do not expire together.
fn jittered(secs: u32, random: u32) -> Duration {
    let share = f64::from(random) / f64::from(u32::MAX);
    Duration::from_secs(secs.into()).mul_f64(0.9 + 0.2 * share)
}
