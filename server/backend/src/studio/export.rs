//! A story as a file its author takes along: the working text, drafts included.
//!
//! Every form is made of one document ([`Backup`]), which is also the JSON form and what an import reads.

mod epub;
mod html;
pub(super) mod markdown;
mod text;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::{
    error::{Entity as Kind, Problem},
    id::{SceneId, StoryId},
    studio::{
        BACKUP_VERSION, Backup, BackupChapter, BackupPart, BackupScene, BackupStory, Character, ExportFormat,
        ImportFormat, NewCharacter, NewSetting, Outline, Setting,
    },
    user::User,
};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, Func},
};

use crate::{
    Backend, Error,
    entity::{character, scene, setting, story, word},
    studio::{outline, own_story, writer},
};

/// How much text one file holds, in characters: thirty long novels, or some sixty megabytes while it is made.
const MAX_CHARACTERS: i64 = 20_000_000;

/// A file.
#[derive(Clone, Debug)]
pub struct Exported {
    pub bytes: Vec<u8>,
    /// What the file is, for `Content-Type`.
    pub media_type: &'static str,
    /// The title of the story.
    pub title: String,
    /// What file names of this form end with, without the dot.
    pub extension: &'static str,
}

impl Backend {
    /// A story as a file.
    ///
    /// # Errors
    /// Refuses readers, stories that are not the author's, and more than twenty million characters.
    pub async fn export(&self, author: &User, story: StoryId, format: ExportFormat) -> Result<Exported, Error> {
        let writer = writer(author)?;
        let now = self.time.now();
        let backup = self.database.snapshot(async |snapshot| {
            let row = own_story(writer, story).one(snapshot).await?.ok_or(domain::Error::NotFound(Kind::Story))?;
            require_size(snapshot, story).await?;
            load(snapshot, row, story, now).await
        });
        let (backup, author) = (backup.await?, author.username.clone());
        // Away from the threads that answer requests: a long novel takes a while.
        let writing = tokio::task::spawn_blocking(move || written(&backup, &author, format, now));
        writing.await.map_err(|_| Error::Unavailable)?
    }
}

fn written(backup: &Backup, author: &str, format: ExportFormat, now: DateTime<Utc>) -> Result<Exported, Error> {
    let (bytes, media_type, extension) = match format {
        ExportFormat::Markdown => (markdown::render(backup).into_bytes(), "text/markdown; charset=utf-8", "md"),
        ExportFormat::Html => (html::render(backup, author).into_bytes(), "text/html; charset=utf-8", "html"),
        ExportFormat::Txt => (text::render(backup).into_bytes(), "text/plain; charset=utf-8", "txt"),
        ExportFormat::Epub => {
            let bytes = epub::render(backup, author, now).map_err(|error| {
                tracing::error!(%error, "an EPUB could not be made");
                Error::Unavailable
            })?;
            (bytes, "application/epub+zip", "epub")
        }
        ExportFormat::Json => (serde_json::to_vec_pretty(backup)?, "application/json", "json"),
    };
    Ok(Exported { bytes, media_type, title: backup.story.title.clone(), extension })
}

async fn require_size(snapshot: &DatabaseTransaction, story: StoryId) -> Result<(), Error> {
    let length = Expr::from(Func::char_length(Expr::col(scene::Column::Body))).sum();
    let characters: Option<i64> = scene::Entity::find()
        .select_only()
        .column_as(length.cast_as("BIGINT"), "characters")
        .filter(scene::Column::StoryId.eq(story.as_str()))
        .filter(scene::Column::DeletedAt.is_null())
        .into_tuple::<Option<i64>>()
        .one(snapshot)
        .await?
        .flatten();
    if characters.unwrap_or(0) > MAX_CHARACTERS {
        let max = usize::try_from(MAX_CHARACTERS).unwrap_or(usize::MAX);
        return Err(domain::Error::invalid("story", Problem::TooLong { max }).into());
    }
    Ok(())
}

async fn load(
    snapshot: &DatabaseTransaction,
    row: story::Model,
    story: StoryId,
    now: DateTime<Utc>,
) -> Result<Backup, Error> {
    let outline = outline::load(snapshot, story).await?;
    let rows = scene::Entity::find()
        .filter(scene::Column::StoryId.eq(story.as_str()))
        .filter(scene::Column::DeletedAt.is_null())
        .all(snapshot)
        .await?;
    let mut scenes = HashMap::new();
    for row in rows {
        scenes.insert(row.id.clone(), of_scene(row)?);
    }
    Ok(Backup {
        format: ImportFormat::Json,
        format_version: BACKUP_VERSION,
        exported_at: Some(now),
        story: BackupStory { title: row.title, summary: row.summary, genre: row.genre },
        parts: parts(&outline),
        chapters: chapters(&outline, |scene| scenes.remove(scene.as_str())),
        characters: characters(snapshot, story).await?,
        settings: settings(snapshot, story).await?,
    })
}

