//! The usual shapes of a patch.

use crate::patch;

#[derive(Clone, Debug, PartialEq)]
struct Post {
    id: u32,
    title: &'static str,
}

const FIRST: Post = Post { id: 1, title: "first" };
const SECOND: Post = Post { id: 2, title: "second" };

#[test]
fn an_item_is_appended_once() {
    let list = patch::append(&[FIRST], &SECOND, |post| post.id).unwrap();

    assert_eq!(list, [FIRST, SECOND]);
    assert_eq!(patch::append(&list, &SECOND, |post| post.id), None);
}

#[test]
fn the_sources_copy_of_an_item_takes_the_place_of_ours() {
    let of_the_source = [FIRST, Post { id: 2, title: "second, as the source has it" }];

    assert_eq!(patch::append(&of_the_source, &SECOND, |post| post.id), None);
}

#[test]
fn one_item_of_a_list_is_updated_and_the_others_stay() {
    let rename = |post: &Post| patch::merge(post, |post| post.title = "renamed");

    let list = patch::update_in_list(&[FIRST, SECOND], |post| post.id == 2, rename).unwrap();

    assert_eq!(list, [FIRST, Post { id: 2, title: "renamed" }]);
    assert_eq!(patch::update_in_list(&list, |post| post.id == 2, rename), None);
    assert_eq!(patch::update_in_list(&list, |post| post.id == 3, rename), None);
}

#[test]
fn merging_what_is_there_changes_nothing() {
    assert_eq!(patch::merge(&FIRST, |post| post.title = "first"), None);
}

#[test]
fn a_count_does_not_fall_below_its_floor() {
    assert_eq!(patch::increment(1_u32, -1, 0), Some(0));
    assert_eq!(patch::increment(0_u32, -1, 0), None);
    assert_eq!(patch::increment(3_i64, -5, -1), Some(-1));
}

#[test]
fn a_count_does_not_run_over() {
    assert_eq!(patch::increment(u64::MAX, 1, 0), None);
    assert_eq!(patch::increment(i32::MAX - 1, 5, 0), Some(i32::MAX));
}

#[test]
fn a_count_behind_a_switch_is_counted_once() {
    let like = |(likes, mine): (u32, bool)| Some((patch::increment(likes, 1, 0)?, patch::flip(mine, true)?));

    let liked = like((4, false)).unwrap();

    assert_eq!(liked, (5, true));
    assert_eq!(like(liked), None);
}
