//! One key, in all three layers side by side.

use std::sync::Arc;

use domain::cache::{Clock, Key};
use resource_cache::{EntryView, State};

use crate::client::{Forced, Layer, Note, ServerEntry, StoredView, Views};

/// What is known of one key. Times are moments, not ages: a row changes only when something happens to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub text: Arc<str>,
    /// `None` where another version of the server wrote the entry.
    pub key: Option<Key>,
    pub server: Option<Held>,
    pub stored: Option<Held>,
    pub memory: Option<InMemory>,
    /// When a layer of this tab let go of it last, and why.
    pub last: Option<Note>,
    pub forced: Option<Forced>,
}

/// What one layer holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// Since when, in milliseconds since 1970.
    pub since_ms: u64,
    /// At this age it is asked for again.
    pub fresh_ms: u64,
    /// At this age it is forgotten.
    pub keep_ms: u64,
    pub size_bytes: u64,
    pub clock: Option<Clock>,
}

impl Held {
    /// Its age at `now_ms`.
    pub fn age_ms(&self, now_ms: u64) -> u64 {
        now_ms.saturating_sub(self.since_ms)
    }
}

/// What memory knows.
#[derive(Clone, Debug, PartialEq)]
pub struct InMemory {
    /// `None` while there is no value.
    pub held: Option<Held>,
    pub state: State,
    pub observers: u32,
    pub patches: usize,
    pub failures: u8,
    pub hits: u64,
    pub stale: u64,
    pub misses: u64,
    pub fetched_in_ms: Option<u64>,
}

/// How a key stands, where a page would look for it first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    Fresh,
    Stale,
    Fetching,
    Marked,
    Outdated,
    /// Memory has no value, and nothing is on its way.
    Failed,
    /// Only localStorage has it, and it may be used.
    Stored,
    /// Only the server has it, and would answer with it.
    Cached,
    /// Its time is over wherever it is.
    Expired,
    /// Made to load for ever.
    ForcedLoading,
    /// Made to fail.
    ForcedError,
}

impl Standing {
    /// Every standing.
    pub const ALL: [Standing; 11] = [
        Standing::Fresh,
        Standing::Stale,
        Standing::Fetching,
        Standing::Marked,
        Standing::Outdated,
        Standing::Failed,
        Standing::Stored,
        Standing::Cached,
        Standing::Expired,
        Standing::ForcedLoading,
        Standing::ForcedError,
    ];

    /// The word in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Standing::Fresh => "fresh",
            Standing::Stale => "stale",
            Standing::Fetching => "fetching",
            Standing::Marked => "marked",
            Standing::Outdated => "outdated",
            Standing::Failed => "failed",
            Standing::Stored => "stored",
            Standing::Cached => "cached",
            Standing::Expired => "expired",
            Standing::ForcedLoading => "forced loading",
            Standing::ForcedError => "forced error",
        }
    }

    /// The class that gives it its shape.
    pub fn class(self) -> &'static str {
        match self {
            Standing::Fresh | Standing::Cached => "state state--fresh",
            Standing::Stale | Standing::Marked | Standing::Outdated | Standing::Stored => "state state--stale",
            Standing::Fetching | Standing::ForcedLoading => "state state--fetching",
            Standing::Expired => "state state--expired",
            Standing::Failed | Standing::ForcedError => "state state--error",
        }
    }
}

impl Row {
    /// A key of which nothing is known yet.
    pub fn new(text: Arc<str>, key: Option<Key>) -> Self {
        Row { text, key, server: None, stored: None, memory: None, last: None, forced: None }
    }

    /// Does nothing hold it, and nobody want it?
    pub fn is_empty(&self) -> bool {
        self.server.is_none() && self.stored.is_none() && self.memory.is_none() && self.forced.is_none()
    }

    /// What a layer holds of it.
    pub fn held(&self, layer: Layer) -> Option<&Held> {
        match layer {
            Layer::Server => self.server.as_ref(),
            Layer::LocalStorage => self.stored.as_ref(),
            Layer::Memory => self.memory.as_ref().and_then(|memory| memory.held.as_ref()),
        }
    }

    /// Is it in this layer? In memory it is also while it is only waited for.
    pub fn is_in(&self, layer: Layer) -> bool {
        match layer {
            Layer::Memory => self.memory.is_some(),
            Layer::Server | Layer::LocalStorage => self.held(layer).is_some(),
        }
    }

