//! All keys of all layers, kept up to date at the price of what changed.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use domain::cache::Key;

use super::row::{Held, InMemory, Row};
use crate::client::{self, Note, ServerEntry, StoredView};

/// See the module. Rows are shared: one that did not change is the same one as before.
#[derive(Default)]
pub struct Gathered {
    rows: BTreeMap<Arc<str>, Arc<Row>>,
    in_memory: BTreeSet<Arc<str>>,
    on_server: BTreeSet<Arc<str>>,
}

impl Gathered {
    /// The row of a key.
    pub fn get(&self, text: &str) -> Option<Arc<Row>> {
        self.rows.get(text).cloned()
    }

    /// Every row, in the order of the keys.
    pub fn rows(&self) -> impl Iterator<Item = &Arc<Row>> {
        self.rows.values()
    }

    /// Takes over what memory holds, all of it. Says whether anything is different, as all that follow do.
    pub fn take_memory(&mut self, entries: Vec<(Key, InMemory)>) -> bool {
        let mut gone = std::mem::take(&mut self.in_memory);
        let mut is_changed = false;
        for (key, memory) in entries {
            let text = Arc::from(key.to_string());
            gone.remove(&text);
            self.in_memory.insert(Arc::clone(&text));
            is_changed |= self.change(text, || Some(key), |row| row.memory = Some(memory));
        }
        for text in gone {
            is_changed |= self.change(text, || None, |row| row.memory = None);
        }
        is_changed
    }

    /// Takes over what became of views in localStorage.
    pub fn take_stored(&mut self, changed: Vec<(Key, Option<StoredView>)>) -> bool {
        let mut is_changed = false;
        for (key, view) in changed {
            let held = view.as_ref().map(Held::from);
            is_changed |= self.change(key.to_string().into(), || Some(key), |row| row.stored = held);
        }
        is_changed
    }

    /// Takes over what the server holds, as far as it was listed.
    pub fn take_server(&mut self, entries: &[ServerEntry], now_ms: u64) -> bool {
        let mut gone = std::mem::take(&mut self.on_server);
        let mut is_changed = false;
        for entry in entries {
            let text: Arc<str> = entry.key.as_str().into();
            gone.remove(&text);
            self.on_server.insert(Arc::clone(&text));
            is_changed |= self.change(
                text,
                || entry.key.parse().ok(),
                |row| row.server = Some(Held::on_server(entry, now_ms, row.server.as_ref())),
            );
        }
        for text in gone {
            is_changed |= self.change(text, || None, |row| row.server = None);
        }
        is_changed
    }

    /// Takes over when keys were invalidated last; of keys that nothing holds nothing is remembered here.
    pub fn take_last(&mut self, notes: Vec<Note>) -> bool {
        let mut is_changed = false;
        for note in notes {
            if self.rows.contains_key(note.subject.as_str()) {
                is_changed |= self.change(note.subject.as_str().into(), || None, |row| row.last = Some(note));
            }
        }
        is_changed
    }

    /// Looks anew at what a person does to one view.
    pub fn look_at_force(&mut self, key: &Key) -> bool {
        let forced = client::forced(key);
        self.change(key.to_string().into(), || Some(key.clone()), |row| row.forced = forced)
    }

    fn change(&mut self, text: Arc<str>, key: impl FnOnce() -> Option<Key>, change: impl FnOnce(&mut Row)) -> bool {
        let before = self.rows.get(&text);
        let mut row = before.map_or_else(
            || {
                let mut row = Row::new(Arc::clone(&text), key());
                row.last = client::last_invalidation(&text);
                row.forced = row.key.as_ref().and_then(client::forced);
                row
            },
            |before| Row::clone(before),
        );
        change(&mut row);
        if row.is_empty() {
            return self.rows.remove(&text).is_some();
        }
        let is_changed = before.is_none_or(|before| **before != row);
        if is_changed {
            self.rows.insert(text, Arc::new(row));
        }
        is_changed
    }
}

#[cfg(test)]
mod tests {
    use resource_cache::State;

    use super::*;

    fn memory(hits: u64) -> InMemory {
        InMemory {
            held: None,
            state: State::Fetching,
            observers: 1,
            patches: 0,
            failures: 0,
            hits,
            stale: 0,
            misses: 0,
            fetched_in_ms: None,
        }
    }

    fn on_server(key: &str, age_ms: u64) -> ServerEntry {
        let (ttl_ms, size_bytes, is_fresh) = (60_000 - age_ms, 10, true);
        ServerEntry { key: key.to_owned(), tags: Vec::new(), age_ms, ttl_ms, size_bytes, is_fresh }
    }

    #[test]
    fn a_key_in_two_layers_has_one_row_until_both_let_go() {
        let mut gathered = Gathered::default();

        assert!(gathered.take_memory(vec![(Key::Forums, memory(0))]));
        assert!(gathered.take_server(&[on_server("community:stories:all", 0)], 1_000));
        assert_eq!(gathered.rows().count(), 1);

        assert!(gathered.take_memory(Vec::new()));
        assert!(gathered.take_server(&[], 1_000));
        assert_eq!(gathered.rows().count(), 0);
    }

    #[test]
    fn what_did_not_change_is_the_same_row() {
        let mut gathered = Gathered::default();
        gathered.take_memory(vec![(Key::Forums, memory(0))]);
        gathered.take_server(&[on_server("community:stories:all", 0)], 1_000);
        let before = gathered.get("community:stories:all").unwrap();

        assert!(!gathered.take_memory(vec![(Key::Forums, memory(0))]));
        assert!(!gathered.take_server(&[on_server("community:stories:all", 5_000)], 6_400), "answers waver");
        assert!(Arc::ptr_eq(&before, &gathered.get("community:stories:all").unwrap()));
        assert!(gathered.take_memory(vec![(Key::Forums, memory(1))]));
    }

    #[test]
    fn a_key_of_another_version_is_listed_without_a_key() {
        let mut gathered = Gathered::default();

        gathered.take_server(&[on_server("no:such:kind", 0)], 1_000);

        assert_eq!(gathered.get("no:such:kind").unwrap().key, None);
    }
}
