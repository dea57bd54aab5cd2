//! Numbers about the caches: for the dashboard, for a scraper, and from the browsers that count for themselves.

mod table;

use aide::axum::{
    ApiRouter,
    routing::{get_with, post_with},
};
use axum::{
    extract::{FromRequestParts, State},
    response::{IntoResponse, Response},
};
use backend::Backend;
use domain::cache::{GroupBy, MetricsAnswer, MetricsBatch, TimeRange};
use http::{HeaderValue, StatusCode, header, request::Parts};
use schemars::JsonSchema;
use serde::{
    Deserialize, Serialize,
    de::{IntoDeserializer, value::Error as NotAWord},
};

use super::{
    Answer, Problem,
    answer::Plain,
    json::{Bounded, Json},
    query::{params, present},
    visitor::{Anyone, Developer},
};
use crate::router::Server;

pub(crate) use table::Table;

/// The form that Prometheus reads.
const EXPOSITION: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");

/// Which numbers: `?timeRange=&groupBy=`.
pub(crate) struct Wanted {
    range: TimeRange,
    by: GroupBy,
}

/// 202: taken.
pub(crate) struct Accepted;

/// 200 with text for a scraper.
pub(crate) struct Exposition(String);

/// `{success}`.
#[derive(Serialize, JsonSchema)]
struct Done {
    success: bool,
}

impl Bounded for MetricsBatch {}

/// Below `/studio/api/cache`.
pub(crate) fn router() -> ApiRouter<Server> {
    ApiRouter::new()
        .api_route(
            "/metrics",
            get_with(metrics, |op| op.summary("What all layers did, as all servers counted it"))
                .delete_with(clear, |op| op.summary("Forget what was counted")),
        )
        .api_route("/metrics/csv", get_with(table, |op| op.summary("The same as a table for spreadsheets")))
        .api_route("/metrics", post_with(add, |op| op.summary("What a browser counted")))
}

/// At the root.
pub(crate) fn scraped() -> ApiRouter<Server> {
    ApiRouter::new().api_route("/metrics", get_with(expose, |op| op.summary("Numbers in the form of Prometheus")))
}

async fn metrics(
    _: Developer,
    State(backend): State<Backend>,
    Wanted { range, by }: Wanted,
) -> Answer<Plain<MetricsAnswer>> {
    Ok(Plain(backend.metrics(range, by).await?))
}

async fn table(_: Developer, State(backend): State<Backend>, Wanted { range, by }: Wanted) -> Answer<Table> {
    Ok(Table(backend.metrics(range, by).await?))
}

async fn clear(_: Developer, State(backend): State<Backend>) -> Answer<Plain<Done>> {
    backend.clear_metrics().await?;
    Ok(Plain(Done { success: true }))
}

async fn add(
    Anyone(visitor): Anyone,
    State(backend): State<Backend>,
    Json(batch): Json<MetricsBatch>,
) -> Answer<Accepted> {
    backend.add_metrics(&visitor, &batch)?;
    Ok(Accepted)
}

async fn expose(_: Developer, State(backend): State<Backend>) -> Exposition {
    Exposition(backend.prometheus())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WantedParams {
    time_range: Option<String>,
    group_by: Option<String>,
}

impl<S: Sync> FromRequestParts<S> for Wanted {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let WantedParams { time_range, group_by } = params(parts).await?;
        Ok(Wanted { range: word("timeRange", time_range)?, by: word("groupBy", group_by)? })
    }
}

/// One of the words of `T`; absent is the usual one.
fn word<T: Default + for<'de> Deserialize<'de>>(name: &str, value: Option<String>) -> Result<T, Problem> {
    let Some(text) = present(value) else { return Ok(T::default()) };
    let word: Result<T, NotAWord> = T::deserialize(text.as_str().into_deserializer());
    word.map_err(|_| Problem::malformed(format!("The {name} is not one of the allowed values.")).blame(name))
}

impl IntoResponse for Accepted {
    fn into_response(self) -> Response {
        StatusCode::ACCEPTED.into_response()
    }
}

impl IntoResponse for Exposition {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, EXPOSITION)], self.0).into_response()
    }
}
