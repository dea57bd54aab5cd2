//! How much of localStorage our views may take, and who goes when it is full.

use super::{delete, names, text, views};

/// How many bytes our views may take together, names included. Browsers give a site 5 MiB, counted in half as many
/// characters at worst; what is left is for text that was not sent yet.
pub(super) const BUDGET_BYTES: usize = 5_000_000;

/// Drops the oldest views until `wanted` more bytes fit into `budget`; the one called `keep` is about to be replaced and
/// counts as gone.
pub(super) fn make(keep: &str, wanted: usize, budget: usize) {
    let size = |name: &String| name.len() + text(name).map_or(0, |text| text.len());
    let others: Vec<String> = names(views::SCHEMA).into_iter().filter(|name| name != keep).collect();
    let mut used: usize = others.iter().map(size).sum();
    if used + wanted <= budget {
        return;
    }
    let mut by_age: Vec<(u64, String)> = others.into_iter().map(|name| (views::stored_at(&name), name)).collect();
    by_age.sort_unstable();
    for (_, name) in by_age {
        if used + wanted <= budget {
            break;
        }
        used -= size(&name).min(used);
        delete(&name);
    }
}
