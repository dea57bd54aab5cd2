//! What a desk hears of the window and of other tabs, from the moment it is opened until it is left.

use std::sync::{
    PoisonError,
    atomic::{AtomicBool, Ordering},
};

use leptos::{ev, prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;

use super::{Desk, Neighbours, SaveQueue, Told};
use crate::client::outbox;

impl Desk {
    /// Sits down: takes up what earlier visits left of this scene, and listens until its page is gone. In browsers only.
    pub fn open(&self) {
        let hearing = self.clone();
        let neighbours = Neighbours::enter(self.author, self.scene, &self.id, move |told| hearing.hear(told));
        *self.neighbours.lock().unwrap_or_else(PoisonError::into_inner) = Some(SendWrapper::new(neighbours));
        self.look_around();
        let looking = self.clone();
        spawn_local(async move {
            looking.look_at_device().await;
            looking.has_looked.set(true);
        });
        self.listen();
    }

    /// Stands up: what is typed is saved or kept. Text that cannot be sent is left to whoever comes next.
    pub(super) fn leave(&self) {
        if self.queue.with_untracked(SaveQueue::is_sending) {
            return; // its answer decides
        }
        self.stop_timers();
        let place = self.neighbours.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((_, lock)) = place.map(|neighbours| neighbours.names()).filter(|_| self.is_dirty()) {
            spawn_local(async move {
                outbox::until_left(&lock).await;
                outbox::note_left();
            });
        }
    }

    fn listen(&self) {
        let (hiding, going, closing, online, focused, left) =
            (self.clone(), self.clone(), self.clone(), self.clone(), self.clone(), self.clone());
        let hidden = window_event_listener(ev::visibilitychange, move |_| {
            if document().hidden() {
                hiding.save();
            }
        });
        let gone = window_event_listener(ev::pagehide, move |_| going.save());
        // The text is on the device; but whoever closes a tab may not come back to this device.
        let closed = window_event_listener(ev::beforeunload, move |event| {
            if closing.is_dirty() {
                closing.save();
                event.prevent_default();
            }
        });
        let online = window_event_listener(ev::online, move |_| online.retry());
        let focused = window_event_listener(ev::focus, move |_| {
            focused.look_around();
            focused.retry();
        });
        on_cleanup(move || {
            for listener in [hidden, gone, closed, online, focused] {
                listener.remove();
            }
            left.is_left.store(true, Ordering::Relaxed);
            left.save();
            left.leave();
        });
    }

    fn hear(&self, told: Told) {
        match told {
            Told::Saved(scene) => {
                if scene.id == self.scene {
                    self.receive(*scene);
                }
            }
            Told::Changed => {
                self.look_around();
                let desk = self.clone();
                spawn_local(async move { desk.look_at_device().await });
            }
        }
    }

    pub(super) fn tell(&self, told: &Told) {
        if let Some(neighbours) = &*self.neighbours.lock().unwrap_or_else(PoisonError::into_inner) {
            neighbours.tell(told);
        }
    }

    /// Looks for what desks that are no more have left of this scene.
    async fn look_at_device(&self) {
        let found = outbox::left_behind(self.author, Some(self.scene)).await;
        if !found.is_empty() {
            let drafts = found.into_iter().map(|unsent| (unsent.name, unsent.draft)).collect();
            self.queue.update(|queue| queue.found(drafts));
        }
        self.settle();
    }

    /// Looks whether somebody sits at another desk, until nobody does.
    fn look_around(&self) {
        let names = {
            let neighbours = self.neighbours.lock().unwrap_or_else(PoisonError::into_inner);
            neighbours.as_ref().map(|neighbours| neighbours.names())
        };
        let Some(names) = names else { return };
        // Whoever looks already looks once more: it may have asked too early to see who came.
        if self.looks_around.want() {
            return;
        }
        let desk = self.clone();
        spawn_local(async move {
            while desk.looks_around.begin() {
                while let Some(other) = outbox::another(&names).await {
                    desk.is_also_open.set(true);
                    outbox::until_left(&other).await;
                }
                desk.is_also_open.set(false);
            }
        });
    }
}

/// How often a look around is still wanted, and whether somebody looks.
#[derive(Debug, Default)]
pub(super) struct Looks {
    is_wanted: AtomicBool,
    is_looking: AtomicBool,
}

impl Looks {
    /// Wants one more look, and says whether somebody looks already.
    fn want(&self) -> bool {
        self.is_wanted.store(true, Ordering::Relaxed);
        self.is_looking.swap(true, Ordering::Relaxed)
    }

    /// Is there a look to begin? If not, nobody looks any more.
    fn begin(&self) -> bool {
        let is_wanted = self.is_wanted.swap(false, Ordering::Relaxed);
        self.is_looking.store(is_wanted, Ordering::Relaxed);
        is_wanted
    }
}
