//! Making an account.

use leptos::{form::ActionForm, prelude::*};
use leptos_meta::{Meta, Title};
use leptos_router::location::Url;

use super::log_in::{AlreadyIn, use_next};
use crate::{
    api::accounts::SignUp,
    components::{
        field::{TextField, problem_of},
        form_trouble::{FormTrouble, failure_of},
    },
};

/// `/signup`; `?next=` is where to go afterwards.
#[component]
pub fn SignUpPage() -> impl IntoView {
    let next = use_next();
    let sign_up = ServerAction::<SignUp>::new();
    let answer = move || sign_up.value().get();
    let problem = move |field: &'static str| Signal::derive(move || problem_of(answer(), field));
    let busy = move || sign_up.pending().get() || matches!(answer(), Some(Ok(())));

    view! {
        <Title text="Create an account" />
        <Meta name="description" content="Make an account to write novels, or to talk about them." />
        <div class="page page--narrow">
            <div class="auth">
                <h1 class="page__title">"Create an account"</h1>
                <AlreadyIn />
                <FormTrouble what="Your account was not created." failure=Signal::derive(move || failure_of(answer())) />
                <ActionForm action=sign_up attr:class="auth__form">
                    <input type="hidden" name="next" value=next />
                    <TextField
                        name="username"
                        label="Username"
                        autocomplete="username"
                        hint="3 to 50 letters, digits, _ or -. Others see it."
                        problem=problem("username")
                    />
                    <TextField
                        name="email"
                        label="Email"
                        kind="email"
                        autocomplete="email"
                        hint="Nobody else sees it."
                        problem=problem("email")
                    />
                    <TextField
                        name="password"
                        label="Password"
                        kind="password"
                        autocomplete="new-password"
                        hint="At least 8 characters; 15 are better."
                        problem=problem("password")
                    />
                    <RoleField />
                    <button class="button button--primary auth__submit" type="submit" disabled=busy>
                        "Create account"
                    </button>
                </ActionForm>
                <p class="auth__other">
                    "Already have one? " <a href=move || format!("/login?next={}", Url::escape(&next.get()))>"Log in"</a>
                </p>
            </div>
        </div>
    }
}

#[component]
fn RoleField() -> impl IntoView {
    view! {
        <fieldset class="choices">
            <legend class="field__label">"What brings you here?"</legend>
            <label class="choice">
                <input type="radio" name="role" value="reader" checked />
                <span class="choice__text">
                    <strong>"I want to read"</strong>
                    <small>"Read, like, and talk about novels."</small>
                </span>
            </label>
            <label class="choice">
                <input type="radio" name="role" value="writer" />
                <span class="choice__text">
                    <strong>"I want to write"</strong>
                    <small>"All that, and a studio for your own novels."</small>
                </span>
            </label>
        </fieldset>
    }
}
