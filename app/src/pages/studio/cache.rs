//! The dashboard of the caches as a page: rendered on the server with its numbers, then live.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::devtools::dashboard::Dashboard;

/// `/studio/cache`, for those who may see the cache tools; who may not is led past it (see `pages::chunks`).
#[component]
pub fn CachePage() -> impl IntoView {
    let query = use_query_map();
    let asked = move |name: &str| query.with_untracked(|query| query.get(name));
    view! {
        <Title text="Caches" />
        <div class="page page--wide">
            <header class="page__head">
                <h1 class="page__title">"Caches"</h1>
                <p class="page__lead">
                    "What the three layers did, as all servers and browsers counted it. What this browser holds is in the "
                    <a href="?debug=cache">"debug panel"</a> " (Ctrl+Shift+D)."
                </p>
            </header>
            <h2 class="visually-hidden">"Metrics and alerts"</h2>
            <Dashboard place="page" asked />
        </div>
    }
}
