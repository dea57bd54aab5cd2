//! The model of caching, shared by every layer.
//!
//! A **view** is a thing that is cached. A [`Key`] is its address, the same text in Redis, in memory and in
//! localStorage. A [`Tag`] is what a view depends on, and follows from the key alone. A [`Change`] is what a person did;
//! one exhaustive match turns it into a [`Plan`]: the tags that are stale now and the page types to look at again. The
//! plan becomes Redis generations, response headers and client invalidations. A [`Clock`] orders writes. A [`Policy`]
//! says how long a view lives.
//!
//! Writing text and reading it are different views under different tags (`chapter:<id>:scenes` and
//! `chapter:<id>:public`), so that a writer's autosave never costs a reader a cache hit.

mod change;
mod clock;
mod header;
mod key;
mod parse;
mod plan;
mod policy;
mod tag;
#[cfg(test)]
mod tests;

pub use change::Change;
pub use clock::Clock;
pub use header::{
    HeaderError, MAX_HEADER_TAGS, group_invalidation, page_types_from_header, page_types_header, tags_from_header,
    tags_header,
};
pub use key::{Audience, Key};
pub use parse::NotAKey;
pub use plan::{PageType, Plan, Saved, Snapshot};
pub use policy::{Policy, Sharing};
pub use tag::Tag;
