//! Who a request comes from, and how it may change the session of its browser.
//!
//! The server's session middleware makes a [`Visitor`] for every request. A use case that logs in or out says so on the
//! [`SessionSlot`]; the middleware alone turns that into a cookie.

use std::{
    fmt,
    net::IpAddr,
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::user::User;
use sha2::{Digest, Sha256};

const TOKEN_BYTES: usize = 32;

/// The person, or the absence of one, behind a request.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The signed-in person.
    pub user: Option<User>,
    /// Where the request comes from; a key of rate limits, never stored.
    pub address: IpAddr,
    /// The session that was presented, even if it has ended.
    pub token: Option<SessionToken>,
    /// Where a use case leaves word of a new or ended session.
    pub slot: SessionSlot,
}

impl Visitor {
    /// The signed-in person.
    ///
    /// # Errors
    /// Refuses with `SignedOut` when there is none.
    pub fn require_user(&self) -> Result<&User, domain::Error> {
        self.user.as_ref().ok_or(domain::Error::SignedOut)
    }
}

/// The secret of a session: 32 random bytes, known to the browser alone. The database keeps its SHA-256.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken([u8; TOKEN_BYTES]);

/// Some text that cannot be the secret of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a session token is 43 characters of base64url")]
pub struct NotAToken;

impl SessionToken {
    /// A new secret from the system's generator.
    pub(crate) fn random() -> Self {
        SessionToken(rand::random())
    }

    /// The text of the cookie. It is deliberately not `Display`: a secret is shown on purpose or not at all.
    pub fn expose(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What the database knows the session by.
    pub(crate) fn fingerprint(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.0))
    }
}

impl FromStr for SessionToken {
    type Err = NotAToken;

    fn from_str(text: &str) -> Result<Self, NotAToken> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NotAToken)?;
        bytes.try_into().map(SessionToken).map_err(|_| NotAToken)
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(…)")
    }
}

/// What the answer must do to the session cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CookieChange {
    /// Set it to this secret.
    Set(SessionToken),
    /// Remove it.
    Remove,
}

/// A slip of paper that travels with a request: what is to become of its session cookie. Clones share the slip.
#[derive(Clone, Debug, Default)]
pub struct SessionSlot(Arc<Mutex<Option<CookieChange>>>);

impl SessionSlot {
    /// The answer will set the cookie.
    pub fn sign_in(&self, token: SessionToken) {
        self.leave(CookieChange::Set(token));
    }

    /// The answer will remove the cookie.
    pub fn sign_out(&self) {
        self.leave(CookieChange::Remove);
    }

    /// Takes what was left, for the middleware.
    pub fn take(&self) -> Option<CookieChange> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Has no use case left word?
    pub fn is_blank(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    fn leave(&self, change: CookieChange) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(change);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_survives_its_cookie() {
        let token = SessionToken::random();

        assert_eq!(token.expose().parse(), Ok(token.clone()));
        assert_eq!(token.expose().len(), 43);
    }

    #[test]
    fn text_that_no_server_minted_is_refused() {
        for text in ["", "short", &"a".repeat(44), &"é".repeat(22), &format!("{}=", "a".repeat(42)), &"=".repeat(43)] {
            assert_eq!(text.parse::<SessionToken>(), Err(NotAToken), "{text}");
        }
    }

    #[test]
    fn neither_debug_output_nor_the_fingerprint_shows_the_secret() {
        let token = SessionToken::random();

        assert!(!format!("{token:?}").contains(&token.expose()));
        assert_ne!(token.fingerprint(), token.expose());
    }

    #[test]
    fn the_last_word_on_the_slip_counts_and_is_taken_once() {
        let slot = SessionSlot::default();
        slot.clone().sign_in(SessionToken::random());
        slot.sign_out();

        assert_eq!(slot.take(), Some(CookieChange::Remove));
        assert_eq!(slot.take(), None);
    }
}
