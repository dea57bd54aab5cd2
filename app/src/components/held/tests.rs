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

fn standing(shown: Replies) -> Standing<Replies> {
    next(None, shown, 0, None)
}

const ME: u8 = 7;

#[test]
fn what_others_add_is_counted_and_moves_nothing() {
    let before = standing(thread([reply(1, 1), reply(2, 2)]));
    let latest = thread([reply(3, 3), reply(1, 1), reply(2, 2), reply(4, 4)]);

    let after = next(Some(&before), latest, 0, Some(user(ME)));

    assert_eq!((after.shown, after.news), (before.shown, 2));
}

#[test]
fn what_is_shown_is_brought_up_to_date_in_its_place() {
    let before = standing(thread([reply(1, 1)]));
    let edited = Reply { content: "edited".to_owned(), ..reply(1, 1) };

    let after = next(Some(&before), thread([edited.clone(), reply(2, 2)]), 0, None);

    assert_eq!((after.shown, after.news), (thread([edited]), 1));
}

#[test]
fn who_asks_sees_everything() {
    let before = standing(thread([reply(1, 1)]));
    let latest = thread([reply(1, 1), reply(2, 2)]);
    let held = next(Some(&before), latest.clone(), 0, None);

    let asked = next(Some(&held), latest.clone(), 1, None);

    assert_eq!((asked.shown, asked.news), (latest, 0));
}

#[test]
fn what_one_wrote_oneself_is_seen_at_once() {
    let before = standing(thread([reply(1, 1)]));
    let latest = thread([reply(1, 1), reply(2, ME)]);

    let after = next(Some(&before), latest.clone(), 0, Some(user(ME)));

    assert_eq!((after.shown, after.news), (latest, 0));
}

#[test]
fn what_was_removed_stays_in_its_place_until_the_reader_moves_on() {
    let before = standing(thread([reply(1, 1), reply(2, 2)]));

    let after = next(Some(&before), thread([reply(1, 1)]), 0, None);

    assert_eq!((after.shown.replies.len(), after.news), (2, 0));
}

#[test]
fn another_part_of_the_list_is_no_news() {
    let before = standing(thread([reply(1, 1)]));
    let latest = thread([reply(8, 1), reply(9, 2)]);

    let after = next(Some(&before), latest.clone(), 0, None);

    assert_eq!((after.shown, after.news), (latest, 0));
}
