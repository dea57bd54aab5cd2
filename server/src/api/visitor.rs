//! Who may come in: extractors that refuse before anything else is looked at.

use std::ops::Deref;

use axum::extract::FromRequestParts;
use backend::Visitor;
use domain::{Error as Refusal, user::User};
use http::request::Parts;

use super::Problem;
use crate::router::Server;

/// Anyone, signed in or not.
pub(crate) struct Anyone(pub(crate) Visitor);

/// Someone who is signed in; everyone else gets 401.
pub(crate) struct Member(User);

/// Someone who may use the studio; other members get 403.
pub(crate) struct Writer(User);

/// Someone who may see the cache tools.
pub(crate) struct Developer;

impl Deref for Member {
    type Target = User;

    fn deref(&self) -> &User {
        &self.0
    }
}

impl Deref for Writer {
    type Target = User;

    fn deref(&self) -> &User {
        &self.0
    }
}

fn visitor(parts: &Parts) -> Result<Visitor, Problem> {
    parts.extensions.get::<Visitor>().cloned().ok_or_else(Problem::internal)
}

fn member(parts: &Parts) -> Result<User, Problem> {
    visitor(parts)?.user.ok_or_else(|| Refusal::SignedOut.into())
}

impl FromRequestParts<Server> for Anyone {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Server) -> Result<Self, Problem> {
        visitor(parts).map(Anyone)
    }
}

impl FromRequestParts<Server> for Member {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Server) -> Result<Self, Problem> {
        member(parts).map(Member)
    }
}

impl FromRequestParts<Server> for Writer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Server) -> Result<Self, Problem> {
        let user = member(parts)?;
        if user.role.writes() { Ok(Writer(user)) } else { Err(Refusal::Forbidden.into()) }
    }
}

impl FromRequestParts<Server> for Developer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Problem> {
        if server.dev_tools || member(parts)?.role.sees_cache_tools() {
            Ok(Developer)
        } else {
            Err(Refusal::Forbidden.into())
        }
    }
}
