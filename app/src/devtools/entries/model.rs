//! What the panel knows, and how it keeps up: memory and localStorage as they change, the server every few seconds.

use std::{sync::Arc, time::Duration};

use domain::{
    cache::{Audience, Key},
    id::UserId,
};
use leptos::{leptos_dom::helpers::request_animation_frame, prelude::*, task::spawn_local};

use super::{
    gathered::Gathered,
    row::{InMemory, Row},
};
use crate::{
    api::{Failure, Visit},
    client::{self, Forced},
};

/// How often the panel looks whether something changed.
const LOOK: Duration = Duration::from_millis(250);
/// How often the server is asked, in looks.
const ASK_EVERY: u64 = 20;
/// How long reading localStorage may take at once: a third of a frame.
const READ_MS: f64 = 5.0;

/// See the module.
#[derive(Clone, Copy)]
pub struct Model {
    person: Option<UserId>,
    gathered: StoredValue<Gathered>,
    /// Grows when a row changed.
    version: RwSignal<u64>,
    /// The time, once a second, so that ages grow while one looks at them.
    pub now_ms: RwSignal<u64>,
    pub server: RwSignal<Server>,
    /// Is localStorage still being read?
    pub is_reading: RwSignal<bool>,
    looks: StoredValue<u64>,
    seen_note: StoredValue<u64>,
    prefix: StoredValue<String>,
}

/// What the server said.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Server {
    #[default]
    Asked,
    /// How many entries it listed of which store, and whether it may have more.
    Answered { store: String, listed: usize, is_cut: bool },
    /// It is not asked again by itself.
    Failed(Failure),
}

impl Model {
    /// Begins to watch, for as long as the component lives.
    pub fn watch() -> Model {
        let person = Visit::current().user.map(|user| user.id);
        let model = Model {
            person,
            gathered: StoredValue::new(Gathered::default()),
            version: RwSignal::new(0),
            now_ms: RwSignal::new(client::now_ms()),
            server: RwSignal::default(),
            is_reading: RwSignal::new(true),
            looks: StoredValue::new(0),
            seen_note: StoredValue::new(0),
            prefix: StoredValue::default(),
        };
        client::watch_views(person);
        model.look_at_memory();
        model.read_on();
        model.ask_server();
        if let Ok(handle) = set_interval_with_handle(move || model.look(), LOOK) {
            on_cleanup(move || handle.clear());
        }
        model
    }

    /// The row of a key. Tracks all rows.
    pub fn row(self, text: &str) -> Option<Arc<Row>> {
        self.version.track();
        self.gathered.try_with_value(|gathered| gathered.get(text)).flatten()
    }

    /// Looks at all rows, in the order of their keys. Tracks all rows.
    pub fn with_rows<T>(self, look: impl FnOnce(&mut dyn Iterator<Item = &Arc<Row>>) -> T) -> T {
        self.version.track();
        self.gathered.with_value(|gathered| look(&mut gathered.rows()))
    }

    /// Asks the server for the keys that begin so, too.
    pub fn look_for(self, prefix: String) {
        if self.prefix.with_value(|before| *before != prefix) {
            self.prefix.set_value(prefix);
            self.ask_server();
        }
    }

    /// Asks the server once more, after it failed.
    pub fn ask_again(self) {
        self.server.set(Server::Asked);
        self.ask_server();
    }

    /// Would the server answer this person a read of `key`? Others' views are theirs.
    pub fn may_read(self, key: &Key) -> bool {
        match key.audience() {
            Audience::Public => true,
            Audience::User(user) => Some(user) == self.person,
        }
    }

    /// Doubts a view in every layer.
    pub fn invalidate(self, row: &Row) {
        self.drop_on_server(row, client::invalidate);
    }

    /// Drops a view in every layer.
    pub fn remove(self, row: &Row) {
        self.drop_on_server(row, client::remove);
    }

    /// Asks the server for a view.
    pub fn refetch(self, key: Key) {
        client::refetch(key);
        self.look_soon();
    }

