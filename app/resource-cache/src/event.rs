//! What happens to the engine.

use crate::Catalog;

/// Something that happened outside, told to [`Engine::handle`](crate::Engine::handle).
#[derive(Clone, Debug, PartialEq)]
pub enum Event<A: Catalog> {
    /// Someone needs the value now.
    Read { key: A::Key },
    /// A view was mounted. Counted: two subscribers unsubscribe twice.
    Subscribe { key: A::Key },
    /// A view was unmounted.
    Unsubscribe { key: A::Key },
    /// The answer to a fetch.
    Fetched { key: A::Key, fetch: FetchId, snapshot: Snapshot<A::Value, A::Clock> },
    /// A fetch that brought no answer.
    Failed { key: A::Key, fetch: FetchId },
    /// A value came with the page's HTML.
    Hydrated { key: A::Key, snapshot: Snapshot<A::Value, A::Clock> },
    /// A value was found in persistent storage.
    Restored { key: A::Key, snapshot: Snapshot<A::Value, A::Clock>, stored_at_ms: u64 },
    /// Somebody changed what views are made of.
    Invalidated { invalidation: Invalidation<A> },
    /// The person came back to the page.
    Focused,
    /// The network came back.
    Online,
    /// One view is dropped by hand, from memory and storage.
    Removed { key: A::Key },
    /// Everything is dropped, from memory and storage: log-out, or by hand.
    Cleared,
    /// Time passed: drop what expired and what there is no room for. Send it now and then.
    Swept,
}

/// A value, and the position it was read at.
///
/// The clock is where the source stood when the value was *read*, not when it last changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot<V, C> {
    pub value: V,
    pub clock: C,
}

/// One fetch. An answer carries the id of the fetch it answers, so that answers are ordered by their requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FetchId(pub(crate) u64);

/// What changed, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Invalidation<A: Catalog> {
    /// A view with one of these tags and an older clock is gone.
    pub tags: Vec<A::Tag>,
    /// The kinds of page concerned; [`Scope`] says how.
    pub groups: Vec<A::Group>,
    /// The position of the change. Without one, nothing that was read before can prove that it is newer.
    pub clock: Option<A::Clock>,
    /// Whether the list of tags can be relied on.
    pub scope: Scope,
}

/// How far an invalidation reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The tags decide. Other views of the named groups are marked: still offered, but asked for again.
    Tags,
    /// The tags are missing or cut: every view of the named groups is gone, as well as those with a tag that is left.
    Groups,
}
