//! Pages that the browser loads when they are visited: two chunks of the WASM, one for writers and one for those who talk.
//!
//! What someone needs to find and read a novel is not here: it comes with the first page.

use leptos::prelude::*;
use leptos_router::LazyRoute;

use super::{
    community::{BoardPage, CommunityPage, PostPage},
    log_in::LogInPage,
    sign_up::SignUpPage,
    studio::{shelf::ShelfPage, story::StoryPage},
};

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
