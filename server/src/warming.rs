//! What the server loads before anybody asks for it: when it starts, and every hour.

mod by_hand;

use std::time::Duration;

use backend::Backend;
use tokio::time::{MissedTickBehavior, interval};

pub(crate) use self::by_hand::run;
pub use self::by_hand::{Warm, WarmError};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Warms the cache of a server that wants it now and every hour, until `stop` ends; then it only waits to be dropped.
pub(crate) async fn every_hour(backend: Option<Backend>, stop: impl Future<Output = ()>) {
    if let Some(backend) = backend {
        tokio::select! {
            () = stop => {}
            () = warm_every_hour(&backend) => {}
        }
    }
    std::future::pending().await
}

async fn warm_every_hour(backend: &Backend) {
    let mut hours = interval(HOUR);
    hours.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        hours.tick().await;
        match backend.warm().await {
            Ok(warmed) if warmed.is_complete => tracing::info!(?warmed, "warmed the cache"),
            Ok(warmed) => tracing::warn!(?warmed, "the cache could not be warmed: its store is away"),
            Err(error) => tracing::warn!(%error, "the cache could not be warmed; the next hour tries again"),
        }
    }
}
