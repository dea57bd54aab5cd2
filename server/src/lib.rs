//! The `fictures` program: HTTP, middleware, REST doors and command-line tools.
//!
//! In reading order: `config` (what can be set) → `command` (what can be run) → `serve` → `router` (every route in one
//! screen) → `middleware` (what happens to every request) → `api` (the REST doors); `upkeep` and `warming` run
//! beside them every hour, and `webhook` tells of alerts. The other commands are `analyze`, `backup`, `check` and
//! `load_test`; `client`, `outbound`, `file` and `progress` are what they share. What the doors open onto lives in
//! `backend`; what the pages look like lives in `app`.

pub mod analyze;
pub mod backup;
pub mod check;
pub mod client;
pub mod command;
pub mod config;
pub mod file;
pub mod load_test;
pub mod outbound;
pub mod router;
pub mod warming;

mod api;
mod middleware;
mod progress;
mod serve;
mod upkeep;
mod webhook;
