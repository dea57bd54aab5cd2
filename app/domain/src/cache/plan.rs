//! What one change makes stale, and the value that carries it to the client.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{Change, Clock, NotAKey, Tag};

/// A kind of page, the coarse word of the `X-Cache-Invalidate` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PageType {
    Writing,
    Reading,
    Browse,
    Community,
}

impl PageType {
    /// Every page type.
    pub const ALL: [PageType; 4] = [PageType::Writing, PageType::Reading, PageType::Browse, PageType::Community];

    /// The word in the header.
    pub fn as_str(self) -> &'static str {
        match self {
            PageType::Writing => "writing",
            PageType::Reading => "reading",
            PageType::Browse => "browse",
            PageType::Community => "community",
        }
    }
}

impl fmt::Display for PageType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for PageType {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        PageType::ALL.into_iter().find(|page| page.as_str() == text).ok_or(NotAKey)
    }
}

/// The tags that are stale after one change, and the page types to look at again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub tags: Vec<Tag>,
    pub page_types: Vec<PageType>,
}

impl Plan {
    /// What everyone may know of it, if the story is public: nothing, where no view for everyone is touched.
    ///
    /// The page type `writing` goes with the private tags: what somebody else wrote is on nobody's shelf but theirs.
    pub fn public_part(&self) -> Option<Plan> {
        let tags: Vec<Tag> = self.tags.iter().copied().filter(Tag::is_public).collect();
        let page_types = self.page_types.iter().copied().filter(|page| *page != PageType::Writing).collect();
        (!tags.is_empty()).then_some(Plan { tags, page_types })
    }
}

/// A written value, together with what its writing made stale.
///
/// It cannot be made without a [`Change`] (or what was stored of one), and every use case that writes returns one: so no
/// write can forget its invalidation.
#[derive(Clone, Debug, PartialEq)]
pub struct Saved<T> {
    value: T,
    plan: Plan,
    clock: Clock,
}

impl<T> Saved<T> {
    /// The committed `value` of a write that was `change` and stands at `clock` in the invalidation log.
    pub fn new(value: T, change: &Change, clock: Clock) -> Self {
        Saved { value, plan: change.plan(), clock }
    }

    /// A write told a second time, with the plan that its change made when it was written.
    pub fn retold(value: T, plan: Plan, clock: Clock) -> Self {
        Saved { value, plan, clock }
    }

    /// What was written.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// What became stale.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Where the write stands in the invalidation log.
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// Another answer for the same write.
    pub fn map<U>(self, answer: impl FnOnce(T) -> U) -> Saved<U> {
        Saved { value: answer(self.value), plan: self.plan, clock: self.clock }
    }

    /// The parts: value, plan and clock.
    pub fn into_parts(self) -> (T, Plan, Clock) {
        (self.value, self.plan, self.clock)
    }
}

/// A read value and the position it was read at: it is at least as new as every write up to `clock`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot<T> {
    pub value: T,
    pub clock: Clock,
}
