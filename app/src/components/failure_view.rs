//! How every failure looks, in one place.

use domain::error::{Entity, Error as Refusal};
use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    icons::{Glyph, Icon},
    log_in_link::LogInLink,
    search_box::SearchBox,
};
use crate::api::{Failure, Missing};

/// What a page shows in place of what it could not read.
#[component]
pub fn FailureView(failure: Failure, #[prop(optional)] retry: Option<Callback<()>>) -> impl IntoView {
    match failure {
        Failure::Refused(Refusal::NotFound(entity)) => view! { <NotThere entity /> }.into_any(),
        Failure::Refused(Refusal::SignedOut) => view! { <SignedOut /> }.into_any(),
        failure => view! { <Trouble failure retry /> }.into_any(),
    }
}

/// There is no such thing, or it is not yours to see; a search may still find what was meant.
#[component]
fn NotThere(entity: Entity) -> impl IntoView {
    Missing::tell();
    view! {
        <Title text="Not found" />
        <div class="page page--column">
            <div class="page__head">
                <h1 class="page__title">{format!("There is no such {entity}")}</h1>
                <p class="page__lead">"It may have been moved or taken back by its writer. Perhaps a search finds it."</p>
            </div>
            <SearchBox />
            <p class="page__section">
                <a href="/novels">"All novels"</a>
                " · "
                <a href="/community">"Community"</a>
            </p>
        </div>
    }
}

#[component]
fn SignedOut() -> impl IntoView {
    view! {
        <div class="page page--narrow">
            <div class="empty">
                <h1 class="empty__title">"Log in to continue"</h1>
                <p>"This page is for its owner. You come back here afterwards."</p>
                <div class="actions">
                    <LogInLink class="button button--primary" />
                </div>
            </div>
        </div>
    }
}

/// Above what was read before, when it could not be read again: nothing is taken away from under a reader or a writer.
#[component]
pub fn StaleNotice(failure: Failure, retry: Callback<()>) -> impl IntoView {
    let (words, act) = match failure {
        Failure::Refused(Refusal::NotFound(_)) => ("This is no longer here. You see it as it was.".to_owned(), None),
        Failure::Refused(Refusal::SignedOut) => {
            ("Your session has ended. You see it as it was.".to_owned(), Some(view! { <LogInLink /> }.into_any()))
        }
        failure => {
            let again = view! {
                <button type="button" class="button button--small" on:click=move |_| retry.run(())>
                    "Retry"
                </button>
            };
            (format!("{failure} You see it as it was."), Some(again.into_any()))
        }
    };
    view! {
        <div class="notice notice--warning stale" role="status">
            <Icon glyph=Glyph::Warning />
            <p class="notice__body">{words}</p>
            {act}
        </div>
    }
}

#[component]
fn Trouble(failure: Failure, retry: Option<Callback<()>>) -> impl IntoView {
    let again = match retry {
        Some(retry) => view! {
            <button type="button" class="button button--small" on:click=move |_| retry.run(())>
                "Retry"
            </button>
        }
        .into_any(),
        // The same page once more: works without JavaScript, too.
        None => view! {
            <a class="button button--small" href="" rel="external">
                "Retry"
            </a>
        }
        .into_any(),
    };
    view! {
        <div class="page page--column">
            <div class="notice notice--error" role="alert">
                <Icon glyph=Glyph::Warning />
                <div class="notice__body">
                    <p class="notice__title">"This could not be shown"</p>
                    <p>{failure.to_string()}</p>
                    <div class="actions">{again}</div>
                </div>
            </div>
        </div>
    }
}
