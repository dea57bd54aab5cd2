//! Where to find slots without looking at all of them.
//!
//! A slot remembers its [`Place`], so moving it costs the same whatever the number of slots. It is moved once, at the end
//! of the event that touched it.

use std::collections::{BTreeMap, BTreeSet};

use crate::Catalog;

/// Slots by what is asked of them.
pub(super) struct Index<A: Catalog> {
    tags: BTreeMap<A::Tag, BTreeSet<A::Key>>,
    /// Groups are few.
    groups: Vec<(A::Group, BTreeSet<A::Key>)>,
    mounted: BTreeSet<A::Key>,
    /// Values that may be dropped for want of room, the one that was not used for longest first.
    spare: BTreeSet<(u64, A::Key)>,
    due: BTreeSet<(u64, A::Key)>,
    /// How many values there are.
    pub(super) values: usize,
    /// How large they are together.
    pub(super) bytes: usize,
}

/// Where a slot stands.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) mounted: bool,
    /// When it was used last, if it may be dropped.
    pub(super) spare: Option<u64>,
    /// When something is to be done about it.
    pub(super) due_ms: Option<u64>,
    /// The size of its value.
    pub(super) size_bytes: Option<usize>,
}

impl<A: Catalog> Default for Index<A> {
    fn default() -> Self {
        Self {
            tags: BTreeMap::new(),
            groups: Vec::new(),
            mounted: BTreeSet::new(),
            spare: BTreeSet::new(),
            due: BTreeSet::new(),
            values: 0,
            bytes: 0,
        }
    }
}

impl<A: Catalog> Index<A> {
    pub(super) fn insert(&mut self, key: &A::Key, tags: &[A::Tag], group: A::Group) {
        for tag in tags {
            self.tags.entry(tag.clone()).or_default().insert(key.clone());
        }
        let known = self.groups.iter().position(|(known, _)| *known == group);
        let place = known.unwrap_or_else(|| {
            self.groups.push((group, BTreeSet::new()));
            self.groups.len() - 1
        });
        self.groups[place].1.insert(key.clone());
    }

    /// Removes a slot that stands nowhere else any more.
    pub(super) fn remove(&mut self, key: &A::Key, tags: &[A::Tag], group: A::Group) {
        for tag in tags {
            if let Some(keys) = self.tags.get_mut(tag) {
                keys.remove(key);
                if keys.is_empty() {
                    self.tags.remove(tag);
                }
            }
        }
        for (_, keys) in self.groups.iter_mut().filter(|(known, _)| *known == group) {
            keys.remove(key);
        }
        self.groups.retain(|(_, keys)| !keys.is_empty());
    }

    pub(super) fn shift(&mut self, key: &A::Key, from: Place, to: Place) {
        if from == to {
            return;
        }
        if to.mounted {
            self.mounted.insert(key.clone());
        } else {
            self.mounted.remove(key);
        }
        shift(&mut self.spare, key, from.spare, to.spare);
        shift(&mut self.due, key, from.due_ms, to.due_ms);
        self.values = self.values + usize::from(to.size_bytes.is_some()) - usize::from(from.size_bytes.is_some());
        self.bytes = self.bytes + to.size_bytes.unwrap_or(0) - from.size_bytes.unwrap_or(0);
    }

    /// The slots with one of the tags, or of one of the groups.
    pub(super) fn concerned(&self, tags: &[A::Tag], groups: &[A::Group]) -> BTreeSet<A::Key> {
        let tagged = tags.iter().filter_map(|tag| self.tags.get(tag));
        let grouped = self.groups.iter().filter(|(group, _)| groups.contains(group)).map(|(_, keys)| keys);
        // One by one: collecting would bring the code of a sort along.
        let mut found = BTreeSet::new();
        for key in tagged.chain(grouped).flatten() {
            found.insert(key.clone());
        }
        found
    }

    pub(super) fn mounted(&self) -> Vec<A::Key> {
        self.mounted.iter().cloned().collect()
    }

    /// The value that was not used for longest, if it was used before `used`.
    pub(super) fn oldest_before(&self, used: u64) -> Option<A::Key> {
        self.spare.first().filter(|(last, _)| *last < used).map(|(_, key)| key.clone())
    }

    pub(super) fn next_due_ms(&self) -> Option<u64> {
        self.due.first().map(|(due_ms, _)| *due_ms)
    }

    pub(super) fn due(&self, now_ms: u64) -> Vec<A::Key> {
        self.due.iter().take_while(|(due_ms, _)| *due_ms <= now_ms).map(|(_, key)| key.clone()).collect()
    }

    /// How many entries there are in all.
    pub(super) fn len(&self) -> usize {
        let keys = |sets: &mut dyn Iterator<Item = &BTreeSet<A::Key>>| sets.map(BTreeSet::len).sum::<usize>();
        keys(&mut self.tags.values())
            + keys(&mut self.groups.iter().map(|(_, keys)| keys))
            + self.mounted.len()
            + self.spare.len()
            + self.due.len()
    }
}

fn shift<K: Ord + Clone>(places: &mut BTreeSet<(u64, K)>, key: &K, from: Option<u64>, to: Option<u64>) {
    if from == to {
        return;
    }
    if let Some(from) = from {
        places.remove(&(from, key.clone()));
    }
    if let Some(to) = to {
        places.insert((to, key.clone()));
    }
}
