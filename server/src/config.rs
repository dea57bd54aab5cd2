//! Everything that can be set from outside, with its unit and default. No other file reads the environment.
//!
//! Each option is an environment variable and a flag; the flag wins. An empty variable counts as absent where absence
//! has a meaning.

use std::{
    ffi::OsString,
    net::{SocketAddr, ToSocketAddrs},
    path::Path,
};

use clap::{Args, Parser, Subcommand, ValueEnum, error::ErrorKind};
use domain::user::Role;
use leptos::config::LeptosOptions;
use reqwest::Url;

use crate::{
    analyze::Analyze,
    backup::{Backup, Restore},
    check::Check,
    load_test::LoadTest,
    warming::Warm,
};

/// What was asked for on the command line.
#[derive(Debug, Parser)]
#[command(name = "fictures", version, about = "Write novels, read them, and talk about them.")]
pub struct Cli {
    /// What to do; `serve` when nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How to do it.
    #[command(flatten)]
    pub config: Config,
}

/// The subcommands of the one program.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve HTTP; creates and migrates the database first. This is what happens when no command is named
    Serve,
    /// Create or migrate the database, and stop
    Migrate,
    /// Add demo accounts, novels and conversations
    Seed {
        /// Do nothing when there are stories already
        #[arg(long)]
        if_empty: bool,
    },
    /// Add the three fixed stories that the browser tests use; may be repeated
    SeedTestData,
    /// Add an account, in any role
    CreateUser(NewUser),
    /// Let many users read and write at once, and look for stale reads and lost writes
    LoadTest(LoadTest),
    /// Say how well the caches do, with marks and advice; fails if they do poorly
    Analyze(Analyze),
    /// Look whether a running installation is ready to be used; fails if it is not
    Check(Check),
    /// Load the views that most readers will come for into the cache, as servers do when they start and every hour
    Warm(Warm),
    /// Copy all that cannot be made again into one file; servers may run meanwhile
    Backup(Backup),
    /// Put what `backup` has copied into an empty database; no server may run on it meanwhile
    Restore(Restore),
}

/// An account to add.
#[derive(Args)]
pub struct NewUser {
    /// 3–50 characters of A–Z a–z 0–9 _ -
    #[arg(long)]
    pub username: String,
    /// Where its owner can be reached
    #[arg(long)]
    pub email: String,
    /// 8–128 characters
    #[arg(long)]
    pub password: String,
    /// reader, writer, moderator, developer or admin
    #[arg(long)]
    pub role: Role,
}

// Written by hand so that a password never reaches a log.
impl std::fmt::Debug for NewUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewUser").field("username", &self.username).field("role", &self.role).finish_non_exhaustive()
    }
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    #[value(alias = "true", alias = "1")]
    On,
    #[value(alias = "false", alias = "0")]
    Off,
}

impl Switch {
    /// Is it on?
    pub fn is_on(self) -> bool {
        self == Switch::On
    }
}

/// Every option, with its default.
#[derive(Clone, Debug, Args)]
pub struct Config {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(
        long,
        global = true,
        env = "LEPTOS_SITE_ADDR",
        value_name = "LEPTOS_SITE_ADDR",
        default_value = "127.0.0.1:3000",
        value_parser = address
    )]
    pub site_addr: SocketAddr,
    /// Directory of the files that browsers download, as `make run` builds it
    #[arg(long, global = true, env = "LEPTOS_SITE_ROOT", value_name = "LEPTOS_SITE_ROOT", default_value = "site")]
    pub site_root: String,
    /// `sqlite://<path>` or `postgres://<user>:<password>@<host>/<database>`
    #[arg(
        long,
        global = true,
        env = "DATABASE_URL",
        value_name = "DATABASE_URL",
        default_value = "sqlite://data/fictures.db",
        hide_env_values = true
    )]
    pub database_url: String,
    /// `redis://<host>:<port>`; without it the cache lives in this process
    #[arg(long, global = true, env = "REDIS_URL", value_name = "REDIS_URL", hide_env_values = true)]
    redis_url: Option<String>,
    /// Show the cache tools to everyone, not only to developers
    #[arg(long, global = true, env = "FICTURES_DEV_TOOLS", value_name = "FICTURES_DEV_TOOLS", default_value = "off")]
    pub dev_tools: Switch,
    /// Limit how often one address or account may do things; off only for load tests
    #[arg(
        long,
        global = true,
        env = "FICTURES_RATE_LIMITS",
        value_name = "FICTURES_RATE_LIMITS",
        default_value = "on"
    )]
    pub rate_limits: Switch,
    /// Load what most readers will come for into the cache when the server starts, and every hour
    #[arg(long, global = true, env = "FICTURES_WARMING", value_name = "FICTURES_WARMING", default_value = "on")]
    pub warming: Switch,
    /// Mark cookies `Secure` and ask browsers to stay on TLS; on when served over TLS
    #[arg(
        long,
        global = true,
        env = "FICTURES_SECURE_COOKIES",
        value_name = "FICTURES_SECURE_COOKIES",
        default_value = "off"
    )]
    pub secure_cookies: Switch,
    /// Believe the last address of `X-Forwarded-For`; on only behind a proxy of your own
    #[arg(
        long,
        global = true,
        env = "FICTURES_TRUST_PROXY",
        value_name = "FICTURES_TRUST_PROXY",
        default_value = "off"
    )]
    pub trust_proxy: Switch,
    /// Where to tell of alerts: a `POST` of JSON to this `http(s)://` address when one fires, changes or is over
    #[arg(
        long,
        global = true,
        env = "FICTURES_ALERT_WEBHOOK",
        value_name = "FICTURES_ALERT_WEBHOOK",
        hide_env_values = true
    )]
    alert_webhook: Option<String>,
    /// Which share of the cache's hits is compared with the database, from 0 to 1; above 0, every hit on what was written
    /// in the last five seconds is too
    #[arg(
        long,
        global = true,
        env = "FICTURES_COMPARED_SHARE",
        value_name = "FICTURES_COMPARED_SHARE",
        default_value = "0.001",
        value_parser = share
    )]
    pub compared_share: f64,
    /// What to log, as `tracing` understands it, e.g. `info,backend=debug`
    #[arg(
        long,
        global = true,
        env = "RUST_LOG",
        value_name = "RUST_LOG",
        default_value = "info,sea_orm_migration=warn"
    )]
    pub log: String,
}

