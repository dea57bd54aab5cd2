//! A copy of all that cannot be made again, in one file, and back.
//!
//! The file is JSON in lines, compressed with gzip: a head, a row per line, and an end that says how many there are of
//! each table. That is more work than SQLite's `VACUUM INTO` or PostgreSQL's `pg_dump`, but one needs no other program,
//! the same file goes into either database (so that one can move from SQLite to PostgreSQL), and it can be read, and
//! checked, without either. All rows are those of one moment, whatever is written meanwhile.
//!
//! Sessions are left out: who has the file must not be signed in with it, and people sign in again. So is what the
//! program remembers for itself and can do without: the invalidation log, metrics, alerts.
//!
//! A restored database is another history: it gets a new epoch, so nothing that was cached before is believed, in Redis
//! or in browsers; and its log goes on behind both the old one and the file's, since answers that are told again name
//! places in it.
//!
//! `archive` is the form of the file, `table` what is in it, `restoring` the way back.

mod archive;
mod restoring;
mod table;

use std::io::{self, Write};

use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;

use self::{
    archive::{Head, Writer},
    table::Table,
};
use crate::{Backend, Error, database::undo, history};

pub use self::archive::{Contents, Damaged, read as read_backup};
pub use self::restoring::{RestoreError, Restored, Target};

/// Is told how many rows more are done.
pub type Progress<'a> = &'a (dyn Fn(u64) + Sync);

/// Why there is no backup.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file could not be written.
    #[error(transparent)]
    File(#[from] io::Error),
    /// The database failed.
    #[error(transparent)]
    Backend(#[from] Error),
}

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackedUp {
    pub rows: u64,
    /// The moment of the copy.
    pub at: DateTime<Utc>,
}

impl Backend {
    /// How many rows a backup would hold.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn rows_to_back_up(&self) -> Result<u64, Error> {
        self.database.snapshot(async |snapshot| Ok(Table::sizes(snapshot).await?.values().sum())).await
    }

    /// Writes a copy of everything to `out`, as it is at this moment. Servers go on meanwhile.
    ///
    /// # Errors
    /// Fails when the database or `out` does; what was written until then is no backup.
    pub async fn back_up(&self, out: impl Write, progress: Progress<'_>) -> Result<BackedUp, BackupError> {
        let snapshot = self.database.begin_snapshot().await?;
        let outcome = write(&snapshot, out, self.time.now(), progress).await;
        undo(snapshot).await;
        outcome
    }
}

async fn write(
    snapshot: &DatabaseTransaction,
    out: impl Write,
    at: DateTime<Utc>,
    progress: Progress<'_>,
) -> Result<BackedUp, BackupError> {
    let position = history::position(snapshot).await.map_err(Error::from)?;
    let mut writer = Writer::begin(out, &Head::now(at, position))?;
    for table in Table::ALL {
        table.write(snapshot, &mut writer, progress).await?;
    }
    Ok(BackedUp { rows: writer.end()?, at })
}
