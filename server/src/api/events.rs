//! What became stale, as it happens: a stream of server-sent events.

use std::convert::Infallible;

use aide::axum::{ApiRouter, routing::get_with};
use axum::{
    body::Body,
    extract::{FromRequestParts, State},
    response::{IntoResponse, Response},
};
use backend::{Backend, Listening, Since};
use domain::{Error as Refusal, id::UserId};
use futures::stream;
use http::{HeaderName, HeaderValue, header, request::Parts};

use super::{Answer, Problem, query, visitor::Anyone};
use crate::router::Server;

/// Where a browser says what it heard last when it comes back.
pub(crate) const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Tells nginx, and what learned from it, to hand each event on at once.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// From where to go on: `Last-Event-ID`, else `?lastEventId=`.
pub(crate) struct Heard(Since);

/// As whom to listen: `?person=`. Whoever keeps one's private views must not take a stranger's stream for one's own.
pub(crate) struct ListensAs(Option<UserId>);

/// 200 with a stream that has no end of its own.
pub(crate) struct Events(Listening);

pub(crate) fn router() -> ApiRouter<Server> {
    ApiRouter::new().api_route(
        "/api/events",
        get_with(events, |op| {
            op.summary("What becomes stale, as it happens").response::<401, Problem>().response::<429, Problem>()
        }),
    )
}

async fn events(
    Anyone(visitor): Anyone,
    State(backend): State<Backend>,
    ListensAs(person): ListensAs,
    Heard(since): Heard,
) -> Answer<Events> {
    // A browser that comes back after the session has ended is a guest, and would never hear what it missed.
    if person.is_some() && person != visitor.user.as_ref().map(|user| user.id) {
        return Err(Refusal::SignedOut.into());
    }
    Ok(Events(backend.listen(&visitor, since).await?))
}

impl<S: Sync> FromRequestParts<S> for Heard {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        // A browser that comes back asks for the same address as at first: then the header knows better.
        if let Some(id) = parts.headers.get(LAST_EVENT_ID) {
            return Ok(Heard(id.to_str().map_or(Since::Unreadable, Since::parse)));
        }
        Ok(Heard(query::last_event_id(parts).await?.map_or(Since::Now, |id| Since::parse(&id))))
    }
}

impl<S: Sync> FromRequestParts<S> for ListensAs {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        query::person(parts).await.map(ListensAs)
    }
}

impl IntoResponse for Events {
    fn into_response(self) -> Response {
        let pieces = stream::unfold(self.0, async |mut listening| {
            let piece = listening.next().await?;
            Some((Ok::<_, Infallible>(piece), listening))
        });
        let kind = (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        let unbuffered = (X_ACCEL_BUFFERING, HeaderValue::from_static("no"));
        ([kind, unbuffered], Body::from_stream(pieces)).into_response()
    }
}
