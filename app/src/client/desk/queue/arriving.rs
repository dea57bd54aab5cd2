//! What the server says, and what an earlier visit left: how either becomes the text on the screen, or a choice.

use domain::{Error as Refusal, studio::Scene};

use super::{ClashReason, Failure, SaveQueue, Texts, Trouble, saved_at_ms};
use crate::client::outbox::{Draft, DraftName, Standing};

impl SaveQueue {
    /// The server has this. Where something was typed upon an older version, what both changed must be chosen from.
    pub fn receive(&mut self, scene: Scene) {
        if self.confirmed.as_ref().is_some_and(|confirmed| confirmed.version >= scene.version) {
            return;
        }
        if self.in_flight.is_none() {
            self.rebase(scene, ClashReason::SavedElsewhere);
        } else if self.waiting.as_ref().is_none_or(|waiting| waiting.version < scene.version) {
            // It may be what is on its way: the answer will tell.
            self.waiting = Some(scene);
        }
    }

    /// Unconfirmed text of earlier visits was found on this device.
    pub fn found(&mut self, drafts: Vec<(DraftName, Draft)>) {
        let new = drafts
            .into_iter()
            .filter(|(name, _)| !self.held.contains(name) && self.found.iter().all(|(known, _)| known != name));
        let new: Vec<_> = new.collect();
        self.found.extend(new);
        self.look_at_found();
    }

    /// The save on its way is now this version.
    pub fn confirm(&mut self, scene: Scene, now_ms: u64) {
        let sent = self.in_flight.take();
        if sent.as_ref().is_some_and(|sent| sent.is_choice) {
            self.losing.pop_front();
        }
        self.base = sent.map_or_else(|| (&scene).into(), |sent| sent.texts);
        self.upon = scene.version;
        self.confirmed = Some(scene);
        self.trouble = None;
        self.attempts = 0;
        self.unanswered.clear();
        self.saved_at_ms = now_ms;
        self.has_replayed = std::mem::take(&mut self.is_replay) && !self.is_dirty();
        self.changes = u32::from(self.is_dirty());
        self.after_answer();
    }

    /// The save on its way came to nothing, or nobody knows; the text stays.
    pub fn refuse(&mut self, failure: Failure) {
        let sent = self.in_flight.take();
        let failure = match failure {
            Failure::Refused(Refusal::Conflict(current)) => match current.read() {
                Some(scene) => {
                    self.trouble = None;
                    self.rebase(scene, ClashReason::SavedElsewhere);
                    return self.after_answer();
                }
                None => Failure::Broken,
            },
            other => other,
        };
        let trouble = Trouble::of(failure);
        if let (Trouble::Unanswered(_), Some(sent)) = (&trouble, sent) {
            self.attempts = self.attempts.saturating_add(1);
            let mark = sent.texts.mark();
            if !self.unanswered.contains(&mark) {
                self.unanswered.push(mark);
            }
        }
        self.trouble = Some(trouble);
        self.after_answer();
    }

    fn after_answer(&mut self) {
        if let Some(scene) = self.waiting.take() {
            self.receive(scene);
        }
        self.look_at_found();
    }

    /// Puts what was typed upon `scene`.
    fn rebase(&mut self, scene: Scene, reason: ClashReason) {
        let theirs = Texts::from(&scene);
        let is_ours = self.unanswered.contains(&theirs.mark());
        if self.confirmed.is_none() {
            self.typed = theirs.clone();
            self.choice = None;
        } else if is_ours {
            // A save of this page that arrived, and whose answer did not.
            self.choice = None;
        } else {
            let merged = self.typed.merged(&self.base, &theirs);
            self.typed = merged.texts;
            self.choice = merged.clashes.then(|| self.choice.unwrap_or(reason));
        }
        if self.choice.is_none() {
            self.upon = scene.version;
            self.unanswered.clear();
        }
        self.base = theirs;
        self.saved_at_ms = saved_at_ms(&scene);
        self.confirmed = Some(scene);
        if !self.is_dirty() {
            // Whatever the trouble was, the server has it now.
            self.trouble = None;
            self.attempts = 0;
        }
        self.look_at_found();
    }

    /// Takes up what an earlier visit left, one after the other, while nothing else is to be saved or decided.
    fn look_at_found(&mut self) {
        while let (Some(stored), false, None) = (&self.confirmed, self.is_dirty(), self.choice) {
            let Some(standing) = self.found.front().map(|(_, draft)| draft.against(stored)) else { return };
            if standing == Standing::Ahead {
                return; // a newer scene is on its way
            }
            let version = stored.version;
            let Some((name, draft)) = self.found.pop_front() else { return };
            self.held.push(name);
            match standing {
                Standing::Arrived | Standing::Ahead => {}
                Standing::Next => {
                    self.take_up(&draft);
                    self.upon = version;
                    self.is_replay = true;
                }
                Standing::Apart => {
                    self.take_up(&draft);
                    self.upon = draft.edit.version.unwrap_or_default();
                    self.choice = Some(ClashReason::FoundOnDevice);
                }
            }
        }
    }

    fn take_up(&mut self, draft: &Draft) {
        self.typed = self.base.with(&draft.edit);
        self.typed_at_ms = draft.kept_at;
        self.changes = draft.changes.max(1);
        self.unanswered.clone_from(&draft.sent);
        self.kept_mark = self.typed.mark();
        self.kept = true;
    }
}
