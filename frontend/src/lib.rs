//! The WASM entry point: wakes the page that the server has rendered.

use leptos::prelude::document;
use leptos::{mount::hydrate_from_async, tachys::dom::body};
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the script of leptos' `HydrationScripts`. Asynchronous, because a page may begin with a route that is loaded lazily.
#[wasm_bindgen]
pub async fn hydrate() {
    console_error_panic_hook::set_once();
    hydrate_from_async(body(), app::App).await.forget();
    if let Some(html) = document().document_element() {
        html.set_attribute("data-hydrated", "").ok(); // the browser tests wait for it before they click
    }
}
