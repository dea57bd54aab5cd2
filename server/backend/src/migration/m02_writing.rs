//! Stories, parts, chapters, scenes and the revisions of their text.
//!
//! Working text and published text are columns of their own, so that no query for readers can meet a draft by accident.
//! Trash is three columns: things that went together share a batch and come back together.

use super::Step;

pub(super) const STEP: Step = Step {
    name: "m02_writing",
    sql: r"
CREATE TABLE stories (
    id TEXT PRIMARY KEY CHECK (length(id) = 21),
    author_id TEXT NOT NULL REFERENCES users (id),
    title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 255),
    summary TEXT NOT NULL DEFAULT '' CHECK (length(summary) <= 5000),
    genre TEXT CHECK (length(genre) BETWEEN 1 AND 50),
    status TEXT NOT NULL DEFAULT 'writing' CHECK (status IN ('writing', 'published')),
    published_at {time},
    version BIGINT NOT NULL DEFAULT 1 CHECK (version >= 1),
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    deleted_at {time},
    deleted_by TEXT REFERENCES users (id),
    trash_batch_id TEXT,
    CHECK ((status = 'published') = (published_at IS NOT NULL)),
    CHECK ((deleted_at IS NULL) = (trash_batch_id IS NULL))
);
CREATE INDEX stories_of_author ON stories (author_id, updated_at DESC, id) WHERE deleted_at IS NULL;
CREATE INDEX stories_published ON stories (published_at DESC, id DESC)
    WHERE deleted_at IS NULL AND status = 'published';
CREATE INDEX stories_in_trash ON stories (trash_batch_id) WHERE deleted_at IS NOT NULL;

CREATE TABLE parts (
    id TEXT PRIMARY KEY CHECK (length(id) = 21),
    story_id TEXT NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
    title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 255),
    summary TEXT NOT NULL DEFAULT '' CHECK (length(summary) <= 5000),
    position BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1 CHECK (version >= 1),
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    deleted_at {time},
    deleted_by TEXT REFERENCES users (id),
    trash_batch_id TEXT,
    CHECK ((deleted_at IS NULL) = (trash_batch_id IS NULL))
);
CREATE INDEX parts_in_order ON parts (story_id, position, id) WHERE deleted_at IS NULL;
CREATE INDEX parts_in_trash ON parts (trash_batch_id) WHERE deleted_at IS NOT NULL;

CREATE TABLE chapters (
    id TEXT PRIMARY KEY CHECK (length(id) = 21),
    story_id TEXT NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
    part_id TEXT REFERENCES parts (id) ON DELETE SET NULL,
    title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 255),
    summary TEXT NOT NULL DEFAULT '' CHECK (length(summary) <= 5000),
    status TEXT NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'published')),
    published_title TEXT,
    published_at {time},
    position BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1 CHECK (version >= 1),
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    deleted_at {time},
    deleted_by TEXT REFERENCES users (id),
    trash_batch_id TEXT,
    CHECK ((status = 'published') = (published_at IS NOT NULL)),
    CHECK ((status = 'published') = (published_title IS NOT NULL)),
    CHECK ((deleted_at IS NULL) = (trash_batch_id IS NULL))
);
CREATE INDEX chapters_in_order ON chapters (story_id, part_id, position, id) WHERE deleted_at IS NULL;
CREATE INDEX chapters_of_part ON chapters (part_id);
CREATE INDEX chapters_in_trash ON chapters (trash_batch_id) WHERE deleted_at IS NOT NULL;

-- `body_version` is the last version that changed the text (title or body); the rest of the scene is the writer's own.
CREATE TABLE scenes (
    id TEXT PRIMARY KEY CHECK (length(id) = 21),
    story_id TEXT NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
    chapter_id TEXT NOT NULL REFERENCES chapters (id) ON DELETE CASCADE,
    title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 255),
    body TEXT NOT NULL DEFAULT '' CHECK (length(body) <= 510000),
    summary TEXT NOT NULL DEFAULT '' CHECK (length(summary) <= 5000),
    goal TEXT NOT NULL DEFAULT '' CHECK (length(goal) <= 5000),
    conflict TEXT NOT NULL DEFAULT '' CHECK (length(conflict) <= 5000),
    outcome TEXT NOT NULL DEFAULT '' CHECK (length(outcome) <= 5000),
    status TEXT NOT NULL DEFAULT 'draft' CHECK (status IN ('idea', 'draft', 'revised', 'done')),
    position BIGINT NOT NULL,
    word_count BIGINT NOT NULL DEFAULT 0 CHECK (word_count >= 0),
    content_hash TEXT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1 CHECK (version >= 1),
    body_version BIGINT NOT NULL DEFAULT 1 CHECK (body_version BETWEEN 1 AND version),
    published_title TEXT,
    published_body TEXT,
    published_html TEXT,
    published_word_count BIGINT,
    published_version BIGINT CHECK (published_version <= version),
    published_at {time},
    renderer_version INTEGER,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    deleted_at {time},
    deleted_by TEXT REFERENCES users (id),
    trash_batch_id TEXT,
    CHECK ((published_version IS NULL) = (published_title IS NULL)),
    CHECK ((published_version IS NULL) = (published_body IS NULL)),
    CHECK ((published_version IS NULL) = (published_html IS NULL)),
    CHECK ((published_version IS NULL) = (published_word_count IS NULL)),
    CHECK ((published_version IS NULL) = (published_at IS NULL)),
    CHECK ((published_version IS NULL) = (renderer_version IS NULL)),
    CHECK ((deleted_at IS NULL) = (trash_batch_id IS NULL))
);
CREATE INDEX scenes_in_order ON scenes (chapter_id, position, id) WHERE deleted_at IS NULL;
CREATE INDEX scenes_of_story ON scenes (story_id);
CREATE INDEX scenes_in_trash ON scenes (trash_batch_id) WHERE deleted_at IS NOT NULL;

CREATE TABLE scene_revisions (
    scene_id TEXT NOT NULL REFERENCES scenes (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL CHECK (seq >= 1),
    kind TEXT NOT NULL CHECK (kind IN ('auto', 'named', 'conflict', 'pre_restore', 'publish')),
    name TEXT,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    word_count BIGINT NOT NULL CHECK (word_count >= 0),
    content_hash TEXT NOT NULL,
    base_version BIGINT NOT NULL,
    author_id TEXT NOT NULL REFERENCES users (id),
    created_at {time} NOT NULL,
    PRIMARY KEY (scene_id, seq)
);
CREATE INDEX scene_revisions_of_author ON scene_revisions (author_id);
",
};
