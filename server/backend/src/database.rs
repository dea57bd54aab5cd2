//! The connections: a pool that reads and a pool that writes.
//!
//! SQLite has one writer at a time; one connection for all writes turns its locking errors into a queue. The readers
//! cannot write at all, so nothing gets past the one door that invalidates.

mod lock;
mod sqlite;

use std::time::Duration;

use domain::cache::Clock;
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database as Connector, DatabaseConnection, DatabaseTransaction,
    DbBackend, IsolationLevel, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;
use tokio::sync::watch;

use self::lock::Lock;
use crate::{
    config::{Config, Process},
    error::{Error, OpenError},
    migration::Migrator,
};

/// How long a request waits for a free connection before it is told to come back.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// Readers of SQLite, or connections to PostgreSQL per pool.
const CONNECTIONS: u32 = 8;
/// A connection that rested for this long is asked whether it still lives before it is used; others are not, since each
/// question is a round trip.
const IDLE: Duration = Duration::from_secs(5);
/// The advisory lock under which one server at a time brings PostgreSQL's tables up to date.
const MIGRATION_LOCK: i64 = 0x0066_6963_7475_0001;

/// The database, as two pools.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    read: DatabaseConnection,
    write: DatabaseConnection,
    /// Held as long as the database is open.
    lock: Lock,
}

impl Database {
    /// Connects, and brings the tables up to date. A missing SQLite file is made, with its folder.
    pub(crate) async fn open(config: &Config) -> Result<Self, OpenError> {
        let url = config.database_url.as_str();
        let (read, write, lock) = if url.starts_with("sqlite:") {
            let file = sqlite::file(url)?;
            let lock = if config.process == Process::Server { Lock::of_file(&file)? } else { Lock::none() };
            (sqlite::readers(url), sqlite::writer(url), lock)
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let lock = if config.process == Process::Server { Lock::of_postgres(config).await? } else { Lock::none() };
            (postgres_reader(url), postgres(url), lock)
        } else {
            return Err(OpenError::UnknownDatabase);
        };

        // The writer first: it makes the file that the readers open.
        let write = Connector::connect(write).await.map_err(OpenError::Connect)?;
        migrate(&write).await.map_err(OpenError::Migrate)?;
        let read = Connector::connect(read).await.map_err(OpenError::Connect)?;
        Ok(Database { read, write, lock })
    }

    /// The same connections, without the claim that keeps other servers away.
    pub(crate) fn without_claim(&self) -> Self {
        Database { lock: Lock::none(), ..self.clone() }
    }

    /// Ends when another server has claimed the database, after this one's claim was forgotten.
    pub(crate) async fn displaced(&self) {
        self.lock.lost().await;
    }

    /// Tells the other servers of this database which `cache` this one uses, and waits until it is theirs, too.
    ///
    /// # Errors
    /// Refuses a cache that the others do not share.
    pub(crate) async fn agree(&self, cache: watch::Receiver<Clock>) -> Result<(), OpenError> {
        self.lock.agree(&self.read, cache).await
    }

    /// Can no other server use this database? So it is with SQLite, whose file one server claims.
    pub(crate) fn is_exclusive(&self) -> bool {
        self.write.get_database_backend() == DbBackend::Sqlite
    }

    /// Connections for single queries that only read.
    pub(crate) fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// Which of the two it is.
    pub(crate) fn kind(&self) -> DbBackend {
        self.read.get_database_backend()
    }

    /// Runs several reads on one consistent snapshot.
    pub(crate) async fn snapshot<T>(
        &self,
        work: impl AsyncFnOnce(&DatabaseTransaction) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let transaction = self.begin_snapshot().await?;
        let outcome = work(&transaction).await;
        undo(transaction).await;
        outcome
    }

    /// Begins a transaction that only reads, and sees one moment from its first statement to its last.
    pub(crate) async fn begin_snapshot(&self) -> Result<DatabaseTransaction, Error> {
        // SQLite's snapshot begins with the first read and needs no words; PostgreSQL must be asked for one.
        let options = match self.read.get_database_backend() {
            DbBackend::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..TransactionOptions::default()
            },
            _ => TransactionOptions::default(),
        };
        Ok(self.read.begin_with_options(options).await?)
    }

    /// Begins a transaction that writes.
    ///
    /// SQLite must take its lock at once: a transaction that reads first and writes later fails when another one wrote
    /// in between, and no timeout helps.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction, Error> {
        let options = match self.write.get_database_backend() {
            DbBackend::Sqlite => TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            },
            _ => TransactionOptions::default(),
        };
        Ok(self.write.begin_with_options(options).await?)
    }

    /// Runs one write that no view shows: sessions, and what this program remembers for itself.
    ///
    /// Everything that a view shows goes through `Backend::write` instead.
    pub(crate) async fn unseen<T>(
        &self,
        work: impl AsyncFnOnce(&DatabaseTransaction) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let transaction = self.begin().await?;
        match work(&transaction).await {
            Ok(value) => {
                transaction.commit().await?;
                Ok(value)
            }
            Err(error) => {
                undo(transaction).await;
                Err(error)
            }
        }
    }
}

/// Takes a transaction back. That it cannot be is worth a line in the log, and no more: the database drops it anyway.
pub(crate) async fn undo(transaction: DatabaseTransaction) {
    if let Err(error) = transaction.rollback().await {
        tracing::warn!(%error, "a transaction could not be rolled back");
    }
}

/// What both databases and both pools have in common.
fn options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections).min_connections(1).acquire_timeout(ACQUIRE_TIMEOUT).sqlx_logging(false);
    options
}

fn postgres(url: &str) -> ConnectOptions {
    let mut options = options(url, CONNECTIONS);
    options.test_before_acquire_if_idle_for(IDLE);
    options
}

/// Connections to PostgreSQL that only read, whatever they are told.
fn postgres_reader(url: &str) -> ConnectOptions {
    let mut options = postgres(url);
    options.map_sqlx_postgres_opts(|options| options.options([("default_transaction_read_only", "on")]));
    options
}

/// Brings the tables up to date; of several servers that start together, one does it and the others wait.
async fn migrate(write: &DatabaseConnection) -> Result<(), sea_orm::DbErr> {
    if write.get_database_backend() != DbBackend::Postgres {
        return Migrator::up(write, None).await;
    }
    let guard = write.begin().await?;
    guard.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
    let outcome = Migrator::up(write, None).await;
    guard.rollback().await?;
    outcome
}
