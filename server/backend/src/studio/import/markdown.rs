//! Markdown by its headings.
//!
//! `#` is the story, `##` a part when chapters (`###`) follow below it and else a chapter, `####` a scene. A file with
//! several `#` has its chapters there: then every level counts as one deeper. Lines of `---`, `***` or `* * *` are ends
//! of scenes, unless the chapter names its scenes by headings; then only one right before a heading is.

use super::prose::{Prose, Read};
use crate::studio::export::markdown::{END_OF_PART, ESCAPED, is_escaped};

/// A line, and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line<'a> {
    Heading(usize, &'a str),
    Break(&'a str),
    EndOfPart,
    Text(&'a str),
}

/// Reads a whole file.
pub(super) fn read(text: &str) -> Read {
    let text = text.trim_start_matches('\u{FEFF}').replace("\r\n", "\n").replace('\r', "\n");
    let mut prose = Prose::default();
    let (from, lines) = front_matter(&mut prose, &text);
    let lines = shifted(classified(&lines));
    let has_chapters = lines.iter().any(|line| matches!(line, Line::Heading(3, _)));
    for (index, line) in lines.iter().enumerate() {
        let (number, rest) = (from + index + 1, &lines[index + 1..]);
        match *line {
            Line::Heading(1, title) => prose.title(number, title),
            Line::Heading(2, title) if is_part(rest, has_chapters) => prose.part(number, title),
            Line::Heading(2, title) => {
                prose.end_part();
                prose.chapter(number, title);
            }
            Line::Heading(3, title) => prose.chapter(number, title),
            Line::Heading(4, title) => prose.scene(number, title),
            Line::Heading(level, title) => {
                prose.warn(number, "A heading of this level is kept as text.");
                prose.text(number, &format!("{} {title}", "#".repeat(level.min(6))));
            }
            Line::EndOfPart => prose.end_part(),
            Line::Break(text) if names_scenes(&lines, index) && !is_before_scene(rest) => prose.text(number, text),
            Line::Break(_) => prose.end_scene(),
            Line::Text(text) => prose.text(number, &unescaped(text)),
        }
    }
    prose.finish()
}

/// Takes YAML from the top of a file: its title is understood, and nothing else. Says how many lines it had. Prose between
/// two breaks is not YAML, and stays.
fn front_matter<'a>(prose: &mut Prose, text: &'a str) -> (usize, Vec<&'a str>) {
    let lines: Vec<&str> = text.split('\n').collect();
    let end = lines.iter().skip(1).take(100).position(|line| *line == "---").map(|at| at + 1);
    let is_yaml = |end: &usize| lines.first() == Some(&"---") && is_front_matter(&lines[1..*end]);
    let Some(end) = end.filter(is_yaml) else { return (0, lines) };
    for (index, line) in lines[1..end].iter().enumerate() {
        match line.split_once(':') {
            Some(("title", title)) => prose.title(index + 2, title.trim().trim_matches(['"', '\''])),
            _ if line.trim().is_empty() => {}
            _ => prose.warn(index + 2, "This was not understood and is left out."),
        }
    }
    (end + 1, lines[end + 1..].to_vec())
}

/// Do these lines look like YAML: a key with a value first, then more of them, lists, comments and what belongs to them?
fn is_front_matter(lines: &[&str]) -> bool {
    let is_pair = |line: &str| {
        line.split_once(':').is_some_and(|(key, value)| {
            let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
            !key.is_empty() && key.chars().all(is_name) && (value.is_empty() || value.starts_with(' '))
        })
    };
    let mut written = lines.iter().filter(|line| !line.trim().is_empty());
    written.next().is_some_and(|first| is_pair(first))
        && written.all(|line| is_pair(line) || line.starts_with([' ', '-', '#']))
}

fn classified<'a>(lines: &[&'a str]) -> Vec<Line<'a>> {
    let is_blank = |line: Option<&&str>| line.is_none_or(|line| line.trim().is_empty());
    let after_blank = |index: usize| is_blank(index.checked_sub(1).and_then(|before| lines.get(before)));
    let of = |(index, line): (usize, &&'a str)| {
        if let Some((level, title)) = heading(line) {
            Line::Heading(level, title)
        } else if line.trim() == END_OF_PART {
            Line::EndOfPart
        } else if after_blank(index) && is_break(line) {
            Line::Break(line)
        } else {
            Line::Text(line)
        }
    };
    lines.iter().enumerate().map(of).collect()
}

/// `## Title` or `## Title ##`.
fn heading(line: &str) -> Option<(usize, &str)> {
    let text = line.trim_start_matches(' ');
    let after = text.trim_start_matches('#');
    let level = text.len() - after.len();
    let is_heading = line.len() - text.len() <= 3 && (1..=6).contains(&level);
    if !is_heading || !(after.is_empty() || after.starts_with([' ', '\t'])) {
        return None;
    }
    let title = after.trim();
    let open = title.trim_end_matches('#');
    let is_closed = open.len() < title.len() && (open.is_empty() || open.ends_with([' ', '\t']));
    Some((level, if is_closed { open.trim_end() } else { title }))
}

