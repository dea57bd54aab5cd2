//! Reading: from the cache if it is fresh, else from the database, once for all who ask.

use std::time::Duration;

use domain::cache::{Clock, Key, Tag};
use serde::{Serialize, de::DeserializeOwned};
use tokio::time::Instant;

use super::{
    ServerCache,
    entry::{Answer, MAX_BODY_BYTES, Stored},
    operations::{Cause, Kind, Operation},
    store::{Generation, Observation, Store},
    view::{Status, View},
};
use crate::Error;

/// What is to be done for a read.
enum Verdict {
    Hit(Answer),
    /// Ask the database, and store the answer under these generations, which were read before it.
    Miss(Vec<Generation>, Cause),
    /// Ask the database, and store nothing.
    Bypass(Cause),
}

impl ServerCache {
    /// The view at `key`: as stored, if nothing it depends on was written since; else as `load` finds it.
    ///
    /// `load` must read one consistent snapshot of the database, or a single statement's worth, and nothing else that
    /// changes without a tag of `key`. Of concurrent misses one loads, for all; a load that fails is not remembered.
    ///
    /// # Errors
    /// Those of `load`. A cache that fails never is one.
    pub async fn read<T>(&self, key: &Key, load: impl AsyncFnOnce() -> Result<T, Error>) -> Result<View<T>, Error>
    where
        T: Serialize + DeserializeOwned,
    {
        let began = Instant::now();
        let (verdict, clock) = self.look_up(key).await;
        match verdict {
            Verdict::Hit(answer) => {
                if !self.inner.store.is_shared() {
                    self.record(key, Status::Hit, began, None);
                    return Ok(View::new(key, answer, Status::Hit, clock, None));
                }
                // Another version of this program may have written it, with another idea of `T`.
                if let Ok(value) = serde_json::from_slice(&answer.body) {
                    self.record(key, Status::Hit, began, None);
                    return Ok(View::new(key, answer, Status::Hit, clock, Some(value)));
                }
                self.record(key, Status::Bypass, began, Some(Cause::Unreadable));
                self.forget(key).await;
                self.bypass(key, clock, load).await
            }
            Verdict::Miss(generations, cause) => {
                self.record(key, Status::Miss, began, Some(cause));
                self.miss(key, clock, generations, load).await
            }
            Verdict::Bypass(cause) => {
                self.record(key, Status::Bypass, began, Some(cause));
                self.bypass(key, clock, load).await
            }
        }
    }

    /// Asks the store. The clock that comes with the verdict was read before everything else.
    async fn look_up(&self, key: &Key) -> (Verdict, Clock) {
        let tags = key.tags();
        let known = self.clock();
        // Before the store is asked: whatever happens from here on happens after the read began.
        if !self.inner.trust.holds() {
            return (Verdict::Bypass(Cause::Unconfirmed), known);
        }
        match self.ask(self.inner.store.observe(key, &tags)).await {
            Some(observation) => {
                self.learn(observation.clock);
                // What was known before is as true of this observation as what it says itself.
                let clock = known.later(observation.clock);
                let is_new_enough = self.floor.allows(clock);
                (if is_new_enough { judge(observation, &tags) } else { Verdict::Bypass(Cause::Behind) }, clock)
            }
            None => (Verdict::Bypass(Cause::StoreAway), known),
        }
    }

    async fn bypass<T: Serialize>(
        &self,
        key: &Key,
        clock: Clock,
        load: impl AsyncFnOnce() -> Result<T, Error>,
    ) -> Result<View<T>, Error> {
        let _turn = self.turn().await?;
        let value = load().await?;
        Ok(View::new(key, Answer::of(&value), Status::Bypass, clock, Some(value)))
    }

    async fn miss<T: Serialize>(
        &self,
        key: &Key,
        clock: Clock,
        generations: Vec<Generation>,
        load: impl AsyncFnOnce() -> Result<T, Error>,
    ) -> Result<View<T>, Error> {
        let seat = self.inner.flights.join(key, clock.epoch(), &generations);
        // Set if it was us who loaded.
        let mut own = None;
        let load_once = async || {
            let value = load().await?;
            let answer = Answer::of(&value);
            own = Some(value);
            Ok::<_, Error>(answer)
        };
        let answer = seat.cell().get_or_try_init(load_once).await?.clone();

        if own.is_some() {
            // The seat is kept until it is stored: who comes meanwhile is served from it, without another load.
            self.store(key, answer.clone(), generations, clock).await;
        }
        Ok(View::new(key, answer, Status::Miss, clock, own))
    }

    async fn store(&self, key: &Key, answer: Answer, generations: Vec<Generation>, clock: Clock) {
        let (began, at) = (Instant::now(), (self.inner.now)());
        if answer.body.len() > MAX_BODY_BYTES {
            let refused = Operation::new(at, Kind::Error, key, Duration::ZERO).because(Cause::TooLarge);
            return self.inner.operations.record(refused);
        }
        let ttl = jittered(key.policy().server_ttl_secs, rand::random());
        let put = self.inner.store.put(key, Stored { answer, generations, clock, stored_at: at }, ttl);
        if self.ask(put).await.is_some() {
            self.inner.operations.record(Operation::new(at, Kind::Set, key, began.elapsed()));
        }
    }

    fn record(&self, key: &Key, status: Status, began: Instant, cause: Option<Cause>) {
        let operation = Operation::new((self.inner.now)(), status.into(), key, began.elapsed());
        self.inner.operations.record(Operation { cause, ..operation });
    }
}

/// Decides what an observation of a key with `tags` allows.
fn judge(observation: Observation, tags: &[Tag]) -> Verdict {
    let generations = match observation.generations(tags) {
        Ok(generations) => generations,
        Err(fenced) => return Verdict::Bypass(Cause::Fenced(fenced)),
    };
    let Some(entry) = observation.entry else { return Verdict::Miss(generations, Cause::Absent) };
    // Another epoch is another history of generations, even where they look alike.
    if entry.clock.epoch() != observation.clock.epoch() || entry.generations.len() != generations.len() {
        return Verdict::Miss(generations, Cause::Unreadable);
    }
    let changed = entry.generations.iter().zip(&generations).position(|(stored, current)| stored != current);
    match changed.and_then(|index| tags.get(index)) {
        Some(tag) => Verdict::Miss(generations, Cause::Outdated(*tag)),
        None => Verdict::Hit(entry.answer),
    }
}

/// `secs`, up to a tenth more or less: views that were stored together do not expire together.
fn jittered(secs: u32, random: u32) -> Duration {
    let share = f64::from(random) / f64::from(u32::MAX);
    Duration::from_secs(secs.into()).mul_f64(0.9 + 0.2 * share)
}
