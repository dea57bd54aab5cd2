//! When text is saved, when it is safe, and what may be said about it.
//!
//! One queue per scene: one save is on its way at a time, and each carries the version that the last one returned. Only a
//! confirmed version counts as saved; nothing that was typed is replaced by anything but its writer.

use domain::{
    Error as Refusal,
    studio::{Scene, SceneEdit, SceneStatus},
};

use crate::{api::Failure, client::Draft};

/// A text of a scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Title,
    Content,
    Summary,
    Goal,
    Conflict,
    Outcome,
}

/// Every text of a scene.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    pub title: String,
    pub content: String,
    pub summary: String,
    pub goal: String,
    pub conflict: String,
    pub outcome: String,
    pub status: SceneStatus,
}

impl Texts {
    /// One of them.
    pub fn get(&self, field: Field) -> &str {
        match field {
            Field::Title => &self.title,
            Field::Content => &self.content,
            Field::Summary => &self.summary,
            Field::Goal => &self.goal,
            Field::Conflict => &self.conflict,
            Field::Outcome => &self.outcome,
        }
    }

    fn set(&mut self, field: Field, text: String) {
        *match field {
            Field::Title => &mut self.title,
            Field::Content => &mut self.content,
            Field::Summary => &mut self.summary,
            Field::Goal => &mut self.goal,
            Field::Conflict => &mut self.conflict,
            Field::Outcome => &mut self.outcome,
        } = text;
    }

    /// What differs from `base`, as an edit of `version`.
    fn changes_from(&self, base: &Texts, version: i64) -> SceneEdit {
        let changed = |mine: &String, theirs: &String| (mine != theirs).then(|| mine.clone());
        SceneEdit {
            title: changed(&self.title, &base.title),
            content: changed(&self.content, &base.content),
            summary: changed(&self.summary, &base.summary),
            goal: changed(&self.goal, &base.goal),
            conflict: changed(&self.conflict, &base.conflict),
            outcome: changed(&self.outcome, &base.outcome),
            status: (self.status != base.status).then_some(self.status),
            version: Some(version),
        }
    }
}

impl From<&Scene> for Texts {
    fn from(scene: &Scene) -> Self {
        Texts {
            title: scene.title.clone(),
            content: scene.content.clone(),
            summary: scene.summary.clone(),
            goal: scene.goal.clone(),
            conflict: scene.conflict.clone(),
            outcome: scene.outcome.clone(),
            status: scene.status,
        }
    }
}

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
    Offline,
    /// The server said no, in this sentence.
    Failed {
        why: String,
        kept: bool,
    },
    /// The stored scene is another one than the text was typed upon.
    Conflict,
    SignedOut,
}

