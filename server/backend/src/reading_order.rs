//! In which order the chapters of a novel are read; asked by the outline, the contents and the neighbours of a chapter.
//!
//! At the top level, parts and chapters without a part stand side by side, in the order of their positions. Inside a
//! part, chapters stand in the order of theirs. Equal positions are ordered by id, so that the order is always one.
//! It is decided here and not by the database, whose idea of the order of text depends on its language.

use std::{cmp::Ordering, collections::HashMap};

/// Where something stands among its siblings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place<'a> {
    pub(crate) position: i64,
    pub(crate) id: &'a str,
}

/// What has a place among chapters.
pub(crate) trait Placed {
    /// Its own place.
    fn place(&self) -> Place<'_>;
    /// The part it is in.
    fn part(&self) -> Option<&str>;
}

/// Sorts `chapters` as they are read; `parts` are the parts of the same story.
pub(crate) fn sort<C: Placed>(chapters: &mut [C], parts: &[(String, i64)]) {
    let parts: HashMap<&str, i64> = parts.iter().map(|(id, position)| (id.as_str(), *position)).collect();
    chapters.sort_by(|one, other| compare(one, other, &parts));
}

fn compare<C: Placed>(one: &C, other: &C, parts: &HashMap<&str, i64>) -> Ordering {
    let outer = |chapter: &C| -> (i64, String) {
        let part = chapter.part().and_then(|id| parts.get(id).map(|position| (*position, id.to_owned())));
        part.unwrap_or_else(|| (chapter.place().position, chapter.place().id.to_owned()))
    };
    outer(one).cmp(&outer(other)).then_with(|| one.place().cmp(&other.place()))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Chapter(&'static str, Option<&'static str>, i64);

    impl Placed for Chapter {
        fn place(&self) -> Place<'_> {
            Place { position: self.2, id: self.0 }
        }

        fn part(&self) -> Option<&str> {
            self.1
        }
    }

    fn read(mut chapters: Vec<Chapter>, parts: &[(&str, i64)]) -> Vec<&'static str> {
        let parts: Vec<(String, i64)> = parts.iter().map(|(id, position)| ((*id).to_owned(), *position)).collect();
        sort(&mut chapters, &parts);
        chapters.into_iter().map(|chapter| chapter.0).collect()
    }

    #[test]
    fn chapters_without_a_part_stand_between_the_parts() {
        let chapters = vec![
            Chapter("epilogue", None, 40),
            Chapter("second", Some("later"), 10),
            Chapter("prologue", None, 10),
            Chapter("first", Some("sooner"), 90),
        ];

        let order = read(chapters, &[("sooner", 20), ("later", 30)]);

        assert_eq!(order, ["prologue", "first", "second", "epilogue"]);
    }

    #[test]
    fn parts_at_the_same_position_are_not_mixed() {
        let chapters = vec![Chapter("a", Some("x"), 1), Chapter("b", Some("y"), 2), Chapter("c", Some("x"), 3)];

        assert_eq!(read(chapters, &[("x", 7), ("y", 7)]), ["a", "c", "b"]);
    }

    #[test]
    fn equal_positions_are_ordered_by_id() {
        assert_eq!(read(vec![Chapter("b", None, 1), Chapter("a", None, 1)], &[]), ["a", "b"]);
    }
}
