//! When text is saved, when it is safe, and what may be said about it.
//!
//! One queue per desk: one save is on its way at a time, and each carries the version that the last one returned. Only a
//! confirmed version counts as saved; nothing that was typed is replaced by anything but its writer.

mod arriving;
mod keeping;

use std::collections::VecDeque;

use domain::{
    Error as Refusal,
    studio::{Scene, SceneEdit, SceneStatus},
};

use super::{Field, Texts};
use crate::{
    api::Failure,
    client::outbox::{Draft, DraftName},
};

/// The first pause before a save is tried again without being asked, in milliseconds; it doubles.
const FIRST_PAUSE_MS: u64 = 5_000;
/// The longest such pause.
const LONGEST_PAUSE_MS: u64 = 60_000;
/// No server makes a writer wait longer than this, in seconds.
const LONGEST_WAIT_SECS: u64 = 600;

/// What may be said about the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveState {
    /// The scene has not arrived yet.
    Opening,
    /// The server has it, since this moment (milliseconds since 1970).
    Saved {
        at_ms: u64,
    },
    Saving,
    Unsaved,
    /// No answer came. `kept`: is the text on this device?
    Offline {
        changes: u32,
        kept: bool,
    },
    /// The server said no, in this sentence.
    Failed {
        why: String,
        kept: bool,
    },
    /// The stored scene is another one than the text was typed upon.
    Conflict,
    SignedOut {
        kept: bool,
    },
}

/// Two texts of which the writer must choose one.
#[derive(Clone, Debug, PartialEq)]
pub struct Clash {
    pub mine: Texts,
    /// When it was typed, in milliseconds since 1970.
    pub mine_at: u64,
    pub theirs: Texts,
    /// When it was saved, in milliseconds since 1970.
    pub theirs_at: u64,
    pub reason: ClashReason,
}

/// How there came to be two texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClashReason {
    /// The scene was saved elsewhere after this page had opened it.
    SavedElsewhere,
    /// This device has text from an earlier visit that was never confirmed.
    FoundOnDevice,
}

/// What goes to the server.
#[derive(Clone, Debug, PartialEq)]
pub enum Outgoing {
    /// What was typed.
    Edit(SceneEdit),
    /// What was typed or chosen, and what the text that was not chosen says differently.
    Choice { edit: SceneEdit, losing: SceneEdit },
}

#[derive(Clone, Debug, PartialEq)]
enum Trouble {
    /// No answer, or one that cannot be understood.
    Unanswered(Failure),
    SignedOut,
    /// Too many saves: again after so many seconds.
    Wait {
        secs: u64,
        why: String,
    },
    Refused(String),
}

#[derive(Clone, Debug, PartialEq)]
struct Sent {
    texts: Texts,
    is_choice: bool,
}

/// See the module.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SaveQueue {
    /// The scene as the server has it.
    confirmed: Option<Scene>,
    /// The texts that `confirmed` answers for. They may differ from it where the server cleans what it gets.
    base: Texts,
    typed: Texts,
    /// The version that was typed upon. While there are two texts to choose from, it is not the stored one.
    upon: i64,
    in_flight: Option<Sent>,
    /// Marks of what was sent upon this version and not answered for.
    unanswered: Vec<u64>,
    choice: Option<ClashReason>,
    /// The texts that were not chosen, until the server has them: it is told one at a time.
    losing: VecDeque<Texts>,
    /// A newer scene that arrived while a save was on its way.
    waiting: Option<Scene>,
    /// What an earlier visit left, and nobody has looked at yet.
    found: VecDeque<(DraftName, Draft)>,
    /// The drafts on the device that this queue answers for.
    held: Vec<DraftName>,
    trouble: Option<Trouble>,
    attempts: u32,
    saved_at_ms: u64,
    typed_at_ms: u64,
    kept: bool,
    kept_mark: u64,
    changes: u32,
    is_replay: bool,
    has_replayed: bool,
}

impl SaveQueue {
    /// The text as it stands.
    pub fn texts(&self) -> &Texts {
        &self.typed
    }

    /// The scene as the server has it.
    pub fn confirmed(&self) -> Option<&Scene> {
        self.confirmed.as_ref()
    }

    /// Is there text that the server does not have?
    pub fn is_dirty(&self) -> bool {
        self.confirmed.is_some() && (self.typed != self.base || !self.losing.is_empty()) || self.in_flight.is_some()
    }

    /// Was the text put on the device when it was last tried?
    pub fn is_kept(&self) -> bool {
        self.kept
    }

    /// Is a save on its way?
    pub fn is_sending(&self) -> bool {
        self.in_flight.is_some()
    }

    /// Was text of an earlier visit saved by itself?
    pub fn has_replayed(&self) -> bool {
        self.has_replayed
    }

