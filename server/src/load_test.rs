//! `fictures load-test`: many users at once, and an oracle that knows what none of them may be shown any more.
//!
//! Versions travel in the data: every save writes the number it will get into the text itself. The `oracle` remembers
//! the newest version whose write was answered; a read that *begins* after that and shows less is stale. What was
//! acknowledged must be found again at the end, in the current text or in a revision, or it is lost.
//!
//! In reading order: `options` (what can be asked) → `stage` (accounts and stories to play with) → `user` (one visitor,
//! one action after another) → `actions` (what they do) → `oracle` (what is stale) → `tally` (how long it took) →
//! `findings` (what was lost) → `report` (what it comes to).

mod actions;
mod findings;
mod options;
mod oracle;
mod report;
mod stage;
mod tally;
mod user;

use std::{sync::Arc, time::Duration};

use futures::future::join_all;
use tokio::time::Instant;

pub use self::options::LoadTest;
use self::{oracle::Oracle, report::Report, stage::Stage, tally::Tally, user::User};
use crate::{
    client::{Caching, Client, Unusable},
    command::{self, CommandError},
    progress::Progress,
};

/// How long the run without the cache is, beside the one with it: enough to compare, and no longer.
const COMPARISON_SHARE: u32 = 4;

/// Why a load test could not be carried out, or did not pass.
#[derive(Debug, thiserror::Error)]
pub enum LoadTestError {
    /// An address that nobody answers at, or that is not ours.
    #[error("{base} cannot be used ({cause}); start a server with FICTURES_RATE_LIMITS=off and name it with --base.")]
    Unusable { base: String, cause: String },
    /// The report could not be written.
    #[error("{path} cannot be written ({cause}).")]
    Export { path: String, cause: std::io::Error },
    /// The run is over, and not good enough; the report says why.
    #[error("the load test failed: {0}.")]
    Failed(String),
}

impl From<Unusable> for LoadTestError {
    fn from(Unusable { base, cause }: Unusable) -> Self {
        LoadTestError::Unusable { base, cause }
    }
}

/// Runs the load test and prints its report.
///
/// # Errors
/// Fails when the servers cannot be used, and when the report shows a stale read, a lost write or a missed target.
pub(crate) async fn run(asked: &LoadTest) -> Result<(), CommandError> {
    let client = Client::new(asked.bases()).map_err(LoadTestError::from)?;
    let stage = Arc::new(Stage::set(&client, asked.users).await?);
    let oracle = Arc::new(Oracle::default());
    oracle.expect_stage(&stage);

    let main = Run { client: &client, stage: &stage, oracle: &oracle, asked };
    let measured = main.play(asked.caching(), asked.duration()).await;
    let compared =
        if asked.compares() { Some(main.play(Caching::Off, asked.duration() / COMPARISON_SHARE).await) } else { None };
    let losses = findings::losses(&client, &stage, &oracle).await;
    stage.clear(&client).await;

    let report = Report::new(asked, &measured, compared.as_ref(), &oracle, losses);
    command::print(&report.to_string())?;
    if let Some(path) = &asked.export {
        report.export(path)?;
    }
    report.verdict().map_err(|misses| LoadTestError::Failed(misses).into())
}

/// What every run of one load test shares.
struct Run<'a> {
    client: &'a Client,
    stage: &'a Arc<Stage>,
    oracle: &'a Arc<Oracle>,
    asked: &'a LoadTest,
}

impl Run<'_> {
    /// Lets every user act until `duration` is over, and adds up what they saw.
    async fn play(&self, caching: Caching, duration: Duration) -> Tally {
        let began = Instant::now();
        let end = began + duration;
        let what = match caching {
            Caching::On => "Load test",
            Caching::Off => "Without the cache",
        };
        let progress = Progress::lasting(what, "requests", duration);
        let users = (0..self.asked.users).map(|index| {
            let client = self.client.clone().with(caching).remembering();
            let user = User::new(index, client, Arc::clone(self.stage), Arc::clone(self.oracle), self.asked);
            tokio::spawn(user.act_until(end, progress.clone()))
        });
        let mut tally = Tally::default();
        for result in join_all(users).await {
            match result {
                Ok(theirs) => tally.add(&theirs),
                Err(_) => tally.crashed(),
            }
        }
        tally.took = began.elapsed();
        progress.end();
        tally
    }
}
