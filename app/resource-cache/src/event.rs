//! What happens to the engine.

use std::sync::Arc;

use crate::Catalog;

/// Something that happened outside, told to [`Engine::handle`](crate::Engine::handle).
#[derive(Clone, Debug, PartialEq)]
pub enum Event<A: Catalog> {
    /// Someone needs the value now.
    Read { key: A::Key },
    /// Someone may soon need the value: it is fetched if it is not fresh, when there is nothing better to do.
    Prefetch { key: A::Key },
    /// A view was mounted. Counted: two subscribers unsubscribe twice.
    Subscribe { key: A::Key },
    /// A view was unmounted.
    Unsubscribe { key: A::Key },
    /// The answer to a fetch.
    Fetched { key: A::Key, fetch: FetchId, snapshot: SnapshotOf<A> },
    /// A fetch that brought no answer.
    Failed { key: A::Key, fetch: FetchId, retry: Retry },
    /// A value came with the page's HTML.
    Hydrated { key: A::Key, snapshot: SnapshotOf<A> },
    /// A value was found in persistent storage.
    Restored { key: A::Key, snapshot: SnapshotOf<A>, stored_at_ms: u64 },
    /// Somebody changed what views are made of.
    Invalidated { invalidation: Invalidation<A> },
    /// Invalidations may have been missed: the push stream had a gap. Everything that was not provably read at or after
    /// `clock` is gone, from memory and storage; without a clock, everything.
    Reset { clock: Option<A::Clock>, source: Source },
    /// A mutation was sent. Its patches are shown on top of the values until it ends; there may be none. The same view may
    /// be patched more than once.
    MutationBegun { mutation: MutationId, patches: Vec<(A::Key, A::Patch)> },
    /// The source carried the mutation out, at `clock`, and answered with the new `values` of some views, or of none.
    MutationConfirmed { mutation: MutationId, clock: Option<A::Clock>, values: Vec<(A::Key, SnapshotOf<A>)> },
    /// The mutation was refused, or its answer was lost.
    MutationFailed { mutation: MutationId, rollback: Rollback },
    /// The page can be seen, or the person came back to it.
    Focused,
    /// The page cannot be seen: what is not asked for by a person waits.
    Hidden,
    /// The network came back.
    Online,
    /// The network is gone: retries wait.
    Offline,
    /// The page was frozen, or lay in the back/forward cache, and may have missed invalidations up to `clock`: the newest
    /// that another tab or the storage knows of. Without a clock, nothing can prove that it missed none.
    Resumed { clock: Option<A::Clock> },
    /// One view is doubted by hand: it is still offered, but asked for again, at once where it is mounted. Storage forgets it.
    Marked { key: A::Key },
    /// One view is asked for by hand, whether or not it is fresh, mounted or remembered at all.
    Requested { key: A::Key },
    /// One view is dropped by hand, from memory and storage.
    Removed { key: A::Key },
    /// Everything is dropped, from memory and storage: log-out, or by hand.
    Cleared,
    /// Time passed: do what is due. Send it at [`Engine::next_due_ms`](crate::Engine::next_due_ms).
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

/// A snapshot of a view of `A`.
pub type SnapshotOf<A> = Snapshot<<A as Catalog>::Value, <A as Catalog>::Clock>;

/// One fetch. An answer carries the id of the fetch it answers, so that answers are ordered by their requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FetchId(pub(crate) u64);

/// One mutation. The shell draws the number: any that this page has not used before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MutationId(pub u64);

/// Whether it makes sense to ask again after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// The network, or a server that is out of breath: the same question may be answered later.
    Later,
    /// A refusal: the same question has the same answer.
    Never,
}

/// What becomes of the patches of a mutation that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rollback {
    /// They go at once, and the views are asked for again: the source may have done it and the answer was lost.
    Undo,
    /// They stay until the next value of their view comes from the source.
    Keep,
}

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
    /// How this page heard of it. Changes nothing but the records.
    pub source: Source,
    /// Which change it was, in the words of the shell. Changes nothing but the records.
    pub label: Option<Arc<str>>,
}

/// How far an invalidation reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The tags decide. Other views of the named groups are marked: still offered, but asked for again.
    Tags,
    /// The tags are missing or cut: every view of the named groups is gone, as well as those with a tag that is left.
    Groups,
}

/// How a page heard of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// The answer to something this tab sent.
    ThisTab,
    /// A message from another tab of this browser.
    OtherTab,
    /// The server told it unasked.
    Push,
    /// Another tab of this browser passed on what the server had told it unasked.
    Relay,
    /// The same, of what nobody asked for: the source did it when it was time.
    Schedule,
    /// A person, with a tool.
    ByHand,
}
