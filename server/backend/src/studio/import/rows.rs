//! The rows that a document becomes, checked against every rule that typing would have met.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::{
    error::{Error as Refusal, Problem},
    id::{ChapterId, CharacterId, PartId, SceneId, SettingId, StoryId, UserId},
    studio::{Backup, BackupChapter, BackupPart, BackupScene, NewStory, RevisionKind, Section},
    text::{SCENE, SUMMARY, TITLE},
};

use sea_orm::ActiveValue::Set;

use crate::{
    Error,
    entity::{chapter, character, part, scene, scene_revision as revision, setting, story},
    studio::{
        chapter as chapters, character as characters, placement::STEP, scene as scenes, scene_text::SceneText,
        setting as settings, story as stories,
    },
};

/// Everything that one import inserts.
pub(super) struct Rows {
    pub(super) story: story::Model,
    pub(super) parts: Vec<part::Model>,
    pub(super) chapters: Vec<chapter::Model>,
    pub(super) scenes: Vec<scene::Model>,
    pub(super) revisions: Vec<revision::Model>,
    pub(super) characters: Vec<character::ActiveModel>,
    pub(super) settings: Vec<setting::ActiveModel>,
    author: UserId,
    now: DateTime<Utc>,
}

impl Rows {
    /// The rows of `backup`, as a story with this id. What is wrong is blamed on its place in the document.
    pub(super) fn of(backup: &Backup, id: StoryId, author: UserId, now: DateTime<Utc>) -> Result<Self, Error> {
        require_whole(backup)?;
        let story = &backup.story;
        let new =
            NewStory { title: story.title.clone(), summary: Some(story.summary.clone()), genre: story.genre.clone() };
        let story = stories::new_row(id, author, &new, now)?;
        let (parts, chapters, scenes, revisions) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (characters, settings) = (cast(backup, id, now)?, world(backup, id, now)?);
        let mut rows = Rows { story, parts, chapters, scenes, revisions, characters, settings, author, now };
        for (section, position) in backup.sections().into_iter().zip(positions()) {
            match section {
                Section::Part(part, inside) => {
                    let part = rows.add_part(id, part, position)?;
                    for (chapter, position) in inside.into_iter().zip(positions()) {
                        rows.add_chapter(id, Some(part), chapter, position)?;
                    }
                }
                Section::Chapter(chapter) => rows.add_chapter(id, None, chapter, position)?,
            }
        }
        Ok(rows)
    }

    fn add_part(&mut self, story: StoryId, part: &BackupPart, position: i64) -> Result<PartId, Refusal> {
        let at = format!("parts[{}]", self.parts.len());
        let id = PartId::from_random(rand::random());
        self.parts.push(part::Model {
            id: id.to_string(),
            story_id: story.to_string(),
            title: TITLE.check(&format!("{at}.title"), &part.title)?,
            summary: SUMMARY.check(&format!("{at}.summary"), &part.summary)?,
            position,
            version: 1,
            created_at: self.now,
            updated_at: self.now,
            deleted_at: None,
            deleted_by: None,
            trash_batch_id: None,
        });
        Ok(id)
    }

    fn add_chapter(
        &mut self,
        story: StoryId,
        part: Option<PartId>,
        chapter: &BackupChapter,
        position: i64,
    ) -> Result<(), Refusal> {
        let at = format!("chapters[{}]", self.chapters.len());
        let id = ChapterId::from_random(rand::random());
        let title = TITLE.check(&format!("{at}.title"), &chapter.title)?;
        let summary = SUMMARY.check(&format!("{at}.summary"), &chapter.summary)?;
        self.chapters.push(chapters::new_row(id, story, part, (title, summary), position, self.now));
        for (index, (scene, position)) in chapter.scenes.iter().zip(positions()).enumerate() {
            self.add_scene(story, id, scene, &format!("{at}.scenes[{index}]"), position)?;
        }
        Ok(())
    }

    fn add_scene(
        &mut self,
        story: StoryId,
        chapter: ChapterId,
        scene: &BackupScene,
        at: &str,
        position: i64,
    ) -> Result<(), Refusal> {
        let id = SceneId::from_random(rand::random());
        let note = |field: &str, text: &str| SUMMARY.check(&format!("{at}.{field}"), text);
        let text = SceneText {
            title: TITLE.check(&format!("{at}.title"), &scene.title)?,
            content: SCENE.check(&format!("{at}.content"), &scene.content)?,
        };
        self.revisions.push(revision::Model {
            scene_id: id.to_string(),
            seq: 1,
            kind: RevisionKind::Import.as_str().to_owned(),
            name: None,
            title: text.title.clone(),
            body: text.content.clone(),
            word_count: text.word_count(),
            content_hash: text.hash(),
            base_version: 0,
            author_id: self.author.to_string(),
            created_at: self.now,
        });
        self.scenes.push(scene::Model {
            summary: note("summary", &scene.summary)?,
            goal: note("goal", &scene.goal)?,
            conflict: note("conflict", &scene.conflict)?,
            outcome: note("outcome", &scene.outcome)?,
            status: scene.status.as_str().to_owned(),
            ..scenes::new_row(id, story, chapter, &text, position, self.now)
        });
        Ok(())
    }
}

/// Places one after the other.
fn positions() -> impl Iterator<Item = i64> {
    (1..).map(|number: i64| number.saturating_mul(STEP))
}

/// Every part has an id of its own, and every chapter is in a part that is there.
fn require_whole(backup: &Backup) -> Result<(), Refusal> {
    let mut parts: HashMap<&str, usize> = HashMap::new();
    for (index, part) in backup.parts.iter().enumerate() {
        if parts.insert(&part.id, index).is_some() {
            return Err(Refusal::invalid(&format!("parts[{index}].id"), Problem::NotAllowed));
        }
    }
    let unknown = backup
        .chapters
        .iter()
        .position(|chapter| chapter.part_id.as_deref().is_some_and(|part| !parts.contains_key(part)));
    match unknown {
        Some(index) => Err(Refusal::invalid(&format!("chapters[{index}].partId"), Problem::DoesNotBelong)),
        None => Ok(()),
    }
}

fn cast(backup: &Backup, story: StoryId, now: DateTime<Utc>) -> Result<Vec<character::ActiveModel>, Refusal> {
    let rows = backup.characters.iter().zip(positions()).enumerate().map(|(index, (new, position))| {
        let written = characters::checked(&new.clone().into()).map_err(|error| within("characters", index, error))?;
        Ok(character::ActiveModel {
            id: Set(CharacterId::from_random(rand::random()).to_string()),
            story_id: Set(story.to_string()),
            position: Set(position),
            created_at: Set(now),
            updated_at: Set(now),
            ..written
        })
    });
    rows.collect()
}

fn world(backup: &Backup, story: StoryId, now: DateTime<Utc>) -> Result<Vec<setting::ActiveModel>, Refusal> {
    let rows = backup.settings.iter().zip(positions()).enumerate().map(|(index, (new, position))| {
        let written = settings::checked(&new.clone().into()).map_err(|error| within("settings", index, error))?;
        Ok(setting::ActiveModel {
            id: Set(SettingId::from_random(rand::random()).to_string()),
            story_id: Set(story.to_string()),
            position: Set(position),
            created_at: Set(now),
            updated_at: Set(now),
            ..written
        })
    });
    rows.collect()
}

/// A refusal with the place in the document before its field.
fn within(list: &str, index: usize, error: Refusal) -> Refusal {
    match error {
        Refusal::Invalid { field, problem } => Refusal::Invalid { field: format!("{list}[{index}].{field}"), problem },
        other => other,
    }
}
