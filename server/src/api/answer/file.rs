//! A file to take along, under a name that every system can store.

use axum::{
    body::Bytes,
    response::{IntoResponse, Response},
};
use backend::Exported;
use http::{HeaderValue, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::api::Problem;

/// How many characters of a title become a name.
const MAX_NAME: usize = 80;
/// What RFC 5987 lets stand as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// 200 with a file.
pub(crate) struct File(pub(crate) Exported);

impl IntoResponse for File {
    fn into_response(self) -> Response {
        let File(Exported { bytes, media_type, title, extension }) = self;
        let Ok(disposition) = HeaderValue::try_from(disposition(&title, extension)) else {
            return Problem::internal().into_response();
        };
        let kind = HeaderValue::from_static(media_type);
        ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)], Bytes::from(bytes)).into_response()
    }
}

/// The name twice: in letters that everybody reads, and as it is (RFC 5987).
fn disposition(title: &str, extension: &str) -> String {
    let name = name(title);
    let ascii: String = name.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '_' }).collect();
    let whole = utf8_percent_encode(&name, PLAIN);
    format!("attachment; filename=\"{ascii}.{extension}\"; filename*=UTF-8''{whole}.{extension}")
}

/// A title without what a file name cannot hold somewhere.
fn name(title: &str) -> String {
    let safe = |c: char| if c.is_control() || r#"/\:*?"<>|%;"#.contains(c) { '-' } else { c };
    let name: String = title.chars().map(safe).take(MAX_NAME).collect();
    let name = name.trim_matches([' ', '.', '-']);
    if name.is_empty() { "story".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_a_name_that_leads_nowhere() {
        for (title, expected) in [
            ("Salt and Iron", "Salt and Iron"),
            ("../../etc/passwd", "etc-passwd"),
            ("a\"b; c\\d\r\n", "a-b- c-d"),
            ("...", "story"),
        ] {
            assert_eq!(name(title), expected);
        }
    }

    #[test]
    fn the_name_is_there_in_two_spellings() {
        let expected = r#"attachment; filename="Z__rich.md"; filename*=UTF-8''Z%C3%BC%E2%80%99rich.md"#;
        assert_eq!(disposition("Zü’rich", "md"), expected);
    }
}
