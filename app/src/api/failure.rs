//! How a call to the server can fail, as the pages see it.

use domain::error::{Entity, Error as Refusal};
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use super::JsonText;

/// Refused by the domain, or lost on the way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The server understood and said no.
    #[error("{0}")]
    Refused(Refusal),
    /// No answer came: the network, or the server, is away. Whether a write arrived is unknown.
    #[error("The server cannot be reached.")]
    Lost,
    /// The server answered with an error of its own, or with something that cannot be understood.
    #[error("Something went wrong on the server.")]
    Broken,
}

impl Failure {
    /// Is the answer that there is no such thing (or that it is not yours to see)?
    pub fn is_not_found(&self) -> bool {
        matches!(self, Failure::Refused(Refusal::NotFound(_)))
    }

    /// Must the person log in first?
    pub fn is_signed_out(&self) -> bool {
        matches!(self, Failure::Refused(Refusal::SignedOut))
    }

    /// May the same question be answered later? A refusal stays what it is, but for one that only says "not now".
    pub fn may_pass(&self) -> bool {
        match self {
            Failure::Lost | Failure::Broken | Failure::Refused(Refusal::TooMany { .. }) => true,
            Failure::Refused(_) => false,
        }
    }

    /// The refusal for a path that leads nowhere.
    pub fn no_such_page() -> Self {
        Failure::Refused(Refusal::NotFound(Entity::Page))
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Failure::Refused(refusal)
    }
}

impl FromServerFnError for Failure {
    type Encoder = JsonText;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Failure::Lost,
            _ => Failure::Broken,
        }
    }
}
