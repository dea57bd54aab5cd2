//! Which history this database is, how far it has come, and the cache that starts from there.

use std::sync::Arc;

use domain::cache::Clock;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, QueryOrder, QuerySelect};

use crate::{
    cache::{Company, Now, ServerCache},
    config::{Config, Process},
    database::Database,
    entity::{history, invalidation_event},
    error::OpenError,
};

/// Opens the cache where the invalidation log stands.
///
/// Positions in the log can be compared only within one database, so each has a random epoch, made with its tables. It
/// is also the name under which servers share entries in Redis.
pub(crate) async fn open_cache(database: &Database, config: &Config) -> Result<ServerCache, OpenError> {
    let start = where_it_stands(database.read()).await.map_err(OpenError::Migrate)?;
    let time = config.time.clone();
    let now: Now = Arc::new(move || time.now());
    let cache = match &config.redis_url {
        None => ServerCache::in_process(start, now),
        Some(url) => {
            let namespace = format!("fictures:{:08x}", start.epoch());
            let company = if database.is_exclusive() { Company::Alone } else { Company::Others };
            ServerCache::redis(url, &namespace, company, now).await?
        }
    };
    if config.process == Process::Server {
        cache.compare_hits(config.compared_share);
    }
    Ok(cache)
}

/// The epoch of this database, and the last position in its log.
async fn where_it_stands(connection: &impl ConnectionTrait) -> Result<Clock, DbErr> {
    let history = history::Entity::find().one(connection).await?;
    let epoch = history.ok_or_else(|| DbErr::RecordNotFound("the epoch of this database".to_owned()))?.epoch;
    let epoch = u32::try_from(epoch).map_err(|_| DbErr::Type("an epoch is out of range".to_owned()))?;
    Ok(Clock::new(epoch, position(connection).await?))
}

/// The last position in the log. Every smaller one that will ever be there is there already.
pub(crate) async fn position(connection: &impl ConnectionTrait) -> Result<u64, DbErr> {
    let last: Option<i64> = invalidation_event::Entity::find()
        .select_only()
        .column(invalidation_event::Column::Seq)
        .order_by_desc(invalidation_event::Column::Seq)
        .into_tuple()
        .one(connection)
        .await?;
    u64::try_from(last.unwrap_or(0)).map_err(|_| DbErr::Type("a position in the log is out of range".to_owned()))
}
