//! What views are asked for: to be read, or to be there when somebody reads. What is done for the latter is counted
//! apart, so that it makes no hit rate better or worse than readers find it.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use domain::cache::Act;

use super::{ServerCache, view::Status};

/// Why a view is asked for.
#[derive(Clone, Debug, Default)]
pub(super) enum Purpose {
    /// Somebody waits for it.
    #[default]
    Reading,
    /// Somebody may come for it.
    Warming(Arc<Warming>),
}

/// What became of the views that were asked for before anybody came.
#[derive(Debug, Default)]
pub(crate) struct Warming {
    loaded: AtomicU64,
    left: AtomicU64,
}

impl Warming {
    /// How many views were loaded.
    pub(crate) fn loaded(&self) -> u64 {
        self.loaded.load(Ordering::Relaxed)
    }

    /// How many were left as they were: fresh already, or being written just now.
    pub(crate) fn left(&self) -> u64 {
        self.left.load(Ordering::Relaxed)
    }
}

impl Purpose {
    /// As what a read that ended so is counted; not at all if nobody read.
    pub(super) fn act(&self, status: Status) -> Option<Act> {
        match (self, status) {
            (Purpose::Reading, status) => Some(status.into()),
            (Purpose::Warming(warming), Status::Miss) => {
                warming.loaded.fetch_add(1, Ordering::Relaxed);
                Some(Act::Warm)
            }
            (Purpose::Warming(warming), Status::Hit | Status::Stale | Status::Bypass) => {
                warming.left.fetch_add(1, Ordering::Relaxed);
                None
            }
        }
    }
}

impl ServerCache {
    /// The same cache, for views that nobody waits for; `warming` counts them.
    pub(crate) fn warming(&self, warming: Arc<Warming>) -> Self {
        ServerCache { purpose: Purpose::Warming(warming), ..self.clone() }
    }
}
