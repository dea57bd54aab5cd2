//! A story as Markdown: `#` the story, `##` a part, `###` a chapter, `####` a scene, and `---` between scenes.
//!
//! Reading it back gives the same titles and the same text. For that, a line of a text that looks like one of these
//! headings has its first `#` written as `&#35;`, which shows as the same; and a comment that no reader sees marks the
//! chapter with which a part has ended.

use domain::studio::{Backup, BackupChapter, Section};

/// Marks that the next chapter is in no part.
pub(in crate::studio) const END_OF_PART: &str = "<!-- end of part -->";
/// How a `#` is written that is no heading.
pub(in crate::studio) const ESCAPED: &str = "&#35;";

/// The whole story.
pub(in crate::studio) fn render(backup: &Backup) -> String {
    let mut out = String::new();
    heading(&mut out, "#", &backup.story.title);
    let mut in_part = false;
    for section in backup.sections() {
        match section {
            Section::Part(part, chapters) => {
                heading(&mut out, "##", &part.title);
                chapters.into_iter().for_each(|inside| chapter(&mut out, inside));
                in_part = true;
            }
            Section::Chapter(alone) => {
                if in_part {
                    out.push_str(END_OF_PART);
                    out.push_str("\n\n");
                }
                chapter(&mut out, alone);
                in_part = false;
            }
        }
    }
    out
}

fn chapter(out: &mut String, chapter: &BackupChapter) {
    heading(out, "###", &chapter.title);
    for (index, scene) in chapter.scenes.iter().enumerate() {
        if index > 0 {
            out.push_str("---\n\n");
        }
        heading(out, "####", &scene.title);
        let text = scene.content.trim_matches('\n');
        if !text.is_empty() {
            for line in text.split('\n') {
                out.push_str(&escaped(line));
                out.push('\n');
            }
            out.push('\n');
        }
    }
}

/// A heading. One whose title ends with `#` is closed, or that would be taken for the end of the heading.
fn heading(out: &mut String, level: &str, title: &str) {
    let close = if title.ends_with('#') { " #" } else { "" };
    out.push_str(&format!("{level} {title}{close}\n\n"));
}

/// A line of text that cannot be taken for one of our own.
fn escaped(line: &str) -> String {
    let text = line.trim_start_matches(' ');
    let indent = &line[..line.len() - text.len()];
    if let Some(rest) = text.strip_prefix('#') {
        format!("{indent}{ESCAPED}{rest}")
    } else if let Some(rest) = text.strip_prefix('&').filter(|rest| is_escaped(rest)) {
        format!("{indent}&amp;{rest}")
    } else if text.trim_end() == END_OF_PART {
        format!("{indent}&lt;{}", &text[1..])
    } else {
        line.to_owned()
    }
}

/// Is what stands behind an `&` written as [`escaped`] writes? Such a line gets another `amp;`, so that reading takes away
/// exactly what writing added.
pub(in crate::studio) fn is_escaped(rest: &str) -> bool {
    let plain = rest.trim_start_matches("amp;");
    let end_of_part = plain.trim_end().strip_prefix("lt;");
    plain.starts_with("#35;") || (end_of_part.is_some() && end_of_part == END_OF_PART.strip_prefix('<'))
}
