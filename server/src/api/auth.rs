//! Accounts and sessions. The cookie itself is the session middleware's: a use case only leaves word of it.

use aide::axum::{
    ApiRouter,
    routing::{get_with, post_with},
};
use domain::user::{Credentials, NewAccount, SessionAnswer, UserAnswer};

use super::{
    Answer, Door, Problem,
    answer::{Done, Plain, SignedUp},
    json::{Json, Nothing, Optional},
    visitor::Anyone,
};
use crate::router::Server;

pub(crate) fn router() -> ApiRouter<Server> {
    ApiRouter::new()
        .api_route(
            "/register",
            post_with(register, |op| op.summary("Make an account, and sign in").response::<409, Problem>()),
        )
        .api_route("/login", post_with(log_in, |op| op.summary("Sign in").response::<401, Problem>()))
        .api_route("/logout", post_with(log_out, |op| op.summary("End the session")))
        .api_route("/session", get_with(session, |op| op.summary("Who is signed in")))
}

async fn register(door: Door, Anyone(visitor): Anyone, Json(account): Json<NewAccount>) -> Answer<SignedUp> {
    let signed_in = door.backend.register(account, visitor.address).await?;
    visitor.slot.sign_in(signed_in.token);
    Ok(SignedUp(UserAnswer { user: signed_in.user }))
}

async fn log_in(
    door: Door,
    Anyone(visitor): Anyone,
    Json(credentials): Json<Credentials>,
) -> Answer<Plain<UserAnswer>> {
    let signed_in = door.backend.log_in(credentials, visitor.address, visitor.token.as_ref()).await?;
    visitor.slot.sign_in(signed_in.token);
    Ok(Plain(UserAnswer { user: signed_in.user }))
}

async fn log_out(door: Door, Anyone(visitor): Anyone, _: Optional<Nothing>) -> Answer<Done> {
    if let Some(token) = &visitor.token {
        door.backend.log_out(token).await?;
    }
    visitor.slot.sign_out();
    Ok(Done)
}

async fn session(Anyone(visitor): Anyone) -> Plain<SessionAnswer> {
    Plain(SessionAnswer { user: visitor.user })
}