    /// How it stands at `now_ms`.
    pub fn standing(&self, now_ms: u64) -> Standing {
        match self.forced {
            Some(Forced::Loading) => return Standing::ForcedLoading,
            Some(Forced::Error) => return Standing::ForcedError,
            None => {}
        }
        if let Some(memory) = &self.memory {
            return memory.standing(now_ms);
        }
        let lives = |held: &Held| held.age_ms(now_ms) < held.keep_ms;
        let answers = |held: &Held| held.age_ms(now_ms) < held.fresh_ms;
        if self.stored.as_ref().is_some_and(lives) {
            Standing::Stored
        } else if self.server.as_ref().is_some_and(answers) {
            Standing::Cached
        } else {
            Standing::Expired
        }
    }

    /// The size of the value, in whichever layer it is nearest.
    pub fn size_bytes(&self) -> Option<u64> {
        self.nearest().map(|held| held.size_bytes)
    }

    /// The position of the value, in whichever layer of this browser it is nearest.
    pub fn clock(&self) -> Option<Clock> {
        [Layer::Memory, Layer::LocalStorage].into_iter().find_map(|layer| self.held(layer)?.clock)
    }

    fn nearest(&self) -> Option<&Held> {
        [Layer::Memory, Layer::LocalStorage, Layer::Server].into_iter().find_map(|layer| self.held(layer))
    }
}

impl InMemory {
    /// What the engine says of one key, at `now_ms`.
    pub fn of(entry: &EntryView<Views>, now_ms: u64) -> Self {
        let size_bytes = u64::try_from(entry.size_bytes).unwrap_or(u64::MAX);
        let held = entry.clock.map(|clock| Held {
            since_ms: now_ms.saturating_sub(entry.age_ms),
            fresh_ms: entry.fresh_ms,
            keep_ms: entry.keep_ms,
            size_bytes,
            clock: Some(clock),
        });
        InMemory {
            held,
            state: entry.state,
            observers: entry.subscribers,
            patches: entry.patches,
            failures: entry.failures,
            hits: entry.hits,
            stale: entry.stale,
            misses: entry.misses,
            fetched_in_ms: entry.fetched_in_ms,
        }
    }

    fn standing(&self, now_ms: u64) -> Standing {
        match (self.state, &self.held) {
            (State::Fetching, _) => Standing::Fetching,
            (State::Outdated, _) => Standing::Outdated,
            (State::Marked, _) => Standing::Marked,
            (State::Fresh | State::Stale, None) => Standing::Failed,
            // The engine tells nobody when a value grows stale: time alone does it.
            (State::Fresh, Some(held)) if held.age_ms(now_ms) < held.fresh_ms => Standing::Fresh,
            (State::Fresh | State::Stale, Some(_)) => Standing::Stale,
        }
    }
}

impl From<&StoredView> for Held {
    fn from(view: &StoredView) -> Self {
        Held {
            since_ms: view.stored_at,
            fresh_ms: view.ttl,
            keep_ms: view.ttl,
            size_bytes: u64::try_from(view.size_bytes()).unwrap_or(u64::MAX),
            clock: Some(view.clock()),
        }
    }
}

impl Held {
    /// What the server said at `now_ms`. The moment it names wavers with the time of the answer: `before` is kept where it
    /// may be the same.
    pub fn on_server(entry: &ServerEntry, now_ms: u64, before: Option<&Held>) -> Self {
        const WAVERS_MS: u64 = 1_500;
        let keep_ms = entry.age_ms.saturating_add(entry.ttl_ms);
        let since_ms = now_ms.saturating_sub(entry.age_ms);
        let same = before.filter(|before| before.since_ms.abs_diff(since_ms) < WAVERS_MS);
        let since_ms = same.map_or(since_ms, |before| before.since_ms);
        let keep_ms = same.map_or(keep_ms, |before| before.keep_ms);
        // One that was fenced or overtaken answers nobody, however young it is.
        let fresh_ms = if entry.is_fresh { keep_ms } else { 0 };
        Held { since_ms, fresh_ms, keep_ms, size_bytes: entry.size_bytes, clock: None }
    }
}
