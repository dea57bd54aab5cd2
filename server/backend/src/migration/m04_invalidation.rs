//! The invalidation log: one row per write, in the order of the commits.
//!
//! A row is written in the transaction of the data it speaks of, so it exists exactly when the change does. Whoever
//! was not there when it happened (another server, a server that was killed) reads it later.

use super::Step;

pub(super) const STEP: Step = Step {
    name: "m04_invalidation",
    sql: r"
CREATE TABLE invalidation_events (
    seq {sequence},
    mutation_id TEXT NOT NULL UNIQUE,
    entity TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    action TEXT NOT NULL,
    tags {json} NOT NULL,
    page_types {json} NOT NULL,
    origin TEXT NOT NULL DEFAULT 'request' CHECK (origin IN ('request', 'schedule', 'manual', 'repair')),
    created_at {time} NOT NULL,
    applied_at {time}
);
CREATE INDEX invalidation_events_open ON invalidation_events (seq) WHERE applied_at IS NULL;
CREATE INDEX invalidation_events_of_entity ON invalidation_events (entity, entity_id, seq);

-- Sequence numbers of one database can be compared; a database that was made anew is another history.
CREATE TABLE histories (
    epoch BIGINT PRIMARY KEY
);
INSERT INTO histories (epoch) VALUES ({random_u32});
",
};
