//! Entity tags: strong, one per encoding, compared as `If-None-Match` wants it.

use http::{HeaderMap, HeaderValue, header};

/// The tag of an answer in its encoding: two different bodies never share a strong tag, so the compressed form of a
/// view is marked with the name of its encoding.
pub(super) fn in_encoding(tag: &str, headers: &HeaderMap) -> Option<HeaderValue> {
    let bare = tag.trim_matches('"');
    let encoding = headers.get(header::CONTENT_ENCODING).and_then(|value| value.to_str().ok());
    let text = encoding.map_or_else(|| format!("\"{bare}\""), |encoding| format!("\"{bare}-{encoding}\""));
    HeaderValue::try_from(text).ok()
}

/// Does the client have this view, in any encoding?
pub(super) fn is_known(tag: &str, if_none_match: &[HeaderValue]) -> bool {
    let bare = tag.trim_matches('"');
    let lists = if_none_match.iter().filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(',')).map(str::trim).any(|known| known == "*" || view_of(known) == Some(bare))
}

/// What stands between the quotes, without `W/` and without the encoding.
fn view_of(tag: &str) -> Option<&str> {
    let quoted = tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"')?.strip_suffix('"')?;
    Some(["-br", "-gzip"].iter().find_map(|end| quoted.strip_suffix(end)).unwrap_or(quoted))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(header: &str) -> bool {
        is_known("\"abc\"", &[HeaderValue::from_str(header).unwrap()])
    }

    #[test]
    fn a_tag_is_found_weak_in_a_list_or_compressed() {
        for header in ["\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", "\"abc-br\"", "W/\"abc-gzip\"", "*"] {
            assert!(known(header), "{header}");
        }
    }

    #[test]
    fn another_tag_is_not_known() {
        for header in ["", "\"abcd\"", "abc", "\"\"", "\"-br\"", "\"abc"] {
            assert!(!known(header), "{header}");
        }
    }

    #[test]
    fn each_encoding_has_its_tag() {
        let compressed = HeaderMap::from_iter([(header::CONTENT_ENCODING, HeaderValue::from_static("br"))]);

        assert_eq!(in_encoding("\"abc\"", &HeaderMap::new()).unwrap(), "\"abc\"");
        assert_eq!(in_encoding("\"abc\"", &compressed).unwrap(), "\"abc-br\"");
    }
}
