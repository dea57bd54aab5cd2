//! Search, genre and order of the public list.

use domain::reading::{NovelsQuery, Sort};
use leptos::prelude::*;
use leptos_router::components::Form;

/// What is offered; a story may have any other.
const GENRES: [&str; 12] = [
    "Adventure",
    "Contemporary",
    "Fantasy",
    "Historical",
    "Horror",
    "Literary",
    "Mystery",
    "Romance",
    "Science fiction",
    "Short stories",
    "Speculative",
    "Thriller",
];

/// A GET form: what is asked for is in the address, and can be kept and shared.
#[component]
pub fn NovelFilters(#[prop(into)] query: Signal<NovelsQuery>) -> impl IntoView {
    let search = move || query.with(|query| query.search.clone().unwrap_or_default());
    view! {
        <Form method="GET" action="/novels" attr:role="search" attr:class="filters">
            <div class="field filters__search">
                <label class="field__label" for="q">
                    "Search"
                </label>
                <input
                    class="field__input"
                    id="q"
                    type="search"
                    name="q"
                    maxlength="100"
                    placeholder="Title or summary"
                    value=search
                    prop:value=search
                />
            </div>
            <GenreField query />
            <SortField query />
            <div class="filters__go">
                <button class="button button--primary">"Show"</button>
            </div>
        </Form>
    }
    .into_any()
}

#[component]
fn GenreField(query: Signal<NovelsQuery>) -> impl IntoView {
    let chosen = Memo::new(move |_| query.with(|query| query.genre.clone().unwrap_or_default()));
    // A genre that is not offered can still be asked for, by its link.
    let other = move || {
        let other = chosen.get();
        let known = other.is_empty() || GENRES.contains(&other.as_str());
        (!known).then(|| view! { <option value=other.clone() selected>{other.clone()}</option> })
    };
    let options = GENRES.map(|genre| {
        view! { <option value=genre selected=move || chosen.with(|chosen| chosen == genre) prop:selected=move || chosen.with(|chosen| chosen == genre)>{genre}</option> }
    });
    view! {
        <div class="field">
            <label class="field__label" for="genre">
                "Genre"
            </label>
            <select class="field__input" id="genre" name="genre">
                <option value="">"All genres"</option>
                {options.into_iter().collect_view()}
                {other}
            </select>
        </div>
    }
    .into_any()
}

#[component]
fn SortField(query: Signal<NovelsQuery>) -> impl IntoView {
    let is = move |sort| query.with(|query| query.sort == sort);
    view! {
        <div class="field">
            <label class="field__label" for="sort">
                "Order"
            </label>
            <select class="field__input" id="sort" name="sort">
                <option value="latest" selected=move || is(Sort::Latest) prop:selected=move || is(Sort::Latest)>
                    "Latest first"
                </option>
                <option value="popular" selected=move || is(Sort::Popular) prop:selected=move || is(Sort::Popular)>
                    "Most discussed"
                </option>
            </select>
        </div>
    }
    .into_any()
}
