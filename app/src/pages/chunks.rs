//! Pages that the browser loads when they are visited: three chunks of the WASM, for readers, for writers, and for those
//! who talk.
//!
//! What someone needs to find a novel is not here: it comes with the first page.

use leptos::prelude::*;
use leptos_router::LazyRoute;

use super::{
    community::{BoardPage, CommunityPage, PostPage},
    log_in::LogInPage,
    novels::{chapter::ReadingPage, novel::NovelPage},
    sign_up::SignUpPage,
    studio::{shelf::ShelfPage, story::StoryPage},
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
}

/// A page of the community, or a form on the way to it.
enum Talk {
    Community,
    Board,
    Post,
    LogIn,
    SignUp,
}

#[lazy]
fn reading(page: Reading) -> AnyView {
    match page {
        Reading::Novel => view! { <NovelPage /> }.into_any(),
        Reading::Chapter => view! { <ReadingPage /> }.into_any(),
    }
}

#[lazy]
fn studio(page: Studio) -> AnyView {
    match page {
        Studio::Shelf => view! { <ShelfPage /> }.into_any(),
        Studio::Story => view! { <StoryPage /> }.into_any(),
    }
}

#[lazy]
fn talk(page: Talk) -> AnyView {
    match page {
        Talk::Community => view! { <CommunityPage /> }.into_any(),
        Talk::Board => view! { <BoardPage /> }.into_any(),
        Talk::Post => view! { <PostPage /> }.into_any(),
        Talk::LogIn => view! { <LogInPage /> }.into_any(),
        Talk::SignUp => view! { <SignUpPage /> }.into_any(),
    }
}

macro_rules! lazy_routes {
    ($($(#[$doc:meta])* $route:ident => $chunk:ident($page:expr), $preload:ident;)*) => {$(
        $(#[$doc])*
        pub struct $route;

        impl LazyRoute for $route {
            fn data() -> Self {
                $route
            }

            async fn view(_: Self) -> AnyView {
                $chunk($page).await
            }

            // A page that begins here waits for its chunk before it takes over the server's HTML.
            async fn preload() {
                #[cfg(target_family = "wasm")]
                $preload().await;
            }
        }
    )*};
}

lazy_routes! {
    /// `/novels/{id}`.
    Novel => reading(Reading::Novel), __preload_reading;
    /// `/novels/{id}/{chapter}`.
    Chapter => reading(Reading::Chapter), __preload_reading;
    /// `/studio`.
    Shelf => studio(Studio::Shelf), __preload_studio;
    /// `/studio/story/{id}` and what is below it.
    Story => studio(Studio::Story), __preload_studio;
    /// `/community`.
    Community => talk(Talk::Community), __preload_talk;
    /// `/community/story/{id}`.
    Board => talk(Talk::Board), __preload_talk;
    /// `/community/posts/{id}`.
    Post => talk(Talk::Post), __preload_talk;
    /// `/login`.
    LogIn => talk(Talk::LogIn), __preload_talk;
    /// `/signup`.
    SignUp => talk(Talk::SignUp), __preload_talk;
}
