//! The one Leptos crate: rendered on the server, hydrated in the browser.
//!
//! In reading order: `api` (server functions) ← `client` (what the browser remembers) ← `components` ← `pages` ←
//! `app` (providers and routes). `devtools` reads `client`, and nothing imports it but `app` and
//! the page that shows the same dashboard.

// A view's type names every element in it; the editor's is deeper than the compiler expects.
#![recursion_limit = "256"]

pub mod api;
pub mod app;
pub mod client;
pub mod components;
pub mod devtools;
pub mod pages;
pub mod shell;

pub use app::App;
