//! What the server does every hour, whoever asks for what.

use std::time::Duration;

use backend::Backend;
use tokio::time::{MissedTickBehavior, interval};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Tidies up now and every hour; ends only when it is dropped.
pub(crate) async fn every_hour(backend: Backend) {
    let mut hours = interval(HOUR);
    hours.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        hours.tick().await;
        match backend.tidy_up().await {
            Ok(tidied) => tracing::info!(?tidied, "tidied up"),
            Err(error) => tracing::error!(%error, "could not tidy up; the next hour tries again"),
        }
    }
}
