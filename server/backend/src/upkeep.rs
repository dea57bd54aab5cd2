//! What must be done from time to time, though nobody asks for it: thin out, throw away, count again.
//!
//! Whoever runs the server calls [`Backend::tidy_up`] every hour. Each job may be done at any time, twice, or by
//! several servers at once. Rows go in small portions, each in a transaction of its own: writers wait for none of it.

mod recount;
mod thinning;

use chrono::{DateTime, TimeDelta, Utc};
use domain::studio::TRASH_DAYS;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement, Value};

use crate::{Backend, Error};

/// How many rows one transaction removes.
const PORTION: u64 = 500;
/// How long the invalidation log is kept. Whoever was away for longer begins anew.
pub(crate) const LOG_KEPT: TimeDelta = TimeDelta::days(7);

/// How much there was to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tidied {
    /// Revisions that were thinned out.
    pub revisions: u64,
    /// Rows that were in the trash for thirty days, what they held not counted.
    pub trash: u64,
    /// Sessions that had ended.
    pub sessions: u64,
    /// Rows of the invalidation log.
    pub log: u64,
    /// Rows of metrics that were added up, or are too old.
    pub metrics: u64,
    /// Counts that were wrong; there should be none.
    pub counts: u64,
}

impl Backend {
    /// Does what an hour has left behind.
    ///
    /// # Errors
    /// Fails when the database does; what was done until then stays done.
    pub async fn tidy_up(&self) -> Result<Tidied, Error> {
        let now = self.time.now();
        Ok(Tidied {
            revisions: self.thin_out(now).await?,
            trash: self.empty_trash(now).await?,
            sessions: self.forget_sessions(now).await?,
            log: self.shorten_log(now).await?,
            metrics: self.thin_metrics(now).await?,
            counts: self.count_again(now).await?,
        })
    }

    /// Removes for good what was in the trash for thirty days. Nobody could see it any more, so no view changes; a row
    /// takes along what belongs to it.
    async fn empty_trash(&self, now: DateTime<Utc>) -> Result<u64, Error> {
        let mut gone = 0;
        for table in ["scenes", "chapters", "parts", "characters", "settings", "stories"] {
            let old = format!("SELECT id FROM {table} WHERE deleted_at <= $1 ORDER BY deleted_at LIMIT {PORTION}");
            // Asked again of the row itself: while PostgreSQL waited for it, somebody may have taken it back.
            let delete = format!("DELETE FROM {table} WHERE id IN ({old}) AND deleted_at <= $1");
            gone += self.in_portions(&delete, now - TimeDelta::days(TRASH_DAYS)).await?;
        }
        Ok(gone)
    }

    async fn forget_sessions(&self, now: DateTime<Utc>) -> Result<u64, Error> {
        self.database.unseen(async |transaction| crate::accounts::forget_sessions(transaction, now).await).await
    }

    /// The last row stays, however old: the next position is counted from it. So does a row that no cache has heard of
    /// yet: it is all that says which entries are outdated.
    async fn shorten_log(&self, now: DateTime<Utc>) -> Result<u64, Error> {
        let last = "SELECT MAX(seq) FROM invalidation_events";
        let old = format!(
            "SELECT seq FROM invalidation_events
             WHERE created_at < $1 AND applied_at IS NOT NULL AND seq < ({last}) ORDER BY seq LIMIT {PORTION}"
        );
        self.in_portions(&format!("DELETE FROM invalidation_events WHERE seq IN ({old})"), now - LOG_KEPT).await
    }

    /// Repeats `delete`, which removes a portion of what is older than `$1`, until nothing is left of it.
    async fn in_portions(&self, delete: &str, before: DateTime<Utc>) -> Result<u64, Error> {
        let mut gone = 0;
        loop {
            let portion = self.database.unseen(async |transaction| run(transaction, delete, before).await).await?;
            gone += portion;
            if portion < PORTION {
                return Ok(gone);
            }
        }
    }
}

/// Runs one statement about what happened before a time, and says how many rows it changed.
async fn run(transaction: &DatabaseTransaction, sql: &str, before: DateTime<Utc>) -> Result<u64, Error> {
    let backend = transaction.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, [Value::from(before)]);
    Ok(transaction.execute_raw(statement).await?.rows_affected())
}

/// The part of a stored time that all times of one hour, or one day, have in common.
fn span(database: DbBackend, unit: thinning::Unit) -> &'static str {
    match (database, unit) {
        (DbBackend::Postgres, thinning::Unit::Hour) => "date_trunc('hour', created_at AT TIME ZONE 'UTC')",
        (DbBackend::Postgres, thinning::Unit::Day) => "date_trunc('day', created_at AT TIME ZONE 'UTC')",
        // SQLite keeps times as RFC 3339 text in UTC.
        (_, thinning::Unit::Hour) => "substr(created_at, 1, 13)",
        (_, thinning::Unit::Day) => "substr(created_at, 1, 10)",
    }
}