impl Config {
    /// Where Redis is, if there is one.
    pub fn redis_url(&self) -> Option<String> {
        self.redis_url.clone().filter(|url| !url.trim().is_empty())
    }

    /// Where to tell of alerts, if anywhere.
    ///
    /// # Errors
    /// Refuses what is no address of a web server.
    pub fn alert_webhook(&self) -> Result<Option<Url>, ConfigError> {
        let Some(text) = self.alert_webhook.as_ref().filter(|text| !text.trim().is_empty()) else { return Ok(None) };
        let url = text.parse::<Url>().ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        // Not the address itself: it may hold a secret.
        let refused =
            || ConfigError("FICTURES_ALERT_WEBHOOK is no address; write it as https://<host>/<path>.".to_owned());
        url.map(Some).ok_or_else(refused)
    }

    /// What Leptos wants to know. The names of the files are those of `.ci/build-site`.
    pub fn leptos(&self) -> LeptosOptions {
        LeptosOptions::builder()
            .output_name("fictures")
            .site_root(self.site_root.as_str())
            .site_pkg_dir(self.pkg_dir())
            .site_addr(self.site_addr)
            .build()
    }

    /// The folder of the release that `.ci/build-site` made last, below the root; `pkg` itself where nothing was built.
    fn pkg_dir(&self) -> String {
        let release = std::fs::read_to_string(Path::new(&self.site_root).join("pkg/release")).unwrap_or_default();
        match release.trim() {
            "" => "pkg".to_owned(),
            release => format!("pkg/{release}"),
        }
    }
}

/// What to do with a command line.
pub enum Read {
    /// Run a command.
    Run(Box<Cli>),
    /// Print the help or the version.
    Show(String),
}

/// A command line or an environment that cannot work, in one sentence.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

/// Reads the command line and the environment.
///
/// # Errors
/// Says in one sentence which option cannot work.
pub fn read(args: impl IntoIterator<Item = OsString>) -> Result<Read, ConfigError> {
    match Cli::try_parse_from(args) {
        Ok(cli) => Ok(Read::Run(Box::new(cli))),
        Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            Ok(Read::Show(error.to_string()))
        }
        Err(error) => Err(ConfigError(one_sentence(&error.to_string()))),
    }
}

/// The first paragraph of clap's explanation, on one line.
fn one_sentence(explanation: &str) -> String {
    let paragraph = explanation.trim_start_matches("error: ").split("\n\n").next().unwrap_or_default();
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Reads a share of a whole.
fn share(text: &str) -> Result<f64, String> {
    let share = text.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "write a number from 0 to 1".to_owned())
}

/// Reads an address; names such as `localhost` are looked up.
fn address(text: &str) -> Result<SocketAddr, String> {
    let unknown = || "write it as <address>:<port>, e.g. 127.0.0.1:3000".to_owned();
    text.to_socket_addrs().ok().and_then(|mut found| found.next()).ok_or_else(unknown)
}

#[cfg(test)]
mod tests;
