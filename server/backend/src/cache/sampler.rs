//! Watching the promise where it counts: some hits are compared with the database, beside the reader and after the answer.
//!
//! A small share of all hits is compared, and every hit on what was written in the last seconds, as far as four at a time
//! allow. The database may rightly say something else when something was written meanwhile; then the generations of the
//! view's tags changed too, and the comparison says nothing. Where they did not, the hit and the database must agree.
//!
//! One thing is waited for before a disagreement is counted: a writer that cannot reach the store is not answered before
//! every server has read the log (see `trust`). Until then the write is not acknowledged, and who is shown the old text is
//! not shown too little.

use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, OnceLock},
    time::Duration,
};

use bytes::Bytes;
use domain::cache::{Act, Key, Tag};
use serde::{Serialize, de::DeserializeOwned};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep, timeout},
};
use tracing::Instrument;

use super::{
    ServerCache,
    entry::{Answer, Stored},
    flights::Name,
    loads::Seen,
    operations::Cause,
    store::Generation,
};
use crate::Error;

/// For how long after a write every hit on its tags is compared.
const WATCHED_FOR: Duration = Duration::from_secs(5);
/// How many tags are watched at a time. Of a larger write some are not; nobody waits for a comparison anyway.
const MAX_WATCHED: usize = 4_096;
/// How many comparisons there are at a time; who finds no place is not compared.
const AT_ONCE: usize = 4;
/// How long the database may take for one.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the news of a write takes at most: longer than a store is trusted without a look at the log.
const NEWS_TAKES: Duration = Duration::from_secs(2);

/// Chooses the hits that are compared.
pub(super) struct Sampler {
    /// Between 0, for none, and 1; none before it is set.
    share: OnceLock<f64>,
    places: Arc<Semaphore>,
    watched: Mutex<Watched>,
}

/// The tags that were written lately.
#[derive(Default)]
struct Watched {
    /// When to stop, for each.
    tags: HashMap<Tag, Instant>,
    /// The latest of these.
    until: Option<Instant>,
}

/// A hit that was chosen: what was shown, and under which generations.
pub(super) struct Sample {
    key: Key,
    /// None if it was that there is no such thing.
    body: Option<Bytes>,
    epoch: u32,
    generations: Vec<Generation>,
    _place: OwnedSemaphorePermit,
}

impl Default for Sampler {
    fn default() -> Self {
        Sampler { share: OnceLock::new(), places: Arc::new(Semaphore::new(AT_ONCE)), watched: Mutex::default() }
    }
}

impl Sampler {
    fn share(&self) -> f64 {
        self.share.get().copied().unwrap_or(0.0)
    }

    /// Watches what was written just now.
    pub(super) fn note_written(&self, tags: &[Tag]) {
        if self.share() <= 0.0 {
            return;
        }
        let (now, mut watched) = (Instant::now(), self.watched());
        let until = now + WATCHED_FOR;
        if watched.tags.len() + tags.len() > MAX_WATCHED {
            watched.tags.retain(|_, until| *until > now);
        }
        let room = MAX_WATCHED.saturating_sub(watched.tags.len());
        watched.tags.extend(tags.iter().take(room).map(|tag| (*tag, until)));
        watched.until = Some(until);
    }

    /// A place for the comparison of this hit, if it is to be compared.
    fn place_for(&self, key: &Key) -> Option<OwnedSemaphorePermit> {
        self.chooses(key).then(|| self.places.clone().try_acquire_owned().ok())?
    }

    /// Is this hit to be compared? Most are not, and learn it without a lock for long.
    fn chooses(&self, key: &Key) -> bool {
        let share = self.share();
        share > 0.0 && (rand::random::<f64>() < share || self.watches(key))
    }

    fn watches(&self, key: &Key) -> bool {
        let (now, mut watched) = (Instant::now(), self.watched());
        match watched.until {
            None => false,
            Some(until) if until <= now => {
                *watched = Watched::default();
                false
            }
            Some(_) => key.tags().iter().any(|tag| watched.tags.get(tag).is_some_and(|until| *until > now)),
        }
    }