    /// Makes a view load or fail, or lets it go.
    pub fn force(self, key: &Key, what: Option<Forced>) {
        client::force(key, what);
        if self.gathered.try_update_value(|gathered| gathered.look_at_force(key)) == Some(true) {
            self.bump();
        }
    }

    /// The server first: what the browser asks for afterwards must not be what was dropped.
    fn drop_on_server(self, row: &Row, act: fn(Key)) {
        let (text, key) = (Arc::clone(&row.text), row.key.clone());
        spawn_local(async move {
            let dropped = client::forget_on_server(&text).await;
            if let Some(key) = key {
                act(key);
            }
            match dropped {
                Ok(()) => self.look_soon(),
                Err(failure) => {
                    self.server.try_set(Server::Failed(failure));
                }
            }
        });
    }

    fn look_soon(self) {
        self.look_at_memory();
        self.ask_server();
    }

    fn look(self) {
        let looks = self.looks.try_update_value(|looks| {
            *looks += 1;
            *looks
        });
        let Some(looks) = looks else { return };
        let is_second = looks % 4 == 0;
        if is_second {
            self.now_ms.try_set(client::now_ms());
        }
        if is_second || client::log_changes_untracked() > self.seen_note.get_value() {
            self.look_at_memory();
        }
        if !self.is_reading.get_untracked() {
            self.read_on();
        }
        let is_refused = self.server.with_untracked(|server| matches!(server, Server::Failed(_)));
        if looks % ASK_EVERY == 0 && !is_refused && !document().hidden() {
            self.ask_server();
        }
    }

    fn look_at_memory(self) {
        let now_ms = client::now_ms();
        let entries = client::entries();
        let entries = entries.into_iter().map(|entry| (entry.key.clone(), InMemory::of(&entry, now_ms))).collect();
        // The panel may have been closed while the server was asked to forget something.
        let Some(seen) = self.seen_note.try_get_value() else { return };
        self.seen_note.set_value(client::log_changes_untracked());
        let is_changed = self.gathered.try_update_value(|gathered| {
            let memory = gathered.take_memory(entries);
            gathered.take_last(client::last_invalidations_after(seen)) || memory
        });
        if is_changed == Some(true) {
            self.bump();
        }
    }

    /// Reads what changed in localStorage, a little at each frame until all is known.
    fn read_on(self) {
        let changed = client::changed_views(self.person, READ_MS);
        if changed.is_empty() {
            self.is_reading.try_set(false);
            return;
        }
        if self.gathered.try_update_value(|gathered| gathered.take_stored(changed)) == Some(true) {
            self.bump();
        }
        request_animation_frame(move || {
            if !self.is_reading.is_disposed() {
                self.read_on();
            }
        });
    }

    fn ask_server(self) {
        spawn_local(async move {
            let Some(prefix) = self.prefix.try_get_value() else { return };
            let answer = ask_for(&prefix).await;
            let Some(is_wanted) = self.prefix.try_with_value(|now| *now == prefix) else { return };
            match answer {
                Ok((store, entries, is_cut)) if is_wanted => {
                    self.server.set(Server::Answered { store, listed: entries.len(), is_cut });
                    let now_ms = client::now_ms();
                    if self.gathered.try_update_value(|all| all.take_server(&entries, now_ms)) == Some(true) {
                        self.bump();
                    }
                }
                Ok(_) => {}
                Err(failure) => self.server.set(Server::Failed(failure)),
            }
        });
    }

    fn bump(self) {
        self.version.try_update(|version| *version += 1);
    }
}

/// The entries that come first, and those that begin as somebody wishes, which may be others.
async fn ask_for(prefix: &str) -> Result<(String, Vec<client::ServerEntry>, bool), Failure> {
    let client::KeysAnswer { store, mut keys } = client::server_entries("").await?;
    let is_cut = keys.len() >= client::LISTED;
    if is_cut && !prefix.is_empty() {
        keys.extend(client::server_entries(prefix).await?.keys);
        keys.sort_unstable_by(|one, other| one.key.cmp(&other.key));
        keys.dedup_by(|one, other| one.key == other.key);
    }
    Ok((store, keys, is_cut))
}
