//! `Idempotency-Key`: a retry gets the first answer again, and changes nothing.
//!
//! It stands before every unsafe method, through both doors. Keys belong to people, so a request without a session is
//! handled as if it had none; neither is an answer kept that changes the session itself. Answers of 5xx and 429 are not
//! kept: they ask for a retry.

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use backend::{
    Visitor,
    cache::Report,
    idempotency::{Answer, Attempt, Begun, IdempotencyKey},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts};
use sha2::{Digest, Sha256};

use crate::{
    api::{MAX_TEXT_BYTES, Problem, collect},
    router::Server,
};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The headers that belong to an answer; the others come from layers, which add them each time.
const KEPT: [HeaderName; 2] = [header::CONTENT_TYPE, header::LOCATION];

/// Handles a request that has a key, or lets it pass.
pub(crate) async fn idempotency(State(server): State<Server>, request: Request, next: Next) -> Response {
    if request.method().is_safe() || !request.headers().contains_key(IDEMPOTENCY_KEY) {
        return next.run(request).await;
    }
    match keyed(&server, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn keyed(server: &Server, request: Request, next: Next) -> Result<Response, Problem> {
    let key = key(request.headers())?;
    let (parts, body) = request.into_parts();
    let visitor = parts.extensions.get::<Visitor>().cloned().ok_or_else(Problem::internal)?;
    let report = parts.extensions.get::<Report>().cloned().ok_or_else(Problem::internal)?;
    let Some(user) = &visitor.user else { return Ok(next.run(Request::from_parts(parts, body)).await) };

    let bytes = collect(body, MAX_TEXT_BYTES).await?;
    let attempt = match server.backend.begin(user.id, key, fingerprint(&parts, &bytes)).await? {
        Begun::Attempt(attempt) => attempt,
        begun => return told(begun, &report),
    };
    let response = attempt.during(next.run(Request::from_parts(parts, Body::from(bytes)))).await;
    if visitor.slot.is_blank() { keep(server, &attempt, response, &report).await } else { Ok(response) }
}

/// Keeps an answer, and gives the one that counts.
async fn keep(server: &Server, attempt: &Attempt, response: Response, report: &Report) -> Result<Response, Problem> {
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.map_err(|_| Problem::internal())?;
    let asks_for_a_retry = parts.status.is_server_error() || parts.status == StatusCode::TOO_MANY_REQUESTS;
    let is_text = std::str::from_utf8(&bytes).ok();
    let ours = is_text.map(|text| answer(parts.status, &parts.headers, text, report, server.backend.now()));
    let settled = match &ours {
        None => return Ok(Response::from_parts(parts, Body::from(bytes))),
        Some(ours) if asks_for_a_retry => server.backend.settle(attempt, ours).await,
        Some(ours) => server.backend.keep(attempt, ours).await,
    };
    match settled {
        Ok(Begun::Answered(settled)) if ours.as_ref() == Some(settled.as_ref()) => {
            report.retold(settled.written, settled.at);
            Ok(Response::from_parts(parts, Body::from(bytes)))
        }
        Ok(begun) => told(begun, report),
        // What was written is written, and known under its key: only the words of the answer are not.
        Err(error) => {
            tracing::warn!(%error, "an answer could not be kept");
            Ok(Response::from_parts(parts, Body::from(bytes)))
        }
    }
}

fn answer(status: StatusCode, headers: &HeaderMap, body: &str, report: &Report, at: DateTime<Utc>) -> Answer {
    let summary = report.summary();
    let kept = KEPT.iter().filter_map(|name| Some((name.to_string(), headers.get(name)?.to_str().ok()?.to_owned())));
    Answer {
        status: status.as_u16(),
        headers: kept.collect(),
        body: body.to_owned(),
        written: summary.plan.zip(summary.clock),
        at,
    }
}

/// Tells an answer again.
fn told(begun: Begun, report: &Report) -> Result<Response, Problem> {
    let Begun::Answered(answer) = begun else { return Err(mismatch()) };
    report.retold(answer.written, answer.at);
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).map_err(|_| Problem::internal())?;
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(response)
}

fn key(headers: &HeaderMap) -> Result<IdempotencyKey, Problem> {
    let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
    let only = values.next().filter(|_| values.next().is_none());
    let key = only.and_then(|value| value.to_str().ok()?.parse().ok());
    key.ok_or_else(|| {
        let message = "The idempotency key is not one of 1 to 255 visible ASCII characters.";
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", message).blame("idempotency-key")
    })
}

fn mismatch() -> Problem {
    let message = "This idempotency key was used for another request.";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_mismatch", message).blame("idempotency-key")
}

/// What makes one request another.
fn fingerprint(parts: &Parts, body: &[u8]) -> String {
    let address = parts.uri.path_and_query().map_or("", |address| address.as_str());
    let hash = Sha256::new().chain_update(parts.method.as_str()).chain_update(" ").chain_update(address);
    URL_SAFE_NO_PAD.encode(hash.chain_update("\n").chain_update(body).finalize())
}
