//! One unsent text, as it lies on the device, and its name there.

use std::fmt;

use domain::{
    id::{SceneId, StoryId, UserId},
    studio::{Scene, SceneEdit},
};
use serde::{Deserialize, Serialize};

use crate::client::Texts;

/// What all names of drafts begin with. The cache never touches them.
const PREFIX: &str = "fictures:draft:";

/// The unconfirmed text of one scene.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Draft {
    /// What differs from the version it names.
    pub edit: SceneEdit,
    /// Where the scene is. Drafts of the first form did not say.
    #[serde(default)]
    pub story: Option<StoryId>,
    /// What the scene is called: it is how its writer knows it.
    #[serde(default)]
    pub scene_title: String,
    /// Marks of the texts that were sent and not answered for: if one of them is what the server has now, it came from here.
    #[serde(default)]
    pub sent: Vec<u64>,
    /// How many batches of keystrokes it holds.
    #[serde(default)]
    pub changes: u32,
    /// Milliseconds since 1970.
    pub kept_at: u64,
}

/// The first form of a draft, which devices may still have.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FirstForm {
    base_version: i64,
    title: String,
    content: String,
    kept_at: u64,
}

impl Draft {
    /// Reads what [`Draft::to_text`] wrote, or what an earlier program did.
    pub(super) fn of_text(text: &str) -> Option<Draft> {
        serde_json::from_str(text).ok().or_else(|| {
            let first: FirstForm = serde_json::from_str(text).ok()?;
            let edit = SceneEdit {
                title: Some(first.title.clone()),
                content: Some(first.content),
                version: Some(first.base_version),
                ..SceneEdit::default()
            };
            let scene_title = first.title;
            Some(Draft { edit, story: None, scene_title, sent: Vec::new(), changes: 1, kept_at: first.kept_at })
        })
    }

    pub(super) fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default() // text and numbers are JSON always
    }

    /// Of two texts under one name, in two places: was this one kept before?
    pub(super) fn is_older_than(&self, other: &Draft) -> bool {
        self.kept_at < other.kept_at
    }

    /// How this text stands to what the server has.
    pub(crate) fn against(&self, stored: &Scene) -> Standing {
        let texts = Texts::from(stored);
        if texts.with(&self.edit).same_as(&texts) {
            Standing::Arrived
        } else if self.edit.version == Some(stored.version) || self.sent.contains(&texts.mark()) {
            Standing::Next
        } else if self.edit.version.is_some_and(|version| version > stored.version) {
            Standing::Ahead
        } else {
            Standing::Apart
        }
    }
}

/// How an unsent text stands to what the server has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The server has it.
    Arrived,
    /// It was typed upon just that, and may be saved by itself.
    Next,
    /// It was typed upon something newer: what is known of the server here is old.
    Ahead,
    /// It was typed upon something else: its writer must choose.
    Apart,
}

/// The name of a draft on the device: `fictures:draft:<person>:<scene>:<version it was typed upon>:<desk>`.
///
/// The desk is part of it, so that two tabs with one scene do not write over each other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DraftName(String);

impl DraftName {
    /// What the text of `scene` that was typed at `desk` upon `version` is called.
    pub(crate) fn new(person: UserId, scene: SceneId, version: i64, desk: &str) -> Self {
        DraftName(format!("{PREFIX}{person}:{scene}:{version}:{desk}"))
    }

    /// What the names of all drafts of a person begin with.
    pub(crate) fn prefix(person: UserId) -> String {
        format!("{PREFIX}{person}:")
    }

    /// Reads a name; `None` if it is the name of something else.
    pub(super) fn read(name: &str) -> Option<Self> {
        let name = DraftName(name.to_owned());
        name.scene().is_some().then_some(name)
    }

    /// The scene it is a text of.
    pub fn scene(&self) -> Option<SceneId> {
        self.0.strip_prefix(PREFIX)?.split(':').nth(1)?.parse().ok()
    }

    /// The desk it was typed at; drafts of the first form do not say.
    pub(super) fn desk(&self) -> Option<&str> {
        self.0.strip_prefix(PREFIX)?.split(':').nth(3)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DraftName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
