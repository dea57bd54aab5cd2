//! What is searched for, ready to run: time grows with the text alone, and memory is bounded.

use std::ops::Range;

use domain::{
    error::{Error, Problem},
    studio::Search,
};
use regex::{Regex, RegexBuilder};

/// How much memory a compiled expression may take, in bytes; a few hundred letters of any script fit.
const MAX_BYTES: usize = 2 * 1024 * 1024;
/// How many characters are shown on each side of a hit.
const CONTEXT: usize = 40;

/// A query that was understood.
#[derive(Clone, Debug)]
pub(super) struct Pattern(Regex);

/// A place in a text, counted in characters.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) start: u32,
    pub(super) length: u32,
    pub(super) before: String,
    pub(super) text: String,
    pub(super) after: String,
}

impl Pattern {
    /// Understands a query; what cannot be is blamed on `field`.
    pub(super) fn new(search: Search, field: &str) -> Result<Self, Error> {
        let search = search.check(field)?;
        let refused = |_| Error::invalid(field, Problem::NotAnExpression);
        let bare = if search.regex { search.query } else { regex::escape(&search.query) };
        let build = |text: &str| {
            RegexBuilder::new(text)
                .case_insensitive(!search.case)
                .multi_line(true)
                .size_limit(MAX_BYTES)
                .dfa_size_limit(MAX_BYTES)
                .build()
                .map_err(refused)
        };
        // It must stand on its own: `a)|(b` would close the group that is put around it.
        let alone = build(&bare)?;
        let whole = format!(r"\b{{start-half}}(?:{bare})\b{{end-half}}");
        Ok(Pattern(if search.word { build(&whole)? } else { alone }))
    }

    /// The first `limit` places where it is found. Places without a character are passed over.
    pub(super) fn find(&self, text: &str, limit: usize) -> Vec<Found> {
        let (mut bytes, mut characters) = (0, 0_u32);
        let places = self.0.find_iter(text).filter(|found| !found.is_empty()).map(|found| {
            characters = characters.saturating_add(count(text.get(bytes..found.start()).unwrap_or_default()));
            bytes = found.start();
            let (before, after) = text.split_at(found.start());
            Found {
                start: characters,
                length: count(found.as_str()),
                before: last(before),
                text: found.as_str().to_owned(),
                after: after.get(found.len()..).unwrap_or_default().chars().take(CONTEXT).collect(),
            }
        });
        places.take(limit).collect()
    }

    /// What `replacement` makes of the match at `place`; `None` when there is none.
    pub(super) fn expand(&self, text: &str, place: Range<usize>, replacement: &str) -> Option<String> {
        let groups = self.0.captures_at(text, place.start)?;
        (groups.get(0)?.range() == place).then(|| {
            let mut expanded = String::new();
            groups.expand(replacement, &mut expanded);
            expanded
        })
    }
}

fn count(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

fn last(text: &str) -> String {
    let from = text.char_indices().rev().take(CONTEXT).last().map_or(0, |(at, _)| at);
    text.get(from..).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(query: &str) -> Search {
        Search { query: query.to_owned(), ..Search::default() }
    }

    fn places(search: Search, text: &str) -> Vec<(u32, u32)> {
        let pattern = Pattern::new(search, "q").expect("a pattern");
        pattern.find(text, 100).into_iter().map(|found| (found.start, found.length)).collect()
    }

    #[test]
    fn places_are_counted_in_characters() {
        assert_eq!(places(search("sea"), "é😀 sea, the Sea"), [(3, 3), (12, 3)]);
        assert_eq!(places(Search { case: true, ..search("sea") }, "é😀 sea, the Sea"), [(3, 3)]);
        assert_eq!(places(search("ÉTÉ"), "un été"), [(3, 3)]);
    }

    #[test]
    fn a_whole_word_is_not_a_part_of_one() {
        let word = |query| Search { word: true, ..search(query) };

        assert_eq!(places(word("sea"), "seal, sea; überseaß"), [(6, 3)]);
        assert_eq!(places(word("—"), "a — b"), [(2, 1)]);
    }

    #[test]
    fn a_query_is_no_expression_unless_it_says_so() {
        assert_eq!(places(search("a.c"), "abc a.c"), [(4, 3)]);
        assert_eq!(places(Search { regex: true, ..search("a.c") }, "abc a.c"), [(0, 3), (4, 3)]);
        assert_eq!(places(Search { regex: true, ..search("^b*") }, "a\nbb"), [(2, 2)], "empty ones are passed over");
    }

    #[test]
    fn what_cannot_be_understood_or_costs_too_much_is_refused() {
        let refused = Err(Error::invalid("q", Problem::NotAnExpression));
        for query in ["(", "a)|(b", r"(?=a)", r"(a)\1", r"\w{1000}{1000}"] {
            for word in [false, true] {
                let search = Search { regex: true, word, ..search(query) };
                assert_eq!(Pattern::new(search, "q").map(drop), refused, "{query}");
            }
        }
        assert!(Pattern::new(search(""), "q").is_err());
        assert!(Pattern::new(search(&"x".repeat(256)), "q").is_err());
        assert!(Pattern::new(search(&"é".repeat(255)), "q").is_ok());
    }

    #[test]
    fn a_hit_shows_what_stands_around_it() {
        let text = format!("{}sea{}", "ü".repeat(50), "ß".repeat(50));

        let found = Pattern::new(search("sea"), "q").expect("a pattern").find(&text, 1).remove(0);

        assert_eq!((found.before, found.after), ("ü".repeat(40), "ß".repeat(40)));
    }

    #[test]
    fn an_expression_that_others_choke_on_takes_no_longer() {
        let text = format!("{}!", "a".repeat(100_000));

        assert_eq!(places(Search { regex: true, ..search("(a*)*b") }, &text), []);
    }
}
