//! What the cache of this browser goes by, where anybody can read it: `localStorage.getItem("cache-manager-config")`.
//!
//! It is written when a page starts. What is under `prefetch` is read back before, so that a developer can change it.

use domain::cache::PageType;
use serde::{Deserialize, Serialize};

use super::{read, room::BUDGET_BYTES, views::SCHEMA, write};

const NAME: &str = "cache-manager-config";
/// How long a link is pointed at before it is fetched, in milliseconds, unless somebody chose otherwise.
const HOVER_MS: u32 = 300;
/// Nobody points at a link for longer.
const LONGEST_HOVER_MS: u32 = 5_000;

/// See the module.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// How names begin.
    #[serde(default)]
    pub schema: String,
    #[serde(default)]
    pub budget_bytes: usize,
    /// How many minutes a view lives in localStorage, by page type.
    #[serde(default)]
    pub ttl_minutes: Vec<(PageType, u32)>,
    pub prefetch: PrefetchSettings,
}

/// Whether and when views are fetched unasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PrefetchSettings {
    pub is_on: bool,
    /// How long a link is pointed at before it is fetched, in milliseconds.
    pub hover_ms: u32,
}

impl Settings {
    /// Reads what was chosen, and writes down what holds.
    pub(in crate::client) fn settle() -> Settings {
        let settings = Settings::in_force();
        // It is for people: without storage there is nobody to read it.
        write(NAME, &settings);
        settings
    }

    /// What holds now, with what was chosen.
    pub fn in_force() -> Settings {
        let chosen = read::<Settings>(NAME).map(|settings| settings.prefetch);
        let prefetch = chosen.unwrap_or(PrefetchSettings { is_on: true, hover_ms: HOVER_MS });
        Settings {
            schema: SCHEMA.to_owned(),
            budget_bytes: BUDGET_BYTES,
            ttl_minutes: PageType::ALL.map(|page_type| (page_type, page_type.storage_ttl_secs() / 60)).to_vec(),
            prefetch: PrefetchSettings { hover_ms: prefetch.hover_ms.min(LONGEST_HOVER_MS), ..prefetch },
        }
    }

    /// May views be fetched unasked?
    pub(in crate::client) fn prefetches(&self) -> bool {
        self.prefetch.is_on
    }

    /// How long a link is pointed at before it is fetched, in milliseconds.
    pub(in crate::client) fn hover_ms(&self) -> u32 {
        self.prefetch.hover_ms
    }
}
