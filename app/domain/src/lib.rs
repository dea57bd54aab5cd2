//! What the browser and the server must agree on: entities, rules and the cache vocabulary.
//!
//! Everything here is pure: no clock (time is a parameter), no I/O, no features. Rows and HTTP live elsewhere;
//! a type of this crate is what travels between them.

pub mod cache;
pub mod community;
pub mod error;
pub mod id;
pub mod page;
pub mod reading;
pub mod studio;
pub mod text;
pub mod user;

pub use error::Error;
