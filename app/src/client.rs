//! What the browser remembers, and when it forgets.
//!
//! The decisions are made by the pure engine of the crate `resource-cache`; the files here bind it to the browser: to
//! Leptos resources ([`use_view`]), to localStorage (`storage`), to the network ([`Transport`]). On the server none of
//! this has any state: a view is read straight from the use cases.

mod address;
mod browser;
mod cache;
mod catalog;
mod desk;
mod draft;
mod fetch;
mod log;
mod storage;
mod transport;
mod view;

pub use address::Address;
pub use browser::{clock_text, go_to, in_browser, is_online, load_redirects_anew, now_ms};
pub use cache::{clear, entries, remove, start};
pub use catalog::Views;
pub use desk::{Clash, ClashReason, Desk, Field, SaveQueue, SaveState, Texts};
pub use draft::Draft;
pub use log::{Layer, Note, changes as log_changes, notes};
pub use storage::{StoredView, stored_views};
pub use transport::Transport;
pub use view::{View, use_view};
