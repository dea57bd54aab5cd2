//! One server per database, unless a common cache tells each of the others' writes.
//!
//! Two servers with a cache each in their own process would show old text to each other's readers; better one of them
//! says so at the start.

use std::{fs::File, path::Path, sync::Arc};

use sea_orm::{ConnectionTrait, Database as Connector, DatabaseConnection, DbBackend, Statement};

use super::options;
use crate::{config::Config, error::OpenError};

/// The advisory lock of a running server: shared with Redis, exclusive without.
const SERVER_LOCK: i64 = 0x0066_6963_7475_0002;

/// A claim on a database, given up when dropped; the operating system or PostgreSQL drops it for a server that dies.
#[derive(Clone, Debug)]
pub(super) struct Lock {
    _held: Option<Arc<Held>>,
}

#[derive(Debug)]
enum Held {
    File { _file: File },
    Session { _connection: DatabaseConnection },
}

impl Lock {
    /// No claim, for tools.
    pub(super) fn none() -> Self {
        Lock { _held: None }
    }

    /// Claims an SQLite file through a lock file beside it (SQLite locks its own file in ways we must not touch).
    pub(super) fn of_file(database: &Path) -> Result<Self, OpenError> {
        let mut name = database.as_os_str().to_owned();
        name.push(".lock");
        let file = File::options().create(true).truncate(false).write(true).open(name).map_err(OpenError::Folder)?;
        file.try_lock().map_err(|error| match error {
            std::fs::TryLockError::WouldBlock => OpenError::InUse,
            std::fs::TryLockError::Error(error) => OpenError::Folder(error),
        })?;
        Ok(Lock { _held: Some(Arc::new(Held::File { _file: file })) })
    }

    /// Claims a PostgreSQL database, with one connection that is kept for nothing else.
    pub(super) async fn of_postgres(config: &Config) -> Result<Self, OpenError> {
        let mut options = options(&config.database_url, 1);
        options.idle_timeout(None).max_lifetime(None);
        let connection = Connector::connect(options).await.map_err(OpenError::Connect)?;

        let function = if config.redis_url.is_some() { "pg_try_advisory_lock_shared" } else { "pg_try_advisory_lock" };
        let question = Statement::from_string(DbBackend::Postgres, format!("SELECT {function}({SERVER_LOCK}) AS held"));
        let answer = connection.query_one_raw(question).await.map_err(OpenError::Connect)?;
        let held = answer.map(|row| row.try_get("", "held")).transpose().map_err(OpenError::Connect)?;
        if held == Some(true) {
            Ok(Lock { _held: Some(Arc::new(Held::Session { _connection: connection })) })
        } else {
            Err(OpenError::InUse)
        }
    }
}
