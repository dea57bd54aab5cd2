//! What a reader has seen, as it says itself: it is answered with nothing older, by any server.

use domain::cache::Clock;

use super::{Report, ServerCache};

/// The position that a request sends along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Floor {
    /// It sends none.
    #[default]
    None,
    /// It has seen every write up to here.
    At(Clock),
    /// Only the database is good enough: it asks for that (`Cache-Control: no-cache`), or sends a position that cannot be
    /// read, perhaps because a later version of this program wrote it.
    Database,
}

impl Floor {
    /// Reads the text of a clock.
    pub fn parse(text: &str) -> Self {
        text.parse().map_or(Floor::Database, Floor::At)
    }

    /// Is an answer at `clock` new enough? A position of another epoch cannot be compared, so it is not.
    pub(super) fn allows(self, clock: Clock) -> bool {
        match self {
            Floor::None => true,
            Floor::At(floor) => floor <= clock,
            Floor::Database => false,
        }
    }
}

impl ServerCache {
    /// The same cache, for a reader that must not be answered with anything older than `floor`.
    pub(crate) fn not_before(&self, floor: Floor) -> Self {
        ServerCache { floor, ..self.clone() }
    }

    /// The same cache, which notes in `report` when it knew that something is not there.
    pub(crate) fn reporting(&self, report: &Report) -> Self {
        ServerCache { report: report.clone(), ..self.clone() }
    }
}
