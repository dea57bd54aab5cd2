//! Text that the server has not confirmed, kept on the device until it has.
//!
//! It lives outside the cache: no invalidation, log-out or schema change removes it. localStorage comes first, because it
//! is written at once; where it is full, cached views give way, for text outranks what can be fetched again; and what is
//! still too long goes to IndexedDB. One draft for each person, scene, version that was typed upon, and desk.

mod draft;
mod indexed;
mod js;
mod local;
mod neighbours;
mod replay;
#[cfg(test)]
mod tests;

use std::{cell::Cell, collections::BTreeMap};

use domain::id::{SceneId, UserId};
use futures::{
    future::{Either, select},
    pin_mut,
};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::{ArcTrigger, Notify, Track};

pub(super) use draft::Standing;
pub use draft::{Draft, DraftName};
pub(super) use neighbours::{Neighbours, Told, another, draw_desk, until_left};
pub use replay::{Replayed, replay};

use super::{kept, storage};

/// A database that does not answer within this many milliseconds is taken for one that is not there.
const PATIENCE_MS: u32 = 1_500;

thread_local! {
    /// May there be drafts in IndexedDB? Until we have looked, there may.
    static MAY_BE_INDEXED: Cell<bool> = const { Cell::new(true) };
    /// Says that a desk of this page was left before its text could be sent.
    static LEFT: ArcTrigger = ArcTrigger::new();
}

/// A text on this device that the server has not confirmed.
#[derive(Clone, Debug, PartialEq)]
pub struct Unsent {
    pub name: DraftName,
    pub draft: Draft,
}

/// Says that a desk was left before its text could be sent, and that nobody sits there any more.
pub(super) fn note_left() {
    LEFT.with(ArcTrigger::notify);
}

/// Changes whenever a scene is left with text that was not sent.
pub fn track_left() {
    LEFT.with(ArcTrigger::track);
}

/// Keeps a draft in localStorage, at the expense of cached views if need be; false where it finds no room there.
pub(super) fn keep_at_once(person: UserId, name: &DraftName, draft: &Draft) -> bool {
    storage::write_typed(person, name.as_str(), draft)
}

/// Keeps a draft that found no room in localStorage; false where there is none at all.
pub(super) async fn keep_indexed(name: &DraftName, draft: &Draft) -> bool {
    let kept = in_time(indexed::put(name.as_str(), &draft.to_text())).await.is_some();
    if kept {
        MAY_BE_INDEXED.set(true);
        // What lies there under this name is an older text; or, if more was typed meanwhile, a newer one.
        if storage::read::<Draft>(name.as_str()).is_none_or(|there| there.is_older_than(draft)) {
            storage::delete(name.as_str());
        }
    }
    kept
}

/// Lets go of drafts: the server has them, or they lie in a newer one.
pub(super) async fn release(names: Vec<DraftName>) {
    for name in &names {
        storage::delete(name.as_str());
    }
    if MAY_BE_INDEXED.get() && !names.is_empty() {
        for name in &names {
            // One that cannot be removed is found to have arrived at the next visit.
            let _ = in_time(indexed::delete(name.as_str())).await;
        }
    }
}

/// Everything of this person on this device that the server has not confirmed, the newest first.
pub async fn unsent(person: UserId) -> Vec<Unsent> {
    let prefix = DraftName::prefix(person);
    let mut found: BTreeMap<DraftName, Draft> = BTreeMap::new();
    let indexed = in_time(indexed::all(&prefix)).await.unwrap_or_default();
    MAY_BE_INDEXED.set(!indexed.is_empty());
    for (name, text) in local::all(&prefix).into_iter().chain(indexed) {
        let (Some(name), Some(draft)) = (DraftName::read(&name), Draft::of_text(&text)) else { continue };
        // Under one name, an earlier text may lie in the other place.
        if found.get(&name).is_none_or(|other| other.is_older_than(&draft)) {
            found.insert(name, draft);
        }
    }
    let mut unsent: Vec<Unsent> = found.into_iter().map(|(name, draft)| Unsent { name, draft }).collect();
    unsent.sort_by_key(|unsent| std::cmp::Reverse(unsent.draft.kept_at));
    unsent
}

/// What earlier visits left of one scene, or of all. What is being typed at another desk is not among it.
pub(super) async fn left_behind(person: UserId, scene: Option<SceneId>) -> Vec<Unsent> {
    let mut unsent = unsent(person).await;
    if unsent.is_empty() {
        return unsent;
    }
    let desks = neighbours::desks().await;
    unsent.retain(|unsent| {
        let wanted = scene.is_none_or(|scene| unsent.name.scene() == Some(scene));
        wanted && unsent.name.desk().is_none_or(|desk| !desks.contains(desk, unsent.draft.kept_at))
    });
    unsent
}

/// Lets go of a text because its writer says so.
pub async fn discard(unsent: Unsent) {
    release(vec![unsent.name]).await;
}

/// Is there a draft of this person in localStorage, or text in a form that was not sent? Asked before a log-out.
pub fn has_unsent(person: UserId) -> bool {
    [DraftName::prefix(person), kept::prefix(person)].iter().any(|prefix| !storage::names(prefix).is_empty())
}

/// May there be drafts that [`has_unsent`] does not see?
pub fn must_look_for_unsent() -> bool {
    MAY_BE_INDEXED.get()
}

async fn in_time<T, E>(work: impl Future<Output = Result<T, E>>) -> Option<T> {
    let patience = TimeoutFuture::new(PATIENCE_MS);
    pin_mut!(work);
    match select(work, patience).await {
        Either::Left((outcome, _)) => outcome.ok(),
        Either::Right(((), _)) => None,
    }
}
