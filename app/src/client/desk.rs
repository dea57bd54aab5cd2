//! A scene on a writer's desk: its text, and what the server has of it.
//!
//! The rules are in [`SaveQueue`], which is pure. [`Desk`] gives it time, the device, the network, and its neighbours: the
//! same scene in other tabs.

mod listening;
mod queue;
#[cfg(test)]
mod tests;
mod texts;
mod timers;

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::{
    id::{SceneId, UserId},
    studio::{Scene, SceneStatus},
};
use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;

pub use queue::{Clash, ClashReason, Outgoing, SaveQueue, SaveState};
pub use texts::{Field, Texts};

use self::timers::{Timer, Timers};
use super::{
    browser,
    door::{self, Call},
    outbox::{self, Draft, DraftName, Neighbours, Told},
};
use crate::api::{Failure, studio};

/// Autosave after this long without a key.
const IDLE: Duration = Duration::from_millis(1_500);
/// Autosave while typing goes on, at the latest after this long.
const LONGEST: Duration = Duration::from_secs(10);
/// Text is on the device this long after the first key that is not, well before it is on the network.
const KEEP: Duration = Duration::from_millis(200);

/// A scene that is being written. Clones are the same desk; it outlives its page until its last save is answered.
#[derive(Clone)]
pub struct Desk {
    author: UserId,
    scene: SceneId,
    /// Tells this desk from those in other tabs; drawn anew for each.
    id: Arc<str>,
    queue: ArcRwSignal<SaveQueue>,
    /// Has the device been looked at? Nothing may be typed before.
    has_looked: ArcRwSignal<bool>,
    is_also_open: ArcRwSignal<bool>,
    /// Is its page gone?
    is_left: Arc<AtomicBool>,
    looks_around: Arc<listening::Looks>,
    timers: Arc<Mutex<Timers>>,
    neighbours: Arc<Mutex<Option<SendWrapper<Neighbours>>>>,
}

impl Desk {
    /// A desk for `scene`, empty until [`Desk::receive`].
    pub fn new(author: UserId, scene: SceneId) -> Self {
        Desk {
            author,
            scene,
            id: outbox::draw_desk().into(),
            queue: ArcRwSignal::new(SaveQueue::default()),
            has_looked: ArcRwSignal::new(false),
            is_also_open: ArcRwSignal::new(false),
            is_left: Arc::default(),
            looks_around: Arc::default(),
            timers: Arc::default(),
            neighbours: Arc::default(),
        }
    }

    /// Whose text it is.
    pub fn author(&self) -> UserId {
        self.author
    }

    /// The text as it stands; tracks.
    pub fn texts(&self) -> Texts {
        self.queue.with(|queue| queue.texts().clone())
    }

    /// One text as it stands; tracks.
    pub fn text(&self, field: Field) -> String {
        self.queue.with(|queue| queue.texts().get(field).to_owned())
    }

    /// What may be said about the text; tracks.
    pub fn state(&self) -> SaveState {
        self.queue.with(SaveQueue::state)
    }

    /// Has the scene arrived? Until then nothing may be typed. Tracks.
    pub fn is_open(&self) -> bool {
        self.has_looked.get() && self.queue.with(|queue| queue.confirmed().is_some())
    }

    /// The version that the server has, once it is known; tracks.
    pub fn version(&self) -> Option<i64> {
        self.queue.with(|queue| queue.confirmed().map(|scene| scene.version))
    }

    /// Is the scene open in another tab, too? Tracks.
    pub fn is_also_open(&self) -> bool {
        self.is_also_open.get()
    }

    /// The two texts to choose from, if there are two; tracks.
    pub fn clash(&self) -> Option<Clash> {
        self.queue.with(SaveQueue::clash)
    }

    /// Was text of an earlier visit saved just now? Tracks.
    pub fn has_replayed(&self) -> bool {
        self.queue.with(SaveQueue::has_replayed)
    }

    /// Is there text that the server does not have?
    pub fn is_dirty(&self) -> bool {
        self.queue.with_untracked(SaveQueue::is_dirty)
    }

    /// Takes what the server has. Text that is being typed is never replaced.
    pub fn receive(&self, scene: Scene) {
        self.queue.update(|queue| queue.receive(scene));
        self.settle();
    }

    /// Takes what was typed; keeps it on the device, and saves it when the writer pauses.
    pub fn type_text(&self, field: Field, text: String) {
        self.queue.update(|queue| queue.type_text(field, text, browser::now_ms()));
        self.save_soon();
    }

    /// Takes how far the writer thinks the scene is.
    pub fn set_status(&self, status: SceneStatus) {
        self.queue.update(|queue| queue.set_status(status, browser::now_ms()));
        self.save_soon();
    }

    fn save_soon(&self) {
        self.start(Timer::Keep, KEEP, Desk::keep_soon);
        self.restart(Timer::Idle, IDLE, Desk::save_by_itself);
        self.start(Timer::Longest, LONGEST, Desk::save_by_itself);
    }

