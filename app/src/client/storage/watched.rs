//! Which views in localStorage may have changed since somebody last looked: for the debug panel, which cannot read
//! thousands of them each second.

use std::{cell::RefCell, collections::BTreeSet};

use domain::{cache::Key, id::UserId};
use leptos::{ev, prelude::*};

use super::{names, text, views};
use crate::client::browser;

thread_local! {
    /// The names to look at; nothing while nobody watches.
    static CHANGED: RefCell<Option<BTreeSet<String>>> = const { RefCell::new(None) };
}

/// Notes that the entry called `name` was written or removed.
pub(super) fn note(name: &str) {
    CHANGED.with_borrow_mut(|changed| {
        if let Some(changed) = changed.as_mut().filter(|_| name.starts_with(views::SCHEMA)) {
            changed.insert(name.to_owned());
        }
    });
}

/// Watches the views in localStorage for as long as the component lives, those that other tabs write too. All that are
/// there count as changed at first.
pub fn watch_views(person: Option<UserId>) {
    views::flush();
    CHANGED.set(Some(names(&views::prefix(person)).into_iter().collect()));
    let others = window_event_listener(ev::storage, |event| {
        if let Some(name) = event.key() {
            note(&name);
        }
    });
    on_cleanup(move || {
        others.remove();
        CHANGED.set(None);
    });
}

/// What became of the views of this person that changed, `None` for one that is gone; no more than can be read in so many
/// milliseconds, and at least one. Empty when all are known.
pub fn changed_views(person: Option<UserId>, within_ms: f64) -> Vec<(Key, Option<views::StoredView>)> {
    let (began_ms, prefix) = (browser::precise_ms(), views::prefix(person));
    let mut found = Vec::new();
    while let Some(name) = CHANGED.with_borrow_mut(|changed| changed.as_mut()?.pop_first()) {
        if let Some(key) = name.strip_prefix(&prefix).and_then(|text| text.parse::<Key>().ok()) {
            let stored = text(&name).and_then(|_| views::load(&name));
            found.push((key.clone(), stored.filter(|stored| stored.key == key)));
        }
        if browser::precise_ms() - began_ms >= within_ms {
            break;
        }
    }
    found
}
