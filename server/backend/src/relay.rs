//! The relay: what every server does with the invalidation log.
//!
//! It looks at the rows that nobody has marked, several times a second; releases their tags, which is what a server that
//! crashed or did not reach the cache left undone; and marks them. A row may be released twice, by two relays or by its
//! writer and a relay: the store notices and does nothing. When all that was open is released, the cache may be believed
//! for a moment more (`cache::trust`).
//!
//! Rows are marked after they were released, never before, so none is lost. Commits take their turn (see `write`), so
//! once a position is seen, no smaller one will appear later.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use domain::cache::Tag;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use tokio::{
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};

use crate::{
    Backend, Error,
    cache::{OpenRow, ServerCache},
    database::Database,
    entity::invalidation_event::{self, Column},
    history,
    time::Time,
};

/// How often the log is read: several times within the second that a confirmation counts.
const PERIOD: Duration = Duration::from_millis(250);
/// How many rows are taken at once.
const BATCH: u64 = 500;

/// A relay that runs until it is dropped.
#[derive(Debug)]
pub(crate) struct Relay(JoinHandle<()>);

impl Drop for Relay {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Reads the log for a cache.
#[derive(Clone)]
pub(crate) struct Reader {
    database: Database,
    cache: ServerCache,
    time: Arc<dyn Time>,
    /// Up to where the hits on what was written are being watched.
    watched: Arc<AtomicU64>,
}

impl Reader {
    /// Whoever holds it does not hold the claim on the database.
    pub(crate) fn new(database: &Database, cache: &ServerCache, time: &Arc<dyn Time>) -> Self {
        let watched = Arc::new(AtomicU64::new(u64::MAX));
        Reader { database: database.without_claim(), cache: cache.clone(), time: time.clone(), watched }
    }

    /// Settles everything that is open, before the first request is answered.
    ///
    /// # Errors
    /// Fails when the database does.
    pub(crate) async fn drain(&self) -> Result<(), Error> {
        while self.pass().await? == Pass::Partial {}
        Ok(())
    }

    /// Reads the log for as long as the relay lives.
    pub(crate) fn start(self) -> Relay {
        Relay(tokio::spawn(async move {
            let mut ticks = interval(PERIOD);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                if let Err(error) = self.drain().await {
                    tracing::warn!(%error, "the invalidation log cannot be read");
                }
            }
        }))
    }

    /// One look at the log.
    async fn pass(&self) -> Result<Pass, Error> {
        let confirmation = self.cache.begin_confirmation();
        // The position first: rows that come later may be settled too, but no earlier one is missed.
        let position = history::position(self.database.read()).await?;
        let rows = open_rows(self.database.read()).await?;
        let is_whole = u64::try_from(rows.len()).is_ok_and(|count| count < BATCH);
        if !self.cache.settle(&rows, is_whole.then_some(position)).await {
            return Ok(Pass::Whole);
        }
        if is_whole {
            self.cache.confirm(confirmation);
        }
        self.mark(&rows).await?;
        self.watch(position).await?;
        Ok(if is_whole { Pass::Whole } else { Pass::Partial })
    }

    /// Lets the sampler watch what any server wrote since the last look: most of it is marked already, by whoever wrote it.
    async fn watch(&self, position: u64) -> Result<(), Error> {
        let seen = self.watched.swap(position, Ordering::Relaxed);
        if seen >= position || !self.cache.compares_hits() {
            return Ok(());
        }
        let [after, until] = [seen, position].map(|seq| i64::try_from(seq).unwrap_or(i64::MAX));
        let written = invalidation_event::Entity::find().select_only().column(Column::Tags);
        let written = written.filter(Column::Seq.gt(after)).filter(Column::Seq.lte(until));
        let newest = written.order_by_desc(Column::Seq).limit(BATCH).into_tuple::<serde_json::Value>();
        for tags in newest.all(self.database.read()).await? {
            self.cache.note_written(&serde_json::from_value::<Vec<Tag>>(tags)?);
        }
        Ok(())
    }

    async fn mark(&self, rows: &[OpenRow]) -> Result<(), Error> {
        if rows.is_empty() {
            return Ok(());
        }
        let seqs: Vec<i64> = rows.iter().filter_map(|row| i64::try_from(row.seq).ok()).collect();
        let now = self.time.now();
        let mark = async |transaction: &sea_orm::DatabaseTransaction| {
            let applied = invalidation_event::ActiveModel { applied_at: Set(Some(now)), ..Default::default() };
            let open = invalidation_event::Entity::update_many().set(applied).filter(Column::AppliedAt.is_null());
            open.filter(Column::Seq.is_in(seqs)).exec(transaction).await?;
            Ok(())
        };
        self.database.unseen(mark).await
    }
}

impl Backend {
    /// Makes sure that the write at `seq`, of which its writer may not have been told, has released its tags. Whoever tells
    /// of it answers it.
    ///
    /// # Errors
    /// Fails when the database does.
    pub(crate) async fn see_released(&self, seq: u64) -> Result<(), Error> {
        let position = i64::try_from(seq).map_err(|_| DbErr::Type(format!("a position in the log: {seq}")))?;
        let open = rows().filter(Column::Seq.eq(position)).into_tuple().one(self.database.read()).await?;
        if let Some((seq, mutation, tags)) = open {
            self.cache.settle_or_wait(open_row(seq, mutation, tags)?).await;
        }
        Ok(())
    }
}

/// How much of the log one look has seen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    Whole,
    /// There may be more.
    Partial,
}

/// The rows that nobody has marked, in the order of the commits: position, name and tags.
fn rows() -> Select<invalidation_event::Entity> {
    invalidation_event::Entity::find()
        .select_only()
        .columns([Column::Seq, Column::MutationId, Column::Tags])
        .filter(Column::AppliedAt.is_null())
        .order_by_asc(Column::Seq)
}

async fn open_rows(connection: &impl ConnectionTrait) -> Result<Vec<OpenRow>, Error> {
    let found = rows().limit(BATCH).into_tuple().all(connection).await?;
    found.into_iter().map(|(seq, mutation, tags)| open_row(seq, mutation, tags)).collect()
}

fn open_row(seq: i64, mutation: String, tags: serde_json::Value) -> Result<OpenRow, Error> {
    let tags: Vec<Tag> = serde_json::from_value(tags)?;
    let seq = u64::try_from(seq).map_err(|_| DbErr::Type(format!("a position in the log: {seq}")))?;
    Ok(OpenRow::new(seq, &mutation, tags))
}
