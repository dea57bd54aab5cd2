//! The texts of a scene, and how two versions of them become one.

use std::hash::{DefaultHasher, Hash, Hasher};

use domain::studio::{Scene, SceneEdit, SceneStatus};

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

impl Field {
    /// Every text, in the order in which people see them.
    pub const ALL: [Field; 6] =
        [Field::Title, Field::Content, Field::Summary, Field::Goal, Field::Conflict, Field::Outcome];

    /// Its name, as its label says it.
    pub fn name(self) -> &'static str {
        match self {
            Field::Title => "Title",
            Field::Content => "Text",
            Field::Summary => "Summary",
            Field::Goal => "Goal",
            Field::Conflict => "Conflict",
            Field::Outcome => "Outcome",
        }
    }

    /// The text as the server stores it: a line loses its outer white space.
    fn cleaned(self, text: &str) -> &str {
        if self == Field::Title { text.trim() } else { text }
    }

    fn same(self, one: &str, other: &str) -> bool {
        self.cleaned(one) == self.cleaned(other)
    }
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

/// What two people, or one person twice, made of one text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Merged {
    pub(super) texts: Texts,
    /// Did both change one text, and not to the same?
    pub(super) clashes: bool,
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

    pub(super) fn set(&mut self, field: Field, text: String) {
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
    pub(super) fn changes_from(&self, base: &Texts, version: i64) -> SceneEdit {
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

    /// These texts with what `edit` says.
    pub(crate) fn with(&self, edit: &SceneEdit) -> Texts {
        let or = |changed: &Option<String>, mine: &String| changed.as_ref().unwrap_or(mine).clone();
        Texts {
            title: or(&edit.title, &self.title),
            content: or(&edit.content, &self.content),
            summary: or(&edit.summary, &self.summary),
            goal: or(&edit.goal, &self.goal),
            conflict: or(&edit.conflict, &self.conflict),
            outcome: or(&edit.outcome, &self.outcome),
            status: edit.status.unwrap_or(self.status),
        }
    }

    /// Does the server store the same for both?
    pub(crate) fn same_as(&self, other: &Texts) -> bool {
        self.status == other.status && Field::ALL.iter().all(|&field| field.same(self.get(field), other.get(field)))
    }

    /// A mark by which these texts are known again. Two texts with one mark would cost a comparison that nobody is shown,
    /// which takes a chance of one in 2^64.
    pub(crate) fn mark(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for field in Field::ALL {
            field.cleaned(self.get(field)).hash(&mut hasher);
        }
        self.status.as_str().hash(&mut hasher);
        hasher.finish()
    }

    /// These texts upon `theirs`, which grew from the same `base`: what only one side changed is taken from that side.
    /// Where both did, it is what stands here. A status is no text: the one that was chosen here wins.
    pub(super) fn merged(&self, base: &Texts, theirs: &Texts) -> Merged {
        let mut merged = Merged { texts: self.clone(), clashes: false };
        for field in Field::ALL {
            let (mine, base, theirs) = (self.get(field), base.get(field), theirs.get(field));
            if field.same(mine, theirs) || field.same(theirs, base) {
                continue;
            }
            if field.same(mine, base) {
                merged.texts.set(field, theirs.to_owned());
            } else {
                merged.clashes = true;
            }
        }
        if self.status == base.status {
            merged.texts.status = theirs.status;
        }
        merged
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
