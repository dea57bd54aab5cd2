//! Fetching what is likely to be read next: what is pointed at, focused, touched, in sight, or was gone to before.
//!
//! The engine decides whether a view is worth a request, and how many may be on their way; here it is decided which views
//! to name, and the code of which pages to load. Whoever asked their browser to save data is left alone.

mod habits;
mod links;

use std::cell::RefCell;

use domain::{
    cache::{Audience, Key},
    id::UserId,
};
use leptos::prelude::*;
use resource_cache::Event;
use wasm_bindgen::JsValue;

use self::habits::Habits;
use super::routes::views_of;
use crate::{
    api::Visit,
    client::{browser, cache, door, storage, storage::Settings},
};

/// What became of what was fetched unasked, since the page was loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prefetched {
    /// Requests that were sent.
    pub issued: u64,
    /// Views that were read afterwards.
    pub used: u64,
    /// Views that were dropped before anybody read them.
    pub wasted: u64,
}

struct Prefetch {
    audience: Audience,
    person: Option<UserId>,
    habits: Habits,
    here: String,
}

thread_local! {
    static PREFETCH: RefCell<Option<Prefetch>> = const { RefCell::new(None) };
}

/// Begins to watch the page.
pub(super) fn start(visit: Visit) {
    let settings = Settings::settle();
    if !settings.prefetches() || saves_data() {
        return;
    }
    let person = visit.user.as_ref().map(|user| user.id);
    let habits = storage::read(&storage::habits_of(person)).unwrap_or_default();
    let here = path_here();
    PREFETCH.with_borrow_mut(|slot| *slot = Some(Prefetch { audience: visit.audience(), person, habits, here }));
    links::watch(settings.hover_ms());
    guess();
}

/// What became of what was fetched unasked.
pub fn prefetched() -> Prefetched {
    cache::prefetched()
}

/// Fetches what the page at `path` will read, and its code.
fn prefetch(path: &str) {
    door::load_ahead(path);
    let keys: Vec<Key> = PREFETCH.with_borrow(|prefetch| {
        prefetch.as_ref().map(|prefetch| views_of(path, prefetch.audience)).unwrap_or_default()
    });
    for key in keys {
        cache::restore_and(key, |key| Event::Prefetch { key });
    }
}

/// The page may be another one now: notes the step, and fetches what is likely to come after it.
fn arrived() {
    let here = path_here();
    let moved = PREFETCH.with_borrow_mut(|prefetch| {
        let prefetch = prefetch.as_mut().filter(|prefetch| prefetch.here != here)?;
        let from = std::mem::replace(&mut prefetch.here, here.clone());
        prefetch.habits.note(&from, &here);
        // Habits are a convenience: where there is no room for them they last as long as the page.
        storage::write(&storage::habits_of(prefetch.person), &prefetch.habits).then_some(())
    });
    if moved.is_some() {
        guess();
    }
}

fn guess() {
    let next = PREFETCH.with_borrow(|prefetch| {
        let prefetch = prefetch.as_ref()?;
        prefetch.habits.likely_after(&prefetch.here).map(str::to_owned)
    });
    if let Some(next) = next {
        prefetch(&next);
    }
}

fn path_here() -> String {
    window().location().pathname().unwrap_or_default()
}

/// Did the visitor ask their browser to load no more than necessary?
fn saves_data() -> bool {
    let property = |of: &JsValue, name: &str| js_sys::Reflect::get(of, &name.into()).ok();
    let connection = property(&window().navigator(), "connection").filter(JsValue::is_object);
    connection.and_then(|connection| property(&connection, "saveData")).is_some_and(|saves| saves.is_truthy())
        || !browser::is_online()
}
