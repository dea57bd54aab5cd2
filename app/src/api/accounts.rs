//! Signing up, logging in, logging out. These work as plain forms, too.

use domain::{id::UserId, user::Role};
use leptos::prelude::*;

use super::{Failure, JsonBody};
use crate::client::Transport;

/// Logs in by username or e-mail address and goes on to `next`, a path of this site.
///
/// # Errors
/// One refusal for every cause; too many tries are refused for a while.
#[server(prefix = "/api/fn", endpoint = "log_in", output = JsonBody, client = Transport)]
pub async fn log_in(username: String, password: String, next: String) -> Result<(), Failure> {
    use super::context::{backend, failed, visitor};

    let visitor = visitor();
    let credentials = domain::user::Credentials { username, password };
    let signed_in = backend().log_in(credentials, visitor.address, visitor.token.as_ref()).await.map_err(failed)?;
    visitor.slot.sign_in(signed_in.token);
    leptos_axum::redirect(&local_path(&next));
    Ok(())
}

/// Logs in and stays on the page, for a session that ended while somebody wrote. Answers who it is: it may be another.
///
/// # Errors
/// As [`log_in`].
#[server(prefix = "/api/fn", endpoint = "log_in_again", input = JsonBody, output = JsonBody, client = Transport)]
pub async fn log_in_again(username: String, password: String) -> Result<UserId, Failure> {
    use super::context::{backend, failed, visitor};

    let visitor = visitor();
    let credentials = domain::user::Credentials { username, password };
    let signed_in = backend().log_in(credentials, visitor.address, visitor.token.as_ref()).await.map_err(failed)?;
    visitor.slot.sign_in(signed_in.token);
    Ok(signed_in.user.id)
}

/// Makes an account, logs in, and goes on to `next`.
///
/// # Errors
/// Names the field that is not acceptable.
#[server(prefix = "/api/fn", endpoint = "sign_up", output = JsonBody, client = Transport)]
pub async fn sign_up(
    username: String,
    email: String,
    password: String,
    role: Role,
    next: String,
) -> Result<(), Failure> {
    use super::context::{backend, failed, visitor};

    let visitor = visitor();
    let account = domain::user::NewAccount { username, email, password, role: Some(role) };
    let signed_in = backend().register(account, visitor.address).await.map_err(failed)?;
    visitor.slot.sign_in(signed_in.token);
    leptos_axum::redirect(&local_path(&next));
    Ok(())
}

/// Ends the session.
///
/// # Errors
/// Only when the database cannot be reached.
#[server(prefix = "/api/fn", endpoint = "log_out", output = JsonBody, client = Transport)]
pub async fn log_out() -> Result<(), Failure> {
    use super::context::{backend, failed, visitor};

    let visitor = visitor();
    if let Some(token) = &visitor.token {
        backend().log_out(token).await.map_err(failed)?;
    }
    visitor.slot.sign_out();
    leptos_axum::redirect("/novels");
    Ok(())
}

/// `next` if it is a path of this site, else the front page: a log-in link must not lead elsewhere.
pub fn local_path(next: &str) -> String {
    let local = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n']);
    if local { next.to_owned() } else { "/novels".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn a_return_path_never_leads_to_another_site() {
        assert_eq!(local_path("/studio/story/1?scene=2"), "/studio/story/1?scene=2");
        for next in ["https://evil.example", "//evil.example", "/\\evil.example", "", "javascript:alert(1)"] {
            assert_eq!(local_path(next), "/novels", "{next}");
        }
    }
}
