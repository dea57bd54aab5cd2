//! The views in localStorage.
//!
//! Writing there stops the page for a moment, so what is to be stored waits a little, and is written with all that came
//! meanwhile; what is forgotten is forgotten at once, in the queue as well.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    time::Duration,
};

use domain::{
    cache::{self as metrics, Act, Clock, Key, PageType, Snapshot, Tag},
    id::UserId,
};
use leptos::prelude::set_timeout;
use serde::{Deserialize, Serialize};

use super::{
    delete, is_available,
    marks::{heard, note_visitor},
    names, read, room, text, who,
};
use crate::{
    api::Json,
    client::{browser, live::count, log, log::Layer},
};

/// How names begin. Changing what an entry looks like changes the number; entries of other schemas are dropped.
pub(super) const SCHEMA: &str = "fictures:v1:";
/// How long a view waits to be written, with all that come meanwhile.
const SOON: Duration = Duration::from_millis(250);

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
    fn new(key: &Key, snapshot: Snapshot<Json>) -> Self {
        let policy = key.policy();
        StoredView {
            key: key.clone(),
            value: snapshot.value,
            clock: snapshot.clock,
            stored_at: browser::now_ms(),
            ttl: u64::from(policy.storage_ttl_secs) * 1_000,
            page_type: policy.page_type,
        }
    }

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

thread_local! {
    /// What waits to be written, by name.
    static WAITING: RefCell<BTreeMap<String, StoredView>> = const { RefCell::new(BTreeMap::new()) };
    /// Has the person of this page logged out? Then nothing is stored any more.
    static IS_LEFT: Cell<bool> = const { Cell::new(false) };
}

pub(super) fn prefix(person: Option<UserId>) -> String {
    format!("{SCHEMA}{}:", who(person))
}

pub(super) fn load(name: &str) -> Option<StoredView> {
    let loaded = read(name);
    if loaded.is_none() {
        delete(name);
    }
    loaded
}

/// When the view called `name` was stored; long ago, if it cannot be read.
pub(super) fn stored_at(name: &str) -> u64 {
    load(name).map_or(0, |stored| stored.stored_at)
}

/// The stored view at `key`, unless its time is over.
pub(in crate::client) fn find(person: Option<UserId>, key: &Key) -> Option<(Snapshot<Json>, u64)> {
    let name = format!("{}{key}", prefix(person));
    flush();
    text(&name)?;
    let stored = load(&name)?;
    if stored.age_ms() >= stored.ttl || stored.key != *key {
        delete(&name);
        return None;
    }
    Some((Snapshot { value: stored.value, clock: stored.clock }, stored.stored_at))
}

/// Stores a view, soon.
pub(in crate::client) fn store(person: Option<UserId>, key: &Key, snapshot: Snapshot<Json>) {
    if IS_LEFT.get() {
        return;
    }
    let name = format!("{}{key}", prefix(person));
    let is_first = WAITING.with_borrow_mut(|waiting| {
        waiting.insert(name, StoredView::new(key, snapshot));
        waiting.len() == 1
    });
    if is_first {
        set_timeout(flush, SOON);
    }
}

/// Writes what waits: now, because the page may be gone in a moment.
pub(in crate::client) fn flush() {
    for (name, stored) in WAITING.take() {
        write(&name, &stored);
    }
}

fn write(name: &str, stored: &StoredView) {
    let began_ms = browser::precise_ms();
    let wanted = name.len() + stored.size_bytes();
    room::make(name, wanted, room::BUDGET_BYTES);
    let mut is_written = super::write(name, stored);
    if !is_written {
        // The quota is smaller than our budget here, or others use it: give up half of ours.
        room::make(name, wanted, room::BUDGET_BYTES / 2);
        is_written = super::write(name, stored);
    }
    if is_written {
        count(metrics::Layer::LocalStorage, Act::Set, &stored.key, browser::precise_ms() - began_ms);
        log::note(Layer::LocalStorage, "set", stored.key.to_string(), "the server answered".to_owned());
    } else {
        // An older copy must not survive a newer one that found no room.
        delete(name);
        // Whoever has no storage at all wants it so.
        if is_available() {
            count(metrics::Layer::LocalStorage, Act::Error, &stored.key, browser::precise_ms() - began_ms);
            log::note(Layer::LocalStorage, "error", stored.key.to_string(), "it found no room".to_owned());
        }
    }
}

