//! Whole requests against the whole router, in one binary. `support` is where to begin reading.

mod support;

mod auth;
mod authorisation;
mod bad_input;
mod cache_tools;
mod caching;
mod community;
mod document;
mod drafts;
mod events;
mod files;
mod fuzz;
#[cfg(test)]
mod guide;
mod idempotency;
mod invalidation;
mod malformed;
mod metrics;
mod pages;
#[cfg(test)]
mod processes;
mod reading;
mod search;
mod studio;
mod tidy;
mod trash;
