//! Whatever arrives as a key, a tag, a clock or a header is read or refused, and what was read is written the same.

use proptest::{collection::vec, prelude::*, string::string_regex};

use crate::cache::{
    Clock, Key, PageType, Tag, page_types_from_header, page_types_header, tags_from_header, tags_header,
};

/// Any text, and text that is nearly right.
fn text() -> impl Strategy<Value = String> {
    let id = "[A-Za-z0-9_-]{20,22}";
    let word = "story|chapter|scene|post|user|community|stories|public|scenes|replies|feed|all|published|chapters";
    let nearly =
        format!("(({word}|{id})(:({word}|{id})){{0,4}}(@{id})?([?&](q|limit|after|sort)=[a-z0-9%]{{0,4}}){{0,3}})");
    prop_oneof![any::<String>(), string_regex(&nearly).expect("this is a regular expression")]
}

proptest! {
    #[test]
    fn a_key_is_written_as_it_was_read(text in text()) {
        if let Ok(key) = text.parse::<Key>() {
            prop_assert_eq!(key.to_string(), text);
        }
    }

    #[test]
    fn a_tag_is_written_as_it_was_read(text in text()) {
        if let Ok(tag) = text.parse::<Tag>() {
            prop_assert_eq!(tag.to_string(), text);
        }
    }

    #[test]
    fn a_clock_is_read_back(text in prop_oneof![any::<String>(), "[0-9a-f]{0,9}\\.[0-9]{0,21}"]) {
        if let Ok(clock) = text.parse::<Clock>() {
            prop_assert_eq!(clock.to_string().parse::<Clock>(), Ok(clock));
        }
    }

    #[test]
    fn no_header_of_an_answer_makes_a_client_panic(bytes in vec(any::<u8>(), 0..300), text in text()) {
        let lossy = String::from_utf8_lossy(&bytes);
        for value in [lossy.as_ref(), &text, &format!("[\"{text}\"]"), &format!("[{lossy}]")] {
            let read = page_types_from_header(value);
            prop_assert_eq!(page_types_from_header(&page_types_header(&read)), read);
            if let Ok(tags) = tags_from_header(value) {
                let written = tags_header(&tags).expect("few tags fit into a header");
                prop_assert_eq!(tags_from_header(&written).expect("our own words"), tags);
            }
        }
    }

    #[test]
    fn page_types_come_back_in_their_order(picked in vec(0..PageType::ALL.len(), 0..6)) {
        let page_types: Vec<PageType> = picked.into_iter().map(|place| PageType::ALL[place]).collect();

        prop_assert_eq!(page_types_from_header(&page_types_header(&page_types)), page_types);
    }
}
