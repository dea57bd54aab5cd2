//! How long the cache keeps what nobody writes: as long as the policy says, a tenth more or less.

use std::{future::ready, time::Duration};

use domain::{
    cache::Key,
    id::{ChapterId, StoryId, UserId},
};

use super::bench::Bench;
use crate::cache::{ServerCache, Status};

/// So many that a tenth of them is neither none nor all.
const VIEWS: usize = 200;

/// Reads every view; returns how many were hits.
async fn hits(cache: &ServerCache, keys: &[Key]) -> usize {
    let mut hits = 0;
    for key in keys {
        let view = cache.read(key, ready(Ok("text".to_owned()))).await.expect("it is there");
        hits += usize::from(view.status == Status::Hit);
    }
    hits
}

/// Stores a view at each key. All must be hits until a tenth before `secs` are over, and none from a tenth after.
async fn assert_kept_for(secs: u64, keys: &[Key]) {
    let cache = Bench::in_process().cache();
    assert_eq!(hits(&cache, keys).await, 0);

    tokio::time::advance(Duration::from_secs(secs * 9 / 10 - 1)).await;
    assert_eq!(hits(&cache, keys).await, keys.len());
    tokio::time::advance(Duration::from_secs(secs / 5 + 2)).await;
    assert_eq!(hits(&cache, keys).await, 0);
}

fn chapters() -> Vec<Key> {
    let chapter = |_| Key::Reading {
        story: StoryId::from_random(rand::random()),
        chapter: ChapterId::from_random(rand::random()),
    };
    (0..VIEWS).map(chapter).collect()
}

#[tokio::test(start_paused = true)]
async fn what_is_published_is_kept_for_half_an_hour() {
    assert_kept_for(30 * 60, &chapters()).await;
}

#[tokio::test(start_paused = true)]
async fn a_draft_is_kept_for_three_minutes() {
    let shelves: Vec<Key> = (0..VIEWS).map(|_| Key::Shelf(UserId::from_random(rand::random()))).collect();

    assert_kept_for(3 * 60, &shelves).await;
}

#[tokio::test(start_paused = true)]
async fn what_was_stored_together_does_not_expire_together() {
    let (cache, keys) = (Bench::in_process().cache(), chapters());
    hits(&cache, &keys).await;

    tokio::time::advance(Duration::from_secs(30 * 60)).await;

    assert!((VIEWS / 5..VIEWS * 4 / 5).contains(&hits(&cache, &keys).await));
}
