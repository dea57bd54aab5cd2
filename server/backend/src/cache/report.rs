//! What the caches did for one request: filled by both doors, read by the one middleware that writes headers.

use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use chrono::{DateTime, Utc};
use domain::cache::{Clock, Key, PageType, Plan, Saved, Sharing, Tag};

use super::view::{Status, View, earlier};

/// Collects what one request read and wrote. All clones are the same report.
#[derive(Clone, Debug, Default)]
pub struct Report(Arc<Mutex<Noted>>);

#[derive(Debug, Default)]
struct Noted {
    reads: Vec<Read>,
    /// When it was that something was not there, for each such read.
    missing: Vec<Clock>,
    written: Option<(Plan, Clock)>,
    written_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug)]
struct Read {
    key: Option<Key>,
    etag: String,
    status: Status,
    sharing: Sharing,
    clock: Clock,
    overdue: Option<Duration>,
}

/// A report in the words of response headers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The worst of all reads; none if nothing was read.
    pub status: Option<Status>,
    /// The tag and the key of the view, if exactly one was read: only then is the body that of the view.
    pub etag: Option<String>,
    pub key: Option<Key>,
    /// The strictest of all reads.
    pub sharing: Option<Sharing>,
    /// For how long the oldest of the entries that were shown had outlived its time.
    pub overdue: Option<Duration>,
    /// Where the write stands; for reads alone, the earliest of them.
    pub clock: Option<Clock>,
    /// What was made stale; none if nothing was written.
    pub plan: Option<Plan>,
    /// When that was, if it was not just now.
    pub written_at: Option<DateTime<Utc>>,
}

impl Report {
    /// Notes that `view` is part of the answer.
    pub fn read<T>(&self, view: &View<T>) {
        self.noted().reads.push(Read {
            key: view.key.clone(),
            etag: view.etag.clone(),
            status: view.status,
            sharing: view.sharing,
            clock: view.clock,
            overdue: view.overdue,
        });
    }

    /// Notes that something that was asked for is not there, as of `clock`. A session that saw so must not be shown it
    /// again by a server that has not heard of its end.
    pub(super) fn missing(&self, clock: Clock) {
        self.noted().missing.push(clock);
    }

    /// Notes that the request wrote `saved`. Several writes make one plan, at the last of their positions.
    pub fn saved<T>(&self, saved: &Saved<T>) {
        let mut noted = self.noted();
        noted.written = Some(match noted.written.take() {
            Some((plan, clock)) => (union(plan, saved.plan()), clock.later(saved.clock())),
            None => (saved.plan().clone(), saved.clock()),
        });
    }

    /// Notes that an answer is told again whose request wrote this, at that time.
    pub fn retold(&self, written: Option<(Plan, Clock)>, at: DateTime<Utc>) {
        let mut noted = self.noted();
        noted.written = written;
        noted.written_at = Some(at);
    }

    /// All of it, in the words of response headers.
    pub fn summary(&self) -> Summary {
        let noted = self.noted();
        let only = match noted.reads.as_slice() {
            [read] => Some(read),
            [] | [_, _, ..] => None,
        };
        let reads = noted.reads.iter();
        Summary {
            status: reads.clone().map(|read| read.status).max(),
            etag: only.map(|read| read.etag.clone()),
            key: only.and_then(|read| read.key.clone()),
            sharing: reads.clone().map(|read| read.sharing).reduce(Sharing::stricter),
            overdue: reads.clone().filter_map(|read| read.overdue).max(),
            clock: match &noted.written {
                Some((_, clock)) => Some(*clock),
                None => reads.map(|read| read.clock).chain(noted.missing.iter().copied()).reduce(earlier),
            },
            plan: noted.written.as_ref().map(|(plan, _)| plan.clone()),
            written_at: noted.written_at,
        }
    }

    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.0.lock().expect("nothing panics while it holds this lock")
    }
}

fn union(mut plan: Plan, more: &Plan) -> Plan {
    let new_tags: Vec<Tag> = more.tags.iter().filter(|tag| !plan.tags.contains(tag)).copied().collect();
    let new_pages: Vec<PageType> =
        more.page_types.iter().filter(|page| !plan.page_types.contains(page)).copied().collect();
    plan.tags.extend(new_tags);
    plan.page_types.extend(new_pages);
    plan
}
