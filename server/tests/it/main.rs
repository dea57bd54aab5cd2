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
mod files;
mod fuzz;
mod guide;
mod idempotency;
mod invalidation;
mod malformed;
mod pages;
mod reading;
mod search;
mod studio;
mod tidy;
mod trash;
