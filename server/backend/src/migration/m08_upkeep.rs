//! Indexes for what goes along when a row is purged. The others hold only what is not in the trash.

use super::Step;

pub(super) const STEP: Step = Step {
    name: "m08_upkeep",
    sql: r"
CREATE INDEX parts_of_story ON parts (story_id);
CREATE INDEX chapters_of_story ON chapters (story_id);
CREATE INDEX scenes_of_chapter ON scenes (chapter_id);
CREATE INDEX posts_of_any_story ON posts (story_id);
CREATE INDEX invalidation_events_by_age ON invalidation_events (created_at);
",
};
