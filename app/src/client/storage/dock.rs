//! Which developer tools are open in this browser, and how high: words like `cache metrics 40`.
//!
//! The words are plain, for they are looked at with the first page, where a reader of structured text would cost bytes.

use super::{text, write};

const NAME: &str = "fictures:dock";

/// What was open, and the height in percent of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RememberedDock {
    pub cache: bool,
    pub metrics: bool,
    pub height: Option<u8>,
}

impl RememberedDock {
    /// What this browser remembers; nothing is open where it remembers nothing.
    pub fn read() -> Self {
        text(NAME).map(|text| RememberedDock::of(&text)).unwrap_or_default()
    }

    /// Writes it down for the next page.
    pub fn remember(self) {
        // Where there is no storage the next page begins with nothing open.
        write(NAME, &self.words());
    }

    fn of(text: &str) -> Self {
        let has = |word| text.contains(word);
        let digits = text.bytes().filter(u8::is_ascii_digit);
        let height = digits.fold(None, |height: Option<u8>, digit| {
            Some(height.unwrap_or(0).saturating_mul(10).saturating_add(digit - b'0'))
        });
        RememberedDock { cache: has("cache"), metrics: has("metrics"), height }
    }

    fn words(self) -> String {
        let cache = self.cache.then(|| "cache".to_owned());
        let metrics = self.metrics.then(|| "metrics".to_owned());
        let height = self.height.map(|height| height.to_string());
        cache.into_iter().chain(metrics).chain(height).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        for (cache, metrics, height) in [(true, true, Some(55)), (false, true, None), (false, false, Some(20))] {
            let dock = RememberedDock { cache, metrics, height };
            assert_eq!(RememberedDock::of(&format!("\"{}\"", dock.words())), dock);
        }
    }

    #[test]
    fn what_somebody_else_wrote_opens_nothing() {
        assert_eq!(RememberedDock::of("{}"), RememberedDock::default());
        assert_eq!(RememberedDock::of("999999").height, Some(u8::MAX));
    }
}
