//! What the engine must know of our views: it all follows from the key.

use std::{fmt, rc::Rc};

use domain::cache::{Clock, Key, PageType, Tag};
use resource_cache::{Catalog, Lifetime, Persist};
use serde::{Serialize, de::DeserializeOwned};

use crate::api::Json;

/// A view that nobody shows any more leaves memory after this long; localStorage keeps it.
const LINGER_MS: u64 = 5 * 60 * 1_000;

/// The views of Fictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Views;

impl Catalog for Views {
    type Key = Key;
    type Tag = Tag;
    type Group = PageType;
    type Clock = Clock;
    type Value = Json;
    type Patch = Patch;

    fn tags(key: &Key) -> Vec<Tag> {
        key.tags()
    }

    fn group(key: &Key) -> PageType {
        key.policy().page_type
    }

    fn lifetime(key: &Key) -> Lifetime {
        let policy = key.policy();
        Lifetime {
            fresh_ms: u64::from(policy.fresh_secs) * 1_000,
            keep_ms: u64::from(policy.storage_ttl_secs) * 1_000,
            linger_ms: LINGER_MS,
            poll_ms: None,
            persist: Persist::Stored,
        }
    }

    fn size_bytes(value: &Json) -> usize {
        value.as_str().len()
    }

    fn apply(_: &Key, value: &Json, patch: &Patch) -> Option<Json> {
        (patch.0)(value)
    }
}

/// What a mutation is expected to do to the text of a view.
#[derive(Clone)]
pub struct Patch(Rc<Change>);

/// The changed text; nothing, where there is nothing to change.
type Change = dyn Fn(&Json) -> Option<Json>;

impl Patch {
    /// A patch of what the view holds. `change` answers with nothing where it has nothing to change, as the shapes of
    /// [`resource_cache::patch`] do.
    pub fn of<T: Serialize + DeserializeOwned>(change: impl Fn(&T) -> Option<T> + 'static) -> Self {
        Patch(Rc::new(move |text| {
            let changed = change(&text.decode().ok()?)?;
            Json::try_from(serde_json::to_string(&changed).ok()?).ok()
        }))
    }
}

/// Two patches are one if they are the same one: what a function does cannot be compared.
impl PartialEq for Patch {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Patch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Patch")
    }
}
