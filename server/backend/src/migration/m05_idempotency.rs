//! Requests that may be sent again: what they wrote, and how they were answered.
//!
//! A row is claimed in the transaction of the data that its request writes. `written` says what that was until `answer`
//! is there, which says it all.

use super::Step;

pub(super) const STEP: Step = Step {
    name: "m05_idempotency",
    sql: r"
CREATE TABLE idempotency_keys (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    request_hash TEXT NOT NULL,
    written TEXT,
    answer TEXT,
    created_at {time} NOT NULL,
    PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
",
};
