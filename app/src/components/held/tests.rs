//! What is held, and what is shown at once.

use chrono::DateTime;
use domain::{
    id::{LENGTH, PostId, ReplyId},
    user::Author,
};

use super::*;

fn reply(n: u8, author: u8) -> Reply {
    Reply {
        id: ReplyId::from_random([n; LENGTH]),
        post_id: PostId::from_random([0; LENGTH]),
        parent_reply_id: None,
        depth: 0,
        author: Author { id: user(author), username: "noor".to_owned() },
        content: n.to_string(),
        html: String::new(),
        version: 1,
        created_at: DateTime::default(),
        edited_at: None,
    }
}

fn user(n: u8) -> UserId {
    UserId::from_random([n; LENGTH])
}

fn thread(replies: impl IntoIterator<Item = Reply>) -> Replies {
    Replies { replies: replies.into_iter().collect() }
}

fn standing(shown: Replies) -> Standing<Replies, u32> {
    first(shown, 0)
}

/// As somebody sees it who has just come to this place.
fn first(shown: Replies, place: u32) -> Standing<Replies, u32> {
    super::next(None, shown, 0, place, None)
}

fn next(last: &Standing<Replies, u32>, latest: Replies, asked: u32, me: Option<UserId>) -> Standing<Replies, u32> {
    super::next(Some(last), latest, asked, last.place, me)
}

const ME: u8 = 7;

#[test]
fn what_others_add_is_counted_and_moves_nothing() {
    let before = standing(thread([reply(1, 1), reply(2, 2)]));
    let latest = thread([reply(3, 3), reply(1, 1), reply(2, 2), reply(4, 4)]);

    let after = next(&before, latest, 0, Some(user(ME)));

    assert_eq!((after.shown, after.news), (before.shown, 2));
}

#[test]
fn what_is_shown_is_brought_up_to_date_in_its_place() {
    let before = standing(thread([reply(1, 1)]));
    let edited = Reply { content: "edited".to_owned(), ..reply(1, 1) };

    let after = next(&before, thread([edited.clone(), reply(2, 2)]), 0, None);

    assert_eq!((after.shown, after.news), (thread([edited]), 1));
}

#[test]
fn who_asks_sees_everything() {
    let before = standing(thread([reply(1, 1)]));
    let latest = thread([reply(1, 1), reply(2, 2)]);
    let held = next(&before, latest.clone(), 0, None);

    let asked = next(&held, latest.clone(), 1, None);

    assert_eq!((asked.shown, asked.news), (latest, 0));
}

#[test]
fn what_one_wrote_oneself_is_seen_at_once() {
    let before = standing(thread([reply(1, 1)]));
    let latest = thread([reply(1, 1), reply(2, ME)]);

    let after = next(&before, latest.clone(), 0, Some(user(ME)));

    assert_eq!((after.shown, after.news), (latest, 0));
}

#[test]
fn what_was_removed_stays_in_its_place_until_the_reader_moves_on() {
    let before = standing(thread([reply(1, 1), reply(2, 2)]));

    let after = next(&before, thread([reply(1, 1)]), 0, None);

    assert_eq!((after.shown.replies.len(), after.news), (2, 0));
}

#[test]
fn the_only_reply_stays_in_its_place_when_it_is_removed() {
    let before = standing(thread([reply(1, 1)]));

    let after = next(&before, thread([]), 0, None);

    assert_eq!((after.shown, after.news), (before.shown, 0));
}

#[test]
fn as_much_as_fills_the_list_is_news_too() {
    let before = standing(thread([reply(1, 1)]));

    let after = next(&before, thread([reply(8, 1), reply(9, 2)]), 0, None);

    assert_eq!((after.shown, after.news), (before.shown, 2));
}

#[test]
fn what_is_said_where_nobody_had_said_anything_is_shown() {
    let latest = thread([reply(1, 1)]);

    let after = next(&standing(thread([])), latest.clone(), 0, None);

    assert_eq!((after.shown, after.news), (latest, 0));
}

#[test]
fn another_part_of_the_list_is_no_news() {
    let here = thread([reply(1, 1)]);
    let there = thread([reply(8, 1), reply(9, 2)]);

    // The place is known at once, what is there comes later.
    let moving = super::next(Some(&first(here.clone(), 0)), here.clone(), 0, 1, None);
    assert_eq!((&moving.shown, moving.news), (&here, 0));
    let after = super::next(Some(&moving), there.clone(), 0, 1, None);
    assert_eq!((&after.shown, after.news), (&there, 0));

    let later = next(&after, thread([reply(7, 1), reply(8, 1), reply(9, 2)]), 0, None);
    assert_eq!((later.shown, later.news), (there, 1), "it is held like the first");
}

#[test]
fn another_part_that_comes_with_its_place_is_no_news_either() {
    let there = thread([reply(8, 1)]);

    let after = super::next(Some(&standing(thread([reply(1, 1)]))), there.clone(), 0, 1, None);

    assert_eq!((after.shown, after.news, after.is_moving), (there, 0, false));
}
