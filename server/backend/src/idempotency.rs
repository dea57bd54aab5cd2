//! Requests that may be sent again: a retry under the same key gets the first answer, and changes nothing.
//!
//! A key belongs to a person and is kept for 48 hours. Three things can have become of it:
//!
//! 1. Nobody used it: the request is an [`Attempt`], and what it writes is noted in the transaction of the data itself.
//! 2. It was used and answered: the answer is told again ([`Begun::Answered`]).
//! 3. It was used, something was written, and no answer was kept (the server was killed, the client hung up): the request
//!    is handled once more, but `Backend::write` tells what was written instead of writing it.
//!
//! Two requests with one key at one server wait for each other. At two servers the primary key of the table decides.
//! Whoever writes without a key has nothing to do with any of this.

mod attempt;
mod key;
mod waiting;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    cache::{Clock, Plan},
    id::UserId,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde::{Deserialize, Serialize};

pub use self::{
    attempt::Attempt,
    key::{IdempotencyKey, NotAKey},
};
pub(crate) use self::{attempt::Attempted, waiting::Waiting};
use crate::{
    Backend, Error,
    entity::idempotency_key::{ActiveModel, Column, Entity, Model},
};

/// How long a key is kept.
const KEPT: TimeDelta = TimeDelta::hours(48);
/// How long the longest answer is that is kept, in bytes. A longer one is made anew from what was written.
const MAX_ANSWER_BYTES: usize = 4 * 1024 * 1024;

/// An answer as it was sent: what is needed to send it again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    pub status: u16,
    /// The headers that belong to the answer itself; layers add theirs each time.
    pub headers: Vec<(String, String)>,
    pub body: String,
    /// What it made stale, and where in history; none if nothing was written.
    pub written: Option<(Plan, Clock)>,
    /// When it was made.
    pub at: DateTime<Utc>,
}

/// What has become of a key.
#[derive(Debug)]
pub enum Begun {
    /// Nobody answered it: do the work, within the attempt.
    Attempt(Attempt),
    /// This was the answer.
    Answered(Box<Answer>),
    /// It was used for another request.
    Mismatch,
}

impl Backend {
    /// Begins a request under a key; a request that is under way under the same key is waited for. `request` is whatever
    /// makes one request another: a hash over method, address and body.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn begin(&self, user: UserId, key: IdempotencyKey, request: String) -> Result<Begun, Error> {
        let turn = self.waiting.turn(user, &key).await;
        self.forget_old_keys().await?;
        let attempt = Attempt::new(user, key, request, turn);
        match self.kept(&attempt).await? {
            None => Ok(Begun::Attempt(attempt)),
            Some(row) if row.request_hash != attempt.request() => Ok(Begun::Mismatch),
            Some(Model { answer: Some(text), .. }) => Ok(Begun::Answered(serde_json::from_str(&text)?)),
            Some(row) => Ok(Begun::Attempt(attempt.with_written(row.written.as_deref())?)),
        }
    }

    /// Keeps how an attempt was answered. Gives back what another server has answered meanwhile, if one has.
    ///
    /// # Errors
    /// Fails when the database does; what was written is still known then.
    pub async fn keep(&self, attempt: &Attempt, answer: &Answer) -> Result<Begun, Error> {
        let text = serde_json::to_string(answer)?;
        if text.len() <= MAX_ANSWER_BYTES {
            self.database.unseen(async |transaction| self.store(transaction, attempt, text).await).await?;
        }
        self.settle(attempt, answer).await
    }

    /// Looks whether another server has answered what this one could not.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn settle(&self, attempt: &Attempt, ours: &Answer) -> Result<Begun, Error> {
        match self.kept(attempt).await? {
            Some(row) if row.request_hash != attempt.request() => Ok(Begun::Mismatch),
            Some(Model { answer: Some(text), .. }) => Ok(Begun::Answered(serde_json::from_str(&text)?)),
            Some(_) | None => Ok(Begun::Answered(Box::new(ours.clone()))),
        }
    }

    /// Stores an answer, unless there is one.
    async fn store(&self, connection: &impl ConnectionTrait, attempt: &Attempt, text: String) -> Result<(), Error> {
        let row = ActiveModel { answer: Set(Some(text.clone())), ..attempt.row(self.time.now()) };
        if attempt::insert(connection, row).await? {
            return Ok(());
        }
        Entity::update_many()
            .col_expr(Column::Answer, Expr::value(text))
            .col_expr(Column::Written, Expr::value(Option::<String>::None))
            .filter(attempt.is_row())
            .filter(Column::Answer.is_null())
            .exec(connection)
            .await?;
        Ok(())
    }

    /// The row of an attempt's key.
    pub(crate) async fn kept(&self, attempt: &Attempt) -> Result<Option<Model>, Error> {
        Ok(Entity::find().filter(attempt.is_key()).one(self.database.read()).await?)
    }

    /// Drops the keys that are too old, now and then.
    async fn forget_old_keys(&self) -> Result<(), Error> {
        let now = self.time.now();
        if !self.waiting.is_time_to_purge(now) {
            return Ok(());
        }
        let old = Column::CreatedAt.lt(now - KEPT);
        self.database
            .unseen(async |transaction| Ok(Entity::delete_many().filter(old).exec(transaction).await?))
            .await
            .map(drop)
    }
}

/// The attempt that the present task is making, if it makes one.
pub(crate) fn current() -> Option<Arc<Attempted>> {
    attempt::CURRENT.try_with(Arc::clone).ok()
}
