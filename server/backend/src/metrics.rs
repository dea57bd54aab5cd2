//! How often each layer of the cache did what, and how long it took.
//!
//! The server's cache counts where it works (`cache::operations`), browsers send what they counted. A server keeps the
//! present minutes in memory and writes them every few seconds into rows of its own; whoever asks for numbers adds the
//! rows of all servers. Minutes are kept for a day, then added up to hours, which are kept for thirty days.
//!
//! | file | what it says |
//! |---|---|
//! | `durations` | how long things took: a histogram that can be added to others |
//! | `recorder` | counting, in memory |
//! | `stored` | the rows |
//! | `report` | the answer to those who ask |
//! | `series` | its part over time |
//! | `prometheus` | the same for a scraper |

mod durations;
mod prometheus;
mod recorder;
mod report;
mod series;
mod stored;

use std::{sync::Arc, time::Duration};

use domain::cache::MetricsBatch;
use tokio::{
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};

pub(crate) use recorder::{Recorder, What};
pub(crate) use report::{Tally, by_layer};

use crate::{
    Backend, Error,
    database::Database,
    limits::{Action, household},
    time::Time,
    visitor::Visitor,
};

/// How often a server writes down what it counted.
const SAVED_EVERY: Duration = Duration::from_secs(5);

/// Writes down what was counted, until it is dropped.
pub(crate) struct Saving(JoinHandle<()>);

impl Drop for Saving {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Saving {
    pub(crate) fn start(database: Database, recorder: Arc<Recorder>, time: Arc<dyn Time>) -> Self {
        Saving(tokio::spawn(async move {
            let mut ticks = interval(SAVED_EVERY);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                if let Err(error) = stored::save(&database, &recorder, time.now()).await {
                    tracing::warn!(%error, "metrics could not be written down; they are kept for the next time");
                }
            }
        }))
    }
}

impl Backend {
    /// Adds what a browser counted.
    ///
    /// # Errors
    /// Refuses what no browser of ours can have counted, and a visitor who sends too often.
    pub fn add_metrics(&self, visitor: &Visitor, batch: &MetricsBatch) -> Result<(), Error> {
        self.limits.check(Action::ReportMetrics, household(visitor.address))?;
        batch.check()?;
        self.cache.recorder().add(batch, self.time.now());
        Ok(())
    }

    /// Writes down what was counted since the last time; to be called before the server stops.
    ///
    /// # Errors
    /// Fails when the database does; nothing is forgotten then.
    pub async fn save_metrics(&self) -> Result<(), Error> {
        stored::save(&self.database, self.cache.recorder(), self.time.now()).await
    }

    /// Forgets all that was counted, here and in the database. What other servers counted within the present minute comes
    /// back when they write it down.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn clear_metrics(&self) -> Result<(), Error> {
        self.cache.reset_counters();
        stored::clear(&self.database).await
    }
}
