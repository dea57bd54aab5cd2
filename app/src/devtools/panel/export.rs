//! All that the panel knows, in a file, to look at elsewhere or to give to somebody: never what a view shows.

use std::sync::Arc;

use domain::cache::Clock;
use js_sys::Array;
use leptos::prelude::*;
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use super::configuration::{VERSION, kinds};
use crate::{
    client::{self, LIMITS, Layer, Note, Settings},
    devtools::{
        entries::{
            model::Model,
            row::{Held, Row},
        },
        operations::layer_name,
    },
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Export {
    exported_at_ms: u64,
    version: &'static str,
    configuration: Configuration,
    entries: Vec<Entry>,
    operations: Vec<Operation>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Configuration {
    memory_entries: usize,
    memory_bytes: usize,
    local_storage: Settings,
    policies: Vec<Policy>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Policy {
    kind: &'static str,
    page_type: String,
    fresh_secs: u32,
    storage_ttl_secs: u32,
    server_ttl_secs: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    key: Arc<str>,
    tags: Vec<String>,
    state: &'static str,
    server: Option<InLayer>,
    local_storage: Option<InLayer>,
    memory: Option<InLayer>,
    observers: Option<u32>,
    hits: Option<u64>,
    stale: Option<u64>,
    misses: Option<u64>,
    fetched_in_ms: Option<u64>,
    last_invalidation: Option<Operation>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InLayer {
    age_ms: u64,
    ttl_ms: u64,
    size_bytes: u64,
    clock: Option<Clock>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Operation {
    at_ms: u64,
    layer: &'static str,
    operation: &'static str,
    subject: String,
    cause: String,
    origin: Option<&'static str>,
    clock: Option<Clock>,
}

/// Has the browser save the file.
pub(super) fn save(model: Model) {
    if let Ok(text) = serde_json::to_string_pretty(&export(model)) {
        // Without room for the file there is none, and the browser says so.
        let _ = download(&text, "fictures-cache.json");
    }
}

fn export(model: Model) -> Export {
    let now_ms = client::now_ms();
    Export {
        exported_at_ms: now_ms,
        version: VERSION,
        configuration: configuration(),
        entries: untrack(|| model.with_rows(|rows| rows.map(|row| entry(row, now_ms)).collect())),
        operations: client::notes().iter().map(operation).collect(),
    }
}

fn configuration() -> Configuration {
    let policies = kinds().into_iter().map(|key| {
        let policy = key.policy();
        Policy {
            kind: key.group(),
            page_type: policy.page_type.to_string(),
            fresh_secs: policy.fresh_secs,
            storage_ttl_secs: policy.storage_ttl_secs,
            server_ttl_secs: policy.server_ttl_secs,
        }
    });
    Configuration {
        memory_entries: LIMITS.entries,
        memory_bytes: LIMITS.memory_bytes,
        local_storage: Settings::in_force(),
        policies: policies.collect(),
    }
}

fn entry(row: &Row, now_ms: u64) -> Entry {
    let layer = |layer| row.held(layer).map(|held| in_layer(held, now_ms));
    let memory = row.memory.as_ref();
    let tags = row.key.as_ref().map(domain::cache::Key::tags).unwrap_or_default();
    Entry {
        key: Arc::clone(&row.text),
        tags: tags.iter().map(ToString::to_string).collect(),
        state: row.standing(now_ms).as_str(),
        server: layer(Layer::Server),
        local_storage: layer(Layer::LocalStorage),
        memory: layer(Layer::Memory),
        observers: memory.map(|memory| memory.observers),
        hits: memory.map(|memory| memory.hits),
        stale: memory.map(|memory| memory.stale),
        misses: memory.map(|memory| memory.misses),
        fetched_in_ms: memory.and_then(|memory| memory.fetched_in_ms),
        last_invalidation: row.last.as_ref().map(operation),
    }
}

fn in_layer(held: &Held, now_ms: u64) -> InLayer {
    InLayer { age_ms: held.age_ms(now_ms), ttl_ms: held.keep_ms, size_bytes: held.size_bytes, clock: held.clock }
}

fn operation(note: &Note) -> Operation {
    let told = note.told.as_ref();
    Operation {
        at_ms: note.at_ms,
        layer: layer_name(note.layer),
        operation: note.operation,
        subject: note.subject.clone(),
        cause: note.because(),
        origin: told.map(|told| told.origin.as_str()),
        clock: told.and_then(|told| told.clock),
    }
}

fn download(text: &str, name: &str) -> Result<(), JsValue> {
    let kind = BlobPropertyBag::new();
    kind.set_type("application/json");
    let file = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &kind)?;
    let address = Url::create_object_url_with_blob(&file)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&address);
    link.set_download(name);
    link.click();
    Url::revoke_object_url(&address)
}
