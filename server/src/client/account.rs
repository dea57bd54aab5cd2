//! With whose eyes a command looks at a server.

use std::fmt;

use clap::Args;
use domain::user::Credentials;
use http::Method;
use serde_json::Value;

use super::{Client, NoReply, Session};

/// An account of a developer; needed unless the server was started with `FICTURES_DEV_TOOLS=on`.
#[derive(Clone, Default, Args)]
pub struct Account {
    /// The name of a developer's account, unless the server runs with `FICTURES_DEV_TOOLS=on`
    #[arg(long)]
    pub username: Option<String>,
    /// Its password; rather set `FICTURES_PASSWORD`, for others on this machine see command lines
    #[arg(long, env = "FICTURES_PASSWORD", value_name = "FICTURES_PASSWORD", hide_env_values = true)]
    pub password: Option<String>,
}

// Written by hand so that a password never reaches a log.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("username", &self.username).finish_non_exhaustive()
    }
}

impl Account {
    /// Opens a session, if there is an account to open it with.
    ///
    /// # Errors
    /// Says why the server let nobody in.
    pub(crate) async fn log_in(&self, client: &Client) -> Result<Option<Session>, NoReply> {
        let Some(username) = self.username.clone() else { return Ok(None) };
        let credentials = Credentials { username, password: self.password.clone().unwrap_or_default() };
        let answer = client.send(Method::POST, "/api/auth/login", None, Some(&credentials)).await?;
        answer.read::<Value>()?;
        answer.session().map(Some).ok_or_else(|| answer.wrong("logging in opened no session".to_owned()))
    }
}
