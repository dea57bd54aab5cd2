//! A scene on a writer's desk: its text, and what the server has of it.
//!
//! The rules are in [`SaveQueue`], which is pure. [`Desk`] gives it time, the device and the network.

mod queue;
#[cfg(test)]
mod tests;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::{
    id::{SceneId, UserId},
    studio::{Scene, SceneStatus},
};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};

pub use queue::{Clash, ClashReason, Field, SaveQueue, SaveState, Texts};

use super::{Draft, browser};
use crate::api::{Failure, studio};

/// Autosave after this long without a key.
const IDLE: Duration = Duration::from_millis(1_500);
/// Autosave while typing goes on, at the latest after this long.
const LONGEST: Duration = Duration::from_secs(10);
/// Text is on the device this long after a key, well before it is on the network.
const KEEP: Duration = Duration::from_millis(250);
/// Ask again after this long when no answer came.
const RETRY: Duration = Duration::from_secs(5);

/// A scene that is being written. Clones are the same desk; it outlives its page until its last save is answered.
#[derive(Clone)]
pub struct Desk {
    author: UserId,
    scene: SceneId,
    queue: ArcRwSignal<SaveQueue>,
    timers: Arc<Mutex<Timers>>,
}

#[derive(Default)]
struct Timers {
    idle: Option<TimeoutHandle>,
    longest: Option<TimeoutHandle>,
    keep: Option<TimeoutHandle>,
    retry: Option<TimeoutHandle>,
}

impl Desk {
    /// A desk for `scene`, empty until [`Desk::receive`].
    pub fn new(author: UserId, scene: SceneId) -> Self {
        Desk { author, scene, queue: ArcRwSignal::new(SaveQueue::default()), timers: Arc::default() }
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
        self.queue.with(|queue| queue.confirmed().is_some())
    }

    /// The two texts to choose from, if there are two; tracks.
    pub fn clash(&self) -> Option<Clash> {
        self.queue.with(SaveQueue::clash)
    }

    /// The scene as the server has it; tracks.
    pub fn confirmed(&self) -> Option<Scene> {
        self.queue.with(|queue| queue.confirmed().cloned())
    }

    /// Is there text that the server does not have?
    pub fn is_dirty(&self) -> bool {
        self.queue.with_untracked(SaveQueue::is_dirty)
    }

    /// Takes what the server has. Text that is being typed is never replaced.
    pub fn receive(&self, scene: Scene) {
        let first = self.queue.with_untracked(|queue| queue.confirmed().is_none());
        let found = first.then(|| Draft::find(self.author, self.scene)).flatten();
        self.queue.update(|queue| {
            queue.receive(scene);
            if let Some(draft) = found {
                queue.found(&draft);
            }
        });
        if first && !self.is_dirty() && self.queue.with_untracked(|queue| queue.clash().is_none()) {
            Draft::release(self.author, self.scene);
        }
    }

    /// Takes what was typed; keeps it on the device, and saves it when the writer pauses.
    pub fn type_text(&self, field: Field, text: String) {
        self.queue.update(|queue| queue.type_text(field, text));
        self.save_soon();
    }

    /// Takes how far the writer thinks the scene is.
    pub fn set_status(&self, status: SceneStatus) {
        self.queue.update(|queue| queue.set_status(status));
        self.save_soon();
    }

    fn save_soon(&self) {
        self.set_timer(KEEP, |timers| &mut timers.keep, Desk::keep);
        self.set_timer(IDLE, |timers| &mut timers.idle, Desk::save);
        let waits = self.timers.lock().unwrap_or_else(PoisonError::into_inner).longest.is_some();
        if !waits {
            self.set_timer(LONGEST, |timers| &mut timers.longest, Desk::save);
        }
    }

    /// Saves now, if there is anything to save and nothing on its way.
    pub fn save(&self) {
        self.stop_timers();
        self.keep();
        let Some(edit) = self.queue.try_update(SaveQueue::begin).flatten() else { return };
        let desk = self.clone();
        spawn_local(async move {
            let answer = studio::edit_scene(desk.scene, edit).await;
            desk.answered(answer);
        });
    }

    /// The writer wants the text on the screen, not the other one.
    pub fn keep_mine(&self) {
        self.queue.update(SaveQueue::keep_mine);
        self.save();
    }

    /// The writer wants the other text. The one on the screen is saved first, so that it can be had back from history.
    pub fn keep_theirs(&self) {
        self.queue.update(SaveQueue::keep_theirs);
        self.save();
    }

    fn answered(&self, answer: Result<Scene, Failure>) {
        self.queue.update(|queue| match answer {
            Ok(scene) => queue.confirm(scene, browser::now_ms()),
            Err(failure) => queue.refuse(failure),
        });
        if !self.is_dirty() {
            Draft::release(self.author, self.scene);
        } else if self.queue.with_untracked(SaveQueue::may_begin) {
            self.save();
        } else if self.queue.with_untracked(|queue| queue.state() == SaveState::Offline) {
            self.set_timer(RETRY, |timers| &mut timers.retry, Desk::save);
        }
    }

    /// Puts unconfirmed text on the device.
    fn keep(&self) {
        let draft = self.queue.with_untracked(|queue| queue.is_dirty().then(|| queue.draft(browser::now_ms())));
        if let Some(draft) = draft {
            let kept = draft.keep(self.author, self.scene);
            self.queue.update_untracked(|queue| queue.set_kept(kept));
        }
    }

    fn set_timer(&self, after: Duration, slot: fn(&mut Timers) -> &mut Option<TimeoutHandle>, act: fn(&Desk)) {
        let desk = self.clone();
        let handle = set_timeout_with_handle(move || act(&desk), after).ok();
        let mut timers = self.timers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(old) = std::mem::replace(slot(&mut timers), handle) {
            old.clear();
        }
    }

    fn stop_timers(&self) {
        let timers = std::mem::take(&mut *self.timers.lock().unwrap_or_else(PoisonError::into_inner));
        for timer in [timers.idle, timers.longest, timers.keep, timers.retry].into_iter().flatten() {
            timer.clear();
        }
    }
}