fn of_scene(row: scene::Model) -> Result<BackupScene, Error> {
    Ok(BackupScene {
        status: word(&row.status)?,
        id: row.id,
        title: row.title,
        content: row.body,
        summary: row.summary,
        goal: row.goal,
        conflict: row.conflict,
        outcome: row.outcome,
    })
}

/// The place, from 1, of each thing at the top level.
fn places(outline: &Outline) -> HashMap<String, i64> {
    let parts = outline.parts.iter().map(|part| (part.position, part.id.to_string()));
    let alone = outline.chapters.iter().map(|chapter| &chapter.chapter).filter(|chapter| chapter.part_id.is_none());
    let mut top: Vec<(i64, String)> = parts.chain(alone.map(|c| (c.position, c.id.to_string()))).collect();
    top.sort();
    top.into_iter().map(|(_, id)| id).zip(1..).collect()
}

fn parts(outline: &Outline) -> Vec<BackupPart> {
    let places = places(outline);
    let of = |part: &domain::studio::Part| BackupPart {
        id: part.id.to_string(),
        title: part.title.clone(),
        summary: part.summary.clone(),
        position: places.get(part.id.as_str()).copied().unwrap_or_default(),
    };
    outline.parts.iter().map(of).collect()
}

fn chapters(outline: &Outline, mut scene: impl FnMut(SceneId) -> Option<BackupScene>) -> Vec<BackupChapter> {
    let places = places(outline);
    // The outline is in reading order, so the chapters of a part come one after the other.
    let mut inside: HashMap<String, i64> = HashMap::new();
    let mut chapters = Vec::new();
    for found in &outline.chapters {
        let chapter = &found.chapter;
        let part_id = chapter.part_id.map(|part| part.to_string());
        let position = match &part_id {
            Some(part) => {
                let last = inside.entry(part.clone()).or_default();
                *last += 1;
                *last
            }
            None => places.get(chapter.id.as_str()).copied().unwrap_or_default(),
        };
        chapters.push(BackupChapter {
            id: chapter.id.to_string(),
            part_id,
            title: chapter.title.clone(),
            summary: chapter.summary.clone(),
            position,
            scenes: found.scenes.iter().filter_map(|head| scene(head.id)).collect(),
        });
    }
    chapters
}

async fn characters(snapshot: &DatabaseTransaction, story: StoryId) -> Result<Vec<NewCharacter>, Error> {
    let mut rows = character::Entity::find()
        .filter(character::Column::StoryId.eq(story.as_str()))
        .filter(character::Column::DeletedAt.is_null())
        .all(snapshot)
        .await?;
    rows.sort_by(|one, other| (one.position, &one.id).cmp(&(other.position, &other.id)));
    let of = |row: character::Model| {
        let Character {
            name, aliases, role, summary, traits, goal, flaw, backstory, appearance, voice, colour, ..
        } = row.try_into()?;
        Ok(NewCharacter {
            name,
            aliases: Some(aliases),
            role: Some(role),
            summary: Some(summary),
            traits: Some(traits),
            goal: Some(goal),
            flaw: Some(flaw),
            backstory: Some(backstory),
            appearance: Some(appearance),
            voice: Some(voice),
            colour,
        })
    };
    rows.into_iter().map(of).collect()
}

async fn settings(snapshot: &DatabaseTransaction, story: StoryId) -> Result<Vec<NewSetting>, Error> {
    let mut rows = setting::Entity::find()
        .filter(setting::Column::StoryId.eq(story.as_str()))
        .filter(setting::Column::DeletedAt.is_null())
        .all(snapshot)
        .await?;
    rows.sort_by(|one, other| (one.position, &one.id).cmp(&(other.position, &other.id)));
    let of = |row: setting::Model| {
        let Setting { name, summary, mood, senses, details, .. } = row.try_into()?;
        let (summary, mood) = (Some(summary), Some(mood));
        Ok(NewSetting { name, summary, mood, senses: Some(senses), details: Some(details) })
    };
    rows.into_iter().map(of).collect()
}
