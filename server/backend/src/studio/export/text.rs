//! A story as plain text: no marks, an empty line between paragraphs.

use domain::studio::{Backup, BackupChapter, Section};
use pulldown_cmark::{Event, Options, Parser, TagEnd};

/// What stands between two scenes.
const BREAK: &str = "* * *";

/// The whole story.
pub(super) fn render(backup: &Backup) -> String {
    let mut blocks = vec![backup.story.title.clone()];
    for section in backup.sections() {
        match section {
            Section::Part(part, chapters) => {
                blocks.push(part.title.clone());
                chapters.into_iter().for_each(|inside| chapter(&mut blocks, inside));
            }
            Section::Chapter(alone) => chapter(&mut blocks, alone),
        }
    }
    let mut text = blocks.join("\n\n");
    text.push('\n');
    text
}

fn chapter(blocks: &mut Vec<String>, chapter: &BackupChapter) {
    blocks.push(chapter.title.clone());
    for (index, scene) in chapter.scenes.iter().enumerate() {
        if index > 0 {
            blocks.push(BREAK.to_owned());
        }
        let text = plain(&scene.content);
        if !text.is_empty() {
            blocks.push(text);
        }
    }
}

/// Markdown without its marks.
fn plain(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    for event in Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Text(piece) | Event::Code(piece) | Event::Html(piece) | Event::InlineHtml(piece) => {
                text.push_str(&piece);
            }
            Event::SoftBreak | Event::HardBreak => text.push('\n'),
            Event::Rule => text.push_str("* * *\n\n"),
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::HtmlBlock) => {
                text.push_str("\n\n");
            }
            Event::End(TagEnd::Item) => text.push('\n'),
            _ => {}
        }
    }
    while text.contains("\n\n\n") {
        text = text.replace("\n\n\n", "\n\n");
    }
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_and_words_stay() {
        let markdown = "She *waited*, **long**.\nStill.\n\n> The `sea`\n\n- one\n- two\n\n***\n\nEnd \\* of it";

        assert_eq!(plain(markdown), "She waited, long.\nStill.\n\nThe sea\n\none\ntwo\n* * *\n\nEnd * of it");
    }
}
