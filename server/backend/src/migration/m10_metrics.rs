//! What the layers of the cache did, minute by minute and hour by hour. A server's minutes are rows of its own; hours are
//! everybody's.

use super::Step;

pub(super) const STEP: Step = Step {
    name: "m10_metrics",
    sql: r"
CREATE TABLE cache_metric_buckets (
    bucket_start {time} NOT NULL,
    width INTEGER NOT NULL CHECK (width IN (60, 3600)),
    layer TEXT NOT NULL,
    operation TEXT NOT NULL,
    key_group TEXT NOT NULL,
    server TEXT NOT NULL,
    count BIGINT NOT NULL CHECK (count >= 0),
    sum_us BIGINT NOT NULL CHECK (sum_us >= 0),
    histogram {json} NOT NULL,
    PRIMARY KEY (bucket_start, width, layer, operation, key_group, server)
);
",
};
