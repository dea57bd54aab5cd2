//! A whole story as one document: what a JSON export is, and what an import takes.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{NewCharacter, NewSetting, SceneStatus, Story};
use crate::text::TITLE;

/// The present form of the document; an older one can be read, a newer one cannot.
pub const BACKUP_VERSION: u32 = 1;

/// In which form a story leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// Titles as headings, scenes apart by `---`.
    #[default]
    Markdown,
    /// One page that needs nothing else.
    Html,
    /// Without any marks.
    Txt,
    /// EPUB 3, for readers of e-books.
    Epub,
    /// Everything the writer keeps, to be had back by an import.
    Json,
}

/// In which form a story comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ImportFormat {
    #[default]
    Markdown,
    Txt,
    Json,
}

/// What is written about a whole story.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct BackupStory {
    pub title: String,
    #[serde(default)]
    pub summary: String,
    #[serde(default)]
    pub genre: Option<String>,
}

/// A part. Its id has a meaning in this document alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct BackupPart {
    pub id: String,
    pub title: String,
    #[serde(default)]
    pub summary: String,
    /// Its place, from 1, among the parts and the chapters without one.
    #[serde(default)]
    pub position: i64,
}

/// A chapter with its scenes, which stand in reading order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct BackupChapter {
    #[serde(default)]
    pub id: String,
    #[serde(default)]
    pub part_id: Option<String>,
    pub title: String,
    #[serde(default)]
    pub summary: String,
    /// Its place, from 1, among the chapters of its part; without a part, among those and the parts.
    #[serde(default)]
    pub position: i64,
    #[serde(default)]
    pub scenes: Vec<BackupScene>,
}

/// A scene: the working text, and what the writer keeps about it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct BackupScene {
    #[serde(default)]
    pub id: String,
    pub title: String,
    #[serde(default)]
    pub content: String,
    #[serde(default)]
    pub summary: String,
    #[serde(default)]
    pub goal: String,
    #[serde(default)]
    pub conflict: String,
    #[serde(default)]
    pub outcome: String,
    #[serde(default)]
    pub status: SceneStatus,
}

/// A whole story. It is also a legal import request, as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Backup {
    /// Always `json`.
    #[serde(default = "json")]
    pub format: ImportFormat,
    #[serde(default)]
    pub format_version: u32,
    #[serde(default)]
    pub exported_at: Option<DateTime<Utc>>,
    pub story: BackupStory,
    #[serde(default)]
    pub parts: Vec<BackupPart>,
    #[serde(default)]
    pub chapters: Vec<BackupChapter>,
    #[serde(default)]
    pub characters: Vec<NewCharacter>,
    #[serde(default)]
    pub settings: Vec<NewSetting>,
}

fn json() -> ImportFormat {
    ImportFormat::Json
}

/// What to make a new story of: `text` in one of the formats, or the document of a JSON export, field by field.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Import {
    pub format: ImportFormat,
    /// What the story is called, whatever the text says.
    #[serde(default)]
    #[schemars(length(min = TITLE.min, max = TITLE.max))]
    pub title: Option<String>,
    #[serde(default)]
    pub text: Option<String>,
    #[serde(default)]
    pub format_version: u32,
    #[serde(default)]
    pub exported_at: Option<DateTime<Utc>>,
    #[serde(default)]
    pub story: Option<BackupStory>,
    #[serde(default)]
    pub parts: Vec<BackupPart>,
    #[serde(default)]
    pub chapters: Vec<BackupChapter>,
    #[serde(default)]
    pub characters: Vec<NewCharacter>,
    #[serde(default)]
    pub settings: Vec<NewSetting>,
}

/// A line of an import that was not taken as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImportWarning {
    /// Counted from 1.
    pub line: u32,
    pub message: String,
}

/// `{story, warnings}`: what an import made, and what it did not understand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Imported {
    pub story: Story,
    pub warnings: Vec<ImportWarning>,
}

/// What stands at the top level of a story, in reading order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Section<'a> {
    Part(&'a BackupPart, Vec<&'a BackupChapter>),
    Chapter(&'a BackupChapter),
}

impl Backup {
    /// The parts with their chapters, and the chapters without a part, as they are read. Equal positions keep the
    /// order of the document.
    pub fn sections(&self) -> Vec<Section<'_>> {
        let mut placed: Vec<(i64, Section<'_>)> = Vec::new();
        for part in &self.parts {
            let inside = self.chapters.iter().filter(|chapter| chapter.part_id.as_deref() == Some(part.id.as_str()));
            let mut chapters: Vec<&BackupChapter> = inside.collect();
            chapters.sort_by_key(|chapter| chapter.position);
            placed.push((part.position, Section::Part(part, chapters)));
        }
        let alone = self.chapters.iter().filter(|chapter| chapter.part_id.is_none());
        placed.extend(alone.map(|chapter| (chapter.position, Section::Chapter(chapter))));
        placed.sort_by_key(|(position, _)| *position);
        placed.into_iter().map(|(_, section)| section).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_chapters_without_one_stand_side_by_side() {
        let chapter = |title: &str, part: Option<&str>, position| BackupChapter {
            title: title.to_owned(),
            part_id: part.map(str::to_owned),
            position,
            ..BackupChapter::default()
        };
        let part = BackupPart { id: "p".into(), title: "North".into(), position: 2, ..BackupPart::default() };
        let chapters = vec![
            chapter("Epilogue", None, 3),
            chapter("b", Some("p"), 2),
            chapter("a", Some("p"), 1),
            chapter("Prologue", None, 1),
        ];
        let backup = Backup { parts: vec![part], chapters, ..Backup::default() };

        let titles: Vec<Vec<&str>> = backup
            .sections()
            .into_iter()
            .map(|section| match section {
                Section::Part(part, chapters) => {
                    [part.title.as_str()].into_iter().chain(chapters.into_iter().map(|c| c.title.as_str())).collect()
                }
                Section::Chapter(chapter) => vec![chapter.title.as_str()],
            })
            .collect();

        assert_eq!(titles, [vec!["Prologue"], vec!["North", "a", "b"], vec!["Epilogue"]]);
    }
}
