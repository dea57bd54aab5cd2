//! Revisions learn more reasons why they were kept. SQLite cannot change a check, so the table is made anew.

use super::Step;

pub(super) const STEP: Step = Step {
    name: "m06_revision_kinds",
    sql: r"
CREATE TABLE kept_revisions (
    scene_id TEXT NOT NULL REFERENCES scenes (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL CHECK (seq >= 1),
    kind TEXT NOT NULL CHECK (kind IN ('auto', 'session', 'manual', 'named', 'conflict', 'pre_restore', 'pre_replace',
        'import', 'publish')),
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
INSERT INTO kept_revisions SELECT scene_id, seq, kind, name, title, body, word_count, content_hash, base_version,
    author_id, created_at FROM scene_revisions;
DROP TABLE scene_revisions;
ALTER TABLE kept_revisions RENAME TO scene_revisions;
CREATE INDEX scene_revisions_of_author ON scene_revisions (author_id);
",
};
