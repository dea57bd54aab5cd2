//! Who may know what changed.

use super::{changes, user, views_of};
use crate::cache::{Audience, Key, PageType, Tag, Whose};

/// The views that somebody else than the author may see.
fn views_of_others(s: u8) -> Vec<Key> {
    let lists =
        ["stories:published", "stories:published?sort=popular", "community:stories:all", "community:feed:public"];
    let lists = lists.into_iter().map(|text| text.parse().unwrap());
    let own =
        views_of(s).into_iter().filter(|key| key.audience() == Audience::Public || key.to_string().contains("post:"));
    lists.chain(own).collect()
}

#[test]
fn whoever_sees_a_view_hears_of_every_change_that_makes_it_stale() {
    for change in changes(1) {
        let plan = change.plan();
        let told = plan.public_part().map(|part| part.tags).unwrap_or_default();
        for key in views_of_others(1) {
            let is_stale = key.tags().iter().any(|tag| plan.tags.contains(tag));
            let is_told = key.tags().iter().any(|tag| told.contains(tag));

            assert_eq!(is_told, is_stale, "{change:?}: {key}");
        }
    }
}

#[test]
fn everyone_hears_of_the_tags_of_views_for_everyone_and_of_no_others() {
    let of_public_views: Vec<Tag> = views_of_others(1).iter().flat_map(Key::tags).collect();
    for change in changes(1) {
        let Some(part) = change.plan().public_part() else { continue };

        assert!(!part.page_types.contains(&PageType::Writing), "{change:?}");
        for tag in part.tags {
            let is_of_the_board = matches!(tag, Tag::StoryCommunity(_));
            let is_of_another_chapter = matches!(tag, Tag::ChapterPublic(_));
            assert!(of_public_views.contains(&tag) || is_of_the_board || is_of_another_chapter, "{change:?}: {tag}");
        }
    }
}

#[test]
fn a_readers_place_is_their_own_and_everything_else_belongs_to_a_story() {
    let own: Vec<_> = changes(1).into_iter().filter(|change| matches!(change.whose(), Whose::Person(_))).collect();

    assert_eq!(own.len(), 1);
    assert_eq!(own[0].whose(), Whose::Person(user(1)));
    assert_eq!(own[0].plan().public_part(), None);
}
