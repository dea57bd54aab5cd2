//! Where writers write: the shelf of their stories, and one story with its outline and editor;
//! and where developers look after the caches.

pub mod cache;
pub mod shelf;
pub mod story;
pub mod trash;

use leptos::prelude::*;
use leptos_router::components::Redirect;

use crate::api::Visit;

/// What someone sees in the studio who cannot write there: the way to log in, or the reason.
#[component]
fn Doorkeeper(path: String) -> impl IntoView {
    match Visit::current().user {
        None => view! { <Redirect path=format!("/login?next={path}") /> }.into_any(),
        Some(user) => view! {
            <div class="page page--narrow">
                <div class="empty">
                    <h1 class="empty__title">"The studio is for writers"</h1>
                    <p>{format!("{} is a reader's account. Sign up as a writer to begin a story.", user.username)}</p>
                    <div class="actions">
                        <a class="button" href="/novels">
                            "Back to the novels"
                        </a>
                    </div>
                </div>
            </div>
        }
        .into_any(),
    }
}