    /// Is nothing being compared?
    #[cfg(test)]
    pub(super) fn is_idle(&self) -> bool {
        self.places.available_permits() == AT_ONCE
    }

    fn watched(&self) -> MutexGuard<'_, Watched> {
        self.watched.lock().expect("nothing panics while it holds this lock")
    }
}

impl ServerCache {
    /// From now on compares this share of all hits with the database, and all on what was written lately. With 0 none;
    /// what is said first counts.
    pub(crate) fn compare_hits(&self, share: f64) {
        self.inner.sampler.share.get_or_init(|| share);
    }

    /// The hit on `stored`, if it is to be compared and there is a place.
    pub(super) fn sample(&self, key: &Key, stored: &Stored) -> Option<Sample> {
        let place = self.inner.sampler.place_for(key)?;
        Some(Sample {
            key: key.clone(),
            body: Some(stored.answer.body.clone()),
            epoch: stored.clock.epoch(),
            generations: stored.generations.clone(),
            _place: place,
        })
    }

    /// The answer that there is nothing called so, if it is to be compared and there is a place.
    pub(super) fn sample_absence(&self, name: Name) -> Option<Sample> {
        let place = self.inner.sampler.place_for(&name.key)?;
        let Name { key, epoch, generations } = name;
        Some(Sample { key, body: None, epoch, generations, _place: place })
    }

    /// Watches what was written just now, by any server.
    pub(crate) fn note_written(&self, tags: &[Tag]) {
        self.inner.sampler.note_written(tags);
    }

    /// Is anything ever compared?
    pub(crate) fn compares_hits(&self) -> bool {
        self.inner.sampler.share() > 0.0
    }

    /// Compares what was shown with what `load` finds now, in a task that nobody waits for.
    pub(super) fn compare<T>(&self, sample: Sample, load: impl Future<Output = Seen<T>> + Send + 'static)
    where
        T: Serialize + DeserializeOwned + Send + 'static,
    {
        let cache = self.clone();
        tokio::spawn(
            async move {
                let began = Instant::now();
                let Some(does_agree) = sample.agrees_with(load).await else { return };
                let took = began.elapsed();
                if !cache.still_holds(&sample).await {
                    return;
                }
                if does_agree {
                    return cache.count_fill(&sample.key, Act::Agree, took);
                }
                sleep(NEWS_TAKES).await;
                if cache.still_holds(&sample).await {
                    tracing::error!(key = %sample.key, clock = %cache.clock(), "a stale read: {}", Cause::Older);
                    cache.record_fill(&sample.key, Act::Disagree, took, Some(Cause::Older));
                }
            }
            .in_current_span(),
        );
    }

    /// Was nothing that the view depends on written since it was shown?
    async fn still_holds(&self, sample: &Sample) -> bool {
        let tags = sample.key.tags();
        let Ok(seen) = self.observe(&sample.key, &tags).await else { return false };
        seen.clock.epoch() == sample.epoch && seen.generations(&tags).is_ok_and(|now| now == sample.generations)
    }
}

impl Sample {
    /// Does the database say what was shown? Nothing if it does not answer.
    async fn agrees_with<T: Serialize + DeserializeOwned>(&self, load: impl Future<Output = Seen<T>>) -> Option<bool> {
        match (timeout(PATIENCE, load).await.ok()?.found, &self.body) {
            (Ok(value), Some(body)) => {
                // Another version of this program may have written it, in other words.
                let shown: T = serde_json::from_slice(body).ok()?;
                Some(Answer::of(&shown).body == Answer::of(&value).body)
            }
            (Ok(_), None) => Some(false),
            (Err(Error::Refused(domain::Error::NotFound(_))), None) => Some(true),
            (Err(Error::Refused(_)), Some(_)) => Some(false),
            (Err(_), _) => None,
        }
    }
}
