//! How SQLite is opened.

use std::{
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use sea_orm::{
    ConnectOptions,
    sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use super::{CONNECTIONS, options};
use crate::error::OpenError;

/// How long SQLite waits for a lock that another process holds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The file that `url` names; makes its folder.
pub(super) fn file(url: &str) -> Result<PathBuf, OpenError> {
    let parsed = SqliteConnectOptions::from_str(url).map_err(|_| OpenError::UnknownDatabase)?;
    let file = parsed.get_filename();
    if url.contains(":memory:") || url.contains("mode=memory") || file.as_os_str().is_empty() {
        return Err(OpenError::InMemory);
    }
    if let Some(folder) = file.parent().filter(|folder| *folder != Path::new("")) {
        std::fs::create_dir_all(folder).map_err(OpenError::Folder)?;
    }
    Ok(file.to_owned())
}

/// The one connection that writes.
pub(super) fn writer(url: &str) -> ConnectOptions {
    let mut options = options(url, 1);
    options.test_before_acquire(false).map_sqlx_sqlite_opts(tuned);
    options
}

/// The connections that read, and can do nothing else.
pub(super) fn readers(url: &str) -> ConnectOptions {
    let mut options = options(url, CONNECTIONS);
    options.test_before_acquire(false).map_sqlx_sqlite_opts(|sqlite| tuned(sqlite).pragma("query_only", "ON"));
    options
}

/// Write-ahead logging lets readers read while the writer writes. Each commit reaches the disk before it is answered: text
/// that was acknowledged survives a power cut.
fn tuned(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
}
