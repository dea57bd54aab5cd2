//! What an answer, the server's stream or another tab says about caches, as text.

use domain::cache::{Clock, page_types_from_header, tags_from_header};
use resource_cache::{Invalidation, Scope, Source};

use super::Views;

/// One change, in the words of the invalidation headers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// As in `X-Cache-Invalidate`.
    pub(super) page_types: String,
    /// As in `X-Cache-Invalidate-Keys`, if the header was there.
    pub(super) tags: Option<String>,
    /// As in `X-Cache-Clock`, if the header was there.
    pub(super) clock: Option<String>,
    /// What was done, for the debug panel; may be empty.
    pub(super) label: String,
    /// Did the server do it by itself, because it was time?
    pub(super) is_scheduled: bool,
}

impl Told {
    /// Its position, if it has one.
    pub(super) fn position(&self) -> Option<Clock> {
        self.clock.as_deref().and_then(|text| text.parse().ok())
    }
}

impl Told {
    /// Reads the headers of an answer; `None` unless it is that of a mutation.
    ///
    /// `path` is what was asked; it stands for what was done.
    pub(super) fn of_answer(path: &str, header: &dyn Fn(&str) -> Option<String>) -> Option<Self> {
        Some(Told {
            page_types: header("x-cache-invalidate")?,
            tags: header("x-cache-invalidate-keys"),
            clock: header("x-cache-clock"),
            label: path.to_owned(),
            is_scheduled: false,
        })
    }
}

/// What became stale. Tags that are missing or cannot be read leave the decision to the page types.
pub(super) fn invalidation_of(told: &Told, source: Source) -> Invalidation<Views> {
    let tags = told.tags.as_deref().and_then(|text| tags_from_header(text).ok());
    Invalidation {
        scope: if tags.is_some() { Scope::Tags } else { Scope::Groups },
        tags: tags.unwrap_or_default(),
        groups: page_types_from_header(&told.page_types),
        clock: told.position(),
        source: if told.is_scheduled { Source::Schedule } else { source },
        label: (!told.label.is_empty()).then(|| told.label.as_str().into()),
    }
}

#[cfg(test)]
mod tests {
    use domain::cache::{Clock, PageType, Tag};

    use super::*;

    fn told(pairs: &[(&str, &str)]) -> Option<Told> {
        Told::of_answer("https://fictures.test/api/fn/like_post", &|name| {
            pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn a_mutation_names_its_tags_page_types_and_position() {
        let told = told(&[
            ("x-cache-invalidate", "writing,reading"),
            ("x-cache-invalidate-keys", r#"["stories:published"]"#),
            ("x-cache-clock", "0000000a.7"),
        ]);

        let read = invalidation_of(&told.expect("the headers of a mutation"), Source::ThisTab);

        assert_eq!(read.tags, [Tag::StoriesPublished]);
        assert_eq!(read.groups, [PageType::Writing, PageType::Reading]);
        assert_eq!(read.clock, Some(Clock::new(10, 7)));
        assert_eq!(read.scope, Scope::Tags);
        assert_eq!(read.label.as_deref(), Some("https://fictures.test/api/fn/like_post"));
    }

    #[test]
    fn tags_that_were_cut_leave_the_decision_to_the_page_types() {
        let told = told(&[("x-cache-invalidate", "community"), ("x-cache-invalidate-keys", r#"["stories:publ"#)]);

        let read = invalidation_of(&told.expect("the headers of a mutation"), Source::ThisTab);

        assert_eq!(read.scope, Scope::Groups);
        assert!(read.tags.is_empty());
    }

    #[test]
    fn an_answer_without_the_header_invalidates_nothing() {
        assert_eq!(told(&[("x-cache-status", "HIT")]), None);
    }
}
