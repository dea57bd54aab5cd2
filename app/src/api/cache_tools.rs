//! The numbers of the dashboard, and what it can do: for those who may see the cache tools.
//!
//! The same use cases have REST doors below `/studio/api/cache`, for programs. The pages come in here, because a page is
//! rendered on the server with its numbers in it, and asks for them again from the browser: one function for both.

use domain::cache::{GroupBy, MetricsAnswer, MonitoringAnswer, TimeRange};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Failure, JsonBody};
use crate::client::Transport;

/// What warming did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WarmedUp {
    /// Views that were loaded.
    pub warmed: u64,
    /// Views that needed no loading, or could not be stored.
    pub skipped: u64,
    /// Did the store answer to the end?
    pub is_complete: bool,
}

/// All that the dashboard shows, at one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CacheNumbers {
    pub metrics: MetricsAnswer,
    pub monitoring: MonitoringAnswer,
}

/// What all layers did in `range`, and what is wrong with them now.
///
/// # Errors
/// Refuses whoever may not see the cache tools.
#[server(prefix = "/api/fn", endpoint = "read_cache_numbers", input = JsonBody, output = JsonBody, client = Transport)]
pub async fn read_cache_numbers(range: TimeRange, by: GroupBy) -> Result<CacheNumbers, Failure> {
    use super::context::{backend, developer, failed};

    developer()?;
    let backend = backend();
    let metrics = backend.metrics(range, by).await.map_err(failed)?;
    let monitoring = backend.monitoring().await.map_err(failed)?;
    Ok(CacheNumbers { metrics, monitoring })
}

/// Notes that somebody takes care of an alert.
///
/// # Errors
/// Refuses with `NotFound` what is no alert now, and whoever may not see the cache tools.
#[server(prefix = "/api/fn", endpoint = "acknowledge_alert", input = JsonBody, output = JsonBody, client = Transport)]
pub async fn acknowledge_alert(id: String) -> Result<(), Failure> {
    use super::context::{backend, developer, failed};

    developer()?;
    backend().acknowledge(&id).await.map_err(failed)
}

/// Forgets all that was counted.
///
/// # Errors
/// Refuses whoever may not see the cache tools.
#[server(prefix = "/api/fn", endpoint = "clear_metrics", input = JsonBody, output = JsonBody, client = Transport)]
pub async fn clear_metrics() -> Result<(), Failure> {
    use super::context::{backend, developer, failed};

    developer()?;
    backend().clear_metrics().await.map_err(failed)
}

/// Drops every entry of the server's cache, and says how many there were.
///
/// # Errors
/// Refuses whoever may not see the cache tools.
#[server(prefix = "/api/fn", endpoint = "drop_entries", input = JsonBody, output = JsonBody, client = Transport)]
pub async fn drop_entries() -> Result<u64, Failure> {
    use super::context::{backend, developer};

    developer()?;
    Ok(backend().cache().clear().await)
}

/// Loads into the server's cache what most readers will come for.
///
/// # Errors
/// Refuses whoever may not see the cache tools.
#[server(prefix = "/api/fn", endpoint = "warm_cache", input = JsonBody, output = JsonBody, client = Transport)]
pub async fn warm_cache() -> Result<WarmedUp, Failure> {
    use super::context::{backend, developer, failed};

    developer()?;
    let backend::Warmed { warmed, skipped, is_complete, .. } = backend().warm().await.map_err(failed)?;
    Ok(WarmedUp { warmed, skipped, is_complete })
}
