//! A story as one HTML page: nothing is fetched from anywhere, and the text is cleaned as readers get it.

use domain::studio::{Backup, BackupChapter, Section};

use crate::markdown;

const STYLE: &str = "body{max-width:38rem;margin:2rem auto;padding:0 1rem;font:1.1rem/1.6 Georgia,serif}\
h1,h2,h3{line-height:1.2}h2{margin-top:4rem}hr{width:4rem;margin:2rem auto;border:0;border-top:1px solid}";

/// The whole story.
pub(super) fn render(backup: &Backup, author: &str) -> String {
    let title = escaped(&backup.story.title);
    let mut body = format!("<h1>{title}</h1>\n<p>{}</p>\n", escaped(author));
    for section in backup.sections() {
        match section {
            Section::Part(part, chapters) => {
                body.push_str(&format!("<h2>{}</h2>\n", escaped(&part.title)));
                for inside in chapters {
                    body.push_str(&chapter(inside));
                }
            }
            Section::Chapter(alone) => body.push_str(&chapter(alone)),
        }
    }
    format!(
        "<!doctype html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>{STYLE}</style>\n\
         </head>\n<body>\n{body}</body>\n</html>\n"
    )
}

/// A chapter: its title, and its scenes with lines between them.
pub(super) fn chapter(chapter: &BackupChapter) -> String {
    let scenes: Vec<String> = chapter.scenes.iter().map(|scene| markdown::render(&scene.content)).collect();
    format!("<section>\n<h3>{}</h3>\n{}</section>\n", escaped(&chapter.title), scenes.join("<hr>\n"))
}

/// Text that cannot be taken for a tag or an attribute's end.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
