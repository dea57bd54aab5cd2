//! Where a page of a list begins, as opaque text.
//!
//! A cursor holds the sort values of the last entry of the page before it, joined and written in the alphabet of
//! base64url. It is checked when it comes back: it is input like any other.

use chrono::{DateTime, Utc};
use domain::{Error, error::Problem, page::Cursor};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Makes the cursor behind an entry whose sort values are `values`.
pub(crate) fn mint(values: &[&dyn ToString]) -> Cursor {
    let text: Vec<String> = values.iter().map(|value| value.to_string()).collect();
    Cursor::new(encode(text.join(" ").as_bytes()))
}

/// The sort values in a cursor, to be taken out one after the other.
pub(crate) struct Values(std::vec::IntoIter<String>);

/// Opens a cursor that holds `count` values.
///
/// # Errors
/// Refuses what was not minted here.
pub(crate) fn open(cursor: &Cursor, count: usize) -> Result<Values, Error> {
    let bytes = decode(cursor.as_str()).ok_or_else(refused)?;
    let text = String::from_utf8(bytes).map_err(|_| refused())?;
    let values: Vec<String> = text.split(' ').map(str::to_owned).collect();
    if values.len() == count { Ok(Values(values.into_iter())) } else { Err(refused()) }
}

impl Values {
    /// The next value.
    ///
    /// # Errors
    /// Refuses a value of another type, or one too many.
    pub(crate) fn take<T: std::str::FromStr>(&mut self) -> Result<T, Error> {
        self.0.next().and_then(|text| text.parse().ok()).ok_or_else(refused)
    }

    /// The next value, as the time it was minted from.
    ///
    /// # Errors
    /// Refuses what is not a time.
    pub(crate) fn take_time(&mut self) -> Result<DateTime<Utc>, Error> {
        DateTime::from_timestamp_millis(self.take()?).ok_or_else(refused)
    }
}

fn refused() -> Error {
    Error::invalid("after", Problem::NotAllowed)
}

fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let [a, b, c] = [0, 1, 2].map(|i| u32::from(chunk.get(i).copied().unwrap_or(0)));
        let bits = a << 16 | b << 8 | c;
        for place in 0..=chunk.len() {
            let index = usize::try_from(bits >> (18 - 6 * place) & 63).expect("six bits fit");
            text.push(char::from(ALPHABET[index]));
        }
    }
    text
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for chunk in text.as_bytes().chunks(4) {
        let mut bits = 0u32;
        for place in 0..4 {
            let index = match chunk.get(place) {
                Some(letter) => ALPHABET.iter().position(|candidate| candidate == letter)?,
                None => 0,
            };
            bits = bits << 6 | u32::try_from(index).ok()?;
        }
        let [_, decoded @ ..] = bits.to_be_bytes();
        // A single letter holds less than a byte.
        let whole = chunk.len().checked_sub(1).filter(|count| *count > 0)?;
        bytes.extend_from_slice(&decoded[..whole]);
    }
    // Bits that belong to no byte must be zero, so that each position has one cursor (and one cache entry).
    if encode(&bytes) == text { Some(bytes) } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_values_come_back_as_they_were(number: i64, word in "[A-Za-z0-9_-]{1,21}") {
            let cursor = mint(&[&number, &word]);

            let parsed: Cursor = cursor.as_str().parse().expect("looks like a cursor");
            let mut values = open(&parsed, 2).expect("was minted here");

            prop_assert_eq!(values.take::<i64>(), Ok(number));
            prop_assert_eq!(values.take::<String>(), Ok(word));
        }

        #[test]
        fn no_text_makes_it_panic(text in "[A-Za-z0-9_-]{1,60}") {
            if let Ok(mut values) = open(&Cursor::new(text), 2) {
                let _ = values.take_time();
            }
        }
    }

    #[test]
    fn a_cursor_that_was_not_minted_here_is_refused() {
        for text in ["x", "nonsense", "AAAA", "____"] {
            assert!(open(&Cursor::new(text.to_owned()), 2).is_err(), "{text}");
        }
    }
}
