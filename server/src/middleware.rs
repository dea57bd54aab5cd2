//! What happens to every request, whichever door it takes.
//!
//! From the outside in: `trace` (so that nothing goes unseen) → `security` → `cache_headers` (the only writer of caching
//! headers) → compression → `panic` → `bounds` (time and size) → `same_site` (the cross-site guard) → `session` (who is
//! asking) → `idempotency` (was it asked before?) → the handler.

pub(crate) mod bounds;
pub(crate) mod cache_headers;
mod etag;
pub(crate) mod idempotency;
pub(crate) mod panic;
pub(crate) mod same_site;
pub(crate) mod security;
pub(crate) mod session;
pub(crate) mod trace;
