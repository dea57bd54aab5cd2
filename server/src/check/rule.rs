//! What a rule is, and the few words that rules are made of.

use http::{HeaderName, StatusCode};

use super::visit::Seen;
use crate::client::Reply;

/// Something that must hold before readers come.
pub(super) struct Rule {
    pub(super) name: &'static str,
    /// What to do when it does not hold.
    pub(super) advice: &'static str,
    pub(super) holds: fn(&Seen) -> Verdict,
}

/// Does a rule hold?
pub(super) type Verdict = Result<(), Fault>;

/// Why a rule does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// This was found instead.
    Found(String),
    /// It cannot be judged here, for this reason.
    NotApplicable(String),
}

/// A request without an answer breaks every rule about it.
impl From<&String> for Fault {
    fn from(cause: &String) -> Self {
        Fault::Found(cause.clone())
    }
}

/// Holds if `met`; else says what was found.
pub(super) fn demand(met: bool, found: impl FnOnce() -> String) -> Verdict {
    if met { Ok(()) } else { Err(Fault::Found(found())) }
}

/// The answer has this status.
pub(super) fn has_status(reply: &Reply, status: StatusCode) -> Verdict {
    demand(reply.status == status, || format!("the status is {}, not {status}", reply.status))
}

/// The header is there, and `is_right`.
pub(super) fn has_header(reply: &Reply, name: &HeaderName, is_right: impl FnOnce(&str) -> bool) -> Verdict {
    match reply.header(name) {
        Some(value) => demand(is_right(value), || format!("{name} is {value:?}")),
        None => Err(Fault::Found(format!("{name} is missing"))),
    }
}

/// The answer is JSON that holds all of these fields.
pub(super) fn has_fields(reply: &Reply, fields: &[&str]) -> Verdict {
    has_status(reply, StatusCode::OK)?;
    let Some(json) = reply.json() else { return Err(Fault::Found("the answer is no JSON".to_owned())) };
    let missing: Vec<_> = fields.iter().filter(|field| json.get(**field).is_none()).copied().collect();
    demand(missing.is_empty(), || format!("these fields are missing: {}", missing.join(", ")))
}

/// The answer refuses in the one form that all errors have, with this status.
pub(super) fn refuses(reply: &Reply, status: StatusCode) -> Verdict {
    has_status(reply, status)?;
    let json = reply.json().unwrap_or_default();
    let is_told = json["error"].is_string() && json["message"].is_string();
    demand(is_told, || "the answer holds no error and message".to_owned())
}
