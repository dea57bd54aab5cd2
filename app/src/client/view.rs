//! Reading a view in a component.

use std::{
    marker::PhantomData,
    sync::{Arc, Mutex, PoisonError},
};

use domain::cache::{Key, Snapshot};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use serde::de::DeserializeOwned;

use super::{Address, browser, cache};
use crate::api::{self, Failure, Json};

/// A view that a component shows. It is fetched again by itself when something it depends on changes.
pub struct View<T> {
    resource: Resource<Result<Snapshot<Json>, Failure>>,
    holds: PhantomData<fn() -> T>,
}

impl<T> Clone for View<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for View<T> {}

impl<T: DeserializeOwned> View<T> {
    /// What may be shown now; `None` while it is loading. Tracks, and holds up the enclosing `Suspense`.
    pub fn get(self) -> Option<Result<T, Failure>> {
        self.resource.get().map(|result| result.and_then(|snapshot| snapshot.value.decode()))
    }
}

impl<T> View<T> {
    /// Asks the server again, as after a failure.
    pub fn retry(self) {
        self.resource.refetch();
    }
}

/// Reads the view at `address`, which may change.
///
/// On the server the use case is asked. In the browser it is memory, then localStorage, then the server; what came with
/// the page's HTML is taken over without a second fetch.
pub fn use_view<T: 'static>(address: impl Fn() -> Address<T> + Send + Sync + 'static) -> View<T> {
    let key = Memo::new(move |_| address().key().clone());
    View { resource: follow(key), holds: PhantomData }
}

/// The part of [`use_view`] that is the same whatever the view holds: compiled once, it keeps the WASM small.
fn follow(key: Memo<Key>) -> Resource<Result<Snapshot<Json>, Failure>> {
    let source = move || key.with(|key| (key.clone(), cache::revision(key)));
    let resource = Resource::new(source, |(key, revision)| obtain(key, revision));
    stay_subscribed(key, resource);
    resource
}

async fn obtain(key: Key, revision: u64) -> Result<Snapshot<Json>, Failure> {
    if !browser::in_browser() {
        return api::read(key).await;
    }
    SendWrapper::new(async move { if revision == 0 { cache::read(key).await } else { cache::look(key).await } }).await
}

/// Keeps the engine informed about what is on the page. Effects do not run on the server.
fn stay_subscribed(key: Memo<Key>, resource: Resource<Result<Snapshot<Json>, Failure>>) {
    let mounted = Arc::new(Mutex::new(None::<Key>));
    let leave = |slot: &Mutex<Option<Key>>| {
        if let Some(key) = slot.lock().unwrap_or_else(PoisonError::into_inner).take() {
            cache::unmount(&key);
        }
    };
    let slot = Arc::clone(&mounted);
    Effect::new(move |seen: Option<()>| {
        let key = key.get();
        leave(&slot);
        // What came with the HTML belongs to the first key. When the key changes, the resource still holds the old view.
        let hydrated = seen.is_none().then(|| resource.get_untracked().and_then(Result::ok)).flatten();
        cache::mount(&key, hydrated);
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(key);
    });
    on_cleanup(move || leave(&mounted));
}
