//! A new story out of a file: Markdown or plain text by its headings, or the document of a JSON export.
//!
//! Whatever comes in gets ids of its own and is unpublished. It is one write: a story is there whole, or not at all.

mod markdown;
mod prose;
mod rows;
mod text;

use domain::{
    cache::{Change, Saved},
    error::Problem,
    id::StoryId,
    studio::{BACKUP_VERSION, Backup, BackupStory, Import, ImportFormat, ImportWarning, Imported},
    user::User,
};
use sea_orm::{DatabaseTransaction, EntityTrait, IntoActiveModel};

use self::{prose::Read, rows::Rows};
use super::writer;
use crate::{
    Backend, Error,
    entity::{chapter, character, part, scene, scene_revision as revision, setting, story},
    limits::Action,
};

/// How many parts, chapters and scenes one import makes at most.
const MAX_PARTS: usize = 500;
const MAX_CHAPTERS: usize = 2_000;
const MAX_SCENES: usize = 10_000;
/// How many characters, and how many settings.
const MAX_CAST: usize = 500;
/// How many rows one statement inserts; SQLite takes some thirty thousand values.
const ROWS: usize = 500;

impl Backend {
    /// Makes a new story, and says what was not understood.
    ///
    /// # Errors
    /// Refuses readers, text that breaks a rule, more than 500 parts, 2,000 chapters or 10,000 scenes, and a document
    /// that contradicts itself.
    pub async fn import(&self, author: &User, import: Import) -> Result<Saved<Imported>, Error> {
        let author = writer(author)?;
        self.limits.check(Action::SaveScene, author)?;
        let (id, now) = (StoryId::from_random(rand::random()), self.time.now());
        // Away from the threads that answer requests: eight megabytes take a while.
        let reading = tokio::task::spawn_blocking(move || {
            let Read { backup, warnings } = read(import)?;
            within_limits(&backup)?;
            Ok((Rows::of(&backup, id, author, now)?, warnings))
        });
        let read: Result<(Rows, Vec<ImportWarning>), Error> = reading.await.map_err(|_| Error::Unavailable)?;
        let (rows, warnings) = read?;
        self.write(async |transaction| {
            let story = rows.story.clone().try_into()?;
            insert(transaction, rows).await?;
            Ok((Imported { story, warnings }, Change::Story { story: id, author }))
        })
        .await
    }
}

fn read(import: Import) -> Result<Read, domain::Error> {
    let missing = |field| domain::Error::invalid(field, Problem::Empty);
    let mut read = match (import.format, import.text) {
        (ImportFormat::Markdown, Some(text)) => markdown::read(&text),
        (ImportFormat::Txt, Some(text)) => text::read(&text),
        (ImportFormat::Markdown | ImportFormat::Txt, None) => return Err(missing("text")),
        (ImportFormat::Json, Some(text)) => {
            let read = serde_json::from_str(&text);
            Read::whole(read.map_err(|_| domain::Error::invalid("text", Problem::Unreadable))?)
        }
        (ImportFormat::Json, None) => Read::whole(Backup {
            format: ImportFormat::Json,
            format_version: import.format_version,
            exported_at: import.exported_at,
            story: import.story.ok_or_else(|| missing("story"))?,
            parts: import.parts,
            chapters: import.chapters,
            characters: import.characters,
            settings: import.settings,
        }),
    };
    if read.backup.format_version > BACKUP_VERSION {
        return Err(domain::Error::invalid("formatVersion", Problem::NotAllowed));
    }
    if let Some(title) = import.title {
        read.backup.story = BackupStory { title, ..read.backup.story };
    }
    Ok(read)
}

fn within_limits(backup: &Backup) -> Result<(), domain::Error> {
    let scenes = backup.chapters.iter().map(|chapter| chapter.scenes.len()).sum();
    for (field, count, max) in [
        ("parts", backup.parts.len(), MAX_PARTS),
        ("chapters", backup.chapters.len(), MAX_CHAPTERS),
        ("scenes", scenes, MAX_SCENES),
        ("characters", backup.characters.len(), MAX_CAST),
        ("settings", backup.settings.len(), MAX_CAST),
    ] {
        if count > max {
            return Err(domain::Error::invalid(field, Problem::TooMany { max }));
        }
    }
    Ok(())
}

async fn insert(transaction: &DatabaseTransaction, rows: Rows) -> Result<(), Error> {
    story::Entity::insert(rows.story.into_active_model()).exec_without_returning(transaction).await?;
    macro_rules! insert {
        ($($row:ident: $rows:expr),*) => {$(
            for some in $rows.chunks(ROWS) {
                let some = some.iter().cloned().map(IntoActiveModel::into_active_model);
                $row::Entity::insert_many::<$row::ActiveModel, _>(some).exec_without_returning(transaction).await?;
            }
        )*};
    }
    insert!(part: rows.parts, chapter: rows.chapters, scene: rows.scenes, revision: rows.revisions);
    for row in rows.characters {
        character::Entity::insert(row).exec_without_returning(transaction).await?;
    }
    for row in rows.settings {
        setting::Entity::insert(row).exec_without_returning(transaction).await?;
    }
    Ok(())
}
