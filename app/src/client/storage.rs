//! localStorage: versioned, one person's apart from another's, and never the reason for a panic.
//!
//! | name | what it is | file |
//! |---|---|---|
//! | `fictures:v<schema>:<person>:<key>` | a view | `views`, and `room` for how many fit |
//! | `fictures:heard:<person>` | up to where this browser knows what changed | `marks` |
//! | `fictures:visitor` | whose page was loaded last | `marks` |
//! | `fictures:habits:<person>` | where this person usually goes next | `live/prefetch/habits` |
//! | `fictures:typed:<person>:<place>` | text in a form that was not sent yet | `kept` |
//! | `fictures:draft:…` | a scene's text that was not sent yet | `outbox` |
//! | `cache-manager-config` | what the cache goes by, to be read by people | `settings` |
//! | `fictures:dock` | which developer tools are open | `dock` |
//!
//! A log-out leaves what was not sent yet, and nothing else of that person. Everything else in localStorage belongs to
//! somebody else and is not touched. Storage may be disabled, full, or edited by hand: then there is simply less of it.

mod dock;
mod marks;
mod room;
mod settings;
mod views;
mod watched;

use domain::id::UserId;
use gloo_storage::{LocalStorage, Storage as _};
use leptos::prelude::window;
use serde::{Serialize, de::DeserializeOwned};

use super::browser;

pub use dock::RememberedDock;
pub(super) use marks::{habits_of, heard, note_heard, note_visitor, visitor};
pub use settings::Settings;
pub use views::{StoredView, forget_visitor};
pub(super) use views::{
    find, flush, forget, forget_all, forget_page_types, forget_strangers, forget_tagged, forget_unheard, store,
};
pub use watched::{changed_views, watch_views};

/// Is there a localStorage? `gloo-storage` panics where it is disabled: always ask first.
fn is_available() -> bool {
    #[expect(clippy::disallowed_methods, reason = "this is the storage shell")]
    let storage = || window().local_storage();
    browser::in_browser() && matches!(storage(), Ok(Some(_)))
}

/// Writes one entry of any kind; false where the browser has no room or no storage.
pub(super) fn write<T: Serialize>(name: &str, value: &T) -> bool {
    let is_written = is_available() && LocalStorage::set(name, value).is_ok();
    watched::note(name);
    is_written
}

/// Writes what `person` typed, at the expense of cached views if need be; false where there is no room even then.
pub(super) fn write_typed<T: Serialize>(person: UserId, name: &str, value: &T) -> bool {
    write(name, value) || {
        forget_all(Some(person), None);
        write(name, value)
    }
}

/// Reads one entry of any kind; `None` if it is not there or is something else.
pub(super) fn read<T: DeserializeOwned>(name: &str) -> Option<T> {
    is_available().then(|| LocalStorage::get(name).ok()).flatten()
}

/// The text of an entry, whatever it is.
fn text(name: &str) -> Option<String> {
    is_available().then(|| LocalStorage::raw().get_item(name).ok().flatten()).flatten()
}

/// Removes one entry of any kind.
pub(super) fn delete(name: &str) {
    if is_available() {
        LocalStorage::delete(name);
        watched::note(name);
    }
}

/// Every name in localStorage that begins with `prefix`.
pub(super) fn names(prefix: &str) -> Vec<String> {
    if !is_available() {
        return Vec::new();
    }
    let raw = LocalStorage::raw();
    let all = (0..LocalStorage::length()).filter_map(|index| raw.key(index).ok().flatten());
    all.filter(|name| name.starts_with(prefix)).collect()
}

/// How a person is called in a name.
fn who(person: Option<UserId>) -> String {
    person.map_or_else(|| "guest".to_owned(), |user| user.to_string())
}
