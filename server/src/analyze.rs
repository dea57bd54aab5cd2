//! `fictures analyze`: what the counted numbers come to, with marks and advice.
//!
//! It reads what all servers have written down, so it needs the database alone: it may run beside servers, and without
//! Redis. Numbers are kept by kind of view, never by single key: whoever reads them learns nothing of anybody's stories.

mod analysis;
mod report;

use std::path::PathBuf;

use backend::{Backend, Process};
use clap::Args;
use domain::cache::{Condition, GroupBy, TimeRange};
use serde::Deserialize;
use serde::de::{IntoDeserializer, value::Error as NotAWord};

use self::analysis::Analysis;
use crate::{
    command::{self, CommandError},
    config::Config,
    file::{Existing, write_json},
};

/// Which numbers to look at.
#[derive(Clone, Debug, Args)]
pub struct Analyze {
    /// How far back: 1h, 6h, 24h, 7d, 30d or all
    #[arg(long, value_name = "RANGE", default_value = "24h", value_parser = time_range)]
    pub time_range: TimeRange,
    /// Write the analysis as JSON too
    #[arg(long, value_name = "FILE")]
    pub export: Option<PathBuf>,
    /// Replace FILE if it is there
    #[arg(long, requires = "export")]
    pub overwrite: bool,
}

/// The caches need somebody.
#[derive(Debug, thiserror::Error)]
#[error("the caches do poorly: hit rate {hit_rate:.1} %, {average_ms:.1} ms on average.")]
pub struct Poor {
    hit_rate: f64,
    average_ms: f64,
}

/// Prints the analysis.
///
/// # Errors
/// Fails when the numbers cannot be read or written, and when they are poor. That nobody read anything is not poor.
pub(crate) async fn run(config: &Config, asked: &Analyze) -> Result<(), CommandError> {
    let config = backend::Config { redis_url: None, ..command::backend_config(config, Process::Tool) };
    let metrics = Backend::open(config).await?.metrics(asked.time_range, GroupBy::CacheType).await?;
    let analysis = Analysis::of(&metrics);
    command::print(&analysis.to_string())?;
    if let Some(path) = &asked.export {
        write_json(path, Existing::from(asked.overwrite), &analysis)?;
    }
    match analysis.condition {
        Condition::Poor => {
            let (hit_rate, average_ms) = (analysis.hit_rate.value * 100.0, analysis.average_duration.value);
            Err(Poor { hit_rate, average_ms }.into())
        }
        Condition::NoTraffic | Condition::Excellent | Condition::Good | Condition::Fair => Ok(()),
    }
}

fn time_range(text: &str) -> Result<TimeRange, String> {
    let range: Result<TimeRange, NotAWord> = TimeRange::deserialize(text.into_deserializer());
    range.map_err(|_| "write 1h, 6h, 24h, 7d, 30d or all".to_owned())
}
