//! What the backend must be told to open.

use std::sync::Arc;

use crate::time::{SystemTime, Time};

/// Everything that can be chosen. Where the values come from is not known here; the server reads the environment.
#[derive(Clone, Debug)]
pub struct Config {
    /// `sqlite://<file>` or `postgres://…`.
    pub database_url: String,
    /// `redis://…`; without it the cache lives in this process.
    pub redis_url: Option<String>,
    /// Are visitors slowed down when they try too often?
    pub rate_limits: RateLimits,
    /// Which share of the hits of a server is compared with the database, between 0 for none and 1. Above 0, every hit on
    /// what was written in the last seconds is too.
    pub compared_share: f64,
    /// What this process is to the database.
    pub process: Process,
    /// The clock.
    pub time: Arc<dyn Time>,
}

impl Config {
    /// A server on `database_url` with the in-process cache, rate limits and the clock of the machine.
    pub fn new(database_url: impl Into<String>) -> Self {
        Config {
            database_url: database_url.into(),
            redis_url: None,
            rate_limits: RateLimits::On,
            compared_share: 0.001,
            process: Process::Server,
            time: Arc::new(SystemTime),
        }
    }
}

/// Are visitors slowed down when they try too often?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateLimits {
    On,
    /// For load tests only.
    Off,
}

/// What a process is to its database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Process {
    /// Answers requests from a cache; two of these need a common cache, or one would not hear of the other's writes.
    Server,
    /// Does one thing and ends; may run beside a server.
    Tool,
}