    /// What may be said.
    pub fn state(&self) -> SaveState {
        let kept = self.kept;
        match (&self.trouble, &self.in_flight) {
            _ if self.confirmed.is_none() => SaveState::Opening,
            _ if self.choice.is_some() => SaveState::Conflict,
            (Some(Trouble::SignedOut), _) => SaveState::SignedOut { kept },
            (_, Some(_)) => SaveState::Saving,
            (Some(Trouble::Unanswered(Failure::Lost)), None) => SaveState::Offline { changes: self.changes, kept },
            (Some(Trouble::Unanswered(failure)), None) => SaveState::Failed { why: failure.to_string(), kept },
            (Some(Trouble::Wait { why, .. } | Trouble::Refused(why)), None) => {
                SaveState::Failed { why: why.clone(), kept }
            }
            (None, None) if self.is_dirty() => SaveState::Unsaved,
            (None, None) => SaveState::Saved { at_ms: self.saved_at_ms },
        }
    }

    /// The two texts to choose from.
    pub fn clash(&self) -> Option<Clash> {
        let reason = self.choice?;
        let theirs = self.confirmed.as_ref()?;
        Some(Clash {
            mine: self.typed.clone(),
            mine_at: self.typed_at_ms,
            theirs: theirs.into(),
            theirs_at: saved_at_ms(theirs),
            reason,
        })
    }

    /// The writer typed.
    pub fn type_text(&mut self, field: Field, text: String, now_ms: u64) {
        self.typed.set(field, text);
        self.was_typed(now_ms);
    }

    /// The writer thinks otherwise of how far the scene is.
    pub fn set_status(&mut self, status: SceneStatus, now_ms: u64) {
        self.typed.status = status;
        self.was_typed(now_ms);
    }

    fn was_typed(&mut self, now_ms: u64) {
        self.typed_at_ms = now_ms;
        self.has_replayed = false;
        // Another text may be acceptable where the last one was not.
        if matches!(self.trouble, Some(Trouble::Refused(_))) {
            self.trouble = None;
        }
    }

    /// May a save begin by itself?
    pub fn may_begin(&self) -> bool {
        self.is_dirty() && self.in_flight.is_none() && self.trouble.is_none() && self.choice.is_none()
    }

    /// Begins a save, if there is something to save, nothing on its way, and nothing to decide first.
    pub fn begin(&mut self) -> Option<Outgoing> {
        let version = self.confirmed.as_ref()?.version;
        if self.choice.is_some() || self.in_flight.is_some() || !self.is_dirty() {
            return None;
        }
        let edit = self.typed.changes_from(&self.base, version);
        self.trouble = None;
        self.in_flight = Some(Sent { texts: self.typed.clone(), is_choice: !self.losing.is_empty() });
        Some(match self.losing.front() {
            Some(losing) => Outgoing::Choice { edit, losing: losing.changes_from(&self.typed, version) },
            None => Outgoing::Edit(edit),
        })
    }

    /// After how long to try again without being asked, if at all, in milliseconds.
    pub fn retry_after_ms(&self) -> Option<u64> {
        match self.trouble.as_ref()? {
            Trouble::Unanswered(_) => {
                let doubled = FIRST_PAUSE_MS << self.attempts.saturating_sub(1).min(8);
                Some(doubled.min(LONGEST_PAUSE_MS))
            }
            Trouble::Wait { secs, .. } => Some((*secs).clamp(1, LONGEST_WAIT_SECS) * 1_000),
            Trouble::SignedOut | Trouble::Refused(_) => None,
        }
    }

    /// May things be better now that the network or the session is back? Not where the text itself was refused.
    pub fn may_retry(&self) -> bool {
        matches!(self.trouble, Some(Trouble::Unanswered(_) | Trouble::SignedOut)) && self.is_dirty()
    }

    /// The writer chose the text on the screen: it goes upon the stored version, whose text is kept beside it.
    pub fn keep_mine(&mut self) {
        if self.choice.take().is_some() {
            self.losing.push_back(self.base.clone());
            self.decided();
        }
    }

    /// The writer chose the stored text: the one on the screen is kept beside it.
    pub fn keep_theirs(&mut self) {
        if self.choice.take().is_some() {
            self.losing.push_back(std::mem::replace(&mut self.typed, self.base.clone()));
            self.decided();
        }
    }

    fn decided(&mut self) {
        self.trouble = None;
        self.upon = self.confirmed.as_ref().map_or(0, |scene| scene.version);
    }
}

fn saved_at_ms(scene: &Scene) -> u64 {
    u64::try_from(scene.updated_at.timestamp_millis()).unwrap_or_default()
}

impl Trouble {
    /// What a refusal means for the text; a conflict is no trouble but a choice.
    fn of(failure: Failure) -> Self {
        match failure {
            Failure::Refused(Refusal::SignedOut) => Trouble::SignedOut,
            Failure::Refused(Refusal::TooMany { retry_after_secs }) => {
                Trouble::Wait { secs: retry_after_secs, why: failure.to_string() }
            }
            Failure::Lost | Failure::Broken => Trouble::Unanswered(failure),
            Failure::Refused(_) => Trouble::Refused(failure.to_string()),
        }
    }
}
