//! Two texts of one scene: when there is a choice, and what becomes of the text that is not chosen.

use super::*;

fn in_conflict() -> SaveQueue {
    let mut queue = open();
    typed(&mut queue, "mine");
    queue.begin();
    queue.refuse(conflict(5, "theirs"));
    queue
}

fn with_goal(version: i64, content: &str, goal: &str) -> Scene {
    Scene { goal: goal.into(), ..scene(version, content) }
}

#[test]
fn a_conflict_keeps_both_texts_and_sends_nothing_by_itself() {
    let mut queue = in_conflict();

    let clash = queue.clash().expect("two texts");

    assert_eq!((clash.mine.content.as_str(), clash.theirs.content.as_str()), ("mine", "theirs"));
    assert_eq!((clash.mine_at, clash.reason), (7, ClashReason::SavedElsewhere));
    assert_eq!(queue.state(), SaveState::Conflict);
    assert_eq!(queue.begin(), None);
}

#[test]
fn while_nobody_has_chosen_the_draft_names_the_version_it_was_typed_upon() {
    let mut queue = in_conflict();

    let draft = queue.draft(0).expect("my text");

    assert_eq!((draft.edit.version, draft.edit.content.as_deref()), (Some(1), Some("mine")));
    assert_eq!(queue.outlived(), [], "nothing goes");
}

#[test]
fn keeping_mine_goes_upon_the_version_that_won_and_takes_theirs_along() {
    let mut queue = in_conflict();
    queue.keep_mine();

    let Some(Outgoing::Choice { edit, losing }) = queue.begin() else { panic!("a choice") };

    assert_eq!((edit.version, edit.content.as_deref()), (Some(5), Some("mine")));
    assert_eq!(losing.content.as_deref(), Some("theirs"));
}

#[test]
fn keeping_theirs_shows_it_at_once_and_takes_mine_along() {
    let mut queue = in_conflict();
    queue.keep_theirs();
    assert_eq!(queue.texts().content, "theirs");
    assert!(queue.is_dirty(), "mine is not in the history yet");

    let Some(Outgoing::Choice { edit, losing }) = queue.begin() else { panic!("a choice") };
    queue.confirm(scene(6, "theirs"), 0);

    assert_eq!(edit, SceneEdit { version: Some(5), ..SceneEdit::default() });
    assert_eq!(losing.content.as_deref(), Some("mine"));
    assert!(!queue.is_dirty());
}

#[test]
fn a_choice_whose_answer_is_lost_is_sent_again_with_the_text_that_lost() {
    let mut queue = in_conflict();
    let name = DraftName::new(UserId::from_random([9; 21]), scene(1, "").id, 1, "desk");
    queue.draft(0);
    queue.was_kept(&name, true);
    queue.keep_theirs();
    queue.begin();
    queue.refuse(Failure::Lost);
    assert_eq!(queue.outlived(), [], "the draft with my text stays");

    queue.begin();
    queue.refuse(conflict(6, "theirs"));

    assert!(matches!(queue.begin(), Some(Outgoing::Choice { .. })));
    queue.confirm(scene(7, "theirs"), 0);
    assert_eq!(queue.outlived(), [name]);
}

#[test]
fn a_second_choice_before_the_first_has_arrived_loses_neither_loser() {
    let mut queue = in_conflict();
    queue.keep_theirs();
    typed(&mut queue, "a new beginning");
    queue.begin();
    queue.refuse(conflict(6, "the third"));
    queue.keep_theirs();

    let mut lost = Vec::new();
    for version in 7..9 {
        let Some(Outgoing::Choice { losing, .. }) = queue.begin() else { panic!("a choice") };
        lost.extend(losing.content);
        queue.confirm(scene(version, "the third"), 0);
    }

    assert_eq!(lost, ["mine", "a new beginning"]);
    assert!(!queue.is_dirty());
}

#[test]
fn letters_typed_after_a_choice_are_not_lost_with_it() {
    let mut queue = in_conflict();
    queue.keep_theirs();
    queue.begin();
    typed(&mut queue, "theirs and more");
    queue.confirm(scene(6, "theirs"), 0);

    assert_eq!(edit(&mut queue).content.as_deref(), Some("theirs and more"));
}

#[test]
fn who_changed_something_else_is_not_asked() {
    let mut queue = open();
    typed(&mut queue, "the sea");
    queue.begin();
    let theirs = with_goal(2, "sea", "get home");
    queue.refuse(Failure::Refused(Current::scene(&theirs).into()));
    assert_eq!(queue.clash(), None);
    assert_eq!(queue.texts().goal, "get home");

    let edit = edit(&mut queue);

    assert_eq!((edit.version, edit.content.as_deref(), edit.goal), (Some(2), Some("the sea"), None));
}

#[test]
fn two_notes_that_differ_are_a_choice_as_well() {
    let mut queue = open();
    queue.type_text(Field::Goal, "leave".into(), 0);
    queue.receive(with_goal(2, "sea", "stay"));
    queue.keep_mine();

    let Some(Outgoing::Choice { edit, losing }) = queue.begin() else { panic!("a choice") };

    assert_eq!((edit.goal.as_deref(), losing.goal.as_deref()), (Some("leave"), Some("stay")));
}

#[test]
fn the_same_text_from_another_tab_is_no_conflict() {
    let mut queue = open();
    typed(&mut queue, "the sea");
    queue.begin();
    queue.refuse(conflict(2, "the sea"));
    assert_eq!(queue.state(), SaveState::Saved { at_ms: 0 });
    assert_eq!(queue.begin(), None);
}

#[test]
fn the_same_text_from_another_tab_ends_the_trouble_with_it() {
    let mut queue = open();
    typed(&mut queue, "the sea");
    queue.begin();
    queue.refuse(Failure::Lost);
    queue.receive(scene(2, "the sea"));
    assert_eq!(queue.state(), SaveState::Saved { at_ms: 0 });
    assert_eq!(queue.retry_after_ms(), None);
}

#[test]
fn the_same_text_under_a_newer_version_lets_the_writer_go_on() {
    let mut queue = open();
    typed(&mut queue, "the sea");
    queue.receive(scene(2, "sea"));
    assert_eq!(queue.clash(), None);
    assert_eq!(edit(&mut queue).version, Some(2));
}

#[test]
fn a_save_that_arrived_without_an_answer_is_no_conflict_with_oneself() {
    let mut queue = open();
    typed(&mut queue, "the sea");
    queue.begin();
    queue.refuse(Failure::Lost);
    typed(&mut queue, "the sea rises");
    queue.begin();
    queue.refuse(conflict(2, "the sea"));
    assert_eq!(queue.clash(), None);

    let edit = edit(&mut queue);

    assert_eq!((edit.version, edit.content.as_deref()), (Some(2), Some("the sea rises")));
}

#[test]
fn a_newer_scene_that_arrives_during_a_save_is_looked_at_after_the_answer() {
    let mut queue = open();
    typed(&mut queue, "the sea");
    queue.begin();
    queue.receive(scene(3, "theirs"));
    assert_eq!(queue.state(), SaveState::Saving);
    queue.confirm(scene(2, "the sea"), 0);
    assert_eq!(queue.texts().content, "theirs", "nothing was unsent any more");
}

#[test]
fn a_third_text_that_arrives_before_the_choice_takes_the_place_of_the_second() {
    let mut queue = in_conflict();
    queue.receive(scene(6, "the third"));
    assert_eq!(queue.clash().expect("still a choice").theirs.content, "the third");
    queue.receive(scene(7, "mine"));
    assert_eq!(queue.clash(), None, "now they agree");
}
