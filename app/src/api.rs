//! Server functions: the door through which the pages reach the use cases. Each is a public endpoint.
//!
//! All reads go through [`read()`]: a view is asked for by its key, so that browser and server cache speak of the same
//! thing. Each write is a function of its own, three lines into the use case that the REST door calls too. What is counted
//! about the caches is no view and is never cached: `cache_tools`. Nor is what a writer removed or replaced: `past`.

pub mod accounts;
pub mod cache_tools;
pub mod community;
#[cfg(feature = "ssr")]
pub mod context;
mod failure;
mod json;
mod missing;
pub mod past;
pub mod read;
pub mod studio;
mod visit;

pub use failure::Failure;
pub use json::{Json, JsonBody, JsonText};
pub use missing::Missing;
pub use read::read;
pub use visit::Visit;
