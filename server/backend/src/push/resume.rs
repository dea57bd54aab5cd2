//! What a listener missed while it was away, from the log.

use chrono::{DateTime, TimeDelta, Utc};
use domain::cache::Clock;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{
    event::Event,
    follower::{BATCH, position, rows, seq},
};
use crate::{
    Backend, Error,
    entity::invalidation_event::{Column, Entity, Model},
    history,
    upkeep::LOG_KEPT,
};

/// What happened longer ago than this is not told again.
const MEMORY: TimeDelta = TimeDelta::hours(24);
/// How many writes are told again; asking for everything is cheaper than hearing of more.
const MAX_MISSED: usize = 1_000;
/// The log is shortened every hour; what is kept for that much longer is certainly all there.
const MARGIN: TimeDelta = TimeDelta::hours(2);

/// From where a listener wants to hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// It has heard nothing yet.
    Now,
    /// It has heard everything up to here.
    Position(Clock),
    /// It says something that cannot be read.
    Unreadable,
}

impl Since {
    /// Reads the position that a listener sends along; an empty one is none.
    pub fn parse(text: &str) -> Self {
        match text {
            "" => Since::Now,
            text => text.parse().map_or(Since::Unreadable, Since::Position),
        }
    }
}

/// What a listener did not hear.
pub(super) enum Missed {
    Nothing,
    /// It has heard more, from another server, than this one has told.
    Ahead(Clock),
    Events(Vec<Event>),
    /// Nobody can say.
    Unknown,
}

impl Backend {
    /// What happened after `since` and up to `at`.
    pub(super) async fn missed(&self, since: Since, at: Clock) -> Result<Missed, Error> {
        let after = match since {
            Since::Now => return Ok(Missed::Nothing),
            Since::Unreadable => return Ok(Missed::Unknown),
            Since::Position(after) => after,
        };
        if after.epoch() != at.epoch() {
            return Ok(Missed::Unknown);
        }
        if after == at {
            return Ok(Missed::Nothing);
        }
        let _turn = self.push.shared.resuming.acquire().await.map_err(|_| Error::Unavailable)?;
        if after > at {
            let is_real = after.seq() <= history::position(self.database.read()).await?;
            return Ok(if is_real { Missed::Ahead(after) } else { Missed::Unknown });
        }
        self.missed_between(after, at).await
    }

    async fn missed_between(&self, after: Clock, at: Clock) -> Result<Missed, Error> {
        let now = self.time.now();
        let mut missed = Vec::new();
        let mut from = after;
        loop {
            let some = rows(&self.database, from, at).await?;
            if let Some(first) = some.first().filter(|_| missed.is_empty())
                && !self.is_remembered(after, first, now).await?
            {
                return Ok(Missed::Unknown);
            }
            from = some.last().map_or(at, |last| position(last, at.epoch()));
            for row in &some {
                let Some(event) = Event::of(row, at.epoch()) else { return Ok(Missed::Unknown) };
                missed.push(event);
            }
            if missed.len() > MAX_MISSED {
                return Ok(Missed::Unknown);
            }
            if u64::try_from(some.len()).is_ok_and(|count| count < BATCH) {
                return Ok(Missed::Events(missed));
            }
        }
    }

    /// Is `first` surely the first row after `after`, and not too long ago?
    async fn is_remembered(&self, after: Clock, first: &Model, now: DateTime<Utc>) -> Result<bool, Error> {
        if first.created_at < now - MEMORY {
            return Ok(false);
        }
        if first.seq == seq(after)? + 1 {
            return Ok(true);
        }
        // Numbers may be left out; but rows may also have been thrown away, and those are older than any that is left.
        let before = Entity::find().filter(Column::Seq.lte(seq(after)?)).order_by_desc(Column::Seq);
        let before = before.one(self.database.read()).await?;
        Ok(before.is_some_and(|row| row.created_at > now - LOG_KEPT + MARGIN))
    }
}
