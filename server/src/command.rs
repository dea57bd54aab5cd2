//! What the program can do besides serving.

use std::{
    io::{self, IsTerminal, Write},
    net::SocketAddr,
};

use backend::{
    Backend, OpenError, Process, RateLimits,
    seed::{Outcome, SeedSummary},
};
use domain::studio::StoryStatus;
use tracing_subscriber::EnvFilter;

use crate::{
    analyze::{self, Poor},
    backup::{self, BackupFailure},
    check::{self, CheckError},
    config::{Cli, Command, Config, ConfigError, NewUser},
    file::FileError,
    load_test::{self, LoadTestError},
    serve,
    warming::{self, WarmError},
};

/// Why a command could not be carried out; `Display` is one sentence that says what to change.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// An option that cannot work.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A filter for the log that cannot be read.
    #[error("RUST_LOG cannot be read ({0}); write it like info,backend=debug.")]
    Log(#[from] tracing_subscriber::filter::ParseError),
    /// The database or the cache cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The address is taken, or not ours.
    #[error("LEPTOS_SITE_ADDR {address} cannot be listened on ({cause}); choose another address or port.")]
    Bind { address: SocketAddr, cause: io::Error },
    /// A load test that could not be carried out, or did not pass.
    #[error(transparent)]
    LoadTest(#[from] LoadTestError),
    /// The caches do poorly.
    #[error(transparent)]
    Poor(#[from] Poor),
    /// An installation is not ready, or could not be looked at.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// The cache could not be warmed.
    #[error(transparent)]
    Warm(#[from] WarmError),
    /// Nothing was backed up or restored.
    #[error(transparent)]
    Backup(#[from] BackupFailure),
    /// A file could not be written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A use case refused, or failed.
    #[error("{0}")]
    Backend(#[from] backend::Error),
    /// The system failed us.
    #[error("{0}")]
    System(#[from] io::Error),
}

/// Carries out what the command line asks for.
///
/// # Errors
/// Says in one sentence why it could not.
pub async fn run(cli: Cli) -> Result<(), CommandError> {
    let Cli { command, config } = cli;
    log_to_stderr(&config)?;
    match command.unwrap_or(Command::Serve) {
        Command::Serve => serve::serve(&config).await,
        Command::Migrate => migrate(&config).await,
        Command::Seed { if_empty } => seed(&config, if_empty).await,
        Command::SeedTestData => seed_test_data(&config).await,
        Command::CreateUser(new) => create_user(&config, new).await,
        Command::LoadTest(asked) => load_test::run(&asked).await,
        Command::Analyze(asked) => analyze::run(&config, &asked).await,
        Command::Check(asked) => check::run(&asked).await,
        Command::Warm(asked) => warming::run(&config, &asked).await,
        Command::Backup(asked) => backup::back_up(&config, &asked).await,
        Command::Restore(asked) => backup::restore(&config, &asked).await,
    }
}

/// What the backend must be told, for a process of this kind.
pub fn backend_config(config: &Config, process: Process) -> backend::Config {
    let rate_limits = if config.rate_limits.is_on() { RateLimits::On } else { RateLimits::Off };
    backend::Config {
        redis_url: config.redis_url(),
        rate_limits,
        compared_share: config.compared_share,
        process,
        ..backend::Config::new(config.database_url.as_str())
    }
}

/// Prints one answer for people.
///
/// # Errors
/// Fails when nobody reads any more.
pub fn print(text: &str) -> Result<(), CommandError> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", text.trim_end())?;
    Ok(out.flush()?)
}

fn log_to_stderr(config: &Config) -> Result<(), CommandError> {
    let filter = EnvFilter::try_new(&config.log)?;
    let coloured = io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(coloured).with_writer(io::stderr).init();
    Ok(())
}

/// Opens the backend beside a running server: for what no cached view shows.
async fn open(config: &Config) -> Result<Backend, CommandError> {
    Ok(Backend::open(backend_config(config, Process::Tool)).await?)
}

/// Opens the backend to write what views show. A server whose cache is in process would not hear of it and go on showing
/// the old, so beside one this is refused.
async fn open_alone(config: &Config) -> Result<Backend, CommandError> {
    Ok(Backend::open(backend_config(config, Process::Server)).await?)
}

async fn migrate(config: &Config) -> Result<(), CommandError> {
    open(config).await?;
    print("The database is up to date.")
}

async fn seed(config: &Config, if_empty: bool) -> Result<(), CommandError> {
    let backend = open_alone(config).await?;
    if if_empty && !backend.is_empty().await? {
        return print("There are accounts already: nothing was added.");
    }
    report(&backend.seed().await?)
}

async fn seed_test_data(config: &Config) -> Result<(), CommandError> {
    report(&open_alone(config).await?.seed_test_data().await?)
}

/// Prints how to log in, and what there is to read.
fn report(summary: &SeedSummary) -> Result<(), CommandError> {
    let done = match summary.outcome {
        Outcome::Planted => "The data is there now.",
        Outcome::Found => "The data was there already; nothing was changed.",
        Outcome::Restored => "The data is as it was on the first day.",
    };
    let log_ins = summary
        .log_ins
        .iter()
        .map(|log_in| format!("  {:<10} {} / {}", log_in.role.as_str(), log_in.username, log_in.password));
    let stories = summary.stories.iter().map(|story| {
        let status = match story.status {
            StoryStatus::Writing => "draft",
            StoryStatus::Published => "published",
        };
        format!("  {} {status:<9} {} ({} chapters, {} scenes)", story.id, story.title, story.chapters, story.scenes)
    });
    let talk = format!("{} posts, {} replies and {} likes.", summary.posts, summary.replies, summary.likes);
    let lines = [done.to_owned(), "Log-ins:".to_owned()].into_iter().chain(log_ins);
    let lines: Vec<_> = lines.chain(["Stories:".to_owned()]).chain(stories).chain([talk]).collect();
    print(&lines.join("\n"))
}

async fn create_user(config: &Config, new: NewUser) -> Result<(), CommandError> {
    let user = open(config).await?.create_user(&new.username, &new.email, &new.password, new.role).await?;
    print(&format!("Created {} {} with id {}.", user.role, user.username, user.id))
}