/// Removes one view.
pub(in crate::client) fn forget(person: Option<UserId>, key: &Key) {
    let why = |_: &Key| "its key was named".to_owned();
    forget_where(person, why, |stored| stored == key, |_| true);
}

/// Removes what depends on one of `tags` and was read before `clock`.
pub(in crate::client) fn forget_tagged(person: Option<UserId>, tags: &[Tag], clock: Option<Clock>) {
    let older = |stored: &StoredView| !clock.is_some_and(|clock| stored.clock() >= clock);
    let touched = |key: &Key| key.tags().into_iter().find(|tag| tags.contains(tag));
    let why = |key: &Key| touched(key).map(|tag| format!("{tag} changed")).unwrap_or_default();
    forget_where(person, why, |key| touched(key).is_some(), older);
}

/// Removes every view of these page types.
pub(in crate::client) fn forget_page_types(person: Option<UserId>, page_types: &[PageType]) {
    let why = |key: &Key| format!("pages of type {} changed", key.policy().page_type);
    forget_where(person, why, |key| page_types.contains(&key.policy().page_type), |_| true);
}

/// Removes every view of this person that was read before `clock`; without one, every view.
pub(in crate::client) fn forget_all(person: Option<UserId>, clock: Option<Clock>) {
    let older = |stored: &StoredView| !clock.is_some_and(|clock| stored.clock() >= clock);
    let why =
        |_: &Key| if clock.is_some() { "changes may have been missed" } else { "everything was cleared" }.to_owned();
    forget_where(person, why, |_| true, older);
}

fn forget_where(
    person: Option<UserId>,
    why: impl Fn(&Key) -> String,
    concerns: impl Fn(&Key) -> bool,
    is_older: impl Fn(&StoredView) -> bool,
) {
    WAITING.with_borrow_mut(|waiting| waiting.retain(|_, stored| !(concerns(&stored.key) && is_older(stored))));
    let prefix = prefix(person);
    for name in names(&prefix) {
        let key = name.strip_prefix(&prefix).and_then(|text| text.parse::<Key>().ok());
        let goes = key.as_ref().is_none_or(|key| concerns(key) && load(&name).as_ref().is_none_or(&is_older));
        if goes {
            let began_ms = browser::precise_ms();
            delete(&name);
            // What cannot be read is no view.
            if let Some(key) = &key {
                count(metrics::Layer::LocalStorage, Act::Invalidate, key, browser::precise_ms() - began_ms);
                log::note(Layer::LocalStorage, "invalidate", key.to_string(), why(key));
            }
        }
    }
}

/// Removes every view of this person when nothing says up to where they are right: the server was not heard for longer than
/// any of them lives, or never. Called when a page starts.
pub(in crate::client) fn forget_unheard(person: Option<UserId>) {
    if heard(person).is_none() {
        names(&prefix(person)).iter().for_each(|name| delete(name));
    }
}

/// Removes every trace of the person who logs out but their unsent text, and stores nothing more: at once, for the page that
/// comes next may never be loaded.
pub fn forget_visitor() {
    IS_LEFT.set(true);
    WAITING.take();
    forget_strangers(None);
    note_visitor(None);
}

/// Removes what other people and other schemas left on this device: called when a page starts.
pub(in crate::client) fn forget_strangers(person: Option<UserId>) {
    let mine = prefix(person);
    let is_view = |name: &str| name.as_bytes().get("fictures:v".len()).is_some_and(u8::is_ascii_digit);
    let strange = names("fictures:v").into_iter().filter(|name| is_view(name) && !name.starts_with(&mine));
    strange.for_each(|name| delete(&name));
}
