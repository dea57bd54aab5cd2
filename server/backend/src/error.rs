//! What a use case can fail with, and why the whole can fail to open.

use argon2::password_hash;

use crate::cache::CannotConnect;

/// A refusal, or a failure of what we stand on. A failing cache is neither: it only makes us slower.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The person asked for something that cannot be; they are told why.
    #[error(transparent)]
    Refused(#[from] domain::Error),
    /// The database failed, or holds what no writer of ours put there.
    #[error("the database failed")]
    Database(#[from] sea_orm::DbErr),
    /// A password could not be hashed, or its stored hash cannot be read.
    #[error("a password could not be processed")]
    Password(#[from] password_hash::Error),
    /// A view could not be turned into JSON, or back.
    #[error("a view could not be encoded")]
    Encoding(#[from] serde_json::Error),
    /// Too much at once, or a task that ended early; trying again may help.
    #[error("the server cannot do this now")]
    Unavailable,
}

/// Why the backend could not be opened; `Display` is one sentence that says what to change.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// `DATABASE_URL` is neither SQLite nor PostgreSQL.
    #[error("DATABASE_URL must begin with sqlite:// or postgres://.")]
    UnknownDatabase,
    /// Several connections to SQLite's memory would each see a database of their own.
    #[error("DATABASE_URL must name a file: SQLite in memory cannot be shared by several connections.")]
    InMemory,
    /// The folder or the lock file beside the database cannot be made.
    #[error("The folder of the database cannot be used ({0}); name another file in DATABASE_URL.")]
    Folder(#[source] std::io::Error),
    /// Another server has this SQLite file, or this database without Redis.
    #[error(
        "Another server uses this database and would not hear of what this one writes: stop it, or give all servers the same PostgreSQL (DATABASE_URL) and Redis (REDIS_URL)."
    )]
    InUse,
    /// Another server runs on this database with another Redis.
    #[error(
        "Another server uses this database with another Redis, and neither would hear of what the other writes: give all servers the same Redis (REDIS_URL), or stop the other first."
    )]
    AnotherRedis,
    /// There is no database at `DATABASE_URL`, or it does not let us in.
    #[error("The database of DATABASE_URL cannot be opened ({0}); check the address, and that it is running.")]
    Connect(#[source] sea_orm::DbErr),
    /// The tables could not be brought up to date.
    #[error("The tables could not be brought up to date ({0}); was this database made by a newer version?")]
    Migrate(#[source] sea_orm::DbErr),
    /// What an earlier server left undone cannot be read or finished.
    #[error("The invalidation log cannot be read ({0}); check that the database is running.")]
    Log(#[from] Error),
    /// `REDIS_URL` cannot be used.
    #[error(transparent)]
    Cache(#[from] CannotConnect),
}
