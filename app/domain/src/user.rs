//! Who is asking, and what their role allows.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Error, error::Problem, id::UserId};

/// What an account may do; each role may do all that the ones before it may, moderators and developers apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Reader,
    Writer,
    Moderator,
    Developer,
    Admin,
}

impl Role {
    /// Every role, from least to most.
    pub const ALL: [Role; 5] = [Role::Reader, Role::Writer, Role::Moderator, Role::Developer, Role::Admin];

    /// May this role use the studio?
    pub fn writes(self) -> bool {
        self != Role::Reader
    }

    /// May this role edit and remove what others posted?
    pub fn moderates(self) -> bool {
        matches!(self, Role::Moderator | Role::Admin)
    }

    /// May this role see the cache tools?
    pub fn sees_cache_tools(self) -> bool {
        matches!(self, Role::Developer | Role::Admin)
    }

    /// The stored and printed form.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Reader => "reader",
            Role::Writer => "writer",
            Role::Moderator => "moderator",
            Role::Developer => "developer",
            Role::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Role::ALL.into_iter().find(|role| role.as_str() == text);
        found.ok_or_else(|| Error::invalid("role", Problem::NotAllowed))
    }
}

/// How long something is, in characters.
struct Length {
    min: usize,
    max: usize,
}

const USERNAME: Length = Length { min: 3, max: 50 };
const PASSWORD: Length = Length { min: 8, max: 128 };
/// How long an e-mail address may be, in characters (RFC 5321).
const MAX_EMAIL: usize = 254;

/// A signed-in person, as the person may know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct User {
    pub id: UserId,
    pub username: String,
    pub role: Role,
}

/// A name under a story or a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Author {
    pub id: UserId,
    pub username: String,
}

/// What signing up asks for. `role` may be `reader` (the default) or `writer`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    #[schemars(length(min = USERNAME.min, max = USERNAME.max), regex(pattern = "^[A-Za-z0-9_-]*$"))]
    pub username: String,
    #[schemars(length(max = MAX_EMAIL), email)]
    pub email: String,
    #[schemars(length(min = PASSWORD.min, max = PASSWORD.max))]
    pub password: String,
    #[serde(default)]
    pub role: Option<Role>,
}

/// `{user}`: who has just signed in, or up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UserAnswer {
    pub user: User,
}

/// `{user}`: who is signed in, if anyone is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SessionAnswer {
    pub user: Option<User>,
}

/// What logging in asks for; `username` may be the e-mail address.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    pub username: String,
    pub password: String,
}

// Written by hand so that a password never reaches a log.
impl fmt::Debug for NewAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewAccount").field("username", &self.username).finish_non_exhaustive()
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("username", &self.username).finish_non_exhaustive()
    }
}

/// Checks a username: 3–50 characters of `A–Z a–z 0–9 _ -`.
///
/// # Errors
/// Refuses any other text.
pub fn check_username(name: &str) -> Result<&str, Error> {
    let refuse = |problem| Err(Error::invalid("username", problem));
    match name.chars().count() {
        length if length < USERNAME.min => refuse(Problem::TooShort { min: USERNAME.min }),
        length if length > USERNAME.max => refuse(Problem::TooLong { max: USERNAME.max }),
        _ if !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')) => refuse(Problem::Characters),
        _ => Ok(name),
    }
}

/// Checks an e-mail address as far as that can be done without writing to it.
///
/// # Errors
/// Refuses what has no `@` with something before and a dotted name behind, or is over 254 characters (RFC 5321).
pub fn check_email(email: &str) -> Result<&str, Error> {
    let plausible = email.rsplit_once('@').is_some_and(|(local, host)| {
        !local.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
    });
    let clean = !email.chars().any(|c| c.is_whitespace() || c.is_control());
    if email.chars().count() > MAX_EMAIL {
        Err(Error::invalid("email", Problem::TooLong { max: MAX_EMAIL }))
    } else if plausible && clean {
        Ok(email)
    } else {
        Err(Error::invalid("email", Problem::NotAnEmail))
    }
}

/// Checks a new password: 8–128 characters, and none of those that everyone tries first.
///
/// # Errors
/// Refuses passwords that are too short, too long or too common.
pub fn check_password(password: &str) -> Result<&str, Error> {
    const COMMON: [&str; 12] = [
        "password",
        "password1",
        "password123",
        "12345678",
        "123456789",
        "1234567890",
        "qwertyui",
        "qwerty123",
        "iloveyou",
        "11111111",
        "letmein1",
        "abcd1234",
    ];
    let refuse = |problem| Err(Error::invalid("password", problem));
    match password.chars().count() {
        length if length < PASSWORD.min => refuse(Problem::TooShort { min: PASSWORD.min }),
        length if length > PASSWORD.max => refuse(Problem::TooLong { max: PASSWORD.max }),
        _ if COMMON.contains(&password.to_lowercase().as_str()) => refuse(Problem::TooCommon),
        _ => Ok(password),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames_keep_to_their_alphabet_and_length() {
        assert!(check_username("mira_v-2").is_ok());
        for name in ["ab", "a b c", "míra", &"x".repeat(51)] {
            assert!(check_username(name).is_err(), "{name}");
        }
    }

    #[test]
    fn an_address_needs_something_on_both_sides() {
        assert!(check_email("mira@example.org").is_ok());
        for email in ["mira", "@example.org", "mira@localhost", "mi ra@example.org", "mira@example."] {
            assert!(check_email(email).is_err(), "{email}");
        }
    }

    #[test]
    fn a_common_password_is_refused_in_any_case() {
        assert_eq!(check_password("PassWord123"), Err(Error::invalid("password", Problem::TooCommon)));
    }

    #[test]
    fn a_password_never_shows_in_debug_output() {
        let account = Credentials { username: "mira".into(), password: "hush-hush-1".into() };
        assert!(!format!("{account:?}").contains("hush"));
    }
}
