//! Posts, likes and replies.
//!
//! Counters live beside what they count and change in the same transaction. `path` orders a thread: the ids from the
//! root down, each behind its time, so that a plain sort puts every reply behind its parent.

use super::Step;

pub(super) const STEP: Step = Step {
    name: "m03_community",
    sql: r"
CREATE TABLE posts (
    id TEXT PRIMARY KEY CHECK (length(id) = 21),
    story_id TEXT NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
    author_id TEXT NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL CHECK (kind IN ('discussion', 'theory', 'review', 'question', 'fan-content')),
    title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 255),
    body TEXT NOT NULL CHECK (length(body) BETWEEN 1 AND 10000),
    body_html TEXT NOT NULL,
    renderer_version INTEGER NOT NULL,
    like_count BIGINT NOT NULL DEFAULT 0 CHECK (like_count >= 0),
    reply_count BIGINT NOT NULL DEFAULT 0 CHECK (reply_count >= 0),
    edited_at {time},
    version BIGINT NOT NULL DEFAULT 1 CHECK (version >= 1),
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    deleted_at {time},
    deleted_by TEXT REFERENCES users (id)
);
CREATE INDEX posts_of_story ON posts (story_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX posts_latest ON posts (created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX posts_of_author ON posts (author_id);

CREATE TABLE post_likes (
    post_id TEXT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at {time} NOT NULL,
    PRIMARY KEY (post_id, user_id)
);
CREATE INDEX post_likes_of_user ON post_likes (user_id);

CREATE TABLE replies (
    id TEXT PRIMARY KEY CHECK (length(id) = 21),
    post_id TEXT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    parent_id TEXT REFERENCES replies (id) ON DELETE CASCADE,
    depth INTEGER NOT NULL CHECK (depth BETWEEN 0 AND 5),
    path {bytes} NOT NULL,
    author_id TEXT NOT NULL REFERENCES users (id),
    body TEXT NOT NULL CHECK (length(body) BETWEEN 1 AND 10000),
    body_html TEXT NOT NULL,
    renderer_version INTEGER NOT NULL,
    edited_at {time},
    version BIGINT NOT NULL DEFAULT 1 CHECK (version >= 1),
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    deleted_at {time},
    deleted_by TEXT REFERENCES users (id),
    CHECK ((parent_id IS NULL) = (depth = 0))
);
CREATE INDEX replies_in_order ON replies (post_id, path);
CREATE INDEX replies_of_parent ON replies (parent_id);
CREATE INDEX replies_of_author ON replies (author_id);
",
};
