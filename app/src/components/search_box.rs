//! A box that searches the novels, for pages that have nothing else to offer.

use leptos::prelude::*;

/// One field and one button: a plain form, which loads the list.
#[component]
pub fn SearchBox() -> impl IntoView {
    view! {
        <form class="search-box" method="get" action="/novels" role="search">
            <label class="visually-hidden" for="search-box">
                "Search the novels"
            </label>
            <input class="field__input" id="search-box" type="search" name="q" maxlength="100" placeholder="Title or summary" />
            <button class="button button--primary">"Search"</button>
        </form>
    }
}
