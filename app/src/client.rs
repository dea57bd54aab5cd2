//! What the browser remembers, and when it forgets.
//!
//! The decisions are made by the pure engine of the crate `resource-cache`; the files here bind it to the browser: to
//! Leptos resources ([`use_view`]) and writes ([`Mutation`]), to localStorage (`storage`), to the network ([`Transport`]),
//! to other tabs (`tabs`) and to the server's stream of changes (`live`). The engine is loaded after the page (`live`), and
//! pages speak to it through the `door`. On the server none of this has any state: a view is read straight from the use
//! cases.

mod address;
mod browser;
mod cache;
mod catalog;
mod chunk;
mod desk;
mod door;
mod fetch;
mod kept;
mod live;
mod log;
mod mutation;
mod outbox;
mod simulation;
mod storage;
mod tabs;
mod told;
mod tools;
mod transport;
mod view;

pub use address::Address;
pub use browser::{clock_text, exact_clock_text, go_to, in_browser, is_online, load_redirects_anew, now_ms, random};
pub use cache::{Forced, LIMITS, clear, entries, force, forced, invalidate, refetch, remove};
pub use catalog::{Patch, Views};
pub use chunk::{Waiting, arrive, persist};
pub use desk::{Clash, ClashReason, Desk, Field, Outgoing, SaveQueue, SaveState, Texts};
pub use door::visit;
pub use kept::Kept;
pub use live::{Prefetched, StreamRole, StreamState, prefetched, simulate, start, stream_state, when_settled};
pub use log::{
    Layer, Note, Origin, Told, changes as log_changes, changes_untracked as log_changes_untracked, clear_notes,
    last_invalidation, last_invalidations_after, notes,
};
pub use mutation::{Mutation, Wishes};
pub use outbox::{
    Draft, DraftName, Replayed, Unsent, discard, has_unsent, must_look_for_unsent, replay, track_left, unsent,
};
pub use simulation::{Simulation, simulation};
pub use storage::{RememberedDock, Settings, StoredView, changed_views, forget_visitor, watch_views};
pub use tools::{KeysAnswer, LISTED, ServerEntry, explain, forget_on_server, server_entries};
pub use transport::Transport;
pub use view::{View, use_view};
