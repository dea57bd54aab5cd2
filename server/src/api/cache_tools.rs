//! Looking into the server cache, for developers (or for everyone, on a server that was started so).

use aide::axum::{
    ApiRouter,
    routing::{delete_with, get_with, post_with},
};
use axum::extract::State;
use backend::{
    Backend, Warmed,
    cache::{CachedEntry, Operation, ServerCache},
};
use domain::cache::Explanation;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Answer,
    answer::Plain,
    path::CacheKey,
    query::{Entries, KeyWanted},
    visitor::Developer,
};
use crate::router::Server;

/// `{store, keys}`: entries of the store.
#[derive(Serialize, JsonSchema)]
struct Keys {
    store: &'static str,
    keys: Vec<CachedEntry>,
}

/// `{store, operations}`: what the cache did, the newest first.
#[derive(Serialize, JsonSchema)]
struct Operations {
    store: &'static str,
    operations: Vec<Operation>,
}

/// `{success, removed}`: how many entries went.
#[derive(Serialize, JsonSchema)]
struct Cleared {
    success: bool,
    removed: u64,
}

/// `{success, removed}`: whether there was an entry.
#[derive(Serialize, JsonSchema)]
struct Forgotten {
    success: bool,
    removed: bool,
}

/// `{success, warmed, skipped, durationMs}`: how many views were loaded, and how many needed no loading or could not be
/// stored. No success while the store is away.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WarmAnswer {
    pub(crate) success: bool,
    pub(crate) warmed: u64,
    pub(crate) skipped: u64,
    pub(crate) duration_ms: u64,
}

impl From<Warmed> for WarmAnswer {
    fn from(Warmed { warmed, skipped, is_complete, took }: Warmed) -> Self {
        let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        WarmAnswer { success: is_complete, warmed, skipped, duration_ms }
    }
}

pub(crate) fn router() -> ApiRouter<Server> {
    ApiRouter::new()
        .api_route(
            "/keys",
            get_with(keys, |op| op.summary("The stored entries, by key"))
                .delete_with(clear, |op| op.summary("Drop every entry")),
        )
        .api_route("/keys/{key}", delete_with(forget, |op| op.summary("Drop one entry")))
        .api_route("/explain", get_with(explain, |op| op.summary("Why a read of a key would hit or miss now")))
        .api_route("/warm", post_with(warm, |op| op.summary("Load what most readers will come for")))
        .api_route("/operations", get_with(operations, |op| op.summary("What the cache did last")))
}

async fn keys(_: Developer, State(cache): State<ServerCache>, Entries { prefix, limit }: Entries) -> Plain<Keys> {
    Plain(Keys { store: cache.store_name(), keys: cache.entries(&prefix, limit).await })
}

async fn explain(
    _: Developer,
    State(backend): State<Backend>,
    KeyWanted(key): KeyWanted,
) -> Answer<Plain<Explanation>> {
    Ok(Plain(backend.explain(&key).await?))
}

async fn forget(_: Developer, State(cache): State<ServerCache>, CacheKey(key): CacheKey) -> Plain<Forgotten> {
    Plain(Forgotten { success: true, removed: cache.forget(&key).await })
}

async fn clear(_: Developer, State(cache): State<ServerCache>) -> Plain<Cleared> {
    Plain(Cleared { success: true, removed: cache.clear().await })
}

async fn operations(
    _: Developer,
    State(cache): State<ServerCache>,
    Entries { limit, .. }: Entries,
) -> Plain<Operations> {
    Plain(Operations { store: cache.store_name(), operations: cache.recent(limit) })
}

async fn warm(_: Developer, State(backend): State<Backend>) -> Answer<Plain<WarmAnswer>> {
    Ok(Plain(backend.warm().await?.into()))
}
