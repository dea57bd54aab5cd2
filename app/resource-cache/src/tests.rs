//! What the engine promises, one sentence per test, and the same promises over random schedules.

mod arriving;
mod browser;
mod forgetting;
mod invalidating;
mod library;
mod properties;
mod reading;
mod simulation;
