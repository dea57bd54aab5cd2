//! Reads the demo novels: plain Markdown files with a few lines of front matter.
//!
//! `#` opens a part, `##` a chapter, `###` a scene; what follows is the scene's text. The files are ours and a test
//! reads them all, so a misprint is a panic with its reason and not an error to handle.

use std::collections::HashMap;

const PROSE: [&str; 3] = [
    include_str!("prose/a-false-high-water.md"),
    include_str!("prose/the-stray-weather-pound.md"),
    include_str!("prose/instructions-for-the-second-violin.md"),
];

/// A novel, as it lies in its file.
#[derive(Debug)]
pub(super) struct Manuscript {
    pub(super) title: &'static str,
    pub(super) genre: &'static str,
    pub(super) summary: &'static str,
    pub(super) published: bool,
    pub(super) parts: Vec<&'static str>,
    pub(super) chapters: Vec<Chapter>,
}

/// A chapter, and the place of its part in [`Manuscript::parts`].
#[derive(Debug)]
pub(super) struct Chapter {
    pub(super) title: &'static str,
    pub(super) part: Option<usize>,
    pub(super) scenes: Vec<Scene>,
}

/// A scene and its text.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) title: &'static str,
    pub(super) content: String,
}

/// The demo novels: two that are published and one that is not.
pub(super) fn all() -> Vec<Manuscript> {
    PROSE.into_iter().map(Manuscript::read).collect()
}

impl Manuscript {
    fn read(text: &'static str) -> Self {
        let (head, body) = text
            .strip_prefix("---\n")
            .and_then(|rest| rest.split_once("\n---\n"))
            .expect("a manuscript opens with front matter");
        let head: HashMap<_, _> = head.lines().filter_map(|line| line.split_once(": ")).collect();
        let field = |name| *head.get(name).expect("the front matter has a title, a genre, a summary and a status");

        let mut manuscript = Manuscript {
            title: field("title"),
            genre: field("genre"),
            summary: field("summary"),
            published: field("status") == "published",
            parts: Vec::new(),
            chapters: Vec::new(),
        };
        body.lines().for_each(|line| manuscript.take(line));
        for scene in manuscript.chapters.iter_mut().flat_map(|chapter| &mut chapter.scenes) {
            scene.content = scene.content.trim().to_owned();
        }
        manuscript
    }

    fn take(&mut self, line: &'static str) {
        if let Some(title) = line.strip_prefix("### ") {
            let chapter = self.chapters.last_mut().expect("a scene belongs to a chapter");
            chapter.scenes.push(Scene { title, content: String::new() });
        } else if let Some(title) = line.strip_prefix("## ") {
            let part = self.parts.len().checked_sub(1);
            self.chapters.push(Chapter { title, part, scenes: Vec::new() });
        } else if let Some(title) = line.strip_prefix("# ") {
            self.parts.push(title);
        } else if let Some(scene) = self.chapters.last_mut().and_then(|chapter| chapter.scenes.last_mut()) {
            scene.content.push_str(line);
            scene.content.push('\n');
        } else {
            assert!(line.is_empty(), "text before the first scene: {line}");
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::text::word_count;

    use super::*;

    #[test]
    fn two_novels_are_published_and_one_is_not() {
        let published: Vec<_> = all().iter().map(|novel| novel.published).collect();

        assert_eq!(published, [true, true, false]);
    }

    #[test]
    fn every_chapter_has_scenes_of_a_length_to_read() {
        for novel in all() {
            for chapter in &novel.chapters {
                assert!((2..=3).contains(&chapter.scenes.len()), "{}", chapter.title);
                for scene in &chapter.scenes {
                    assert!((150..=350).contains(&word_count(&scene.content)), "{}", scene.title);
                }
            }
        }
    }

    #[test]
    fn chapters_know_their_part() {
        let novel = &all()[0];

        let parts: Vec<_> = novel.chapters.iter().map(|chapter| chapter.part).collect();

        assert_eq!(novel.parts, ["Slack Water", "The Making Tide"]);
        assert_eq!(parts, [Some(0), Some(0), Some(0), Some(1), Some(1)]);
    }
}
