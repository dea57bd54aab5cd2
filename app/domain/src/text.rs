//! The limits of every text a person can send, and how it is cleaned.

use crate::error::{Error, Problem};

/// May a text have line breaks?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    One,
    Many,
}

/// The rule for one kind of text. Lengths are in characters (Unicode scalar values), after cleaning.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    pub min: usize,
    pub max: usize,
    pub lines: Lines,
}

/// Titles of stories, parts, chapters, scenes and posts.
pub const TITLE: Rule = Rule { min: 1, max: 255, lines: Lines::One };
/// Names of characters and places, and each of their aliases, traits, senses and details.
pub const NAME: Rule = Rule { min: 1, max: 255, lines: Lines::One };
/// How many aliases, traits, senses or details there may be.
pub const MAX_ENTRIES: usize = 50;
/// A genre, free text.
pub const GENRE: Rule = Rule { min: 1, max: 50, lines: Lines::One };
/// Summaries, and what a writer notes about a scene, a character or a place.
pub const SUMMARY: Rule = Rule { min: 0, max: 5_000, lines: Lines::Many };
/// The text of a scene.
pub const SCENE: Rule = Rule { min: 0, max: 510_000, lines: Lines::Many };
/// Posts and replies.
pub const POST: Rule = Rule { min: 1, max: 10_000, lines: Lines::Many };
/// What is typed into a search box.
pub const SEARCH: Rule = Rule { min: 0, max: 100, lines: Lines::One };

impl Rule {
    /// Cleans `text` and checks it against the rule.
    ///
    /// Line ends become `\n`; a single line loses its outer white space. Text of a scene keeps every space a writer typed.
    ///
    /// # Errors
    /// Refuses what is too short, too long, or holds control characters (some databases cannot store NUL).
    pub fn check(self, field: &str, text: &str) -> Result<String, Error> {
        let clean = match self.lines {
            Lines::One => text.trim().to_owned(),
            Lines::Many if text.contains('\r') => text.replace("\r\n", "\n").replace('\r', "\n"),
            Lines::Many => text.to_owned(),
        };
        let breaks_rule = |c: char| c.is_control() && !(self.lines == Lines::Many && matches!(c, '\n' | '\t'));
        let blank = self.min > 0 && clean.trim().is_empty();
        let length = clean.chars().count();
        let problem = if blank {
            Problem::Empty
        } else if length < self.min {
            Problem::TooShort { min: self.min }
        } else if length > self.max {
            Problem::TooLong { max: self.max }
        } else if clean.contains(breaks_rule) {
            Problem::ControlCharacters
        } else {
            return Ok(clean);
        };
        Err(Error::invalid(field, problem))
    }
}

/// Cleans the entries of a list and checks each against [`NAME`].
///
/// # Errors
/// Refuses an entry that breaks the rule, and more than [`MAX_ENTRIES`] of them.
pub fn check_entries(field: &str, entries: &[String]) -> Result<Vec<String>, Error> {
    if entries.len() > MAX_ENTRIES {
        return Err(Error::invalid(field, Problem::TooManyEntries { max: MAX_ENTRIES }));
    }
    entries.iter().map(|entry| NAME.check(field, entry)).collect()
}

/// Checks a colour, `#rrggbb`; blank is none.
///
/// # Errors
/// Refuses text of any other form.
pub fn check_colour(field: &str, text: &str) -> Result<Option<String>, Error> {
    let text = text.trim();
    let is_colour = |digits: &str| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if text.is_empty() {
        Ok(None)
    } else if text.strip_prefix('#').is_some_and(is_colour) {
        Ok(Some(text.to_ascii_lowercase()))
    } else {
        Err(Error::invalid(field, Problem::NotAllowed))
    }
}

/// How many words a text has: runs of characters between white space that hold a letter or a digit.
pub fn word_count(text: &str) -> i64 {
    let words = text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count();
    i64::try_from(words).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_trimmed_and_must_not_be_blank() {
        assert_eq!(TITLE.check("title", "  Salt  ").as_deref(), Ok("Salt"));
        assert_eq!(TITLE.check("title", "   "), Err(Error::invalid("title", Problem::Empty)));
    }

    #[test]
    fn length_is_counted_in_characters_not_bytes() {
        assert!(TITLE.check("title", &"é".repeat(255)).is_ok());
        assert_eq!(TITLE.check("title", &"é".repeat(256)), Err(Error::invalid("title", Problem::TooLong { max: 255 })));
    }

    #[test]
    fn the_text_of_a_scene_keeps_its_spaces_and_gets_plain_line_ends() {
        assert_eq!(SCENE.check("content", "  one\r\ntwo \r three").as_deref(), Ok("  one\ntwo \n three"));
    }

    #[test]
    fn nul_is_refused_everywhere() {
        assert_eq!(SCENE.check("content", "a\0b"), Err(Error::invalid("content", Problem::ControlCharacters)));
    }

    #[test]
    fn a_list_is_cleaned_and_bounded() {
        assert_eq!(check_entries("traits", &[" brave ".to_owned()]), Ok(vec!["brave".to_owned()]));
        assert_eq!(check_entries("traits", &[" ".to_owned()]), Err(Error::invalid("traits", Problem::Empty)));
        let many = vec!["brave".to_owned(); 51];
        assert_eq!(check_entries("traits", &many), Err(Error::invalid("traits", Problem::TooManyEntries { max: 50 })));
    }

    #[test]
    fn a_colour_has_six_digits_or_is_none() {
        assert_eq!(check_colour("colour", "#0A7bFf"), Ok(Some("#0a7bff".to_owned())));
        assert_eq!(check_colour("colour", " "), Ok(None));
        for text in ["red", "#fff", "#00000g", "#0000000"] {
            assert_eq!(check_colour("colour", text), Err(Error::invalid("colour", Problem::NotAllowed)), "{text}");
        }
    }

    #[test]
    fn words_are_counted_without_the_dashes_between_them() {
        assert_eq!(word_count("The sea — grey, and rising.\n\nShe waited."), 7);
        assert_eq!(word_count(" "), 0);
    }
}
