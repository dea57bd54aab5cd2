//! What a load test can be asked for.

use std::{path::PathBuf, time::Duration};

use clap::Args;

use crate::client::Caching;

/// How many users, for how long, against which servers.
#[derive(Clone, Debug, Args)]
pub struct LoadTest {
    /// How many users act at once, 1–1000; two of them share an account, as one writer with two devices
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub users: u16,
    /// For how many seconds, 1–86400
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub duration: u32,
    /// Where a server listens, over HTTP; several times for several servers of one installation
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:3000")]
    pub base: Vec<String>,
    /// Which share of the actions writes, 0–1
    #[arg(long, default_value_t = 0.02, value_parser = share)]
    pub write_share: f64,
    /// How many actions all users together begin in a second; without it each begins when its last one is answered
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub rate: Option<u32>,
    /// Have the server pass its cache by all the time, as it does in the comparison at the end
    #[arg(long)]
    pub no_cache: bool,
    /// Fail for stale reads, lost writes and errors only, not for slowness: on a machine that is busy with other things
    #[arg(long)]
    pub promises_only: bool,
    /// Servers may go and come back meanwhile: who finds nobody there is counted and does not fail the run; no comparison
    #[arg(long)]
    pub expect_outages: bool,
    /// Write the report as JSON too
    #[arg(long, value_name = "FILE")]
    pub export: Option<PathBuf>,
    /// Where the users' choices begin: the same number makes the same choices
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

impl LoadTest {
    /// The servers, without a slash at the end.
    pub(super) fn bases(&self) -> Vec<String> {
        self.base.iter().map(|base| base.trim_end_matches('/').to_owned()).collect()
    }

    /// How long the main run takes.
    pub(super) fn duration(&self) -> Duration {
        Duration::from_secs(u64::from(self.duration))
    }

    /// How the main run goes.
    pub(super) fn caching(&self) -> Caching {
        if self.no_cache { Caching::Off } else { Caching::On }
    }

    /// Is there to be a run without the cache, to compare? Not where servers come and go.
    pub(super) fn compares(&self) -> bool {
        self.caching() == Caching::On && !self.expect_outages
    }

    /// How far apart one user's actions begin, if they are to begin at a rate.
    pub(super) fn pace(&self) -> Option<Duration> {
        self.rate.map(|rate| Duration::from_secs_f64(f64::from(self.users) / f64::from(rate)))
    }
}

fn share(text: &str) -> Result<f64, String> {
    let refused = || "write a number from 0 to 1".to_owned();
    text.parse().ok().filter(|share| (0.0..=1.0).contains(share)).ok_or_else(refused)
}
