//! Plain text by the lines that look like headings.
//!
//! A heading is a short line that stands alone: `Chapter …`, `Prologue`, `Epilogue`, `Part` or `Book` with a number.
//! A line of stars, dashes, a `#` or a `⁂` ends a scene. A short first line without a full stop is the title.

use super::prose::{Prose, Read};

/// How long a line is that can be a heading, in bytes.
const MAX_HEADING: usize = 80;
/// Numbers that are written out, as far as books have parts.
const NUMBERS: [&str; 12] =
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// Reads a whole file.
pub(super) fn read(text: &str) -> Read {
    let text = text.trim_start_matches('\u{FEFF}').replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.split('\n').collect();
    let mut prose = Prose::default();
    let is_blank = |index: Option<usize>| index.and_then(|at| lines.get(at)).is_none_or(|line| line.trim().is_empty());
    let first = lines.iter().position(|line| !line.trim().is_empty());
    for (index, line) in lines.iter().enumerate() {
        let (number, trimmed) = (index + 1, line.trim());
        let stands_alone = is_blank(index.checked_sub(1)) && is_blank(Some(index + 1));
        let is_short = stands_alone && !trimmed.is_empty() && trimmed.len() <= MAX_HEADING;
        if is_short && is_part(trimmed) {
            prose.part(number, trimmed);
        } else if is_short && is_chapter(trimmed) {
            prose.chapter(number, trimmed);
        } else if is_short && is_break(trimmed) {
            prose.end_scene();
        } else if is_short && first == Some(index) && !trimmed.ends_with(['.', '!', '?', '…', '"', '”', ',', ':']) {
            prose.title(number, trimmed);
        } else {
            prose.text(number, line);
        }
    }
    prose.finish()
}

fn words(line: &str) -> Vec<String> {
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    line.split_whitespace().map(bare).filter(|word| !word.is_empty()).collect()
}

fn is_chapter(line: &str) -> bool {
    let words = words(line);
    let word = words.first().map(String::as_str);
    word == Some("chapter") || (matches!(word, Some("prologue" | "epilogue" | "interlude")) && words.len() <= 8)
}

fn is_part(line: &str) -> bool {
    let words = words(line);
    let is_number = |word: &String| {
        word.chars().all(|c| c.is_ascii_digit())
            || word.chars().all(|c| "ivxlc".contains(c))
            || NUMBERS.contains(&word.as_str())
    };
    matches!(words.first().map(String::as_str), Some("part" | "book")) && words.get(1).is_some_and(is_number)
}

fn is_break(line: &str) -> bool {
    let marks: Vec<char> = line.chars().filter(|c| !c.is_whitespace()).collect();
    let all = |mark: char| marks.iter().all(|c| *c == mark);
    matches!(marks.as_slice(), ['#' | '⁂' | '*' | '~'])
        || (marks.len() >= 3 && ['*', '-', '_', '#', '~'].into_iter().any(all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_and_breaks_are_found_and_sentences_are_not() {
        let read = read(
            "SALT\n\nPart One\n\nChapter 1: Dawn\n\nThe lamp\nwas out.\n\n* * *\n\nPart of me knew.\n\n#\n\nChapter and verse, he said, \
             and then he went on for so long that nobody listened any more.\n\nEpilogue\n\nEnd.\n",
        );

        assert_eq!(read.backup.story.title, "SALT");
        assert_eq!(read.backup.parts[0].title, "Part One");
        let chapters: Vec<_> =
            read.backup.chapters.iter().map(|chapter| (chapter.title.as_str(), chapter.scenes.len())).collect();
        assert_eq!(chapters, [("Chapter 1: Dawn", 3), ("Epilogue", 1)]);
        assert_eq!(read.backup.chapters[0].scenes[0].content, "The lamp\nwas out.");
        assert_eq!(read.warnings, []);
    }

    #[test]
    fn text_without_a_heading_gets_a_chapter_and_says_so() {
        let read = read("It was a dark night.\n\nAnd so on.");

        assert_eq!(read.backup.story.title, "Untitled");
        assert_eq!(read.backup.chapters[0].scenes[0].content, "It was a dark night.\n\nAnd so on.");
        assert_eq!(read.warnings[0].line, 1);
    }
}