/// Two texts of which the writer must choose one.
#[derive(Clone, Debug, PartialEq)]
pub struct Clash {
    pub mine: Texts,
    pub theirs: Texts,
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

#[derive(Clone, Debug, PartialEq)]
enum Trouble {
    Lost,
    SignedOut,
    Refused(String),
    Conflict,
    Found,
}

/// See the module.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SaveQueue {
    /// The scene as the server has it.
    confirmed: Option<Scene>,
    /// The texts that `confirmed` answers for. They may differ from it where the server cleans what it gets.
    base: Texts,
    typed: Texts,
    in_flight: Option<Texts>,
    trouble: Option<Trouble>,
    /// The text to go on with once the one that is being saved is in the history.
    then: Option<Texts>,
    saved_at_ms: u64,
    kept: bool,
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
        self.confirmed.is_some() && self.typed != self.base || self.in_flight.is_some()
    }

    /// What may be said.
    pub fn state(&self) -> SaveState {
        match (&self.trouble, &self.in_flight) {
            _ if self.confirmed.is_none() => SaveState::Opening,
            (Some(Trouble::Conflict | Trouble::Found), _) => SaveState::Conflict,
            (Some(Trouble::SignedOut), _) => SaveState::SignedOut,
            (_, Some(_)) => SaveState::Saving,
            (Some(Trouble::Lost), None) => SaveState::Offline,
            (Some(Trouble::Refused(why)), None) => SaveState::Failed { why: why.clone(), kept: self.kept },
            (None, None) if self.is_dirty() => SaveState::Unsaved,
            (None, None) => SaveState::Saved { at_ms: self.saved_at_ms },
        }
    }

    /// The two texts to choose from.
    pub fn clash(&self) -> Option<Clash> {
        let reason = match self.trouble.as_ref()? {
            Trouble::Conflict => ClashReason::SavedElsewhere,
            Trouble::Found => ClashReason::FoundOnDevice,
            Trouble::Lost | Trouble::SignedOut | Trouble::Refused(_) => return None,
        };
        Some(Clash { mine: self.typed.clone(), theirs: self.confirmed.as_ref()?.into(), reason })
    }

    /// The server has this. It replaces the text on the screen only where nothing was typed upon that.
    pub fn receive(&mut self, scene: Scene) {
        let newer = self.confirmed.as_ref().is_none_or(|confirmed| confirmed.version < scene.version);
        if newer && !self.is_dirty() && self.trouble.is_none() {
            self.saved_at_ms = u64::try_from(scene.updated_at.timestamp_millis()).unwrap_or_default();
            self.typed = (&scene).into();
            self.base = self.typed.clone();
            self.confirmed = Some(scene);
        }
    }

    /// Unconfirmed text of an earlier visit was found on this device.
    pub fn found(&mut self, draft: &Draft) {
        if draft.title != self.typed.title || draft.content != self.typed.content {
            self.typed.title.clone_from(&draft.title);
            self.typed.content.clone_from(&draft.content);
            self.trouble = Some(Trouble::Found);
            self.kept = true;
        }
    }

    /// The writer typed.
    pub fn type_text(&mut self, field: Field, text: String) {
        self.typed.set(field, text);
        // Another text may be acceptable where the last one was not.
        if matches!(self.trouble, Some(Trouble::Refused(_))) {
            self.trouble = None;
        }
    }

    /// The writer thinks otherwise of how far the scene is.
    pub fn set_status(&mut self, status: SceneStatus) {
        self.typed.status = status;
    }

    /// May a save begin by itself?
    pub fn may_begin(&self) -> bool {
        self.is_dirty() && self.in_flight.is_none() && self.trouble.is_none()
    }

    /// Begins a save, if there is something to save, nothing on its way, and nothing to decide first.
    pub fn begin(&mut self) -> Option<SceneEdit> {
        let undecided = matches!(self.trouble, Some(Trouble::Conflict | Trouble::Found));
        let confirmed = self.confirmed.as_ref()?;
        if undecided || self.in_flight.is_some() || self.typed == self.base {
            return None;
        }
        let edit = self.typed.changes_from(&self.base, confirmed.version);
        self.trouble = None;
        self.in_flight = Some(self.typed.clone());
        Some(edit)
    }

    /// The save on its way is now this version.
    pub fn confirm(&mut self, scene: Scene, now_ms: u64) {
        self.base = self.in_flight.take().unwrap_or_else(|| (&scene).into());
        self.confirmed = Some(scene);
        self.trouble = None;
        self.saved_at_ms = now_ms;
        if let Some(next) = self.then.take() {
            self.typed = next;
        }
    }

    /// The save on its way came to nothing; the text stays.
    pub fn refuse(&mut self, failure: Failure) {
        self.in_flight = None;
        self.trouble = Some(match failure {
            Failure::Refused(Refusal::Conflict(current)) => match current.read() {
                Some(scene) => {
                    self.confirmed = Some(scene);
                    Trouble::Conflict
                }
                None => Trouble::Refused(Failure::Broken.to_string()),
            },
            Failure::Refused(Refusal::SignedOut) => Trouble::SignedOut,
            Failure::Lost => Trouble::Lost,
            Failure::Refused(Refusal::TooMany { .. }) => Trouble::Lost,
            Failure::Refused(_) | Failure::Broken => Trouble::Refused(failure.to_string()),
        });
    }

    /// The writer chose the text on the screen: it goes upon the stored version.
    pub fn keep_mine(&mut self) {
        if let Some(scene) = &self.confirmed {
            self.base = scene.into();
        }
        self.trouble = None;
    }

    /// The writer chose the stored text: the one on the screen is saved upon it, and then the stored one again.
    pub fn keep_theirs(&mut self) {
        if let Some(scene) = &self.confirmed {
            self.base = scene.into();
            self.then = Some(scene.into());
        }
        self.trouble = None;
    }

    /// What to keep on the device.
    pub fn draft(&self, now_ms: u64) -> Draft {
        Draft {
            base_version: self.confirmed.as_ref().map_or(0, |scene| scene.version),
            title: self.typed.title.clone(),
            content: self.typed.content.clone(),
            kept_at: now_ms,
        }
    }

    /// Is the text on this device?
    pub fn set_kept(&mut self, kept: bool) {
        self.kept = kept;
    }
}
