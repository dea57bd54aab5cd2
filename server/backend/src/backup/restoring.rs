//! The way back: all of a backup goes in, or nothing of it.
//!
//! This is the one write that goes past `Backend::write`. It needs no plan of what became stale: the new epoch outdates
//! everything. It must be the only process that has this database, which whoever calls sees to by opening it as a
//! server without Redis.

use std::io::Read;

use domain::cache::Origin;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait, sea_query::Expr};
use serde_json::value::RawValue;

use super::{
    Progress,
    archive::{Contents, Damaged, Reader},
    table::Table,
};
use crate::{
    Backend, Error,
    database::undo,
    entity::{history, invalidation_event as log, session},
    history as position,
};

/// How many rows one statement puts in.
const PORTION: usize = 50;

/// What may be in the database before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Nothing.
    Empty,
    /// Anything: it is removed.
    Any,
}

/// What was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    pub contents: Contents,
    /// The name of the new history.
    pub epoch: u32,
}

/// Why nothing was restored; `Display` is one sentence.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The file cannot be used.
    #[error(transparent)]
    Damaged(#[from] Damaged),
    /// There is something in the database that would be lost.
    #[error("this database is not empty ({0} rows)")]
    NotEmpty(u64),
    /// The database failed, or refuses a row.
    #[error("the database did not take it ({0})")]
    Backend(#[from] Error),
}

impl From<DbErr> for RestoreError {
    fn from(error: DbErr) -> Self {
        RestoreError::Backend(error.into())
    }
}

impl Backend {
    /// Puts a backup in, in one transaction. What this backend has cached belongs to the old history: open a new one.
    ///
    /// # Errors
    /// Refuses a file that is not whole and a database that has something in it, unless it may. Nothing is changed then.
    pub async fn put_back(
        &self,
        backup: impl Read,
        target: Target,
        progress: Progress<'_>,
    ) -> Result<Restored, RestoreError> {
        let transaction = self.database.begin().await?;
        match self.put_in(&transaction, backup, target, progress).await {
            Ok(restored) => {
                transaction.commit().await?;
                Ok(restored)
            }
            Err(error) => {
                undo(transaction).await;
                Err(error)
            }
        }
    }

    async fn put_in(
        &self,
        transaction: &DatabaseTransaction,
        backup: impl Read,
        target: Target,
        progress: Progress<'_>,
    ) -> Result<Restored, RestoreError> {
        let rows: u64 = Table::sizes(transaction).await?.values().sum();
        match target {
            Target::Empty if rows > 0 => return Err(RestoreError::NotEmpty(rows)),
            Target::Empty | Target::Any => clear(transaction).await?,
        }
        let own = position::position(transaction).await?;
        log::Entity::delete_many().exec(transaction).await?;

        let contents = put_all(transaction, backup, progress).await?;
        self.begin_log(transaction, own.max(contents.position) + 1).await?;
        Ok(Restored { contents, epoch: self.begin_history(transaction).await? })
    }

    /// The first row of the new log: behind everything that an answer which is told again can name.
    async fn begin_log(&self, transaction: &DatabaseTransaction, seq: u64) -> Result<(), Error> {
        let now = self.time.now();
        let row = log::ActiveModel {
            seq: Set(i64::try_from(seq).map_err(|_| DbErr::Type(format!("a position in the log: {seq}")))?),
            mutation_id: Set(format!("{:016x}", rand::random::<u64>())),
            entity: Set("database".to_owned()),
            entity_id: Set(String::new()),
            action: Set("restored".to_owned()),
            tags: Set(serde_json::json!([])),
            page_types: Set(serde_json::json!([])),
            origin: Set(Origin::Manual.as_str().to_owned()),
            created_at: Set(now),
            applied_at: Set(Some(now)),
            // No audience: whoever would have to be told of it asks for everything again.
            ..Default::default()
        };
        log::Entity::insert(row).exec_without_returning(transaction).await?;
        if transaction.get_database_backend() == DbBackend::Postgres {
            // SQLite counts on from the largest number by itself.
            let count_on = "SELECT setval(pg_get_serial_sequence('invalidation_events', 'seq'), MAX(seq)) FROM invalidation_events";
            transaction.execute_unprepared(count_on).await?;
        }
        Ok(())
    }

    /// Gives the database another epoch than it had.
    async fn begin_history(&self, transaction: &DatabaseTransaction) -> Result<u32, Error> {
        let old = self.cache.clock().epoch();
        let epoch = loop {
            let drawn: u32 = rand::random();
            if drawn != old {
                break drawn;
            }
        };
        let renamed = history::Entity::update_many().col_expr(history::Column::Epoch, Expr::value(i64::from(epoch)));
        renamed.exec(transaction).await?;
        Ok(epoch)
    }
}

/// Removes everything, and whoever is signed in.
async fn clear(transaction: &DatabaseTransaction) -> Result<(), Error> {
    session::Entity::delete_many().exec(transaction).await?;
    for table in Table::ALL.iter().rev() {
        table.clear(transaction).await?;
    }
    Ok(())
}

async fn put_all(
    transaction: &DatabaseTransaction,
    backup: impl Read,
    progress: Progress<'_>,
) -> Result<Contents, RestoreError> {
    let mut reader = Reader::begin(backup)?;
    let mut portion: Vec<Box<RawValue>> = Vec::new();
    let mut current = None;
    while let Some((table, row)) = reader.next()? {
        table.check(&row).map_err(|error| reader.broken(&error))?;
        if current != Some(table) || portion.len() == PORTION {
            put(transaction, current, &mut portion, progress).await?;
            current = Some(table);
        }
        portion.push(row);
    }
    put(transaction, current, &mut portion, progress).await?;
    Ok(reader.contents())
}

async fn put(
    transaction: &DatabaseTransaction,
    table: Option<Table>,
    portion: &mut Vec<Box<RawValue>>,
    progress: Progress<'_>,
) -> Result<(), Error> {
    if let Some(table) = table.filter(|_| !portion.is_empty()) {
        table.put(transaction, portion).await?;
        progress(portion.len().try_into().unwrap_or(u64::MAX));
        portion.clear();
    }
    Ok(())
}
