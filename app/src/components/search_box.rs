//! A box that searches the novels, for pages that have nothing else to offer.

use leptos::prelude::*;
use leptos_router::components::Form;

/// One field and one button; a plain form without JavaScript.
#[component]
pub fn SearchBox() -> impl IntoView {
    view! {
        <Form method="GET" action="/novels" attr:role="search" attr:class="search-box">
            <label class="visually-hidden" for="search-box">
                "Search the novels"
            </label>
            <input class="field__input" id="search-box" type="search" name="q" maxlength="100" placeholder="Title or summary" />
            <button class="button button--primary">"Search"</button>
        </Form>
    }
    .into_any()
}
