//! A story as EPUB 3: a file per chapter, and the table of contents that readers of e-books show.

use std::io::{Cursor, Read, Write};

use chrono::{DateTime, Utc};
use domain::studio::{Backup, Section};
use epub_builder::{EpubBuilder, EpubContent, EpubVersion, ReferenceType, Result, ZipLibrary};
use zip::{ZipArchive, ZipWriter, result::ZipError, write::SimpleFileOptions};

use super::html;

/// What the book consists of.
const PACKAGE: &str = "OEBPS/content.opf";
const STYLE: &str = "h1,h2,h3{line-height:1.2}hr{width:4em;margin:2em auto;border:0;border-top:1px solid}";

/// The whole story, as the bytes of a ZIP archive.
pub(super) fn render(backup: &Backup, author: &str, now: DateTime<Utc>) -> Result<Vec<u8>> {
    let mut book = EpubBuilder::new(ZipLibrary::new()?)?;
    book.epub_version(EpubVersion::V30);
    book.set_title(printable(&backup.story.title));
    book.add_author(printable(author));
    // Nobody has said in which language it is written.
    book.set_languages(vec!["und".to_owned()]);
    book.set_generator("Fictures");
    book.set_toc_name("Contents");
    book.set_modified_date(now);
    if !backup.story.summary.is_empty() {
        book.add_description(printable(&backup.story.summary));
    }
    book.stylesheet(STYLE.as_bytes())?;

    let title = html::escaped(&backup.story.title);
    let front = page(&backup.story.title, &format!("<h1>{title}</h1>\n<p>{}</p>", html::escaped(author)));
    book.add_content(content("title.xhtml", &front, &backup.story.title, 1).reftype(ReferenceType::TitlePage))?;
    let mut number = 0;
    let mut name = move || {
        number += 1;
        format!("text-{number:05}.xhtml")
    };
    for section in backup.sections() {
        let (chapters, level) = match section {
            Section::Part(part, chapters) => {
                let heading = page(&part.title, &format!("<h2>{}</h2>", html::escaped(&part.title)));
                book.add_content(content(&name(), &heading, &part.title, 1))?;
                (chapters, 2)
            }
            Section::Chapter(alone) => (vec![alone], 1),
        };
        for chapter in chapters {
            let text = page(&chapter.title, &html::chapter(chapter));
            book.add_content(content(&name(), &text, &chapter.title, level).reftype(ReferenceType::Text))?;
        }
    }
    let mut bytes = Vec::new();
    book.generate(&mut bytes)?;
    with_unique_ids(bytes)
}

/// The same book, with the id of its language told apart from that of its author: the builder gives both one, which XML
/// forbids and shops refuse.
fn with_unique_ids(book: Vec<u8>) -> Result<Vec<u8>> {
    let mut from = ZipArchive::new(Cursor::new(book))?;
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..from.len() {
        let mut file = from.by_index(index)?;
        if file.name() != PACKAGE {
            // As it is: the first one must stay uncompressed.
            to.raw_copy_file(file)?;
            continue;
        }
        let mut package = String::new();
        file.read_to_string(&mut package).map_err(ZipError::from)?;
        to.start_file(PACKAGE, SimpleFileOptions::default())?;
        let package = package.replace(r#"<dc:language id="epub-creator-"#, r#"<dc:language id="epub-language-"#);
        to.write_all(package.as_bytes()).map_err(ZipError::from)?;
    }
    Ok(to.finish()?.into_inner())
}

fn content<'a>(name: &str, page: &'a str, title: &str, level: i32) -> EpubContent<&'a [u8]> {
    EpubContent::new(name, page.as_bytes()).title(printable(title)).level(level)
}

/// A page of the book. E-books are XML: every element must be closed, and names of entities mean nothing.
fn page(title: &str, body: &str) -> String {
    let xml = body.replace("<br>", "<br/>").replace("<hr>", "<hr/>").replace("&nbsp;", "&#160;");
    printable(&format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n\
         <html xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<title>{}</title>\n\
         <link rel=\"stylesheet\" type=\"text/css\" href=\"stylesheet.css\"/>\n</head>\n<body>\n{xml}\n</body>\n</html>\n",
        html::escaped(title)
    ))
}

/// The same without the few characters that XML has no place for.
fn printable(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '\u{FFFE}' | '\u{FFFF}') && (!c.is_control() || matches!(c, '\n' | '\t')))
        .collect()
}
