//! `fictures check`: is a running installation ready for its readers?
//!
//! It looks at a server from outside, as browsers, scrapers and supervisors do, and changes nothing: one entry of the
//! cache is new afterwards, and one failed log-in is counted. First everything is asked for, then rules judge what came.
//!
//! In reading order: `visit` (what is asked) → `rule` (what a rule is) → `running`, `security`, `bounds`, `caching`,
//! `site`, `tools` (what is demanded) → `report` (what it comes to).

mod bounds;
mod caching;
mod report;
mod rule;
mod running;
mod security;
mod site;
mod tools;
mod visit;

use std::path::PathBuf;

use clap::Args;

use self::{report::Report, rule::Rule, visit::Seen};
use crate::{
    client::{Account, Client, Unusable},
    command::{self, CommandError},
    file::{Existing, write_json},
};

/// The rules, by what they are about.
const GROUPS: [(&str, &[Rule]); 6] = [
    ("It runs", running::RULES),
    ("It is safe", security::RULES),
    ("It refuses what makes no sense", bounds::RULES),
    ("It caches, and says so", caching::RULES),
    ("Its files", site::RULES),
    ("Its tools", tools::RULES),
];

/// Which installation to look at.
#[derive(Clone, Debug, Args)]
pub struct Check {
    /// Where a server listens, over HTTP: past a proxy that speaks TLS
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:3000")]
    pub base: String,
    #[command(flatten)]
    pub account: Account,
    /// Write what was found as JSON too
    #[arg(long, value_name = "FILE")]
    pub export: Option<PathBuf>,
    /// Replace FILE if it is there
    #[arg(long, requires = "export")]
    pub overwrite: bool,
}

/// Why an installation is not ready, or could not be looked at.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The address cannot be used.
    #[error(transparent)]
    Unusable(#[from] Unusable),
    /// Nobody answers there.
    #[error("Nobody answers at {base} ({cause}); start the server, or name another with --base.")]
    Nobody { base: String, cause: String },
    /// Some rules do not hold; the report says which.
    #[error("{0} of the checks failed.")]
    Failed(usize),
}

/// Prints what holds and what does not.
///
/// # Errors
/// Fails if any check does, and if there is nobody to check.
pub(crate) async fn run(asked: &Check) -> Result<(), CommandError> {
    let client = Client::new(vec![asked.base.trim_end_matches('/').to_owned()]).map_err(CheckError::from)?;
    let nobody = |cause| CheckError::Nobody { base: asked.base.clone(), cause };
    let seen = Seen::visit(&client, &asked.account).await.map_err(nobody)?;

    let report = Report::of(&seen);
    command::print(&report.to_string())?;
    if let Some(path) = &asked.export {
        write_json(path, Existing::from(asked.overwrite), &report)?;
    }
    match report.failed() {
        0 => Ok(()),
        failed => Err(CheckError::Failed(failed).into()),
    }
}
