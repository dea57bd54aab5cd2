//! What the engine must know of an application's views.

use std::fmt::Debug;
use std::hash::Hash;

/// The views of an application: their addresses, what they depend on and how long they live.
///
/// Implemented by a unit struct. Every function is pure: the same key always has the same tags, group and lifetime.
/// Derive `Clone`, `Debug` and `PartialEq` on that struct to have them on [`Event`](crate::Event) and
/// [`Effect`](crate::Effect) too.
pub trait Catalog: 'static {
    /// The address of one view.
    type Key: Clone + Eq + Ord + Hash + Debug + 'static;
    /// Something a view depends on.
    type Tag: Clone + Eq + Ord + Hash + Debug + 'static;
    /// A coarse kind of page, such as "writing" or "reading".
    type Group: Copy + Eq + Debug + 'static;
    /// A causal position: where the source stood when a value was read.
    ///
    /// Two positions that cannot be compared (of other epochs, say) count as "older": the value is fetched again.
    type Clock: Clone + PartialOrd + Debug + 'static;
    /// What a view shows. Cheap to clone: the engine clones it at each [`peek`](crate::Engine::peek).
    type Value: Clone + PartialEq + Debug + 'static;
    /// What a mutation is expected to do to one view, shown before the source has answered; see [`Catalog::apply`].
    ///
    /// [`Infallible`](std::convert::Infallible) where nothing is shown early.
    type Patch: Clone + PartialEq + Debug + 'static;

    /// What the view depends on.
    fn tags(key: &Self::Key) -> Vec<Self::Tag>;
    /// The kind of page the view belongs to.
    fn group(key: &Self::Key) -> Self::Group;
    /// How long a value of the view may be used.
    fn lifetime(key: &Self::Key) -> Lifetime;
    /// The size of a value in bytes, for the memory budget.
    fn size_bytes(value: &Self::Value) -> usize;

    /// The value with the patch on it; `None` where the patch does not fit this value or changes nothing, which leaves
    /// the value as it is.
    ///
    /// It is asked again whenever the value below changes. [`patch`](crate::patch) has the usual shapes.
    fn apply(_key: &Self::Key, _value: &Self::Value, _patch: &Self::Patch) -> Option<Self::Value> {
        None
    }
}

/// How long a value may be used. The first two are counted from the moment it was last confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// Younger than this it is shown without asking.
    pub fresh_ms: u64,
    /// At this age it is forgotten. In between it is shown while it is asked for again.
    pub keep_ms: u64,
    /// Nobody has used it for so long: it leaves memory. Storage keeps it.
    pub linger_ms: u64,
    /// While it is mounted on a visible page it is asked for again by itself at this age; never where this is `None`.
    pub poll_ms: Option<u64>,
    /// Whether it may outlive the page.
    pub persist: Persist,
}

/// Whether a value may be written to persistent storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persist {
    /// Written whenever it is set.
    Stored,
    /// Never written.
    MemoryOnly,
}
