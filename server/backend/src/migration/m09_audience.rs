//! Rows of the invalidation log learn whom they concern, for those who are told of them while they look at a page.
//!
//! Rows that an older version wrote do not say it: whoever would have to be told of one must ask for everything again.

use super::Step;

pub(super) const STEP: Step = Step {
    name: "m09_audience",
    sql: r"
ALTER TABLE invalidation_events ADD COLUMN story_id TEXT;
-- The author of the story, or the one person it concerns.
ALTER TABLE invalidation_events ADD COLUMN user_id TEXT;
ALTER TABLE invalidation_events ADD COLUMN audience TEXT CHECK (audience IN ('public', 'owner', 'user'));
",
};
