//! Two texts of one scene, of which its writer has chosen one: the other is kept as well.

use domain::{
    cache::Saved,
    error::{Current, Entity as Kind},
    id::SceneId,
    studio::{RevisionKind, Scene, SceneEdit},
    user::User,
};
use sea_orm::DatabaseTransaction;

use super::{Held, base_version, scene::checked, scene::live_scene, scene_text::SceneText, writer};
use crate::{
    Backend, Error,
    entity::{id, scene},
    limits::Action,
};

impl Backend {
    /// Saves the text that its writer chose of two, and keeps the other for ever, as a revision of kind `conflict`.
    ///
    /// `edit` is what to change in the stored scene, nothing where the stored text was chosen. `losing` names the fields of
    /// the other text that differ. What it says beside title and content becomes a revision of its own, in words, because
    /// a revision holds nothing else.
    ///
    /// # Errors
    /// Refuses as [`Backend::edit_scene`] does.
    pub async fn settle_scene(
        &self,
        author: &User,
        scene: SceneId,
        edit: SceneEdit,
        losing: SceneEdit,
    ) -> Result<Saved<Scene>, Error> {
        let author = writer(author)?;
        let (edit, losing) = (checked(edit)?, checked(losing)?);
        self.limits.check(Action::SaveScene, author)?;
        let story = self.story_of_scene(scene).await?;
        self.write(async |transaction| {
            let held = Held::take(transaction, author, story, Kind::Scene).await?;
            let stored = live_scene(transaction, scene).await?;
            base_version(edit.version, stored.version, Current::scene(&stored.clone().try_into()?))?;
            self.keep_losing(transaction, &held, &stored, &losing).await?;
            self.save_scene(transaction, &held, stored, edit).await
        })
        .await
    }

    /// Keeps the text that was not chosen, below the stored one, which stays the newest revision.
    async fn keep_losing(
        &self,
        transaction: &DatabaseTransaction,
        held: &Held,
        stored: &scene::Model,
        losing: &SceneEdit,
    ) -> Result<(), Error> {
        let present = SceneText::of(stored);
        let text = SceneText {
            title: losing.title.clone().unwrap_or_else(|| present.title.clone()),
            content: losing.content.clone().unwrap_or_else(|| present.content.clone()),
        };
        let notes = SceneText { title: text.title.clone(), content: notes(losing) };
        if !notes.content.is_empty() {
            self.keep_conflict(transaction, held, stored, &notes).await?;
        }
        if losing.title.is_some() || losing.content.is_some() {
            self.keep_conflict(transaction, held, stored, &text).await?;
        }
        present.keep(transaction, id(&stored.id)?, stored.version, held.author, self.time.now()).await?;
        Ok(())
    }

    async fn keep_conflict(
        &self,
        transaction: &DatabaseTransaction,
        held: &Held,
        stored: &scene::Model,
        text: &SceneText,
    ) -> Result<(), Error> {
        let seq = text.keep(transaction, id(&stored.id)?, stored.version, held.author, self.time.now()).await?;
        self.mark(transaction, stored, seq, RevisionKind::Conflict).await
    }
}

/// What an edit says beside title and content, in words.
fn notes(edit: &SceneEdit) -> String {
    let named =
        [("Summary", &edit.summary), ("Goal", &edit.goal), ("Conflict", &edit.conflict), ("Outcome", &edit.outcome)];
    let said = named.into_iter().filter_map(|(name, text)| text.as_ref().map(|text| format!("{name}: {text}")));
    said.collect::<Vec<_>>().join("\n\n")
}
