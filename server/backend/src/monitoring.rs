//! Watching the caches, so that a person need not: every three seconds each server looks at what all layers did in the last
//! minutes, and at the store of its own cache.
//!
//! What comes of it (see `domain::cache::Alert`) is one row per rule and layer, the same for all servers, so an
//! acknowledgement outlives checks and restarts.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    cache::{Alert, AlertState, AlertTold, Finding, Health, Layer, MonitoringAnswer, Rule, Severity},
    error::Entity as Kind,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, ExprTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use tokio::{
    sync::broadcast,
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};

use crate::{
    Backend, Error,
    cache::ServerCache,
    database::Database,
    entity::{
        cache_alert::{ActiveModel, Column, Entity, Model},
        word,
    },
    metrics::{Tally, by_layer},
    time::Time,
};

/// How often a server looks.
const PERIOD: Duration = Duration::from_secs(3);
/// How far back it looks.
const SPAN: TimeDelta = TimeDelta::minutes(5);
/// The advisory lock under which one server at a time changes alerts.
const ALERTS: i64 = 0x0066_6963_7475_0005;

/// Looks, until it is dropped.
pub(crate) struct Watching(JoinHandle<()>);

impl Drop for Watching {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// How many alerts may wait for a listener that is slow.
const ALERTS_WAITING: usize = 64;

/// Tells whoever listens of alerts that fire, get worse, or are over.
pub(crate) fn announcing() -> broadcast::Sender<AlertTold> {
    broadcast::Sender::new(ALERTS_WAITING)
}

/// What a server looks at, and whom it tells.
#[derive(Clone)]
pub(crate) struct Watcher {
    pub(crate) database: Database,
    pub(crate) cache: ServerCache,
    pub(crate) time: Arc<dyn Time>,
    pub(crate) announce: broadcast::Sender<AlertTold>,
}

impl Watcher {
    pub(crate) fn start(self) -> Watching {
        Watching(tokio::spawn(async move {
            let mut ticks = interval(PERIOD);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                if let Err(error) = self.look().await {
                    tracing::warn!(%error, "the caches could not be looked at");
                }
            }
        }))
    }

    /// One look: alerts begin, go on, and end.
    pub(crate) async fn look(&self) -> Result<(), Error> {
        let now = self.time.now();
        let health = self.health(now).await?;
        let found: Vec<_> = cases().map(|(rule, layer)| (rule, layer, rule.finding(&health[&layer]))).collect();
        let is_quiet = found.iter().all(|(_, _, finding)| finding.is_none());
        if is_quiet && Entity::find().one(self.database.read()).await?.is_none() {
            return Ok(());
        }
        let news = self.database.unseen(async |transaction| step_all(transaction, &found, now).await).await?;
        for alert in news {
            tell(&alert);
            // That nobody listens is no failure.
            let _ = self.announce.send(alert.into());
        }
        Ok(())
    }

    /// What each layer did lately.
    async fn health(&self, now: DateTime<Utc>) -> Result<BTreeMap<Layer, Health>, Error> {
        let tallies = by_layer(&self.database, now - SPAN).await?;
        let health = Layer::ALL.map(|layer| {
            let mut health = tallies.get(&layer).map(Tally::health).unwrap_or_default();
            health.is_away = layer == Layer::Server && !self.cache.is_store_there();
            (layer, health)
        });
        Ok(health.into())
    }
}

fn cases() -> impl Iterator<Item = (Rule, Layer)> {
    Rule::ALL.into_iter().flat_map(|rule| Layer::ALL.map(|layer| (rule, layer)))
}

/// Writes down what becomes of the alerts, and says what is news to people.
async fn step_all(
    transaction: &DatabaseTransaction,
    found: &[(Rule, Layer, Option<Finding>)],
    now: DateTime<Utc>,
) -> Result<Vec<Alert>, Error> {
    one_at_a_time(transaction).await?;
    let known = alerts(transaction).await?;
    let mut news = Vec::new();
    for (rule, layer, finding) in found {
        let before = known.iter().find(|alert| (alert.rule, alert.layer) == (*rule, *layer)).copied();
        let after = Alert::step(before, *rule, *layer, *finding, now);
        if after == before {
            continue;
        }
        match after {
            Some(alert) => put(transaction, &alert).await?,
            None => forget(transaction, *rule, *layer).await?,
        }
        news.extend(after.filter(|after| is_news(before.as_ref(), after)));
    }
    Ok(news)
}

/// Waits until nobody else changes alerts; the end of the transaction lets the next one in. SQLite has one writer anyway.
async fn one_at_a_time(transaction: &DatabaseTransaction) -> Result<(), Error> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({ALERTS})")).await?;
    }
    Ok(())
}

/// Does it fire, get worse or better, or is it over?
fn is_news(before: Option<&Alert>, after: &Alert) -> bool {
    let stage = |alert: &Alert| (alert.state, alert.finding.severity);
    after.state != AlertState::Pending && before.map(stage) != Some(stage(after))
}

