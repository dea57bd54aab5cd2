//! A document that grows line by line, whatever the lines were written in.

use domain::{
    studio::{BACKUP_VERSION, Backup, BackupChapter, BackupPart, BackupScene, ImportFormat, ImportWarning},
    text::{SCENE, TITLE},
};

/// How many lines that were not understood are listed.
const MAX_WARNINGS: usize = 200;

/// What was read.
pub(super) struct Read {
    pub(super) backup: Backup,
    pub(super) warnings: Vec<ImportWarning>,
}

impl Read {
    /// A document that says itself what it is.
    pub(super) fn whole(backup: Backup) -> Self {
        Read { backup, warnings: Vec::new() }
    }
}

/// The document so far. Whatever was opened last takes what comes next.
#[derive(Default)]
pub(super) struct Prose {
    title: Option<String>,
    parts: Vec<BackupPart>,
    chapters: Vec<BackupChapter>,
    in_part: bool,
    /// The scene that is being written; blank lines wait to see whether anything follows them.
    scene: Option<BackupScene>,
    blank: usize,
    top: i64,
    inside: i64,
    warnings: Vec<ImportWarning>,
}

impl Prose {
    pub(super) fn warn(&mut self, line: usize, message: &str) {
        if self.warnings.len() < MAX_WARNINGS {
            let line = u32::try_from(line).unwrap_or(u32::MAX);
            self.warnings.push(ImportWarning { line, message: message.to_owned() });
        }
    }

    pub(super) fn title(&mut self, line: usize, title: &str) {
        self.title = Some(self.short(line, title));
    }

    pub(super) fn part(&mut self, line: usize, title: &str) {
        self.end_scene();
        let title = self.short(line, title);
        self.top += 1;
        let id = self.parts.len().to_string();
        self.parts.push(BackupPart { id, title, position: self.top, ..BackupPart::default() });
        (self.in_part, self.inside) = (true, 0);
    }

    pub(super) fn end_part(&mut self) {
        self.end_scene();
        self.in_part = false;
    }

    pub(super) fn chapter(&mut self, line: usize, title: &str) {
        self.end_scene();
        let title = self.short(line, title);
        let part_id = self.parts.last().filter(|_| self.in_part).map(|part| part.id.clone());
        let place = if part_id.is_some() { &mut self.inside } else { &mut self.top };
        *place += 1;
        let position = *place;
        self.chapters.push(BackupChapter { part_id, title, position, ..BackupChapter::default() });
    }

    pub(super) fn scene(&mut self, line: usize, title: &str) {
        self.end_scene();
        self.require_chapter(line);
        let title = self.short(line, title);
        self.scene = Some(BackupScene { title, ..BackupScene::default() });
    }

    /// Ends a scene; another begins with the next text.
    pub(super) fn end_scene(&mut self) {
        self.blank = 0;
        let (Some(scene), Some(chapter)) = (self.scene.take(), self.chapters.last_mut()) else { return };
        chapter.scenes.push(scene);
    }

    /// A line of text. Blank lines count only between others.
    pub(super) fn text(&mut self, line: usize, text: &str) {
        if text.trim().is_empty() {
            self.blank += 1;
            return;
        }
        let clean: String = text.chars().filter(|c| !c.is_control() || *c == '\t').collect();
        if clean.len() < text.len() {
            self.warn(line, "Control characters were left out.");
        }
        self.make_room(line, &clean);
        if self.scene.is_none() {
            self.require_chapter(line);
            let number = self.chapters.last().map_or(0, |chapter| chapter.scenes.len()) + 1;
            self.scene = Some(BackupScene { title: format!("Scene {number}"), ..BackupScene::default() });
            self.blank = 0;
        }
        let Some(scene) = &mut self.scene else { return };
        if !scene.content.is_empty() {
            scene.content.extend(std::iter::repeat_n('\n', self.blank + 1));
        }
        self.blank = 0;
        scene.content.push_str(&clean);
    }

    /// Begins another scene when this line would make the present one too long.
    fn make_room(&mut self, line: usize, text: &str) {
        // Bytes are at least as many as characters, and quick to count.
        let longest = |scene: &BackupScene| scene.content.len() + self.blank + 1 + text.len();
        if self.scene.as_ref().is_some_and(|scene| longest(scene) > SCENE.max) {
            self.warn(line, "This scene is too long: another one begins here.");
            self.end_scene();
        }
    }

    fn require_chapter(&mut self, line: usize) {
        if self.chapters.is_empty() || (self.in_part && self.inside == 0) {
            self.warn(line, "This stands before the first chapter: it has one of its own now.");
            self.chapter(line, "Untitled");
        }
    }

    /// A title within its limits.
    fn short(&mut self, line: usize, title: &str) -> String {
        let clean: String = title.chars().filter(|c| !c.is_control()).collect();
        let clean = clean.trim();
        if clean.is_empty() {
            self.warn(line, "This title is empty.");
            return "Untitled".to_owned();
        }
        if clean.chars().count() > TITLE.max {
            self.warn(line, "This title is too long: its end was left out.");
        }
        clean.chars().take(TITLE.max).collect::<String>().trim_end().to_owned()
    }

    pub(super) fn finish(mut self) -> Read {
        self.end_scene();
        let mut backup = Backup {
            format: ImportFormat::Json,
            format_version: BACKUP_VERSION,
            parts: self.parts,
            chapters: self.chapters,
            ..Backup::default()
        };
        backup.story.title = self.title.unwrap_or_else(|| "Untitled".to_owned());
        Read { backup, warnings: self.warnings }
    }
}
