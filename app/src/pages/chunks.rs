//! Pages that the browser loads when they are visited: three chunks of the WASM, for readers, for writers, and for those
//! who talk. The page of the caches is in the chunk of its dashboard.
//!
//! What someone needs to find a novel is not here: it comes with the first page.

use leptos::{
    prelude::*,
    task::spawn_local,
    wasm_split::{SplitLoaderError, wasm_split},
};
use leptos_router::LazyRoute;

use super::{
    community::{BoardPage, CommunityPage, PostPage},
    log_in::LogInPage,
    not_found::NotFoundPage,
    novels::{chapter::ReadingPage, novel::NovelPage},
    sign_up::SignUpPage,
    studio::{shelf::ShelfPage, story::StoryPage, trash::TrashPage},
};
use crate::{
    api::{Failure, Visit},
    client::{arrive, in_browser, visit},
    components::failure_view::FailureView,
    devtools::dashboard::{Place, load_metrics, metrics},
};

/// A novel, or a part of it.
enum Reading {
    Novel,
    Chapter,
}

/// A page of the studio.
enum Studio {
    Shelf,
    Story,
    Trash,
}

/// A page of the community, or a form on the way to it.
enum Talk {
    Community,
    Board,
    Post,
    LogIn,
    SignUp,
}

#[wasm_split(reading_1, wasm_split_path = ::leptos::wasm_split, preload(load_reading), fallible)]
fn reading(page: Reading) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        Reading::Novel => view! { <NovelPage /> }.into_any(),
        Reading::Chapter => view! { <ReadingPage /> }.into_any(),
    })
}

#[wasm_split(studio_1, wasm_split_path = ::leptos::wasm_split, preload(load_studio), fallible)]
fn studio(page: Studio) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        Studio::Shelf => view! { <ShelfPage /> }.into_any(),
        Studio::Story => view! { <StoryPage /> }.into_any(),
        Studio::Trash => view! { <TrashPage /> }.into_any(),
    })
}

#[wasm_split(talk_1, wasm_split_path = ::leptos::wasm_split, preload(load_talk), fallible)]
fn talk(page: Talk) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        Talk::Community => view! { <CommunityPage /> }.into_any(),
        Talk::Board => view! { <BoardPage /> }.into_any(),
        Talk::Post => view! { <PostPage /> }.into_any(),
        Talk::LogIn => view! { <LogInPage /> }.into_any(),
        Talk::SignUp => view! { <SignUpPage /> }.into_any(),
    })
}

/// `/studio/cache`. For those who may not see the cache tools there is no such page, and nothing of it is loaded.
pub struct Cache;

impl LazyRoute for Cache {
    fn data() -> Self {
        Cache
    }

    async fn view(_: Self) -> AnyView {
        if Visit::current().devtools {
            metrics(Place::Page).await.unwrap_or_else(not_there)
        } else {
            view! { <NotFoundPage /> }.into_any()
        }
    }

    async fn preload() {
        if in_browser() && visit().devtools {
            arrive(load_metrics).await;
        }
    }
}

/// Loads the code of the page at `path` before somebody goes there. What cannot be loaded now is tried again when they do.
pub fn load_ahead(path: &str) {
    match path.trim_matches('/').split_once('/').unwrap_or((path.trim_matches('/'), "")) {
        ("novels", below) if !below.is_empty() => spawn_local(async { load_reading().await.unwrap_or_default() }),
        ("community" | "login" | "signup", _) => spawn_local(async { load_talk().await.unwrap_or_default() }),
        ("studio", below) if below != "cache" => spawn_local(async { load_studio().await.unwrap_or_default() }),
        _ => {}
    }
}

/// In place of a page whose chunk could not be loaded, which `preload` sees to.
fn not_there(_: SplitLoaderError) -> AnyView {
    view! { <FailureView failure=Failure::Lost /> }.into_any()
}

macro_rules! lazy_routes {
    ($($(#[$doc:meta])* $route:ident => $chunk:ident($page:expr), $load:ident;)*) => {$(
        $(#[$doc])*
        pub struct $route;

        impl LazyRoute for $route {
            fn data() -> Self {
                $route
            }

            async fn view(_: Self) -> AnyView {
                $chunk($page).await.unwrap_or_else(not_there)
            }

            // A page that begins here waits for its chunk before it takes over the server's HTML.
            async fn preload() {
                if in_browser() {
                    arrive($load).await;
                }
            }
        }
    )*};
}

lazy_routes! {
    /// `/novels/{id}`.
    Novel => reading(Reading::Novel), load_reading;
    /// `/novels/{id}/{chapter}`.
    Chapter => reading(Reading::Chapter), load_reading;
    /// `/studio`.
    Shelf => studio(Studio::Shelf), load_studio;
    /// `/studio/trash`.
    Trash => studio(Studio::Trash), load_studio;
    /// `/studio/story/{id}` and what is below it.
    Story => studio(Studio::Story), load_studio;
    /// `/community`.
    Community => talk(Talk::Community), load_talk;
    /// `/community/story/{id}`.
    Board => talk(Talk::Board), load_talk;
    /// `/community/posts/{id}`.
    Post => talk(Talk::Post), load_talk;
    /// `/login`.
    LogIn => talk(Talk::LogIn), load_talk;
    /// `/signup`.
    SignUp => talk(Talk::SignUp), load_talk;
}
