//! What one request tells its headers.

use std::future::ready;

use domain::{
    cache::{Change, Clock, Key, PageType, Saved, Sharing},
    id::{PartId, StoryId},
};

use super::bench::{Bench, outline};
use crate::cache::{Report, ServerCache, Status, Summary, View};

async fn read(cache: &ServerCache, key: &Key) -> View<String> {
    cache.read(key, ready(Ok("text".to_owned()))).await.unwrap()
}

fn part_saved(seq: u64) -> Saved<()> {
    let (part, story) = (PartId::from_random(rand::random()), StoryId::from_random(rand::random()));
    Saved::new((), &Change::Part { part, story }, Clock::new(1, seq))
}

#[test]
fn a_request_that_touched_no_cache_has_nothing_to_report() {
    assert_eq!(Report::default().summary(), Summary::default());
}

#[tokio::test]
async fn one_view_gives_its_own_etag_and_key() {
    let (cache, key, report) = (Bench::in_process().cache(), outline(), Report::default());
    let view = read(&cache, &key).await;

    report.clone().read(&view);

    let expected = Summary {
        status: Some(Status::Miss),
        etag: Some(view.etag),
        key: Some(key),
        sharing: Some(Sharing::Private),
        overdue: None,
        clock: Some(view.clock),
        plan: None,
        written_at: None,
    };
    assert_eq!(report.summary(), expected);
}

#[tokio::test]
async fn several_views_give_the_worst_the_earliest_and_the_strictest() {
    let (cache, report) = (Bench::in_process().cache(), Report::default());
    read(&cache, &Key::Forums).await;
    let hit = read(&cache, &Key::Forums).await;
    let fence = cache.fence(&[]).await;
    cache.release(fence, Clock::new(cache.clock().epoch(), 1)).await;
    let miss = read(&cache, &outline()).await;

    report.read(&miss);
    report.read(&hit);
    let summary = report.summary();

    assert_eq!((summary.status, summary.sharing), (Some(Status::Miss), Some(Sharing::Private)));
    assert_eq!(summary.clock, Some(hit.clock));
    assert_eq!((summary.etag, summary.key), (None, None));
}

#[tokio::test]
async fn a_write_decides_the_clock_and_gives_its_plan() {
    let (cache, report, saved) = (Bench::in_process().cache(), Report::default(), part_saved(7));

    report.read(&read(&cache, &outline()).await);
    report.saved(&saved);

    let summary = report.summary();
    assert_eq!((summary.clock, summary.plan.as_ref()), (Some(saved.clock()), Some(saved.plan())));
}

#[test]
fn two_writes_make_one_plan() {
    let (report, one, other) = (Report::default(), part_saved(7), part_saved(8));

    report.saved(&other);
    report.saved(&one);

    let summary = report.summary();
    let plan = summary.plan.unwrap();
    assert_eq!(summary.clock, Some(other.clock()));
    assert_eq!(plan.tags, [other.plan().tags.clone(), one.plan().tags.clone()].concat());
    assert_eq!(plan.page_types, [PageType::Writing, PageType::Reading]);
}

#[tokio::test]
async fn a_view_is_no_better_than_the_one_it_relies_on() {
    let cache = Bench::in_process().cache();
    let relied_on = read(&cache, &outline()).await;
    read(&cache, &Key::Forums).await;
    let hit = read(&cache, &Key::Forums).await;

    let both = hit.relying_on(&relied_on);

    assert_eq!((both.status, both.sharing, both.key), (Status::Miss, Sharing::Private, Some(Key::Forums)));
}

#[test]
fn an_uncached_view_is_a_bypass_with_a_tag_of_its_own() {
    let clock = Clock::new(1, 3);

    let view = View::uncached("text".to_owned(), Key::Forums.policy(), clock);

    assert_eq!((view.status, view.key.clone(), view.clock), (Status::Bypass, None, clock));
    assert_eq!((view.body.as_ref(), view.sharing), (&b"\"text\""[..], Sharing::Public));
    assert_eq!(view.into_snapshot().unwrap().value, "text");
}
