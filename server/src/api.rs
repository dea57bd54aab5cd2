//! The REST doors: three lines each into a use case of `backend`.
//!
//! A handler says who may come in ([`visitor`]), what it wants ([`path`], [`query`], [`json`], [`edit`]), and hands
//! the use case's result to [`Door`], which answers and notes for the middleware what the caches did. Refusals are
//! [`Problem`]s. All of this is in the types, so that [`document`] can tell it to others.

mod answer;
pub(crate) mod auth;
pub(crate) mod cache_tools;
pub(crate) mod community;
mod document;
mod edit;
pub(crate) mod events;
pub(crate) mod health;
mod json;
pub(crate) mod metrics;
pub(crate) mod monitoring;
mod path;
mod problem;
mod query;
pub(crate) mod reading;
pub(crate) mod studio;
mod unrouted;
mod visitor;

pub(crate) use answer::{Answer, Door};
pub(crate) use cache_tools::WarmAnswer;
pub(crate) use document::documented;
pub(crate) use json::{MAX_TEXT_BYTES, collect};
pub(crate) use problem::Problem;
pub(crate) use unrouted::{in_json, no_such_route};
