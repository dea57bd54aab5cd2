//! A novel as its author sees it: a story, its parts, chapters and scenes, its people and places.
//!
//! A `version` starts at 1 and grows with every accepted edit; an edit names the version it was made from.

mod backup;
mod chapter;
mod character;
mod scene;
mod search;
mod setting;
mod spot;
mod story;
mod trash;

pub use backup::{
    BACKUP_VERSION, Backup, BackupChapter, BackupPart, BackupScene, BackupStory, ExportFormat, Import, ImportFormat,
    ImportWarning, Imported, Section,
};
pub use chapter::{
    Chapter, ChapterAnswer, ChapterEdit, ChapterMove, ChapterStatus, NewChapter, NewPart, Part, PartAnswer, PartEdit,
};
pub use character::{Character, CharacterAnswer, CharacterEdit, CharacterRole, Characters, NewCharacter};
pub use scene::{
    NewScene, Revision, RevisionAnswer, RevisionHead, RevisionKind, Revisions, Scene, SceneAnswer, SceneEdit,
    SceneHead, SceneMove, SceneStatus, Scenes,
};
pub use search::{Hit, HitField, Hits, MAX_HITS, QUERY, REPLACEMENT, Replace, Replaced, Search};
pub use setting::{NewSetting, Setting, SettingAnswer, SettingEdit, Settings};
pub use spot::Spot;
pub use story::{NewStory, Outline, OutlineChapter, Stories, Story, StoryAnswer, StoryEdit, StoryStatus};
pub use trash::{Restored, RestoredAnswer, TRASH_DAYS, Trash, TrashItem, TrashKind, days_left};
