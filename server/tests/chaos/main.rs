//! `make chaos`: three servers under load, and one trouble after another.
//!
//! An installation of its own is started: three `fictures serve` on one PostgreSQL and one Redis, each with a wire of its own
//! to that Redis. The shipped `fictures load-test` asks all three throughout, with its oracle, while `faults` are inflicted
//! in turn. At the end `verdict` says what was done, how often, and whether anything was stale, lost, or failed for no
//! other reason than Redis.
//!
//! `cargo test --package server --test chaos -- [SECONDS]`, with TEST_DATABASE_URL set; `.ci/chaos` does that.

#![expect(
    clippy::unwrap_used,
    reason = "whatever fails here ends the run, and a panic with its place is the best report"
)]
#![expect(clippy::print_stdout, reason = "a program for people at a terminal")]

#[path = "../../backend/tests/it/support/empty_database.rs"]
mod empty_database;
mod faults;
mod installation;
#[path = "../../backend/tests/it/support/own_redis.rs"]
mod own_redis;
mod process;
#[path = "../../backend/src/cache/tests/proxy.rs"]
mod proxy;
mod verdict;

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use tokio::{
    signal::unix::{SignalKind, signal},
    time::sleep,
};

use faults::{Fault, Inflicted};
use installation::Installation;
use verdict::Verdict;

/// How long a run is when nothing is said.
const DEFAULT_SECS: u64 = 600;
/// How long nothing is done to anybody between two faults, and after the last one, at least.
const REST: Duration = Duration::from_secs(3);
/// How much longer than a fault explains failures.
const MARGIN: Duration = Duration::from_millis(500);

#[tokio::main]
async fn main() -> ExitCode {
    let seconds = std::env::args().nth(1).map_or(DEFAULT_SECS, |text| text.parse().expect("a number of seconds"));
    let (mut interrupt, mut terminate) =
        (signal(SignalKind::interrupt()).unwrap(), signal(SignalKind::terminate()).unwrap());
    // Whatever ends first: what is dropped then takes all processes and files with it.
    tokio::select! {
        code = chaos(Duration::from_secs(seconds)) => code,
        _ = interrupt.recv() => ExitCode::from(130),
        _ = terminate.recv() => ExitCode::from(143),
    }
}

async fn chaos(duration: Duration) -> ExitCode {
    let mut installation = Installation::start().await;
    let mut load = installation.load(duration);
    installation.until_staged(&mut load).await;
    let end = Instant::now() + duration;

    let mut inflicted: Vec<Inflicted> = Vec::new();
    for (round, fault) in (0..).flat_map(|round| Fault::ALL.map(|fault| (round, fault))) {
        // What fails during the next fault shall not be explained by this one.
        let explained = inflicted.last().and_then(|done| done.fault.explains_for());
        sleep(explained.map_or(REST, |explained| REST.max(explained + MARGIN))).await;
        if Instant::now() + fault.lasts() + REST * 2 > end {
            break;
        }
        let done = fault.inflict(&mut installation, round).await;
        println!("{done}");
        inflicted.push(done);
    }
    let report = load.report().await;

    let verdict = Verdict::new(&inflicted, &report);
    println!("\n{verdict}");
    if verdict.is_good() {
        return ExitCode::SUCCESS;
    }
    println!("What the servers said:\n{}", installation.last_words());
    ExitCode::FAILURE
}
