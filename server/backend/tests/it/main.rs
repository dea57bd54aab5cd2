//! The use cases over a real database: every test runs on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "in a test, a panic with its place is the best report")]

mod support;

mod accounts;
mod backup;
mod community;
mod coverage;
mod crash_points;
mod explanations;
mod faults;
mod files;
mod freshness;
mod histories;
mod idempotency;
mod limits;
mod listing;
mod log;
mod metrics;
mod monitoring;
mod moves;
mod opening;
mod pairs;
mod progress;
mod publication;
mod push;
mod rate_limits;
mod relay;
mod replies;
mod restore;
mod revisions;
mod sampling;
mod search;
mod seed;
mod servers;
mod structure;
mod trash;
mod upkeep;
mod versions;
mod visibility;
mod warm;
mod world;
