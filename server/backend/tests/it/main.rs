//! The use cases over a real database: every test runs on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "in a test, a panic with its place is the best report")]

mod support;

mod accounts;
mod community;
mod coverage;
mod files;
mod freshness;
mod histories;
mod idempotency;
mod limits;
mod listing;
mod log;
mod moves;
mod opening;
mod pairs;
mod progress;
mod publication;
mod rate_limits;
mod relay;
mod replies;
mod restore;
mod revisions;
mod search;
mod seed;
mod servers;
mod structure;
mod trash;
mod upkeep;
mod versions;
mod visibility;
mod world;