/// A line in the log.
fn tell(alert: &Alert) {
    let (id, advice, message) = (alert.id(), alert.rule.advice(), alert.message());
    match (alert.state, alert.finding.severity) {
        (AlertState::Pending, _) => {}
        (AlertState::Resolved, _) => tracing::info!(id, "{message}"),
        (AlertState::Firing, Severity::Error | Severity::Critical) => tracing::error!(id, advice, "{message}"),
        (AlertState::Firing, Severity::Info | Severity::Warning) => tracing::warn!(id, advice, "{message}"),
    }
}

async fn alerts(connection: &impl ConnectionTrait) -> Result<Vec<Alert>, Error> {
    let rows = Entity::find().all(connection).await?;
    rows.into_iter().map(alert).collect()
}

fn alert(row: Model) -> Result<Alert, Error> {
    let (rule, layer, state) = (word(&row.rule)?, word(&row.layer)?, word(&row.state)?);
    let finding = Finding { severity: word(&row.severity)?, threshold: row.threshold, current: row.current_value };
    let (first_seen, last_seen) = (row.first_seen, row.last_seen);
    Ok(Alert { rule, layer, state, finding, first_seen, last_seen, is_acknowledged: row.acknowledged })
}

async fn put(transaction: &DatabaseTransaction, alert: &Alert) -> Result<(), Error> {
    let row = ActiveModel {
        rule: Set(alert.rule.as_str().to_owned()),
        layer: Set(alert.layer.as_str().to_owned()),
        state: Set(alert.state.as_str().to_owned()),
        severity: Set(alert.finding.severity.as_str().to_owned()),
        threshold: Set(alert.finding.threshold),
        current_value: Set(alert.finding.current),
        first_seen: Set(alert.first_seen),
        last_seen: Set(alert.last_seen),
        acknowledged: Set(alert.is_acknowledged),
    };
    let instead = OnConflict::columns([Column::Rule, Column::Layer])
        .update_columns([
            Column::State,
            Column::Severity,
            Column::Threshold,
            Column::CurrentValue,
            Column::FirstSeen,
            Column::LastSeen,
            Column::Acknowledged,
        ])
        .to_owned();
    Entity::insert(row).on_conflict(instead).exec_without_returning(transaction).await?;
    Ok(())
}

async fn forget(transaction: &DatabaseTransaction, rule: Rule, layer: Layer) -> Result<(), Error> {
    Entity::delete_many().filter(is_of(rule, layer)).exec(transaction).await?;
    Ok(())
}

fn is_of(rule: Rule, layer: Layer) -> Expr {
    Column::Rule.eq(rule.as_str()).and(Column::Layer.eq(layer.as_str()))
}

impl Backend {
    /// How the caches are, and what is wrong with them.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn monitoring(&self) -> Result<MonitoringAnswer, Error> {
        self.save_metrics().await?;
        let timestamp = self.time.now();
        let mut alerts = alerts(self.database.read()).await?;
        alerts.sort_by_key(|alert| (std::cmp::Reverse(alert.finding.severity), alert.rule, alert.layer));
        let tallies = by_layer(&self.database, timestamp - SPAN).await?;
        let is_bad = |alert: &Alert| alert.state == AlertState::Firing && alert.finding.severity >= Severity::Error;
        let figures = Layer::ALL
            .map(|layer| (layer.as_str().to_owned(), tallies.get(&layer).map(Tally::figures).unwrap_or_default()));
        Ok(MonitoringAnswer {
            healthy: !alerts.iter().any(is_bad),
            timestamp,
            summary: Tally::sum(tallies.values()).figures(),
            alerts: alerts.into_iter().map(AlertTold::from).collect(),
            by_type: figures.into(),
        })
    }

    /// Notes that somebody has taken care of an alert, until it gets worse or comes back.
    ///
    /// # Errors
    /// Refuses with `NotFound` what is no alert now.
    pub async fn acknowledge(&self, id: &str) -> Result<(), Error> {
        let (rule, layer) = cases()
            .find(|(rule, layer)| Alert::id_of(*rule, *layer) == id)
            .ok_or(domain::Error::NotFound(Kind::Alert))?;
        let acknowledge =
            Entity::update_many().col_expr(Column::Acknowledged, Expr::value(true)).filter(is_of(rule, layer));
        let acknowledge = async |transaction: &DatabaseTransaction| {
            one_at_a_time(transaction).await?;
            Ok(acknowledge.exec(transaction).await?)
        };
        let done = self.database.unseen(acknowledge).await?;
        if done.rows_affected == 0 { Err(domain::Error::NotFound(Kind::Alert).into()) } else { Ok(()) }
    }

    /// Looks at the caches now, as a server does every few seconds.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn look_at_caches(&self) -> Result<(), Error> {
        self.save_metrics().await?;
        let (database, cache, time) = (self.database.without_claim(), self.cache.clone(), self.time.clone());
        Watcher { database, cache, time, announce: self.announce.clone() }.look().await
    }

    /// What this server finds from now on that is news to people: alerts that fire, change their severity, or are over. Of
    /// several servers one finds it. Who listens too slowly misses the oldest.
    pub fn alerts(&self) -> broadcast::Receiver<AlertTold> {
        self.announce.subscribe()
    }
}
