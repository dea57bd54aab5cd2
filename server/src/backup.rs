//! `fictures backup` and `fictures restore`: all that cannot be made again, in one file, and back.

use std::{
    fs::File,
    io::{self, BufReader, BufWriter},
    path::{Path, PathBuf},
};

use backend::{
    Backend, OpenError, Process,
    backup::{BackupError, Contents, Damaged, RestoreError, Target, read_backup},
};
use clap::Args;

use crate::{
    command::{self, CommandError},
    config::Config,
    file::{Existing, FileError, NewFile},
    progress::Progress,
};

/// Where the backup goes.
#[derive(Clone, Debug, Args)]
pub struct Backup {
    /// The file to make, e.g. fictures-2026-03-01.backup; only its owner may read it
    pub file: PathBuf,
    /// Replace FILE if it is there
    #[arg(long)]
    pub overwrite: bool,
}

/// Where the backup is.
#[derive(Clone, Debug, Args)]
pub struct Restore {
    /// A file that `fictures backup` made, from SQLite or PostgreSQL
    pub file: PathBuf,
    /// Remove all that is in the database first; without it only an empty one is restored to
    #[arg(long)]
    pub replace: bool,
}

/// Why nothing was backed up or restored; `Display` is one sentence that says what to change.
#[derive(Debug, thiserror::Error)]
pub enum BackupFailure {
    /// The backup could not be written.
    #[error(transparent)]
    File(#[from] FileError),
    /// An empty backup is more often a mistake than what was wanted.
    #[error("The database of DATABASE_URL holds nothing yet: see that it is the one to back up.")]
    Empty,
    /// There is no such file.
    #[error("{path} cannot be read ({cause}).")]
    Unreadable { path: String, cause: io::Error },
    /// The file is no whole backup.
    #[error("{path} was not restored, and nothing was changed: {cause}.")]
    Damaged { path: String, cause: Damaged },
    /// Something would be lost.
    #[error(
        "The database of DATABASE_URL is not empty ({rows} rows): name an empty one, or add --replace to lose them."
    )]
    NotEmpty { rows: u64 },
    /// A server would go on with what it remembers.
    #[error("A server uses the database of DATABASE_URL: stop it, restore, and start it again.")]
    InUse,
    /// The database refused.
    #[error("Nothing was restored: {0}.")]
    Refused(RestoreError),
}

/// Makes a backup; servers may run meanwhile.
///
/// # Errors
/// Says in one sentence why it could not; there is no file then.
pub(crate) async fn back_up(config: &Config, asked: &Backup) -> Result<(), CommandError> {
    let mut file = NewFile::begin(&asked.file, Existing::from(asked.overwrite)).map_err(BackupFailure::from)?;
    // The cache is not looked at, so Redis may be away.
    let config = backend::Config { redis_url: None, ..command::backend_config(config, Process::Tool) };
    let backend = Backend::open(config).await?;
    let rows = backend.rows_to_back_up().await?;
    if rows == 0 {
        return Err(BackupFailure::Empty.into());
    }
    let progress = Progress::of("Backup", "rows", rows);

    let outcome = backend.back_up(BufWriter::new(file.content()), &|rows| progress.add(rows)).await;
    progress.end();
    let made = match outcome {
        Ok(made) => made,
        Err(BackupError::File(cause)) => return Err(BackupFailure::File(file.failed(cause)).into()),
        Err(BackupError::Backend(error)) => return Err(error.into()),
    };
    file.keep().map_err(BackupFailure::from)?;
    command::print(&format!(
        "{} holds {} rows, as they were at {}.",
        asked.file.display(),
        made.rows,
        made.at.to_rfc3339()
    ))
}

/// Puts a backup into the database, which no server may use meanwhile.
///
/// # Errors
/// Says in one sentence why it could not; nothing is changed then.
pub(crate) async fn restore(config: &Config, asked: &Restore) -> Result<(), CommandError> {
    // All of it is read before the database is touched: a broken file makes no tables, and ends no session.
    let Contents { rows, .. } = read_backup(open(&asked.file)?).map_err(|cause| damaged(&asked.file, cause))?;
    // As a server without Redis, it has the database to itself.
    let config = backend::Config { redis_url: None, ..command::backend_config(config, Process::Server) };
    let backend = Backend::open(config).await.map_err(|error| match error {
        OpenError::InUse => CommandError::from(BackupFailure::InUse),
        other => other.into(),
    })?;
    let progress = Progress::of("Restore", "rows", rows);
    let target = if asked.replace { Target::Any } else { Target::Empty };

    let outcome = backend.put_back(open(&asked.file)?, target, &|rows| progress.add(rows)).await;
    progress.end();
    let restored = outcome.map_err(|error| match error {
        RestoreError::Damaged(cause) => damaged(&asked.file, cause),
        RestoreError::NotEmpty(rows) => BackupFailure::NotEmpty { rows },
        other @ RestoreError::Backend(_) => BackupFailure::Refused(other),
    })?;
    let Contents { rows, made_at, .. } = restored.contents;
    command::print(&format!(
        "{rows} rows were restored, as they were at {}. Everybody has to log in again.",
        made_at.to_rfc3339()
    ))
}

fn open(path: &Path) -> Result<BufReader<File>, BackupFailure> {
    let unreadable = |cause| BackupFailure::Unreadable { path: path.display().to_string(), cause };
    File::open(path).map(BufReader::new).map_err(unreadable)
}

fn damaged(path: &Path, cause: Damaged) -> BackupFailure {
    BackupFailure::Damaged { path: path.display().to_string(), cause }
}
