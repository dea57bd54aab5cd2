//! The people and places of a story, the version of its order, and how far its readers got.

use super::Step;

pub(super) const STEP: Step = Step {
    name: "m07_world",
    sql: r"
CREATE TABLE characters (
    id TEXT PRIMARY KEY CHECK (length(id) = 21),
    story_id TEXT NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    aliases {json} NOT NULL,
    role TEXT NOT NULL DEFAULT 'minor' CHECK (role IN ('main', 'secondary', 'minor')),
    summary TEXT NOT NULL DEFAULT '' CHECK (length(summary) <= 5000),
    traits {json} NOT NULL,
    goal TEXT NOT NULL DEFAULT '' CHECK (length(goal) <= 5000),
    flaw TEXT NOT NULL DEFAULT '' CHECK (length(flaw) <= 5000),
    backstory TEXT NOT NULL DEFAULT '' CHECK (length(backstory) <= 5000),
    appearance TEXT NOT NULL DEFAULT '' CHECK (length(appearance) <= 5000),
    voice TEXT NOT NULL DEFAULT '' CHECK (length(voice) <= 5000),
    colour TEXT CHECK (length(colour) = 7),
    position BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1 CHECK (version >= 1),
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    deleted_at {time},
    deleted_by TEXT REFERENCES users (id),
    trash_batch_id TEXT,
    CHECK ((deleted_at IS NULL) = (trash_batch_id IS NULL))
);
CREATE INDEX characters_in_order ON characters (story_id, position, id) WHERE deleted_at IS NULL;
CREATE INDEX characters_of_story ON characters (story_id);
CREATE INDEX characters_in_trash ON characters (trash_batch_id) WHERE deleted_at IS NOT NULL;

CREATE TABLE settings (
    id TEXT PRIMARY KEY CHECK (length(id) = 21),
    story_id TEXT NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    summary TEXT NOT NULL DEFAULT '' CHECK (length(summary) <= 5000),
    mood TEXT NOT NULL DEFAULT '' CHECK (length(mood) <= 5000),
    senses {json} NOT NULL,
    details {json} NOT NULL,
    position BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1 CHECK (version >= 1),
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    deleted_at {time},
    deleted_by TEXT REFERENCES users (id),
    trash_batch_id TEXT,
    CHECK ((deleted_at IS NULL) = (trash_batch_id IS NULL))
);
CREATE INDEX settings_in_order ON settings (story_id, position, id) WHERE deleted_at IS NULL;
CREATE INDEX settings_of_story ON settings (story_id);
CREATE INDEX settings_in_trash ON settings (trash_batch_id) WHERE deleted_at IS NOT NULL;

-- Grows whenever something of a story comes, goes or moves: a move says which order it was made from.
ALTER TABLE stories ADD COLUMN structure_version BIGINT NOT NULL DEFAULT 1 CHECK (structure_version >= 1);

-- A chapter or scene that is purged takes its own mark along, and no other.
CREATE TABLE reading_progress (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    story_id TEXT NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
    chapter_id TEXT NOT NULL REFERENCES chapters (id) ON DELETE CASCADE,
    scene_id TEXT REFERENCES scenes (id) ON DELETE SET NULL,
    furthest_chapter_id TEXT REFERENCES chapters (id) ON DELETE SET NULL,
    furthest_scene_id TEXT REFERENCES scenes (id) ON DELETE SET NULL,
    updated_at {time} NOT NULL,
    PRIMARY KEY (user_id, story_id)
);
CREATE INDEX reading_progress_of_story ON reading_progress (story_id);
CREATE INDEX reading_progress_of_chapter ON reading_progress (chapter_id);
CREATE INDEX reading_progress_of_scene ON reading_progress (scene_id);
CREATE INDEX reading_progress_furthest_chapter ON reading_progress (furthest_chapter_id);
CREATE INDEX reading_progress_furthest_scene ON reading_progress (furthest_scene_id);

-- The old are thinned out.
CREATE INDEX scene_revisions_by_age ON scene_revisions (created_at);
",
};