fn is_break(line: &str) -> bool {
    let marks: String = line.chars().filter(|c| !c.is_whitespace()).collect();
    marks.len() >= 3 && ['*', '-', '_'].iter().any(|mark| marks.chars().all(|c| c == *mark))
}

/// Counts every heading as one deeper, unless the only `#` comes first or there is none.
fn shifted(mut lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let levels: Vec<usize> =
        lines.iter().filter_map(|line| if let Line::Heading(level, _) = line { Some(*level) } else { None }).collect();
    let first = levels.iter().filter(|level| **level == 1).count();
    if first > 1 || (first == 1 && levels.first() != Some(&1)) {
        for line in &mut lines {
            if let Line::Heading(level, _) = line {
                *level += 1;
            }
        }
    }
    lines
}

/// Is a `##` that is followed by `rest` a part? It is when chapters follow; or when nothing does, and the file has
/// chapters elsewhere.
fn is_part(rest: &[Line<'_>], has_chapters: bool) -> bool {
    let mut own = rest.iter().take_while(|line| !matches!(line, Line::Heading(1 | 2, _) | Line::EndOfPart));
    let first = own.find(|line| !matches!(line, Line::Text(text) if text.trim().is_empty()));
    match first {
        None => has_chapters,
        Some(Line::Heading(3, _)) => true,
        Some(_) => own.any(|line| matches!(line, Line::Heading(3, _))),
    }
}

/// Does the chapter around `index` name its scenes by headings?
fn names_scenes(lines: &[Line<'_>], index: usize) -> bool {
    let ends = |line: &&Line<'_>| matches!(line, Line::Heading(1..=3, _) | Line::EndOfPart);
    let is_scene = |line: &Line<'_>| matches!(line, Line::Heading(4, _));
    lines[..index].iter().rev().take_while(|line| !ends(line)).any(is_scene)
        || lines[index..].iter().take_while(|line| !ends(line)).any(is_scene)
}

fn is_before_scene(rest: &[Line<'_>]) -> bool {
    let next = rest.iter().find(|line| !matches!(line, Line::Text(text) if text.trim().is_empty()));
    matches!(next, Some(Line::Heading(4, _)))
}

/// What the export wrote so that it is no heading.
fn unescaped(line: &str) -> String {
    let text = line.trim_start_matches(' ');
    let indent = &line[..line.len() - text.len()];
    if let Some(rest) = text.strip_prefix(ESCAPED) {
        return format!("{indent}#{rest}");
    }
    if let Some(rest) = text.strip_prefix("&amp;")
        && is_escaped(rest)
    {
        return format!("{indent}&{rest}");
    }
    match text.strip_prefix("&lt;") {
        Some(rest) if text.trim_end().strip_prefix("&lt;") == END_OF_PART.strip_prefix('<') => {
            format!("{indent}<{rest}")
        }
        _ => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use domain::studio::{Backup, BackupChapter, BackupPart, BackupScene};
    use proptest::prelude::*;

    use super::*;
    use crate::studio::export::markdown::render;

    /// What is read, as an indented list: parts, chapters, scenes and their text.
    fn tree(backup: &Backup) -> Vec<String> {
        let part = |id: &Option<String>| {
            id.as_ref().and_then(|id| backup.parts.iter().find(|part| part.id == *id)).map(|part| part.title.as_str())
        };
        let chapter = |chapter: &BackupChapter| {
            let head = format!("{}/{}", part(&chapter.part_id).unwrap_or_default(), chapter.title);
            let scenes = chapter.scenes.iter().map(|scene| format!("  {}: {}", scene.title, scene.content));
            [head].into_iter().chain(scenes).collect::<Vec<_>>()
        };
        [backup.story.title.clone()].into_iter().chain(backup.chapters.iter().flat_map(chapter)).collect()
    }

    #[test]
    fn parts_chapters_and_scenes_are_found_by_their_headings() {
        let read = read(
            "# Salt\n\n## North\n\n### One\n\n#### Dawn\n\nThe sea.\n\n---\n\n#### Noon\n\nHigh.\n\n### Two ##\n\nLow.\n",
        );

        assert_eq!(
            tree(&read.backup),
            ["Salt", "North/One", "  Dawn: The sea.", "  Noon: High.", "North/Two", "  Scene 1: Low."]
        );
        assert_eq!(read.warnings, []);
    }

    #[test]
    fn a_file_whose_second_level_are_chapters_is_understood_too() {
        let read = read("# Salt\r\n\r\n## One\r\nText\r\nof it.\r\n\r\n* * *\r\n\r\nMore.\r\n## Two\r\n");

        assert_eq!(tree(&read.backup), ["Salt", "/One", "  Scene 1: Text\nof it.", "  Scene 2: More.", "/Two"]);
    }

    #[test]
    fn several_first_levels_are_chapters() {
        let read = read("---\ntitle: \"Salt\"\nauthor: Mira\n---\n# One\n\na\n\n# Two\n\nb\n");

        assert_eq!(tree(&read.backup), ["Salt", "/One", "  Scene 1: a", "/Two", "  Scene 1: b"]);
        assert_eq!(read.warnings.iter().map(|warning| warning.line).collect::<Vec<_>>(), [3]);
    }

    #[test]
    fn what_is_not_understood_is_listed_with_its_line_and_kept() {
        let read = read("Before.\n\n# Salt\n\n## One\n\n##### Deep\n\nbell\u{7}");

        let lines: Vec<u32> = read.warnings.iter().map(|warning| warning.line).collect();
        assert_eq!(lines, [1, 7, 9]);
        assert_eq!(
            tree(&read.backup)[1..],
            ["/Untitled", "  Scene 1: Before.", "/One", "  Scene 1: ##### Deep\n\nbell"]
        );
    }

    #[test]
    fn prose_between_two_breaks_is_no_yaml_and_stays() {
        let read = read("---\nShe said: go.\n---\n\nAnd he went.\n");

        let text = tree(&read.backup).join("\n");
        assert!(text.contains("She said: go.") && text.contains("And he went."), "{text}");
        assert_eq!(read.warnings.len(), 1, "only that it stands before the first chapter: {:?}", read.warnings);
    }

    fn line() -> impl Strategy<Value = String> {
        prop_oneof![
            "[a-zé# *&;_-]{0,12}",
            Just("# Not a title".to_owned()),
            Just("   #### Nor this #".to_owned()),
            Just("&#35; x".to_owned()),
            Just("&amp;#35; x".to_owned()),
            Just("---".to_owned()),
            Just("* * *".to_owned()),
            Just("```".to_owned()),
            Just(END_OF_PART.to_owned()),
            Just("&lt;!-- end of part -->".to_owned()),
            Just(String::new()),
        ]
    }

    fn title() -> impl Strategy<Value = String> {
        "[A-Za-zé#][A-Za-z #*-]{0,9}".prop_map(|title| title.trim().to_owned())
    }

    /// Text as it is kept: no blank lines around it, and none that hold white space alone.
    fn text() -> impl Strategy<Value = String> {
        prop::collection::vec(line(), 0..8).prop_map(|lines| {
            let lines: Vec<_> = lines.iter().map(|line| if line.trim().is_empty() { "" } else { line }).collect();
            lines.join("\n").trim_matches('\n').to_owned()
        })
    }

    fn story() -> impl Strategy<Value = Backup> {
        let scene =
            (title(), text()).prop_map(|(title, content)| BackupScene { title, content, ..BackupScene::default() });
        let chapter = (title(), prop::collection::vec(scene, 0..4)).prop_map(|(title, scenes)| BackupChapter {
            title,
            scenes,
            ..BackupChapter::default()
        });
        let section = (prop::option::of(title()), prop::collection::vec(chapter, 1..3));
        (title(), prop::collection::vec(section, 1..4)).prop_map(|(title, sections)| {
            let mut backup = Backup::default();
            backup.story.title = title;
            for (index, (part, chapters)) in sections.into_iter().enumerate() {
                let position = i64::try_from(index).unwrap_or_default() * 10;
                let id = part.as_ref().map(|_| index.to_string());
                let part =
                    part.zip(id.clone()).map(|(title, id)| BackupPart { id, title, position, ..BackupPart::default() });
                backup.parts.extend(part);
                for (place, chapter) in (0..).zip(chapters) {
                    let position = position + place;
                    backup.chapters.push(BackupChapter { part_id: id.clone(), position, ..chapter });
                }
            }
            backup
        })
    }

    proptest! {
        #[test]
        fn what_is_exported_comes_back_with_its_titles_and_text(backup in story()) {
            let read = read(&render(&backup));

            prop_assert_eq!(tree(&read.backup), tree(&backup));
            prop_assert_eq!(read.warnings, []);
        }

        #[test]
        fn whatever_is_read_nothing_panics_and_no_word_is_lost(text in "([#*\\-_&;<>! \na-z\u{7}]|\r\n|### |## |---\n){0,60}") {
            let read = read(&text);

            let letters = |text: &str| text.chars().filter(|c| c.is_ascii_lowercase()).collect::<String>();
            let empty_parts = read.backup.parts.iter().map(|part| letters(&part.title).len()).sum::<usize>();
            // Titles that had to be made up, and parts that are counted twice, only add to it.
            let all = empty_parts + tree(&read.backup).iter().map(|line| letters(line).len()).sum::<usize>();
            prop_assert!(all >= letters(&text).len() - usize::from(text.contains("title:")), "{:?}", read.backup);
        }
    }
}
