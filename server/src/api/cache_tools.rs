//! Looking into the server cache, for developers (or for everyone, on a server that was started so).

use axum::{
    Router,
    extract::State,
    routing::{delete, get},
};
use backend::cache::ServerCache;
use serde_json::json;

use super::{Answer, Door, path::CacheKey, query::Entries, visitor::Developer};
use crate::router::Server;

pub(crate) fn router() -> Router<Server> {
    Router::new()
        .route("/keys", get(keys).delete(clear))
        .route("/keys/{key}", delete(forget))
        .route("/operations", get(operations))
}

async fn keys(
    door: Door,
    _: Developer,
    State(cache): State<ServerCache>,
    Entries { prefix, limit }: Entries,
) -> Answer {
    let entries = cache.entries(&prefix, limit).await;
    door.plain(&json!({ "store": cache.store_name(), "keys": entries }))
}

async fn forget(door: Door, _: Developer, State(cache): State<ServerCache>, CacheKey(key): CacheKey) -> Answer {
    let removed = cache.forget(&key).await;
    door.plain(&json!({ "success": true, "removed": removed }))
}

async fn clear(door: Door, _: Developer, State(cache): State<ServerCache>) -> Answer {
    let removed = cache.clear().await;
    door.plain(&json!({ "success": true, "removed": removed }))
}

async fn operations(
    door: Door,
    _: Developer,
    State(cache): State<ServerCache>,
    Entries { limit, .. }: Entries,
) -> Answer {
    door.plain(&json!({ "store": cache.store_name(), "operations": cache.recent(limit) }))
}
