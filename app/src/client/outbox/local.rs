//! Which drafts are in localStorage. Single ones are written and read as all entries are.

use serde_json::value::RawValue;

use crate::client::storage::{self, names};

/// Every entry whose name begins with `prefix`.
pub(super) fn all(prefix: &str) -> Vec<(String, String)> {
    let entry = |name: String| storage::read::<Box<RawValue>>(&name).map(|text| (name, text.get().to_owned()));
    names(prefix).into_iter().filter_map(entry).collect()
}
