//! Pages that the browser loads when they are visited: each is a chunk of the WASM of its own.
//!
//! What someone needs to find and read a novel is not here: it comes with the first page.

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use super::{
    community::{BoardPage, CommunityPage, PostPage},
    log_in::LogInPage,
    sign_up::SignUpPage,
    studio::{shelf::ShelfPage, story::StoryPage},
};

/// `/community`.
pub struct Community;
/// `/community/story/{id}`.
pub struct Board;
/// `/community/posts/{id}`.
pub struct Post;
/// `/studio`.
pub struct Shelf;
/// `/studio/story/{id}` and what is below it.
pub struct Story;
/// `/login`.
pub struct LogIn;
/// `/signup`.
pub struct SignUp;

#[lazy_route]
impl LazyRoute for Community {
    fn data() -> Self {
        Community
    }

    fn view(_page: Self) -> AnyView {
        view! { <CommunityPage /> }.into_any()
    }
}

#[lazy_route]
impl LazyRoute for Board {
    fn data() -> Self {
        Board
    }

    fn view(_page: Self) -> AnyView {
        view! { <BoardPage /> }.into_any()
    }
}

#[lazy_route]
impl LazyRoute for Post {
    fn data() -> Self {
        Post
    }

    fn view(_page: Self) -> AnyView {
        view! { <PostPage /> }.into_any()
    }
}

#[lazy_route]
impl LazyRoute for Shelf {
    fn data() -> Self {
        Shelf
    }

    fn view(_page: Self) -> AnyView {
        view! { <ShelfPage /> }.into_any()
    }
}

#[lazy_route]
impl LazyRoute for Story {
    fn data() -> Self {
        Story
    }

    fn view(_page: Self) -> AnyView {
        view! { <StoryPage /> }.into_any()
    }
}

#[lazy_route]
impl LazyRoute for LogIn {
    fn data() -> Self {
        LogIn
    }

    fn view(_page: Self) -> AnyView {
        view! { <LogInPage /> }.into_any()
    }
}

#[lazy_route]
impl LazyRoute for SignUp {
    fn data() -> Self {
        SignUp
    }

    fn view(_page: Self) -> AnyView {
        view! { <SignUpPage /> }.into_any()
    }
}
