//! What the engine promises, one sentence per test, and the same promises over random schedules.

mod arriving;
mod browser;
mod forgetting;
mod invalidating;
mod library;
mod mutating;
mod oracle;
mod overlapping;
mod patching;
mod prefetching;
mod properties;
mod reading;
mod requesting;
mod resetting;
mod retrying;
mod scale;
mod schedule;
mod simulation;
mod tabs;
mod timing;
