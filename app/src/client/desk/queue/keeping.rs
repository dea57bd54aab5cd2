//! What must lie on the device, under which name, and when it may go.

use super::SaveQueue;
use crate::client::outbox::{Draft, DraftName};

/// How many texts without an answer are remembered. Forgetting one can at worst ask a writer who need not be asked.
const UNANSWERED: usize = 32;

impl SaveQueue {
    /// What to keep on the device, if there is anything that the server does not have.
    ///
    /// A text that was not chosen is not in here: the draft that holds it stays until the server has it.
    pub fn draft(&mut self, now_ms: u64) -> Option<Draft> {
        let scene = self.confirmed.as_ref()?;
        let flying = self.in_flight.as_ref().map(|sent| &sent.texts);
        if self.typed == self.base && flying.is_none_or(|flying| *flying == self.base) {
            return None;
        }
        let mark = self.typed.mark();
        if self.kept_mark != mark {
            self.kept_mark = mark;
            self.changes = self.changes.saturating_add(1);
        }
        let mut sent: Vec<u64> = self.unanswered.iter().rev().take(UNANSWERED).copied().collect();
        sent.extend(flying.map(super::Texts::mark).filter(|mark| !self.unanswered.contains(mark)));
        Some(Draft {
            edit: self.typed.changes_from(&self.base, self.upon),
            story: Some(scene.story_id),
            scene_title: scene.title.clone(),
            sent,
            changes: self.changes,
            kept_at: now_ms,
        })
    }

    /// What was to be kept is on the device, or it is not. Answers which drafts may go because of that.
    pub fn was_kept(&mut self, name: &DraftName, on_device: bool) -> Vec<DraftName> {
        self.kept = on_device;
        if !on_device {
            return Vec::new();
        }
        let older: Vec<DraftName> = self.held.iter().filter(|held| *held != name).cloned().collect();
        if !self.losing.is_empty() {
            // They hold what was not chosen.
            self.held = older;
            self.held.push(name.clone());
            return Vec::new();
        }
        self.held = vec![name.clone()];
        older
    }

    /// The drafts that may go because the server has all there is.
    pub fn outlived(&mut self) -> Vec<DraftName> {
        if self.is_dirty() || self.choice.is_some() { Vec::new() } else { std::mem::take(&mut self.held) }
    }
}
