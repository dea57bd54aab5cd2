//! Alerts about the caches: one row per rule and layer, so that an acknowledgement outlives checks and restarts.

use super::Step;

pub(super) const STEP: Step = Step {
    name: "m11_alerts",
    sql: r"
CREATE TABLE cache_alerts (
    rule TEXT NOT NULL,
    layer TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'firing', 'resolved')),
    severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'error', 'critical')),
    threshold DOUBLE PRECISION NOT NULL,
    current_value DOUBLE PRECISION NOT NULL,
    first_seen {time} NOT NULL,
    last_seen {time} NOT NULL,
    acknowledged BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (rule, layer)
);
",
};