    /// Saves, unless the last save met with trouble: then the text is kept, and sent when it is time to try again.
    fn save_by_itself(&self) {
        if self.queue.with_untracked(SaveQueue::may_begin) { self.save() } else { self.keep_soon() }
    }

    /// Saves now, if there is anything to save and nothing on its way. The text is on the device before it is sent.
    pub fn save(&self) {
        self.stop_timers();
        let outgoing = self.queue.try_update(SaveQueue::begin).flatten();
        let homeless = self.keep();
        if outgoing.is_none() && homeless.is_none() {
            return;
        }
        let desk = self.clone();
        spawn_local(async move {
            if let Some((name, draft)) = homeless {
                desk.keep_indexed(&name, &draft).await;
            }
            if let Some(outgoing) = outgoing {
                let answer = send(desk.scene, outgoing).await;
                desk.answered(answer).await;
            }
        });
    }

    /// Tries again what failed for want of a network or a session.
    pub fn retry(&self) {
        if self.queue.with_untracked(SaveQueue::may_retry) {
            self.save();
        }
    }

    /// The writer has logged in again: saves, and hears again of what is theirs alone.
    pub fn come_back(&self) {
        door::say(Call::CameBack);
        self.retry();
    }

    /// The writer wants the text on the screen, not the other one.
    pub fn keep_mine(&self) {
        self.queue.update(SaveQueue::keep_mine);
        self.save();
    }

    /// The writer wants the other text. The one on the screen goes into the history.
    pub fn keep_theirs(&self) {
        self.keep_soon(); // while it is still the text on the screen
        self.queue.update(SaveQueue::keep_theirs);
        self.save();
    }

    /// Somebody else has logged in: the text stays on the device, and is nobody's business here any more.
    pub fn keep_for_its_writer(&self) {
        self.keep_soon();
        self.stop_timers();
        // Where nothing can be kept, the browser asks before the page goes.
        if self.queue.with_untracked(SaveQueue::is_kept) {
            self.queue.set(SaveQueue::default());
        }
    }

    async fn answered(&self, answer: Result<Scene, Failure>) {
        let stored = answer.as_ref().ok().cloned();
        self.queue.update(|queue| match answer {
            Ok(scene) => queue.confirm(scene, browser::now_ms()),
            Err(failure) => queue.refuse(failure),
        });
        if let Some(scene) = stored {
            self.tell(&Told::Saved(Box::new(scene)));
        }
        self.settle();
    }

    /// Does what is next: lets go of what the server has, saves what may be saved, or waits.
    fn settle(&self) {
        let outlived = self.queue.try_update(SaveQueue::outlived).unwrap_or_default();
        if !outlived.is_empty() {
            spawn_local(outbox::release(outlived));
        }
        if self.queue.with_untracked(SaveQueue::may_begin) {
            self.save();
        } else if self.is_left.load(Ordering::Relaxed) {
            self.leave();
        } else if let Some(pause_ms) = self.queue.with_untracked(SaveQueue::retry_after_ms) {
            self.restart(Timer::Retry, Duration::from_millis(pause_ms), Desk::save);
        } else {
            self.keep_soon(); // two texts to choose from: both must be on the device
        }
    }

    fn keep_soon(&self) {
        self.timers.lock().unwrap_or_else(PoisonError::into_inner).stop(Timer::Keep);
        if let Some((name, draft)) = self.keep() {
            let desk = self.clone();
            spawn_local(async move { desk.keep_indexed(&name, &draft).await });
        }
    }

    /// Puts unconfirmed text into localStorage; gives it back where there is no room.
    fn keep(&self) -> Option<(DraftName, Draft)> {
        let draft = self.queue.try_update_untracked(|queue| queue.draft(browser::now_ms())).flatten()?;
        let version = draft.edit.version.unwrap_or_default();
        let name = DraftName::new(self.author, self.scene, version, &self.id);
        if outbox::keep_at_once(self.author, &name, &draft) {
            self.was_kept(&name, true);
            None
        } else {
            Some((name, draft))
        }
    }

    async fn keep_indexed(&self, name: &DraftName, draft: &Draft) {
        let on_device = outbox::keep_indexed(name, draft).await;
        self.was_kept(name, on_device);
    }

    fn was_kept(&self, name: &DraftName, on_device: bool) {
        let older = self.queue.try_update(|queue| queue.was_kept(name, on_device)).unwrap_or_default();
        if !older.is_empty() {
            spawn_local(outbox::release(older));
        }
    }
}

async fn send(scene: SceneId, outgoing: Outgoing) -> Result<Scene, Failure> {
    match outgoing {
        Outgoing::Edit(edit) => studio::edit_scene(scene, edit).await,
        Outgoing::Choice { edit, losing } => studio::settle_scene(scene, edit, losing).await,
    }
}
