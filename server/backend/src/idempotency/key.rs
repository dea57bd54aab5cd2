//! The name that a client gives to a request.

use std::{fmt, str::FromStr};

/// How long a key may be, in bytes.
const MAX_BYTES: usize = 255;

/// A key: 1 to 255 visible ASCII characters, chosen by the client.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

/// Some text that is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an idempotency key has 1 to {MAX_BYTES} visible ASCII characters")]
pub struct NotAKey;

impl IdempotencyKey {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for IdempotencyKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let is_key = (1..=MAX_BYTES).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if is_key { Ok(IdempotencyKey(text.to_owned())) } else { Err(NotAKey) }
    }
}

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn visible_ascii_of_the_right_length_is_a_key() {
        for text in ["a", "\"8e03978e-40d5-43e8-bc93-6894a57f9324\"", "~!", &"k".repeat(255)] {
            assert_eq!(text.parse::<IdempotencyKey>().map(|key| key.to_string()).as_deref(), Ok(text));
        }
        for text in ["", " ", "a b", "é", "a\u{7f}", "a\n", &"k".repeat(256)] {
            assert_eq!(text.parse::<IdempotencyKey>(), Err(NotAKey), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic_and_a_key_comes_back_as_it_was(text in any::<String>()) {
            if let Ok(key) = text.parse::<IdempotencyKey>() {
                prop_assert_eq!(key.as_str(), text);
            }
        }
    }
}
