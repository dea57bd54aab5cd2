//! One server per database, unless a common cache tells each of the others' writes.
//!
//! Two servers with a cache each in their own process would show old text to each other's readers, and so would two that
//! share different Redises; better one of them says so at the start. So each server with Redis tells in its session of
//! PostgreSQL (as `application_name`) in which epoch its Redis is, which no two have in common.

use std::{
    fs::File,
    future,
    path::Path,
    sync::{Arc, OnceLock},
    time::Duration,
};

use domain::cache::Clock;

use sea_orm::{ConnectionTrait, Database as Connector, DatabaseConnection, DbBackend, DbErr, Statement};
use tokio::{
    sync::{Notify, watch},
    task::JoinHandle,
    time::{Instant, MissedTickBehavior, interval, sleep},
};

use super::options;
use crate::{config::Config, error::OpenError};

/// The advisory lock of a running server: shared with Redis, exclusive without.
const SERVER_LOCK: i64 = 0x0066_6963_7475_0002;
/// How often a server looks whether PostgreSQL still knows of its claim: a restart forgets it.
const RENEWED: Duration = Duration::from_millis(500);
/// How long a server that starts waits for the others to be in the epoch that it is in: after a Redis was emptied they
/// learn of the new one within moments.
const AGREED_WITHIN: Duration = Duration::from_secs(5);
const ASKED_EVERY: Duration = Duration::from_millis(50);
/// How the name of a session begins that tells an epoch.
const EPOCH: &str = "fictures epoch ";

/// A claim on a database, given up when dropped; the operating system or PostgreSQL drops it for a server that dies.
#[derive(Clone, Debug)]
pub(super) struct Lock {
    held: Option<Arc<Held>>,
}

#[derive(Debug)]
enum Held {
    File { _file: File },
    Session(Keeper),
}

impl Lock {
    /// No claim, for tools.
    pub(super) fn none() -> Self {
        Lock { held: None }
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
        Ok(Lock { held: Some(Arc::new(Held::File { _file: file })) })
    }

    /// Claims a PostgreSQL database, with one connection that is kept for nothing else.
    pub(super) async fn of_postgres(config: &Config) -> Result<Self, OpenError> {
        let mut options = options(&config.database_url, 1);
        options.idle_timeout(None).max_lifetime(None);
        let connection = Connector::connect(options).await.map_err(OpenError::Connect)?;
        let mut claim = Claim { connection, is_shared: config.redis_url.is_some(), holder: None };
        match claim.renew("").await.map_err(OpenError::Connect)? {
            Renewed::Held => Ok(Lock { held: Some(Arc::new(Held::Session(Keeper::start(claim)))) }),
            Renewed::Refused => Err(OpenError::InUse),
        }
    }

    /// Tells the others of the epoch that `cache` is in, from now on, and waits until all are in the same.
    ///
    /// # Errors
    /// Refuses a cache that the others do not share.
    pub(super) async fn agree(
        &self,
        read: &DatabaseConnection,
        cache: watch::Receiver<Clock>,
    ) -> Result<(), OpenError> {
        let Some(Held::Session(keeper)) = self.held.as_deref() else { return Ok(()) };
        if !keeper.is_shared {
            return Ok(());
        }
        keeper.epoch.tell(cache.clone());
        let until = Instant::now() + AGREED_WITHIN;
        loop {
            let own = epoch_name(cache.borrow().epoch());
            let names = sessions(read).await.map_err(OpenError::Connect)?;
            // A version that tells none is taken at its word.
            let mut told = names.iter().filter(|name| name.starts_with(EPOCH)).peekable();
            if told.peek().is_some() && told.all(|name| *name == own) {
                return Ok(());
            }
            if Instant::now() > until {
                return Err(OpenError::AnotherRedis);
            }
            sleep(ASKED_EVERY).await;
        }
    }

    /// Ends when another server has claimed the database, after this one's claim was forgotten.
    pub(super) async fn lost(&self) {
        match self.held.as_deref() {
            Some(Held::Session(keeper)) => keeper.lost().await,
            Some(Held::File { .. }) | None => future::pending().await,
        }
    }
}

