//! Parts of the program that are loaded when they are needed, and what happens when they cannot be: the network may be
//! away, and after an update of the site the parts of the old program are gone.
//!
//! With `#[lazy]` a chunk that cannot be fetched would end the program, and take along a page that can be read and
//! written on. So chunks are cut off by `wasm_split` itself, `fallible`. The number in their names stands where leptos
//! puts its own.

use std::future;

use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, wasm_split::SplitLoaderError};
use leptos_router::location::Url;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use super::browser::go_to;

/// How long to wait when a chunk could not be loaded that nobody waits for, and when somebody does.
const AGAIN_MS: u32 = 5_000;
const SOON_MS: u32 = 1_000;

/// Does somebody wait for a page whose chunk cannot be loaded? In the context of the whole app.
#[derive(Clone, Copy, Debug, Default)]
pub struct Waiting(RwSignal<bool>);

impl Waiting {
    /// For whoever says so.
    pub fn get(self) -> bool {
        self.0.get()
    }

    fn begin(self) -> Wait {
        self.0.set(true);
        Wait(self)
    }
}

/// Over when it is dropped: the page came, or the person went elsewhere.
struct Wait(Waiting);

impl Drop for Wait {
    fn drop(&mut self) {
        self.0.0.try_set(false);
    }
}

/// Loads a chunk, as often as it takes.
pub async fn persist<T, F: Future<Output = Result<T, SplitLoaderError>>>(load: impl Fn() -> F) -> T {
    loop {
        if let Ok(loaded) = load().await {
            return loaded;
        }
        time(AGAIN_MS).await;
    }
}

/// Loads the chunk of the page that somebody goes to. Until it is there the page they are on stays, and can be used.
///
/// If the server is there and the chunk is not, this program is an old one: the page comes from the server as a whole,
/// with the new program. Only a page that begins here does not do so, for it has just come from there.
pub async fn arrive<F: Future<Output = Result<(), SplitLoaderError>>>(load: impl Fn() -> F) {
    let waiting = use_context::<Waiting>();
    let target = use_context::<ArcRwSignal<Url>>().map(|url| url.with_untracked(address));
    let begins_here = Owner::current_shared_context().is_some_and(|shared| shared.during_hydration());
    let mut wait = None;
    while load().await.is_err() {
        if let Some(target) = target.as_ref().filter(|_| !begins_here)
            && is_server_there().await
        {
            go_to(target);
            // Whatever is done here from now on is lost.
            return future::pending().await;
        }
        if !begins_here {
            wait = wait.or_else(|| waiting.map(Waiting::begin));
        }
        time(SOON_MS).await;
    }
}

fn time(ms: u32) -> impl Future<Output = ()> + Send {
    SendWrapper::new(TimeoutFuture::new(ms))
}

/// A proxy that answers in its place does not count.
async fn is_server_there() -> bool {
    let answer = JsFuture::from(window().fetch_with_str("/healthz")).await;
    answer.is_ok_and(|answer| answer.unchecked_into::<Response>().ok())
}

fn address(url: &Url) -> String {
    let mut address = url.path().to_owned();
    for (mark, part) in [('?', url.search()), ('#', url.hash())] {
        if !part.is_empty() {
            address.push(mark);
            address.push_str(part.trim_start_matches(mark));
        }
    }
    address
}
