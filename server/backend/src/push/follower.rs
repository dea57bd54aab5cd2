//! The one task of a server that reads the log for all who listen.

use std::{sync::Arc, time::Duration};

use domain::cache::Clock;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use tokio::{
    task::JoinHandle,
    time::{MissedTickBehavior, interval, sleep},
};

use super::{Message, Shared, event::Event};
use crate::{
    Error,
    accounts::live_sessions,
    cache::ServerCache,
    database::Database,
    entity::invalidation_event::{Column, Entity, Model},
    time::Time,
};

/// How many rows are read at once.
pub(super) const BATCH: u64 = 500;
/// How long to wait after the database failed.
const REST: Duration = Duration::from_millis(250);
/// How often it is asked which sessions have ended elsewhere, or by themselves.
const SESSIONS_EVERY: Duration = Duration::from_secs(5);
/// How many sessions are asked about at once.
const SESSIONS_AT_ONCE: usize = 500;

/// The task, which runs until this is dropped.
pub(super) struct Task(JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Reads the log, and tells.
pub(super) struct Follower {
    database: Database,
    cache: ServerCache,
    shared: Arc<Shared>,
    time: Arc<dyn Time>,
}

impl Follower {
    pub(super) fn new(database: Database, cache: ServerCache, shared: Arc<Shared>, time: Arc<dyn Time>) -> Self {
        Follower { database, cache, shared, time }
    }

    pub(super) fn start(self) -> Task {
        Task(tokio::spawn(self.follow()))
    }

    async fn follow(self) {
        let mut clock = self.cache.watch_clock();
        let mut sessions = interval(SESSIONS_EVERY);
        sessions.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let now = *clock.borrow_and_update();
            if let Err(error) = self.tell_until(now).await {
                tracing::warn!(%error, "the invalidation log cannot be read for those who listen");
                sleep(REST).await;
                continue;
            }
            tokio::select! {
                changed = clock.changed() => if changed.is_err() { return },
                _ = sessions.tick() => self.end_sessions().await,
            }
        }
    }

    /// Tells everything up to `now`, which the cache has released.
    async fn tell_until(&self, now: Clock) -> Result<(), Error> {
        let mut at = self.shared.at();
        if at.epoch() != now.epoch() {
            // Another history: nobody can say what happened in between.
            self.shared.tell_up_to([Message::Reset(now)], Some(now));
            return Ok(());
        }
        while at < now {
            // Whoever enters later begins where this ends.
            if self.shared.pass_in_silence(now) {
                return Ok(());
            }
            let rows = rows(&self.database, at, now).await?;
            let is_all = u64::try_from(rows.len()).is_ok_and(|count| count < BATCH);
            at = rows.last().filter(|_| !is_all).map_or(now, |last| position(last, now.epoch()));
            self.shared.tell_up_to(rows.iter().map(|row| message(row, now.epoch())), Some(at));
        }
        Ok(())
    }

    /// Ends the streams of sessions that somebody logged out of on another server, or that ran out.
    async fn end_sessions(&self) {
        let open = self.shared.places.sessions();
        for some in open.chunks(SESSIONS_AT_ONCE) {
            let names = some.iter().map(AsRef::as_ref);
            match live_sessions(self.database.read(), names, self.time.now()).await {
                Ok(live) => {
                    let ended = some.iter().filter(|session| !live.contains(session.as_ref()));
                    ended.for_each(|session| self.shared.tell(Message::SessionEnded(session.clone())));
                }
                Err(error) => tracing::warn!(%error, "it is unknown which sessions have ended"),
            }
        }
    }
}

/// The rows after `after` and up to `until`, in order; [`BATCH`] of them at most.
pub(super) async fn rows(database: &Database, after: Clock, until: Clock) -> Result<Vec<Model>, Error> {
    let rows = Entity::find().filter(Column::Seq.gt(seq(after)?)).filter(Column::Seq.lte(seq(until)?));
    Ok(rows.order_by_asc(Column::Seq).limit(BATCH).all(database.read()).await?)
}

/// A position as the log has it.
pub(super) fn seq(clock: Clock) -> Result<i64, Error> {
    i64::try_from(clock.seq()).map_err(|_| DbErr::Type(format!("a position in the log: {clock}")).into())
}

/// Where a row stands; the log counts from 1.
pub(super) fn position(row: &Model, epoch: u32) -> Clock {
    Clock::new(epoch, u64::try_from(row.seq).unwrap_or(0))
}

fn message(row: &Model, epoch: u32) -> Message {
    match Event::of(row, epoch) {
        Some(event) => Message::Event(Arc::new(event)),
        None => Message::Reset(position(row, epoch)),
    }
}
