//! Logging in.

use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use leptos_router::{hooks::use_query_map, location::Url};

use crate::{
    api::{Visit, accounts::LogIn},
    components::{
        field::{TextField, problem_of},
        form_trouble::{FormTrouble, failure_of},
    },
};

/// `/login`; `?next=` is where to go afterwards, a path of this site.
#[component]
pub fn LogInPage() -> impl IntoView {
    let next = use_next();
    let log_in = ServerAction::<LogIn>::new();
    let answer = move || log_in.value().get();
    let problem = move |field: &'static str| Signal::derive(move || problem_of(answer(), field));
    // Once it has succeeded, the browser is on its way to the next page.
    let busy = move || log_in.pending().get() || matches!(answer(), Some(Ok(())));

    view! {
        <Title text="Log in" />
        <div class="page page--narrow">
            <div class="auth">
                <h1 class="page__title">"Log in"</h1>
                <AlreadyIn />
                <FormTrouble what="You are not logged in." failure=Signal::derive(move || failure_of(answer())) />
                <ActionForm action=log_in attr:class="auth__form">
                    <input type="hidden" name="next" value=next />
                    <TextField
                        name="username"
                        label="Username or email"
                        autocomplete="username"
                        problem=problem("username")
                    />
                    <TextField
                        name="password"
                        label="Password"
                        kind="password"
                        autocomplete="current-password"
                        problem=problem("password")
                    />
                    <button class="button button--primary auth__submit" type="submit" disabled=busy>
                        "Log in"
                    </button>
                </ActionForm>
                <p class="auth__other">
                    "New here? " <a href=move || format!("/signup?next={}", Url::escape(&next.get()))>"Create an account"</a>
                </p>
            </div>
        </div>
    }
}

/// Where to go afterwards. The server has the last word: it leads to no other site.
pub(super) fn use_next() -> Memo<String> {
    let address = use_query_map();
    Memo::new(move |_| address.with(|map| map.get("next")).unwrap_or_else(|| "/novels".to_owned()))
}

/// Someone who is logged in may still log in as another.
#[component]
pub(super) fn AlreadyIn() -> impl IntoView {
    Visit::current().user.map(|user| {
        view! {
            <p class="notice notice--info">
                <span>
                    {format!("You are logged in as {}. ", user.username)} <a href="/novels">"Go on to the novels"</a>
                </span>
            </p>
        }
    })
}
