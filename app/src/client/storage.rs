//! Views in localStorage: versioned, one person's apart from another's, and never the reason for a panic.
//!
//! An entry is `fictures:v<schema>:<person>:<key>`. Everything else in localStorage belongs to somebody else, unsent
//! drafts included, and is not touched. Storage may be disabled, full, or edited by hand: then there is simply less of it.

use domain::{
    cache::{Clock, Key, PageType, Snapshot, Tag},
    id::UserId,
};
use gloo_storage::{LocalStorage, Storage as _};
use leptos::prelude::window;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{browser, log, log::Layer};
use crate::api::Json;

/// Changing what an entry looks like changes this number; entries of other schemas are dropped.
const SCHEMA: &str = "fictures:v1:";
/// How many characters our entries may take together: browsers give a site about 5 MiB.
const BUDGET: usize = 4_000_000;

/// One stored view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredView {
    pub key: Key,
    value: Json,
    clock: Clock,
    /// Milliseconds since 1970.
    pub stored_at: u64,
    /// How long it may be used, in milliseconds.
    pub ttl: u64,
    pub page_type: PageType,
}

impl StoredView {
    /// The length of its text.
    pub fn size_bytes(&self) -> usize {
        self.value.as_str().len()
    }

    /// The position it was read at.
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// Since it was stored, in milliseconds.
    pub fn age_ms(&self) -> u64 {
        browser::now_ms().saturating_sub(self.stored_at)
    }
}

/// Is there a localStorage? `gloo-storage` panics where it is disabled: always ask first.
fn is_available() -> bool {
    #[expect(clippy::disallowed_methods, reason = "this is the storage shell")]
    let storage = || window().local_storage();
    browser::in_browser() && matches!(storage(), Ok(Some(_)))
}

/// Writes one entry of any kind; false where the browser has no room or no storage.
pub(super) fn write<T: Serialize>(name: &str, value: &T) -> bool {
    is_available() && LocalStorage::set(name, value).is_ok()
}

/// Reads one entry of any kind; `None` if it is not there or is something else.
pub(super) fn read<T: DeserializeOwned>(name: &str) -> Option<T> {
    is_available().then(|| LocalStorage::get(name).ok()).flatten()
}

/// Removes one entry of any kind.
pub(super) fn delete(name: &str) {
    if is_available() {
        LocalStorage::delete(name);
    }
}

fn prefix(person: Option<UserId>) -> String {
    person.map_or_else(|| format!("{SCHEMA}guest:"), |user| format!("{SCHEMA}{user}:"))
}

/// Every name in localStorage that begins with `prefix`.
fn names(prefix: &str) -> Vec<String> {
    if !is_available() {
        return Vec::new();
    }
    let raw = LocalStorage::raw();
    let all = (0..LocalStorage::length()).filter_map(|index| raw.key(index).ok().flatten());
    all.filter(|name| name.starts_with(prefix)).collect()
}

fn load(name: &str) -> Option<StoredView> {
    let loaded = LocalStorage::get::<StoredView>(name).ok();
    if loaded.is_none() {
        LocalStorage::delete(name);
    }
    loaded
}

/// The stored view at `key`, unless its time is over.
pub(super) fn find(person: Option<UserId>, key: &Key) -> Option<(Snapshot<Json>, u64)> {
    let name = format!("{}{key}", prefix(person));
    if !is_available() || LocalStorage::raw().get_item(&name).ok().flatten().is_none() {
        return None;
    }
    let stored = load(&name)?;
    if stored.age_ms() >= stored.ttl || stored.key != *key {
        LocalStorage::delete(&name);
        return None;
    }
    Some((Snapshot { value: stored.value, clock: stored.clock }, stored.stored_at))
}

