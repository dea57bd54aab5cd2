//! Search, genre and order of the public list.

use domain::{
    page::Page,
    reading::{NovelsQuery, Sort},
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate, location::Url};
use web_sys::{FormData, HtmlFormElement};

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

/// What an address, or a form, asks for; what it asks for wrongly is left out.
pub fn query_of(field: impl Fn(&str) -> Option<String>) -> NovelsQuery {
    let text = |name| field(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    NovelsQuery {
        search: text("q"),
        genre: text("genre"),
        sort: text("sort").and_then(|sort| sort.parse().ok()).unwrap_or_default(),
        page: Page::new(None, text("after").and_then(|cursor| cursor.parse().ok())),
    }
}

/// The address of a part of the list; what is as usual is not in it.
pub fn path_of(query: &NovelsQuery) -> String {
    let sort = (query.sort != Sort::Latest).then(|| query.sort.to_string());
    let after = query.page.after.as_ref().map(ToString::to_string);
    let options = [("q", query.search.clone()), ("genre", query.genre.clone()), ("sort", sort), ("after", after)];
    let pairs = options.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", Url::escape(&value?))));
    let pairs = pairs.collect::<Vec<_>>().join("&");
    if pairs.is_empty() { "/novels".to_owned() } else { format!("/novels?{pairs}") }
}

/// A GET form: what is asked for is in the address, and can be kept and shared.
#[component]
pub fn NovelFilters(#[prop(into)] query: Signal<NovelsQuery>) -> impl IntoView {
    let navigate = use_navigate();
    let on_submit = move |event: SubmitEvent| {
        let form = event_target::<HtmlFormElement>(&event);
        // Where the form cannot be read, the browser sends it.
        if let Ok(fields) = FormData::new_with_form(&form) {
            event.prevent_default();
            navigate(&path_of(&query_of(|name| fields.get(name).as_string())), NavigateOptions::default());
        }
    };
    let search = move || query.with(|query| query.search.clone().unwrap_or_default());
    view! {
        <form class="filters" method="get" action="/novels" role="search" on:submit=on_submit>
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
        </form>
    }
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_and_what_it_asks_for_are_the_same() {
        let field = |name: &str| match name {
            "q" => Some(" salt & tide ".to_owned()),
            "sort" => Some("popular".to_owned()),
            "after" => Some("no cursor!".to_owned()),
            _ => None,
        };

        let query = query_of(field);

        assert_eq!(query.page, Page::first());
        assert_eq!(path_of(&query), "/novels?q=salt%20%26%20tide&sort=popular");
        assert_eq!(path_of(&NovelsQuery::first()), "/novels");
    }
}
