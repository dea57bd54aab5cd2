//! Reading keys and tags back from text.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::id::NotAnId;

/// Some text that is neither a key, a tag nor a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a cache key")]
pub struct NotAKey;

impl From<NotAnId> for NotAKey {
    fn from(_: NotAnId) -> Self {
        NotAKey
    }
}

impl From<crate::Error> for NotAKey {
    fn from(_: crate::Error) -> Self {
        NotAKey
    }
}

/// The words between the colons.
pub(super) struct Words<'a>(Vec<&'a str>);

impl<'a> Words<'a> {
    /// Splits `text`; more words than any key has are one unknown word.
    pub(super) fn of(text: &'a str) -> Self {
        Words(text.splitn(8, ':').collect())
    }

    pub(super) fn as_slice(&self) -> &[&'a str] {
        &self.0
    }
}

/// Everything but what ids and cursors are made of.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// Escapes free text for use in a key.
pub(super) fn escape(text: &str) -> impl std::fmt::Display + '_ {
    utf8_percent_encode(text, RESERVED)
}

/// Undoes [`escape`]; refuses text that `escape` would have written otherwise, so that each key has one form.
pub(super) fn unescape(text: &str) -> Result<String, NotAKey> {
    let plain = percent_decode_str(text).decode_utf8().map_err(|_| NotAKey)?.into_owned();
    if escape(&plain).to_string() == text { Ok(plain) } else { Err(NotAKey) }
}
