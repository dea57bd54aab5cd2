//! `fictures warm`: the same by hand.
//!
//! Where servers share a Redis, this process fills it itself. A cache that lives in a server's process can only be filled
//! by that server, which is asked to.

use backend::{Backend, Process};
use clap::Args;
use http::Method;

use crate::{
    api::WarmAnswer,
    client::{Account, Client, NoReply, Unusable},
    command::{self, CommandError},
    config::Config,
};

/// Whose cache to fill.
#[derive(Clone, Debug, Args)]
pub struct Warm {
    /// Ask the server that listens here, over HTTP; else the Redis of `REDIS_URL` is filled from here
    #[arg(long, value_name = "URL")]
    pub base: Option<String>,
    #[command(flatten)]
    pub account: Account,
}

/// Why nothing was warmed; `Display` is one sentence that says what to change.
#[derive(Debug, thiserror::Error)]
pub enum WarmError {
    /// This process has no cache that anyone reads from.
    #[error(
        "The cache lives in the server's process and cannot be filled from here: ask the server with --base URL (and --username, --password of a developer), or name the Redis that servers share with REDIS_URL."
    )]
    Nowhere,
    /// The address cannot be used.
    #[error(transparent)]
    Unusable(#[from] Unusable),
    /// The server did not do it.
    #[error(
        "{base} did not warm its cache ({cause}); give --username and --password of a developer, or start it with FICTURES_DEV_TOOLS=on."
    )]
    Refused { base: String, cause: String },
    /// There is nowhere to store anything.
    #[error("The store of the cache does not answer: start it, and warm it then.")]
    StoreAway,
}

impl From<NoReply> for WarmError {
    fn from(NoReply { base, cause, .. }: NoReply) -> Self {
        WarmError::Refused { base, cause }
    }
}

/// Warms the cache and says how many views that were.
///
/// # Errors
/// Says in one sentence why it could not.
pub(crate) async fn run(config: &Config, asked: &Warm) -> Result<(), CommandError> {
    let answer = match (&asked.base, config.redis_url()) {
        (Some(base), _) => ask(base, &asked.account).await?,
        (None, Some(_)) => fill(config).await?,
        (None, None) => return Err(WarmError::Nowhere.into()),
    };
    if !answer.success {
        return Err(WarmError::StoreAway.into());
    }
    let WarmAnswer { warmed, skipped, duration_ms, .. } = answer;
    command::print(&format!("{warmed} views were warmed in {duration_ms} ms; {skipped} needed nothing."))
}

async fn ask(base: &str, account: &Account) -> Result<WarmAnswer, WarmError> {
    let client = Client::new(vec![base.trim_end_matches('/').to_owned()])?;
    let session = account.log_in(&client).await?;
    Ok(client.send(Method::POST, "/studio/api/cache/warm", session.as_ref(), None::<&()>).await?.read()?)
}

async fn fill(config: &Config) -> Result<WarmAnswer, CommandError> {
    let backend = Backend::open(command::backend_config(config, Process::Tool)).await?;
    let warmed = backend.warm().await?;
    backend.save_metrics().await?;
    Ok(warmed.into())
}
