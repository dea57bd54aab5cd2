//! What the debug panel asks the server: what its cache holds, why a view would hit or miss, and to forget one.
//!
//! These requests are no part of what pages do: they are sent while the network is simulated away, and are not counted.

use domain::cache::{Explanation, Key, Tag};
use leptos::prelude::window;
use serde::{Deserialize, de::DeserializeOwned};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::RequestInit;

use crate::api::Failure;

const CACHE: &str = "/studio/api/cache";
/// No page of an answer is longer.
pub const LISTED: usize = 100;

/// Entries of the server's cache.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct KeysAnswer {
    /// `redis` or `in-process`.
    pub store: String,
    pub keys: Vec<ServerEntry>,
}

/// One entry of the server's cache.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServerEntry {
    pub key: String,
    /// Empty if the key was written by another version of the server.
    pub tags: Vec<Tag>,
    pub age_ms: u64,
    /// What is left of its time; 0 when it is over.
    pub ttl_ms: u64,
    pub size_bytes: u64,
    /// Whether a read would be served this entry now.
    pub is_fresh: bool,
}

/// The entries of the server's cache whose keys begin with `prefix`, at most [`LISTED`].
///
/// # Errors
/// When the server does not answer, or not to this person.
pub async fn server_entries(prefix: &str) -> Result<KeysAnswer, Failure> {
    ask("GET", &format!("/keys?limit={LISTED}&prefix={}", encoded(prefix))).await
}

/// Why the server's cache would answer a read of `key` as it would.
///
/// # Errors
/// When the server does not answer, or not to this person.
pub async fn explain(key: &Key) -> Result<Explanation, Failure> {
    ask("GET", &format!("/explain?key={}", encoded(&key.to_string()))).await
}

/// Drops `key` from the server's cache.
///
/// # Errors
/// When the server does not answer, or not to this person.
pub async fn forget_on_server(key: &str) -> Result<(), Failure> {
    ask::<Forgotten>("DELETE", &format!("/keys/{}", encoded(key))).await.map(drop)
}

/// That there was an entry, or none, is all the same.
#[derive(Deserialize)]
struct Forgotten {}

fn encoded(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

async fn ask<T: DeserializeOwned>(method: &str, path: &str) -> Result<T, Failure> {
    let init = RequestInit::new();
    init.set_method(method);
    let sent = window().fetch_with_str_and_init(&format!("{CACHE}{path}"), &init);
    let response: web_sys::Response = JsFuture::from(sent).await.map_err(|_| Failure::Lost)?.unchecked_into();
    if !response.ok() {
        return Err(Failure::Broken);
    }
    let text = JsFuture::from(response.text().map_err(|_| Failure::Broken)?).await.map_err(|_| Failure::Lost)?;
    let text = text.as_string().ok_or(Failure::Broken)?;
    serde_json::from_str(&text).map_err(|_| Failure::Broken)
}
