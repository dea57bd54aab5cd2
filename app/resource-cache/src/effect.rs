//! What the engine asks of its shell.

use crate::{Catalog, FetchId, Snapshot};

/// Something the shell must do. Effects are carried out in the order they are given.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect<A: Catalog> {
    /// Ask the source, and answer with `Fetched` or `Failed` carrying the same id.
    Fetch { key: A::Key, fetch: FetchId },
    /// An event changed the value that `peek` offers (to another, to none or from none): tell subscribers and waiters.
    ///
    /// Not sent when only the state or the age changed, when time alone took the value away, or when an unmounted view
    /// was evicted.
    Changed { key: A::Key },
    /// A fetch failed, was given up, or was cut off by `Cleared`: whoever waits for this key waits in vain.
    ///
    /// A value that was offered before is still offered, but it is not valid for longer.
    Failed { key: A::Key },
    /// Write to persistent storage, stamped with the present time.
    Store { key: A::Key, snapshot: Snapshot<A::Value, A::Clock> },
    /// Remove from persistent storage, whether or not memory held it.
    Forget { key: A::Key },
    /// Remove every stored view with one of the tags whose clock is not at or after `clock`; without a clock, all of them.
    ForgetTagged { tags: Vec<A::Tag>, clock: Option<A::Clock> },
    /// Remove every stored view of the groups.
    ForgetGroups { groups: Vec<A::Group> },
    /// Remove every stored view.
    ForgetAll,
    /// Nothing to do: a note for statistics. `key` is `None` where all keys are meant.
    Recorded { key: Option<A::Key>, operation: Operation, cause: Cause<A> },
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
}

/// Why it was done, for statistics.
#[derive(Clone, Debug, PartialEq)]
pub enum Cause<A: Catalog> {
    /// Somebody read it.
    Read,
    /// It was mounted.
    Subscribed,
    /// An invalidation named this tag of it.
    Tag(A::Tag),
    /// An invalidation named its group.
    Group(A::Group),
    /// The person came back.
    Focus,
    /// The network came back.
    Reconnect,
    /// Its time was over.
    Expired,
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