/// Stores a view; makes room by dropping the oldest if there is none.
pub(super) fn store(person: Option<UserId>, key: &Key, snapshot: Snapshot<Json>) {
    if !is_available() {
        return;
    }
    let policy = key.policy();
    let stored = StoredView {
        key: key.clone(),
        value: snapshot.value,
        clock: snapshot.clock,
        stored_at: browser::now_ms(),
        ttl: u64::from(policy.storage_ttl_secs) * 1_000,
        page_type: policy.page_type,
    };
    let name = format!("{}{key}", prefix(person));
    make_room(&name, stored.size_bytes());
    let written = LocalStorage::set(&name, &stored).or_else(|_| {
        // The quota is smaller than our budget here, or others use it: give up half of ours.
        make_room(&name, BUDGET / 2);
        LocalStorage::set(&name, &stored)
    });
    match written {
        Ok(()) => log::note(Layer::LocalStorage, "set", key.to_string(), "the server answered".to_owned()),
        // An older copy must not survive a newer one that found no room.
        Err(_) => LocalStorage::delete(&name),
    }
}

/// Drops the oldest entries until `wanted` more characters fit into the budget.
fn make_room(keep: &str, wanted: usize) {
    let size = |name: &String| LocalStorage::raw().get_item(name).ok().flatten().map_or(0, |text| text.len());
    let names = names(SCHEMA);
    let mut used: usize = names.iter().map(size).sum();
    if used + wanted <= BUDGET {
        return;
    }
    let stored_at = |name: &String| load(name).map_or(0, |stored| stored.stored_at);
    let others = names.into_iter().filter(|name| name != keep);
    let mut others: Vec<(u64, String)> = others.map(|name| (stored_at(&name), name)).collect();
    while used + wanted > BUDGET {
        let oldest = others.iter().enumerate().min_by_key(|(_, (stored_at, _))| *stored_at);
        let Some(place) = oldest.map(|(place, _)| place) else { break };
        let (_, name) = others.swap_remove(place);
        used -= size(&name);
        LocalStorage::delete(&name);
    }
}

/// Removes one view.
pub(super) fn forget(person: Option<UserId>, key: &Key) {
    forget_where(person, "by its key", |stored| stored == key, |_| true);
}

/// Removes what depends on one of `tags` and was read before `clock`.
pub(super) fn forget_tagged(person: Option<UserId>, tags: &[Tag], clock: Option<Clock>) {
    let older = |stored: &StoredView| !clock.is_some_and(|clock| stored.clock() >= clock);
    forget_where(person, "its tag changed", |key| key.tags().iter().any(|tag| tags.contains(tag)), older);
}

/// Removes every view of these page types.
pub(super) fn forget_page_types(person: Option<UserId>, page_types: &[PageType]) {
    forget_where(person, "its pages changed", |key| page_types.contains(&key.policy().page_type), |_| true);
}

/// Removes every view of this person.
pub(super) fn forget_all(person: Option<UserId>) {
    forget_where(person, "everything was cleared", |_| true, |_| true);
}

fn forget_where(
    person: Option<UserId>,
    cause: &str,
    concerns: impl Fn(&Key) -> bool,
    is_older: impl Fn(&StoredView) -> bool,
) {
    let prefix = prefix(person);
    for name in names(&prefix) {
        let key = name.strip_prefix(&prefix).and_then(|text| text.parse::<Key>().ok());
        let goes = key.as_ref().is_none_or(|key| concerns(key) && load(&name).as_ref().is_none_or(&is_older));
        if goes {
            LocalStorage::delete(&name);
            log::note(
                Layer::LocalStorage,
                "invalidate",
                key.map(|key| key.to_string()).unwrap_or_default(),
                cause.to_owned(),
            );
        }
    }
}

/// Removes what other people and other schemas left on this device: called when a page starts.
pub(super) fn forget_strangers(person: Option<UserId>) {
    let mine = prefix(person);
    for name in names("fictures:v").into_iter().filter(|name| !name.starts_with(&mine)) {
        LocalStorage::delete(&name);
    }
}

/// All stored views of this person, for the debug panel.
pub fn stored_views(person: Option<UserId>) -> Vec<StoredView> {
    names(&prefix(person)).iter().filter_map(|name| load(name)).collect()
}
