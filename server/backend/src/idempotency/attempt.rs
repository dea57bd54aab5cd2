//! One handling of a request that has a key, and what it writes.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use domain::{
    cache::{Clock, Plan, Saved},
    id::UserId,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, TryInsertResult,
    sea_query::Expr,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use tokio::sync::OwnedMutexGuard;

use super::IdempotencyKey;
use crate::{
    Backend, Error,
    entity::idempotency_key::{ActiveModel, Column, Entity},
};

tokio::task_local! {
    /// The attempt that this task makes.
    pub(super) static CURRENT: Arc<Attempted>;
}

/// A request under a key, as it is handled: nobody else handles one with this key at this server.
#[derive(Debug)]
pub struct Attempt {
    inner: Arc<Attempted>,
    _turn: OwnedMutexGuard<()>,
}

/// What `Backend::write` sees of an attempt.
#[derive(Debug)]
pub(crate) struct Attempted {
    user: UserId,
    key: IdempotencyKey,
    request: String,
    writes: Mutex<Writes>,
}

/// One write, noted in the transaction of its data.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Written {
    value: Box<RawValue>,
    plan: Plan,
    seq: u64,
}

/// The writes of a request, in order: most have one.
#[derive(Debug, Default)]
struct Writes {
    /// Those of an earlier attempt that were not told yet.
    untold: VecDeque<Written>,
    /// All that are in the row.
    stored: Vec<Written>,
}

impl Attempt {
    pub(super) fn new(user: UserId, key: IdempotencyKey, request: String, turn: OwnedMutexGuard<()>) -> Self {
        let inner = Attempted { user, key, request, writes: Mutex::default() };
        Attempt { inner: Arc::new(inner), _turn: turn }
    }

    /// The same, knowing what an earlier attempt wrote.
    pub(super) fn with_written(self, text: Option<&str>) -> Result<Self, Error> {
        self.inner.learn(text)?;
        Ok(self)
    }

    /// Runs `work`; what it writes is noted under the key.
    pub async fn during<T>(&self, work: impl Future<Output = T>) -> T {
        CURRENT.scope(self.inner.clone(), work).await
    }

    pub(super) fn request(&self) -> &str {
        &self.inner.request
    }

    pub(super) fn is_key(&self) -> Condition {
        self.inner.is_key()
    }

    /// The row of the key, if it is this request's.
    pub(super) fn is_row(&self) -> Condition {
        self.inner.is_row()
    }

    pub(super) fn row(&self, now: DateTime<Utc>) -> ActiveModel {
        self.inner.row(now)
    }
}

impl Attempted {
    /// The next write of an earlier attempt, instead of doing it again. Its position is told in the epoch of now.
    pub(crate) fn retell<T: DeserializeOwned>(&self, epoch: u32) -> Result<Option<Saved<T>>, Error> {
        let Some(Written { value, plan, seq }) = self.writes().untold.pop_front() else { return Ok(None) };
        Ok(Some(Saved::retold(serde_json::from_str(value.get())?, plan, Clock::new(epoch, seq))))
    }

    /// Claims the key for this request, in the transaction that will write. `false`: somebody else has it, and has
    /// committed.
    pub(crate) async fn claim(&self, transaction: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<bool, Error> {
        let is_ours = !self.writes().stored.is_empty();
        if is_ours { Ok(true) } else { insert(transaction, self.row(now)).await }
    }

    /// Notes `value` and its plan, in the transaction that wrote it.
    pub(crate) async fn note(
        &self,
        transaction: &impl ConnectionTrait,
        value: Box<RawValue>,
        plan: Plan,
        seq: u64,
    ) -> Result<(), Error> {
        let text = {
            let mut writes = self.writes();
            writes.stored.push(Written { value, plan, seq });
            serde_json::to_string(&writes.stored)?
        };
        let update = Entity::update_many().col_expr(Column::Written, Expr::value(text)).filter(self.is_row());
        update.exec(transaction).await?;
        Ok(())
    }

    fn learn(&self, text: Option<&str>) -> Result<(), Error> {
        let stored: Vec<Written> = text.map(serde_json::from_str).transpose()?.unwrap_or_default();
        *self.writes() = Writes { untold: stored.clone().into(), stored };
        Ok(())
    }

    fn writes(&self) -> std::sync::MutexGuard<'_, Writes> {
        self.writes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_key(&self) -> Condition {
        Condition::all().add(Column::UserId.eq(self.user.as_str())).add(Column::Key.eq(self.key.as_str()))
    }

    fn is_row(&self) -> Condition {
        self.is_key().add(Column::RequestHash.eq(&self.request))
    }

    fn row(&self, now: DateTime<Utc>) -> ActiveModel {
        ActiveModel {
            user_id: Set(self.user.to_string()),
            key: Set(self.key.to_string()),
            request_hash: Set(self.request.clone()),
            written: NotSet,
            answer: NotSet,
            created_at: Set(now),
        }
    }
}

impl Backend {
    /// What somebody else wrote under the key that `attempt` could not claim.
    ///
    /// # Errors
    /// `Unavailable` if that was another request, or one that was answered meanwhile: whoever asks looks again.
    pub(crate) async fn written_elsewhere<T: DeserializeOwned>(&self, attempt: &Attempted) -> Result<Saved<T>, Error> {
        let row = Entity::find().filter(attempt.is_row()).one(self.database.read()).await?.ok_or(Error::Unavailable)?;
        attempt.learn(row.written.as_deref())?;
        let saved: Saved<T> = attempt.retell(self.cache.clock().epoch())?.ok_or(Error::Unavailable)?;
        self.see_released(saved.clock().seq()).await?;
        Ok(saved)
    }
}

/// Inserts a row, unless the key is taken; waits for a transaction that is about to take it.
pub(super) async fn insert(connection: &impl ConnectionTrait, row: ActiveModel) -> Result<bool, Error> {
    let outcome = Entity::insert(row).on_conflict_do_nothing().exec_without_returning(connection).await?;
    Ok(matches!(outcome, TryInsertResult::Inserted(1..)))
}
