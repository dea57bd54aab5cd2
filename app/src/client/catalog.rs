//! What the engine must know of our views: it all follows from the key.

use domain::cache::{Clock, Key, PageType, Tag};
use resource_cache::{Catalog, Lifetime, Persist};

use crate::api::Json;

/// The views of Fictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Views;

impl Catalog for Views {
    type Key = Key;
    type Tag = Tag;
    type Group = PageType;
    type Clock = Clock;
    type Value = Json;

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
            persist: Persist::Stored,
        }
    }

    fn size_bytes(value: &Json) -> usize {
        value.as_str().len()
    }
}
