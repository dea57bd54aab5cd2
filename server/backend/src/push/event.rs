//! One write in the form of an event stream: encoded once, sent to many.

use bytes::Bytes;
use domain::{
    cache::{Clock, Deed, Invalidation, Origin, PageType, Plan, Position, Tag},
    id::UserId,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::entity::invalidation_event::Model;

/// How much of a write's name is told. The rest lifts its fence, which is nobody else's business.
const TOLD_NAME: usize = 16;

/// One write, for those who may know of it.
pub(super) struct Event {
    pub(super) clock: Clock,
    /// Who may know all of it.
    owner: Option<UserId>,
    whole: Bytes,
    /// What everyone may know.
    public: Option<Bytes>,
}

impl Event {
    /// Reads a row of the log; none if it does not say whom it concerns, or was written by a newer version.
    pub(super) fn of(row: &Model, epoch: u32) -> Option<Event> {
        let is_public = row.audience.as_ref()? == "public";
        let owner = row.user_id.as_ref().map(|id| id.parse()).transpose().ok()?;
        let clock = Clock::new(epoch, u64::try_from(row.seq).ok()?);
        let plan = Plan { tags: read::<Vec<Tag>>(&row.tags)?, page_types: read::<Vec<PageType>>(&row.page_types)? };
        let public = plan.public_part().filter(|_| is_public);
        Some(Event {
            clock,
            owner,
            public: public.map(|part| invalidation(part, clock, deed(row, None))),
            whole: invalidation(plan, clock, deed(row, Some(row.entity_id.clone()))),
        })
    }

    /// What `listener` is told; none if it is none of their business.
    pub(super) fn told_to(&self, listener: Option<UserId>) -> Option<Bytes> {
        let is_owner = listener.is_some() && listener == self.owner;
        if is_owner { Some(self.whole.clone()) } else { self.public.clone() }
    }
}

/// As much of a write's name as anybody is told.
pub(crate) fn name_told(mutation_id: &str) -> String {
    mutation_id.chars().take(TOLD_NAME).collect()
}

fn read<T: DeserializeOwned>(value: &serde_json::Value) -> Option<T> {
    T::deserialize(value).ok()
}

fn deed(row: &Model, id: Option<String>) -> Deed {
    Deed {
        entity: row.entity.clone(),
        id,
        action: row.action.clone(),
        mutation: name_told(&row.mutation_id),
        origin: Origin::read(&row.origin),
        at: row.created_at,
    }
}

fn invalidation(plan: Plan, clock: Clock, cause: Deed) -> Bytes {
    let Plan { tags, page_types } = plan;
    frame("invalidate", clock, &Invalidation { tags, page_types, clock, cause })
}

/// Everything that concerns the listener up to `clock` was told.
pub(super) fn ping(clock: Clock) -> Bytes {
    frame("ping", clock, &Position { clock })
}

/// Something before `clock` may not have been told.
pub(super) fn reset(clock: Clock) -> Bytes {
    frame("reset", clock, &Position { clock })
}

/// How long a browser waits before it comes back when the stream broke.
pub(super) fn retry(after_ms: u16) -> Bytes {
    format!("retry: {after_ms}\n\n").into()
}

/// JSON has no line breaks, so the data is one line.
fn frame(name: &str, clock: Clock, data: &impl Serialize) -> Bytes {
    let data = serde_json::to_string(data).expect("events are plain data with text for keys");
    format!("event: {name}\nid: {clock}\ndata: {data}\n\n").into()
}
