//! The bounds of the store in process.

use std::time::Duration;

use bytes::Bytes;
use domain::cache::Clock;

use super::bench::{noon, outline};
use crate::cache::{
    entry::{Answer, Stored},
    in_process::InProcess,
    store::{FENCE_LIFE, Store, TagState, Token},
};

const CAPACITY: u64 = 100_000;

fn store(tags: usize) -> InProcess {
    InProcess::bounded(Clock::new(1, 0), CAPACITY, tags, FENCE_LIFE)
}

#[tokio::test]
async fn entries_never_take_more_than_the_given_bytes() {
    let store = store(1_000);
    let body = Bytes::from(vec![b'x'; 5_000]);

    for _ in 0..200 {
        let answer = Answer { body: body.clone(), etag: String::new() };
        let stored = Stored {
            answer,
            generations: Vec::new(),
            clock: Clock::new(1, 0),
            stored_at: noon(),
            grace: Duration::ZERO,
        };
        store.put(&outline(), stored, Duration::from_secs(60)).await.unwrap();
    }

    assert!((1..=CAPACITY).contains(&store.used_bytes()));
}

#[tokio::test]
async fn a_generation_that_was_pushed_out_comes_back_as_another() {
    let (store, key) = (store(10), outline());
    let before = store.observe(&key, &key.tags()).await.unwrap().tags;

    for _ in 0..20 {
        let other = outline();
        store.observe(&other, &other.tags()).await.unwrap();
    }

    let after = store.observe(&key, &key.tags()).await.unwrap().tags;
    assert!(before.iter().zip(after).all(|(before, after)| *before != after));
}

#[tokio::test]
async fn a_fence_is_never_pushed_out() {
    let (store, key) = (store(10), outline());
    store.fence(&key.tags(), Token::fresh()).await.unwrap();

    for _ in 0..2_000 {
        let other = outline();
        store.fence(&other.tags(), Token::fresh()).await.unwrap();
    }

    assert_eq!(store.observe(&key, &key.tags()).await.unwrap().tags, [TagState::Fenced; 2]);
}
