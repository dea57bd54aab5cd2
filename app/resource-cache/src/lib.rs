//! What a browser remembers, and when it forgets.
//!
//! An application reads *views*: "the chapters of this story", "the newest posts". This crate decides which of them may
//! be shown from memory, which must be asked for again, and which must never be seen again because somebody changed what
//! they were made of. It is a pure state machine: events and the time go in, effects come out. It does not fetch, store,
//! wait, log or look at a clock, so the same code runs in a browser, in a test and in a simulation.
//!
//! # Words
//!
//! - A **key** is the address of one view. Everything else that is known of a view before it is fetched (its tags, its
//!   group, its lifetime) follows from the key alone; see [`Catalog`].
//! - A **tag** names something a view depends on. A **group** is a coarse kind of page.
//! - A **clock** is a position in the history of the source. A [`Snapshot`] is a value and the position it was read at.
//!   Clocks are partially ordered. Where two cannot be compared, nothing is known, and *unknown counts as older*.
//! - An **invalidation** says: at this position, the things with these tags changed.
//! - A view is **mounted** while somebody subscribes to it.
//!
//! # The promise: no invalidation is lost
//!
//! An invalidation may arrive at a bad moment. Each has its own answer:
//!
//! | when it arrives | what happens |
//! |---|---|
//! | the value is in memory | it is dropped, unless it was read at or after the invalidation |
//! | the value is only in storage | the shell is told to remove it, and an older copy that still turns up is refused |
//! | the fetch is in flight | the answer must prove that it is newer, or it is discarded and fetched again |
//! | the page was rendered before, and hydrates after | as for storage |
//! | the refetch fails | the view has no value until one succeeds; the old one does not come back |
//!
//! A group that is named without a matching tag only *marks* a view: it is still offered, and asked for again. So does a
//! page that was frozen ([`Event::Resumed`]); a gap in what the page was told ([`Event::Reset`]) takes everything older.
//!
//! # What a person did is shown at once
//!
//! A mutation may bring *patches* ([`Catalog::apply`]): what it is expected to do to which views. They are shown on top of
//! the committed value from [`Event::MutationBegun`] until the committed value contains what the mutation did, or until it
//! failed. Mutations may overlap and end in any order:
//!
//! | what happens | what is shown |
//! |---|---|
//! | one of three mutations fails | its patch goes, the others stay |
//! | it is confirmed with the new value | that value, and the patches of the others |
//! | it is confirmed without a value | the patch, until a value read at or after it arrives |
//! | its invalidation takes the value below | the patch on the outdated value ([`State::Outdated`]): nothing blinks |
//! | a refetch answers while it is pending | the value the patch lies on, for a moment: the answer may contain it already |
//! | the page dies | what the source says: patches are never stored |
//!
//! [`Effect::Changed`] compares what was shown with what is shown. A confirmation that says what the patch said is silent.
//!
//! # Time
//!
//! The engine has no clock and no timers. It says when something will be due ([`Engine::next_due_ms`]): the next try of a
//! fetch that failed, a value that expires, leaves memory or is polled, a patch that has waited long enough. The shell
//! keeps one timer and sends [`Event::Swept`]. A device's clock that is set back delays nothing.
//!
//! # The shell
//!
//! A shell owns the network, the storage and the screen. It passes events to [`Engine::handle`] and carries the effects
//! out *in order*: a [`Effect::Store`] that is written late must not overtake a later [`Effect::ForgetTagged`]. Each
//! [`Effect::Fetch`] is answered exactly once, by [`Event::Fetched`] or [`Event::Failed`], and each
//! [`Event::MutationBegun`] by [`Event::MutationConfirmed`] or [`Event::MutationFailed`]; what may hang needs a timeout in
//! the shell, because the engine asks once and waits.
//!
//! To read a view: send [`Event::Read`], then look at [`Engine::peek`]. If it offers a value, use it; otherwise wait for
//! [`Effect::Changed`] or [`Effect::Failed`] of that key. On `Changed`, peek, and read again only if nothing is offered.
//!
//! ```
//! use resource_cache::{Catalog, Effect, Engine, Event, Lifetime, Limits, Persist, Snapshot};
//!
//! struct Weather;
//!
//! impl Catalog for Weather {
//!     type Key = &'static str;
//!     type Tag = &'static str;
//!     type Group = ();
//!     type Clock = u64;
//!     type Value = String;
//!     type Patch = std::convert::Infallible;
//!
//!     fn tags(city: &&'static str) -> Vec<&'static str> {
//!         vec![city]
//!     }
//!     fn group(_: &&'static str) {}
//!     fn lifetime(_: &&'static str) -> Lifetime {
//!         Lifetime {
//!             fresh_ms: 1_000,
//!             keep_ms: 60_000,
//!             linger_ms: 60_000,
//!             poll_ms: None,
//!             persist: Persist::MemoryOnly,
//!         }
//!     }
//!     fn size_bytes(report: &String) -> usize {
//!         report.len()
//!     }
//! }
//!
//! let mut engine = Engine::<Weather>::new(Limits { memory_bytes: 1_000_000, entries: 100 });
//!
//! let effects = engine.handle(Event::Read { key: "Oslo" }, 0);
//! let fetch = effects.iter().find_map(|effect| match effect {
//!     Effect::Fetch { fetch, .. } => Some(*fetch),
//!     _ => None,
//! });
//! assert!(engine.peek(&"Oslo", 0).is_none());
//!
//! let snapshot = Snapshot { value: "rain".to_owned(), clock: 7 };
//! engine.handle(Event::Fetched { key: "Oslo", fetch: fetch.expect("nothing is remembered yet"), snapshot }, 20);
//! assert_eq!(engine.peek(&"Oslo", 20).expect("it was just fetched").value, "rain");
//! ```

mod catalog;
mod effect;
mod engine;
mod event;
mod fence;
pub mod patch;
mod shown;

#[cfg(test)]
mod tests;

pub use catalog::{Catalog, Lifetime, Persist};
pub use effect::{Cause, Effect, Operation, Purpose};
pub use engine::{Engine, Limits};
pub use event::{Event, FetchId, Invalidation, MutationId, Retry, Rollback, Scope, Snapshot, SnapshotOf, Source};
pub use shown::{EntryView, PrefetchCounts, Shown, State, Tables};
