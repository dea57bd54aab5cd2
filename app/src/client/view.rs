//! Reading a view in a component.

use std::{
    marker::PhantomData,
    sync::{Arc, Mutex, PoisonError},
};

use domain::cache::{Key, Snapshot};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use serde::de::DeserializeOwned;

use super::{
    Address, browser,
    door::{self, Call},
};
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
    let source = move || key.with(|key| (key.clone(), door::revision(key)));
    let had = Had::default();
    let having = had.clone();
    let resource = Resource::new(source, move |(key, _)| obtain(key.clone(), having.replace(key)));
    stay_subscribed(key, resource, had);
    resource
}

/// The view that was obtained last: whoever has it and is told that it changed does not read it anew.
#[derive(Clone, Default)]
struct Had(Arc<Mutex<Option<Key>>>);

impl Had {
    fn replace(&self, key: Key) -> Option<Key> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).replace(key)
    }
}

async fn obtain(key: Key, had: Option<Key>) -> Result<Snapshot<Json>, Failure> {
    if !browser::in_browser() {
        return api::read(key).await;
    }
    let call = move |waiter| match had {
        Some(had) if had == key => Call::Look { key, waiter },
        Some(_) | None => Call::Read { key, waiter },
    };
    SendWrapper::new(door::ask(call)).await
}

/// Keeps the engine informed about what is on the page. Effects do not run on the server.
fn stay_subscribed(key: Memo<Key>, resource: Resource<Result<Snapshot<Json>, Failure>>, had: Had) {
    let mounted = Arc::new(Mutex::new(None::<Key>));
    let leave = |slot: &Mutex<Option<Key>>| {
        if let Some(key) = slot.lock().unwrap_or_else(PoisonError::into_inner).take() {
            door::say(Call::Unmounted { key });
        }
    };
    let slot = Arc::clone(&mounted);
    Effect::new(move |seen: Option<()>| {
        let key = key.get();
        leave(&slot);
        // What came with the HTML belongs to the first key. When the key changes, the resource still holds the old view.
        let hydrated = seen.is_none().then(|| resource.get_untracked().and_then(Result::ok)).flatten();
        if hydrated.is_some() {
            had.replace(key.clone());
        }
        door::say(Call::Mounted { key: key.clone(), hydrated });
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(key);
    });
    on_cleanup(move || leave(&mounted));
}
