//! What keeps a page live once it can be used: a chunk of its own, loaded when the browser has nothing better to do.
//!
//! A page can be read and clicked without any of this. The engine is in it; `push` hears what others change, `prefetch`
//! fetches what is likely to be read next, `counts` tells the server what this browser's layers did, `resume` looks after a page that comes back from the back/forward cache.

mod counts;
mod locks;
mod prefetch;
mod push;
mod resume;
mod routes;
mod simulating;

use std::time::Duration;

use leptos::{
    leptos_dom::helpers::request_idle_callback,
    prelude::*,
    task::spawn_local,
    wasm_split::{SplitLoaderError, wasm_split},
};

use super::{browser, cache, chunk::persist, door};
use crate::api::Visit;

pub(super) use counts::count;
pub use prefetch::{Prefetched, prefetched};
pub(super) use push::come_back;
pub use push::{StreamRole, StreamState, stream_state};
pub use simulating::simulate;

/// How long the page is left alone after it was hydrated, where the browser does not say when it is idle.
const SETTLED: Duration = Duration::from_millis(200);

/// Begins the life of a page for this visitor, and loads the chunk when the page has settled. `load_ahead` is how the code
/// of other pages is loaded. Does nothing on the server.
pub fn start(visit: &Visit, load_ahead: fn(&str)) {
    if !browser::in_browser() {
        return;
    }
    door::open(visit, load_ahead);
    when_settled(door::call_engine);
}

/// Does something when the page was hydrated and the browser has nothing better to do.
pub fn when_settled(act: fn()) {
    Effect::new(move |_| set_timeout(move || request_idle_callback(act), SETTLED));
}

/// Loads the chunk.
pub(super) fn load() {
    spawn_local(persist(live));
}

#[wasm_split(live_1, wasm_split_path = ::leptos::wasm_split, fallible)]
fn live() -> Result<(), SplitLoaderError> {
    let visit = door::visit();
    cache::start();
    push::start(visit.user.as_ref().map(|user| user.id));
    counts::start();
    resume::start(visit.user.as_ref().map(|user| user.id));
    prefetch::start(visit);
    Ok(())
}
