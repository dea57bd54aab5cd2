//! A plan as response headers, and back.

use super::{PageType, Tag};

/// How many tags fit into `X-Cache-Invalidate-Keys`. Proxies commonly cut headers at 8 KiB; a plan with more tags leaves
/// the header out, and the page types decide alone.
pub const MAX_HEADER_TAGS: usize = 120;

/// A header that this server did not write, or that was cut on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an invalidation header cannot be read")]
pub struct HeaderError;

/// `writing,reading`: the value of `X-Cache-Invalidate`.
pub fn page_types_header(page_types: &[PageType]) -> String {
    let words: Vec<&str> = page_types.iter().map(|page| page.as_str()).collect();
    words.join(",")
}

/// Reads `X-Cache-Invalidate` back. Page types of a newer server are passed over.
pub fn page_types_from_header(text: &str) -> Vec<PageType> {
    text.split(',').filter_map(|word| word.trim().parse().ok()).collect()
}

/// `["scene:…","chapter:…:scenes"]`: the value of `X-Cache-Invalidate-Keys`, or nothing if it would be too long.
pub fn tags_header(tags: &[Tag]) -> Option<String> {
    let words: Vec<String> = tags.iter().map(|tag| format!("\"{tag}\"")).collect();
    (tags.len() <= MAX_HEADER_TAGS).then(|| format!("[{}]", words.join(",")))
}

/// Reads `X-Cache-Invalidate-Keys` back.
///
/// # Errors
/// Refuses the whole header when any part cannot be read: half a list would hide the other half.
pub fn tags_from_header(text: &str) -> Result<Vec<Tag>, HeaderError> {
    serde_json::from_str(text).map_err(|_| HeaderError)
}

/// The same tags as `Cache-Group-Invalidation` (RFC 9875): a structured-field list of strings.
pub fn group_invalidation(tags: &[Tag]) -> Option<String> {
    let words: Vec<String> = tags.iter().map(|tag| format!("\"{tag}\"")).collect();
    (tags.len() <= MAX_HEADER_TAGS).then(|| words.join(", "))
}
