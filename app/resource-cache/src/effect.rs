//! What the engine asks of its shell.

use std::sync::Arc;

use crate::{Catalog, FetchId, MutationId, SnapshotOf, Source};

/// Something the shell must do. Effects are carried out in the order they are given.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect<A: Catalog> {
    /// Ask the source, and answer with `Fetched` or `Failed` carrying the same id.
    Fetch { key: A::Key, fetch: FetchId, purpose: Purpose },
    /// An event changed the value that `peek` offers (to another, to none or from none): tell subscribers and waiters.
    ///
    /// Not sent when only the state or the age changed, when time alone took the value away, or when an unmounted view
    /// was evicted.
    Changed { key: A::Key },
    /// A fetch failed, was given up, or was cut off by `Cleared`: whoever waits for this key waits in vain, unless it is
    /// asked again by itself at `retry_at_ms` (or, while the page is hidden or offline, when it comes back).
    ///
    /// A value that was offered before is still offered, but it is not valid for longer.
    Failed { key: A::Key, retry_at_ms: Option<u64> },
    /// Write to persistent storage, stamped with the present time.
    Store { key: A::Key, snapshot: SnapshotOf<A> },
    /// Remove from persistent storage, whether or not memory held it.
    Forget { key: A::Key },
    /// Remove every stored view with one of the tags whose clock is not at or after `clock`; without a clock, all of them.
    ForgetTagged { tags: Vec<A::Tag>, clock: Option<A::Clock> },
    /// Remove every stored view of the groups.
    ForgetGroups { groups: Vec<A::Group> },
    /// Remove every stored view whose clock is not at or after `clock`; without a clock, all of them.
    ForgetOlder { clock: Option<A::Clock> },
    /// Remove every stored view.
    ForgetAll,
    /// Nothing to do: a note for statistics. `key` is `None` where all keys are meant.
    Recorded { key: Option<A::Key>, operation: Operation, cause: Cause<A> },
}

/// What a fetch is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Somebody waits for it, or it is on the page.
    Use,
    /// Nobody has asked for it yet: send it with a low priority.
    Prefetch,
}

/// What was done, for statistics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// A value was offered without asking.
    Hit,
    /// A value was offered while it is asked for again.
    Stale,
    /// There was nothing to offer.
    Miss,
    /// A value was accepted.
    Set,
    /// A value was dropped or marked because of an invalidation.
    Invalidate,
    /// A value was dropped for another reason.
    Evict,
    /// A value arrived and was refused: it could not prove that it is new enough.
    Discard,
    /// A patch was put on a view.
    Patch,
    /// The mutation of a patch was carried out.
    Confirm,
    /// A patch was taken off again, because its mutation failed.
    Rollback,
}

/// Why it was done, for statistics.
#[derive(Clone, Debug, PartialEq)]
pub enum Cause<A: Catalog> {
    /// Somebody read it.
    Read,
    /// It was mounted.
    Subscribed,
    /// Somebody may soon read it.
    Prefetch,
    /// An invalidation named this tag of it.
    Tag { tag: A::Tag, source: Source, label: Option<Arc<str>> },
    /// An invalidation named its group.
    Group { group: A::Group, source: Source, label: Option<Arc<str>> },
    /// Invalidations may have been missed.
    Reset { source: Source },
    /// The page was frozen and may have missed invalidations.
    Resumed,
    /// A mutation of this page.
    Mutation(MutationId),
    /// The person came back.
    Focus,
    /// The network came back.
    Reconnect,
    /// The last try failed.
    Retry,
    /// It is mounted, and asked for now and then.
    Poll,
    /// Its time was over.
    Expired,
    /// Nobody used it any more.
    Unused,
    /// There was no room for it.
    Pressure,
    /// A person asked for it.
    ByHand,
    /// It came with the page.
    Hydration,
    /// It came from persistent storage.
    Storage,
    /// It came from the source.
    Answer,
}
