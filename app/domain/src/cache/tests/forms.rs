//! Keys, tags, clocks and plans as text, and back.

use proptest::prelude::*;

use super::*;
use crate::{page::Cursor, reading::Sort};

fn any_query() -> impl Strategy<Value = NovelsQuery> {
    let genre = proptest::option::of(".{1,12}");
    let search = proptest::option::of(".{1,12}");
    let sort = prop_oneof![Just(Sort::Latest), Just(Sort::Popular)];
    (search, genre, sort, any_page()).prop_map(|(search, genre, sort, page)| NovelsQuery { search, genre, sort, page })
}

fn any_page() -> impl Strategy<Value = Page> {
    let after = proptest::option::of("[A-Za-z0-9_-]{1,40}");
    (1..=100_u32, after).prop_map(|(limit, after)| Page::new(Some(limit), after.map(Cursor::new)))
}

fn any_key() -> impl Strategy<Value = Key> {
    let audience = prop_oneof![Just(Audience::Public), (0..255_u8).prop_map(|u| Audience::User(user(u)))];
    prop_oneof![
        (0..100_u8, 0..16_usize).prop_map(|(s, n)| views_of(s).swap_remove(n)),
        any_query().prop_map(Key::Novels),
        Just(Key::Forums),
        (audience.clone(), any_page()).prop_map(|(audience, page)| Key::Feed { audience, page }),
        (0..255_u8, audience, any_page()).prop_map(|(s, audience, page)| Key::Board {
            story: story(s),
            audience,
            page
        }),
    ]
}

proptest! {
    #[test]
    fn a_key_is_read_back_from_its_text(key in any_key()) {
        prop_assert_eq!(key.to_string().parse(), Ok(key));
    }

    #[test]
    fn no_text_is_read_as_a_key_of_another_form(text in "[a-z:@?&=%A-Z0-9_-]{0,60}") {
        if let Ok(key) = text.parse::<Key>() {
            prop_assert_eq!(key.to_string(), text);
        }
    }

    #[test]
    fn nothing_that_is_typed_makes_reading_panic(text in ".{0,200}") {
        let _ = text.parse::<Key>();
        let _ = text.parse::<Tag>();
        let _ = text.parse::<Clock>();
        let _ = tags_from_header(&text);
        let _ = page_types_from_header(&text);
    }

    #[test]
    fn every_plan_survives_the_way_through_the_headers(s in 0..100_u8, n in 0..CHANGES) {
        let plan = changes(s)[n].plan();
        let tags = tags_header(&plan.tags).expect("a short plan");
        prop_assert_eq!(tags_from_header(&tags), Ok(plan.tags));
        prop_assert_eq!(page_types_from_header(&page_types_header(&plan.page_types)), plan.page_types);
    }

    #[test]
    fn a_change_in_one_story_never_touches_another(a in 0..16_u8, b in 16..32_u8, n in 0..CHANGES) {
        let change = &changes(a)[n];
        for key in views_of(b) {
            prop_assert!(!makes_stale(change, &key), "{:?} made {} stale", change, key);
        }
    }

    #[test]
    fn a_clock_is_read_back_from_its_text(epoch in any::<u32>(), seq in any::<u64>()) {
        let clock = Clock::new(epoch, seq);
        prop_assert_eq!(clock.to_string().parse(), Ok(clock));
    }
}
