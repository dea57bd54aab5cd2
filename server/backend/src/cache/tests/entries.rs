//! The form of an entry in Redis.

use std::time::Duration;

use bytes::Bytes;
use domain::cache::Clock;
use proptest::prelude::*;

use super::bench::noon;
use crate::cache::{
    entry::{Answer, Header, MAX_HEADER_BYTES, Stored},
    store::Generation,
};

fn stored(text: &str) -> Stored {
    Stored {
        answer: Answer::of(&text),
        generations: vec![Generation(u64::MAX), Generation(0), Generation(7)],
        clock: Clock::new(u32::MAX, u64::MAX),
        stored_at: noon(),
        grace: Duration::from_secs(180),
    }
}

proptest! {
    #[test]
    fn an_entry_is_read_as_it_was_written(text in any::<String>()) {
        prop_assert_eq!(Stored::decode(&stored(&text).encode()), Some(stored(&text)));
    }

    #[test]
    fn a_cut_entry_is_no_entry(text in "[a-z\n]{0,40}", share in 0.0..1.0_f64) {
        let whole = stored(&text).encode();
        let length: u32 = whole.len().try_into().unwrap();
        let cut = (0..whole.len()).find(|cut| f64::from(u32::try_from(*cut).unwrap()) >= f64::from(length - 1) * share);

        prop_assert_eq!(Stored::decode(&whole.slice(..cut.unwrap_or(0))), None);
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert_eq!(Stored::decode(&bytes.into()), None);
    }
}

#[test]
fn an_entry_of_another_schema_is_no_entry() {
    let mut bytes = stored("text").encode().to_vec();
    bytes[0] += 1;

    assert_eq!(Stored::decode(&bytes.into()), None);
}

#[test]
fn the_header_of_the_view_with_most_tags_is_short_enough_to_be_listed() {
    let bytes: Bytes = Stored { generations: vec![Generation(u64::MAX); 16], ..stored("text") }.encode();

    assert!(Header::decode(&bytes[..MAX_HEADER_BYTES.min(bytes.len())]).is_some());
}

#[test]
fn an_etag_is_strong_and_follows_the_body() {
    let [one, same, other] = [Answer::of(&"one"), Answer::of(&"one"), Answer::of(&"other")];

    assert_eq!(one.etag, same.etag);
    assert_ne!(one.etag, other.etag);
    assert_eq!((one.etag.len(), &one.etag[..1], &one.etag[33..]), (34, "\"", "\""));
}
