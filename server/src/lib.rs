//! The `fictures` program: HTTP, middleware, REST doors and command-line tools.
//!
//! In reading order: `config` (what can be set) → `command` (what can be run) → `serve` → `router` (every route in one
//! screen) → `middleware` (what happens to every request) → `api` (the REST doors); `upkeep` runs
//! beside them every hour. What the doors open onto lives in
//! `backend`; what the pages look like lives in `app`.

pub mod command;
pub mod config;
pub mod load_test;
pub mod router;

mod api;
mod middleware;
mod serve;
mod upkeep;
