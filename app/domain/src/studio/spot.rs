//! Where among its siblings a thing is to stand.

use crate::error::{Error, Problem};

/// A place among siblings: by number, or, better, by a neighbour. Whoever else moved things meanwhile, "behind this one"
/// still means what it meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot<Id> {
    /// At this index, counted without the thing itself; beyond the end is the end.
    At(u32),
    /// Right behind this sibling.
    After(Id),
    /// Right in front of this sibling.
    Before(Id),
}

impl<Id> Spot<Id> {
    /// The one place that a wish names.
    pub(super) fn of(index: Option<u32>, after: Option<Id>, before: Option<Id>) -> Result<Self, Error> {
        match (index, after, before) {
            (Some(index), None, None) => Ok(Spot::At(index)),
            (None, Some(after), None) => Ok(Spot::After(after)),
            (None, None, Some(before)) => Ok(Spot::Before(before)),
            (None, None, None) => Err(Error::invalid("index", Problem::Missing)),
            (Some(_), ..) => Err(Error::invalid("index", Problem::Contradiction)),
            (None, Some(_), Some(_)) => Err(Error::invalid("afterId", Problem::Contradiction)),
        }
    }
}