/// A session of PostgreSQL that holds the advisory lock.
struct Claim {
    /// A pool of one: it connects again by itself.
    connection: DatabaseConnection,
    is_shared: bool,
    /// The session that took the lock: its process and when it began, for after a restart numbers are given again. A
    /// session of ours that PostgreSQL does not know to be gone still keeps the others away, and would keep us away too.
    holder: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Renewed {
    Held,
    /// Another server holds it.
    Refused,
}

impl Claim {
    /// Takes the lock, unless it is held already, and calls the session `name`.
    async fn renew(&mut self, name: &str) -> Result<Renewed, DbErr> {
        let take = if self.is_shared { "pg_try_advisory_lock_shared" } else { "pg_try_advisory_lock" };
        // It is one statement: between two of them the connection could be another one.
        let question = format!(
            "WITH sessions AS (
                 SELECT pid, pid || ' ' || extract(epoch FROM backend_start) AS name FROM pg_stat_activity
             )
             SELECT CASE
                 WHEN EXISTS (SELECT FROM pg_locks JOIN sessions USING (pid) WHERE locktype = 'advisory' AND name = $1)
                     THEN $1
                 WHEN {take}({SERVER_LOCK}) THEN (SELECT name FROM sessions WHERE pid = pg_backend_pid())
             END AS holder, set_config('application_name', $2, false)"
        );
        let holder = self.holder.clone().unwrap_or_default();
        let question = Statement::from_sql_and_values(DbBackend::Postgres, question, [holder.into(), name.into()]);
        let answer = self.connection.query_one_raw(question).await?;
        self.holder = answer.map(|row| row.try_get("", "holder")).transpose()?.flatten();
        Ok(if self.holder.is_some() { Renewed::Held } else { Renewed::Refused })
    }
}

/// What the others are told of the cache, once there is one.
#[derive(Debug, Default)]
struct Epoch {
    cache: OnceLock<watch::Receiver<Clock>>,
    is_new: Notify,
}

impl Epoch {
    fn tell(&self, cache: watch::Receiver<Clock>) {
        self.cache.get_or_init(|| cache);
        self.is_new.notify_one();
    }

    fn name(&self) -> String {
        self.cache.get().map(|cache| epoch_name(cache.borrow().epoch())).unwrap_or_default()
    }
}

fn epoch_name(epoch: u32) -> String {
    format!("{EPOCH}{epoch:08x}")
}

/// What the sessions are called that hold the lock.
async fn sessions(read: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    let question = format!(
        "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
         WHERE locktype = 'advisory' AND granted AND (classid::bigint << 32) | objid::bigint = {SERVER_LOCK}
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    );
    let rows = read.query_all_raw(Statement::from_string(DbBackend::Postgres, question)).await?;
    rows.iter().map(|row| row.try_get("", "application_name")).collect()
}

/// Renews a claim until it is dropped, or another server has it.
#[derive(Debug)]
struct Keeper {
    task: JoinHandle<()>,
    is_lost: watch::Receiver<bool>,
    is_shared: bool,
    epoch: Arc<Epoch>,
}

impl Keeper {
    fn start(claim: Claim) -> Self {
        let (tell, is_lost) = watch::channel(false);
        let (is_shared, epoch) = (claim.is_shared, Arc::<Epoch>::default());
        let told = epoch.clone();
        let task = tokio::spawn(async move {
            keep(claim, &told).await;
            tell.send_replace(true);
        });
        Keeper { task, is_lost, is_shared, epoch }
    }

    async fn lost(&self) {
        if self.is_lost.clone().wait_for(|is_lost| *is_lost).await.is_err() {
            // The task was stopped with the claim in hand.
            future::pending().await
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Ends when the claim is another server's.
async fn keep(mut claim: Claim, epoch: &Epoch) {
    let mut ticks = interval(RENEWED);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = epoch.is_new.notified() => {}
        }
        let before = claim.holder.clone();
        match claim.renew(&epoch.name()).await {
            Ok(Renewed::Held) if claim.holder != before => {
                tracing::warn!("the claim on the database was forgotten, and has been made again");
            }
            Ok(Renewed::Held) => {}
            Ok(Renewed::Refused) => {
                tracing::error!("the claim on the database was forgotten, and is another server's now");
                return;
            }
            // While PostgreSQL is away nobody else can claim it either.
            Err(error) => tracing::debug!(%error, "the claim on the database cannot be renewed"),
        }
    }
}
