//! The rows: minutes of each server, and hours of all.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait, ExprTrait,
    QueryFilter, QueryOrder, QuerySelect, sea_query::OnConflict,
};

use super::{
    durations::Durations,
    recorder::{Cell, Recorder, Slot},
};
use crate::{
    Backend, Error,
    database::Database,
    entity::cache_metric_bucket::{ActiveModel, Column, Entity, Model},
};

/// The width of a bucket, in seconds.
const MINUTE: i32 = 60;
const HOUR: i32 = 3_600;
/// How long minutes are kept, and hours.
const MINUTES_KEPT: TimeDelta = TimeDelta::hours(24);
const HOURS_KEPT: TimeDelta = TimeDelta::days(30);
/// How many rows one statement writes.
const PORTION: usize = 500;
/// Whose the rows of hours are: all servers'.
const ALL_SERVERS: &str = "";
/// The advisory lock under which one server at a time adds minutes up.
const ADDING_UP: i64 = 0x0066_6963_7475_0004;

/// Writes down what `recorder` counted since the last time. Each row holds all that its server counted in its minute, so
/// writing it again changes nothing. One save at a time: when this returns, all that was counted before it began is there.
pub(super) async fn save(database: &Database, recorder: &Recorder, now: DateTime<Utc>) -> Result<(), Error> {
    let _turn = recorder.saving.lock().await;
    let unsaved = recorder.take_unsaved(now);
    let slots: Vec<Slot> = unsaved.iter().map(|(slot, _)| *slot).collect();
    let rows = unsaved.into_iter().map(|(slot, cell)| row(&recorder.server, slot, &cell)).collect();
    let saved = match rows {
        Ok(rows) => write(database, rows).await,
        Err(error) => Err(error),
    };
    if saved.is_err() {
        recorder.not_saved(slots);
    }
    saved
}

async fn write(database: &Database, rows: Vec<ActiveModel>) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    database.unseen(async |transaction| put(transaction, rows).await).await
}

/// Writes rows, in place of those that are there.
async fn put(transaction: &DatabaseTransaction, rows: Vec<ActiveModel>) -> Result<(), Error> {
    let key = [Column::BucketStart, Column::Width, Column::Layer, Column::Operation, Column::KeyGroup, Column::Server];
    for some in rows.chunks(PORTION) {
        let instead =
            OnConflict::columns(key).update_columns([Column::Count, Column::SumUs, Column::Histogram]).to_owned();
        Entity::insert_many(some.to_vec()).on_conflict(instead).exec_without_returning(transaction).await?;
    }
    Ok(())
}

fn row(server: &str, Slot { minute, what }: Slot, cell: &Cell) -> Result<ActiveModel, Error> {
    let start = minute.checked_mul(60).and_then(|secs| DateTime::from_timestamp(secs, 0));
    Ok(ActiveModel {
        bucket_start: Set(start.ok_or_else(|| DbErr::Type("a minute is out of range".to_owned()))?),
        width: Set(MINUTE),
        layer: Set(what.layer.as_str().to_owned()),
        operation: Set(what.act.as_str().to_owned()),
        key_group: Set(what.group.to_owned()),
        server: Set(server.to_owned()),
        count: Set(stored(cell.count)),
        sum_us: Set(stored(cell.sum_us)),
        histogram: Set(serde_json::to_value(cell.durations.pairs())?),
    })
}

/// A number as a database has it.
fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// All rows of buckets that begin at `from` or later, of all servers.
pub(super) async fn since(database: &Database, from: Option<DateTime<Utc>>) -> Result<Vec<Model>, Error> {
    let mut rows = Entity::find();
    if let Some(from) = from {
        rows = rows.filter(Column::BucketStart.gte(from));
    }
    Ok(rows.all(database.read()).await?)
}

/// Removes all rows.
pub(super) async fn clear(database: &Database) -> Result<(), Error> {
    let removed = database.unseen(async |transaction| Ok(Entity::delete_many().exec(transaction).await?)).await?;
    tracing::info!(rows = removed.rows_affected, "metrics were cleared");
    Ok(())
}

impl Backend {
    /// Adds minutes that are older than a day up to hours, removes hours that are older than thirty days, and says how
    /// many rows went.
    pub(crate) async fn thin_metrics(&self, now: DateTime<Utc>) -> Result<u64, Error> {
        let mut gone = 0;
        loop {
            let some =
                self.database.unseen(async |transaction| add_up_an_hour(transaction, now - MINUTES_KEPT).await).await?;
            if some == 0 {
                break;
            }
            gone += some;
        }
        let old = Entity::delete_many().filter(Column::BucketStart.lt(now - HOURS_KEPT));
        gone += self.database.unseen(async |transaction| Ok(old.exec(transaction).await?.rows_affected)).await?;
        Ok(gone)
    }
}

/// Turns the minutes of the oldest hour that ended before `before` into one hour, and says how many rows that were.
async fn add_up_an_hour(transaction: &DatabaseTransaction, before: DateTime<Utc>) -> Result<u64, Error> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({ADDING_UP})")).await?;
    }
    let oldest: Option<DateTime<Utc>> = Entity::find()
        .select_only()
        .column(Column::BucketStart)
        .filter(Column::Width.eq(MINUTE))
        .order_by_asc(Column::BucketStart)
        .into_tuple()
        .one(transaction)
        .await?;
    let Some(hour) = oldest.and_then(|oldest| oldest.duration_trunc(TimeDelta::hours(1)).ok()) else { return Ok(0) };
    let end = hour + TimeDelta::hours(1);
    if end > before {
        return Ok(0);
    }
    let minutes = Column::Width.eq(MINUTE).and(Column::BucketStart.gte(hour)).and(Column::BucketStart.lt(end));
    let there_already = Column::Width.eq(HOUR).and(Column::BucketStart.eq(hour));
    let rows = Entity::find().filter(minutes.clone().or(there_already)).all(transaction).await?;
    put(transaction, added_up(hour, &rows)?).await?;
    Ok(Entity::delete_many().filter(minutes).exec(transaction).await?.rows_affected)
}

/// One row for each layer, operation and group.
fn added_up(hour: DateTime<Utc>, rows: &[Model]) -> Result<Vec<ActiveModel>, Error> {
    let mut sums = std::collections::BTreeMap::<_, (i64, i64, Durations)>::new();
    for row in rows {
        let sum = sums.entry((&row.layer, &row.operation, &row.key_group)).or_default();
        sum.0 = sum.0.saturating_add(row.count);
        sum.1 = sum.1.saturating_add(row.sum_us);
        sum.2.add(&pairs(row)?);
    }
    let hours = sums.into_iter().map(|((layer, operation, group), (count, sum_us, durations))| {
        Ok(ActiveModel {
            bucket_start: Set(hour),
            width: Set(HOUR),
            layer: Set(layer.clone()),
            operation: Set(operation.clone()),
            key_group: Set(group.clone()),
            server: Set(ALL_SERVERS.to_owned()),
            count: Set(count),
            sum_us: Set(sum_us),
            histogram: Set(serde_json::to_value(durations.pairs())?),
        })
    });
    hours.collect()
}

/// The histogram of a row.
pub(super) fn pairs(row: &Model) -> Result<Vec<(u64, u64)>, Error> {
    Ok(serde_json::from_value(row.histogram.clone())?)
}
