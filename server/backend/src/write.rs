//! The one way to write what views show.
//!
//! `work` does the writing and says what it did; from there nothing can be forgotten. The order is what makes a stale
//! answer impossible:
//!
//! 1. **begin** and **work**: the rows change, seen by nobody.
//! 2. **fence**: from here on readers pass the cache by for everything that the change makes stale, so none of them
//!    is served the old answer after the commit, and none stores one.
//! 3. **log**: one row, in the same transaction. It exists exactly when the change does; its number is the write's
//!    position in history.
//! 4. **commit**.
//! 5. **release**: what was cached before can never be served again; the fence goes. Only now is the writer answered.
//!
//! A crash before 4 leaves a fence that expires. A crash after 4 leaves a row whose `applied_at` is empty: the relay of
//! any server does what was left undone, and lifts the fence. When the store cannot be reached, 5 takes a second: by
//! then every server has read the row, or believes nothing of what the store says.
//!
//! The log tells each step at `trace`. Tests listen there, and kill the process after each of them.

mod audience;
mod subject;

use std::sync::Arc;

use domain::cache::{Change, Clock, Origin, Plan, Saved};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::value::{RawValue, to_raw_value};

use self::{audience::Audience, subject::Subject};
use crate::{Backend, Error, cache::Fence, database::undo, entity::invalidation_event, idempotency};

/// The advisory lock under which PostgreSQL's commits take their turn.
const COMMIT_ORDER: i64 = 0x0066_6963_7475_0003;

impl Backend {
    /// Runs `work` in a transaction that writes, commits it, and outdates in every cache what it changed. In a retry of
    /// a request that has written already (see `idempotency`), tells what it wrote instead.
    ///
    /// # Errors
    /// Those of `work`, after which nothing was written.
    pub(crate) async fn write<T: Serialize + DeserializeOwned>(
        &self,
        work: impl AsyncFnOnce(&DatabaseTransaction) -> Result<(T, Change), Error>,
    ) -> Result<Saved<T>, Error> {
        self.write_because(Origin::Request, work).await
    }

    /// The same for what nobody asked for: the log says what made us write.
    ///
    /// # Errors
    /// As [`Backend::write`].
    pub(crate) async fn write_because<T: Serialize + DeserializeOwned>(
        &self,
        origin: Origin,
        work: impl AsyncFnOnce(&DatabaseTransaction) -> Result<(T, Change), Error>,
    ) -> Result<Saved<T>, Error> {
        let attempt = idempotency::current();
        if let Some(attempt) = &attempt
            && let Some(saved) = attempt.retell(self.cache.clock().epoch())?
        {
            self.see_released(saved.clock().seq()).await?;
            return Ok(saved);
        }
        let transaction = self.database.begin().await?;
        if let Some(attempt) = &attempt
            && !attempt.claim(&transaction, self.time.now()).await?
        {
            undo(transaction).await;
            return self.written_elsewhere(attempt).await;
        }
        match work(&transaction).await {
            Ok((value, change)) => {
                done(Step::Work);
                let note = attempt.map(|attempt| Ok::<_, Error>((attempt, to_raw_value(&value)?))).transpose()?;
                let entry = LogEntry { plan: change.plan(), change, origin };
                let clock = self.see_through(transaction, entry.clone(), note).await?;
                Ok(Saved::new(value, &entry.change, clock))
            }
            Err(error) => {
                undo(transaction).await;
                Err(error)
            }
        }
    }

    /// Fence, log, commit, release: begun, this is ended, even if whoever asked has hung up.
    ///
    /// A request is dropped where it waits when its client leaves. Dropped between commit and release, it would leave
    /// readers to pass the cache by until the fence expires; a task of its own is not dropped.
    async fn see_through(
        &self,
        transaction: DatabaseTransaction,
        entry: LogEntry,
        note: Option<(Arc<idempotency::Attempted>, Box<RawValue>)>,
    ) -> Result<Clock, Error> {
        let backend = self.clone();
        let task = tokio::spawn(async move {
            let fence = backend.cache.fence(&entry.plan.tags).await;
            done(Step::Fence);
            match backend.log_and_note(&transaction, &entry, &fence, note).await {
                Ok(seq) => {
                    done(Step::Log);
                    backend.commit(transaction, fence, seq).await
                }
                Err(error) => {
                    undo(transaction).await;
                    backend.cache.abandon(fence).await;
                    Err(error)
                }
            }
        });
        task.await.map_err(|_| Error::Unavailable)?
    }

    /// Writes the row of the invalidation log and the note of a request that may be sent again.
    async fn log_and_note(
        &self,
        transaction: &DatabaseTransaction,
        entry: &LogEntry,
        fence: &Fence,
        note: Option<(Arc<idempotency::Attempted>, Box<RawValue>)>,
    ) -> Result<u64, Error> {
        let seq = self.log(transaction, entry, fence).await?;
        if let Some((attempt, value)) = note {
            attempt.note(transaction, value, entry.plan.clone(), seq).await?;
        }
        Ok(seq)
    }

    /// Writes the row of the invalidation log, and says which number it got.
    async fn log(&self, transaction: &DatabaseTransaction, entry: &LogEntry, fence: &Fence) -> Result<u64, Error> {
        let LogEntry { change, plan, origin } = entry;
        let Audience { kind, story, user } = self.audience(transaction, change).await?;
        take_turn(transaction).await?;
        let Subject { entity, id, action } = Subject::of(change);
        let row = invalidation_event::ActiveModel {
            mutation_id: Set(fence.mutation_id()),
            entity: Set(entity.to_owned()),
            entity_id: Set(id),
            action: Set(action.to_owned()),
            tags: Set(serde_json::to_value(&plan.tags)?),
            page_types: Set(serde_json::to_value(&plan.page_types)?),
            origin: Set(origin.as_str().to_owned()),
            created_at: Set(self.time.now()),
            story_id: Set(story),
            user_id: Set(user),
            audience: Set(Some(kind.to_owned())),
            ..Default::default()
        };
        let seq = invalidation_event::Entity::insert(row).exec(transaction).await?.last_insert_id;
        u64::try_from(seq).map_err(|_| DbErr::Type(format!("a position in the log: {seq}")).into())
    }

    /// Commits, and lets the caches know.
    async fn commit(&self, transaction: DatabaseTransaction, fence: Fence, seq: u64) -> Result<Clock, Error> {
        // When a commit fails nobody knows whether it happened. So the fence is let go, neither released nor
        // abandoned: it stands until it expires, and readers ask the database meanwhile.
        transaction.commit().await?;
        done(Step::Commit);
        // The epoch is the store's business: it answers with the one it is in.
        let here = Clock::new(self.cache.clock().epoch(), seq);
        let clock = self.cache.release(fence, here).await;
        done(Step::Release);
        Ok(clock)
    }
}

/// What the log says of a write.
#[derive(Clone)]
struct LogEntry {
    change: Change,
    /// What it makes stale.
    plan: Plan,
    origin: Origin,
}

/// What a write has behind it.
#[derive(Clone, Copy, Debug)]
enum Step {
    Work,
    Fence,
    Log,
    Commit,
    Release,
}

fn done(step: Step) {
    tracing::trace!(?step, "a write has taken a step");
}

/// Waits until every write that got a smaller number has been committed or undone.
///
/// SQLite has one writer, so numbers are given in the order of the commits. PostgreSQL gives numbers at once and commits
/// in any order; then a reader could know of number 6 and not see number 5, and would later take the news of 5 for old.
async fn take_turn(transaction: &DatabaseTransaction) -> Result<(), Error> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({COMMIT_ORDER})")).await?;
    }
    Ok(())
}
