//! What a writer may rely on.

mod choosing;
mod finding;
mod schedules;
mod world;

use chrono::DateTime;
use domain::{
    Error as Refusal,
    error::{Current, Problem},
    id::{ChapterId, SceneId, StoryId},
    studio::SceneEdit,
};

use super::*;

fn scene(version: i64, content: &str) -> Scene {
    Scene {
        id: SceneId::from_random([1; 21]),
        story_id: StoryId::from_random([2; 21]),
        chapter_id: ChapterId::from_random([3; 21]),
        title: "The ferry".into(),
        content: content.into(),
        summary: String::new(),
        goal: String::new(),
        conflict: String::new(),
        outcome: String::new(),
        status: SceneStatus::Draft,
        position: 1,
        word_count: 1,
        version,
        published_version: None,
        unpublished: true,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

/// A queue in which version 1 says "sea".
fn open() -> SaveQueue {
    let mut queue = SaveQueue::default();
    queue.receive(scene(1, "sea"));
    queue
}

fn conflict(version: i64, content: &str) -> Failure {
    Failure::Refused(Current::scene(&scene(version, content)).into())
}

fn typed(queue: &mut SaveQueue, content: &str) {
    queue.type_text(Field::Content, content.into(), 7);
}

/// The edit that goes to the server next.
#[track_caller]
fn edit(queue: &mut SaveQueue) -> SceneEdit {
    match queue.begin() {
        Some(Outgoing::Edit(edit)) => edit,
        other => panic!("an edit expected, not {other:?}"),
    }
}

#[test]
fn an_opened_scene_is_saved_and_has_nothing_to_send() {
    let mut queue = open();
    assert_eq!(queue.state(), SaveState::Saved { at_ms: 0 });
    assert_eq!(queue.begin(), None);
    assert_eq!(queue.draft(0), None);
}

#[test]
fn an_edit_names_its_version_and_only_what_changed() {
    let mut queue = open();
    typed(&mut queue, "the sea");

    let edit = edit(&mut queue);

    assert_eq!(edit, SceneEdit { content: Some("the sea".into()), version: Some(1), ..SceneEdit::default() });
}

#[test]
fn it_is_never_called_saved_before_the_server_has_it() {
    let mut queue = open();
    typed(&mut queue, "the sea");
    assert_eq!(queue.state(), SaveState::Unsaved);
    queue.begin();
    assert_eq!(queue.state(), SaveState::Saving);
    queue.confirm(scene(2, "the sea"), 99);
    assert_eq!(queue.state(), SaveState::Saved { at_ms: 99 });
}

#[test]
fn letters_typed_during_a_save_stay_and_go_upon_the_new_version() {
    let mut queue = open();
    typed(&mut queue, "the sea");
    queue.begin();
    typed(&mut queue, "the sea rises");
    assert_eq!(queue.begin(), None, "one save at a time");
    queue.confirm(scene(2, "the sea"), 0);

    let edit = edit(&mut queue);

    assert_eq!((edit.version, edit.content.as_deref()), (Some(2), Some("the sea rises")));
}

#[test]
fn text_that_the_server_cleans_is_not_sent_again_and_again() {
    let mut queue = open();
    queue.type_text(Field::Title, "The ferry ".into(), 0);
    queue.begin();
    queue.confirm(scene(2, "sea"), 0);
    assert_eq!(queue.begin(), None);
    assert_eq!(queue.texts().title, "The ferry ", "what is being typed is not replaced");
}

#[test]
fn a_newer_scene_replaces_text_only_where_nothing_was_typed() {
    let mut queue = open();
    queue.receive(scene(2, "theirs"));
    assert_eq!(queue.texts().content, "theirs");

    typed(&mut queue, "mine");
    queue.receive(scene(3, "theirs again"));
    assert_eq!(queue.texts().content, "mine");
    assert_eq!(queue.state(), SaveState::Conflict, "and it is said at once that there are two");
}

#[test]
fn an_older_scene_from_a_late_answer_changes_nothing() {
    let mut queue = open();
    queue.receive(scene(3, "new"));
    queue.receive(scene(2, "old"));
    assert_eq!(queue.texts().content, "new");
}

#[test]
fn without_an_answer_the_text_stays_and_is_sent_again_after_ever_longer_pauses() {
    let mut queue = open();
    typed(&mut queue, "the sea");
    let mut pauses = Vec::new();
    for _ in 0..6 {
        assert!(queue.begin().is_some());
        queue.refuse(Failure::Lost);
        pauses.push(queue.retry_after_ms().expect("it is tried again") / 1_000);
    }
    assert_eq!(pauses, [5, 10, 20, 40, 60, 60]);
    assert!(queue.is_dirty() && queue.may_retry());
    assert!(!queue.may_begin(), "not before its time");
    queue.begin();
    queue.confirm(scene(2, "the sea"), 0);
    assert_eq!(queue.retry_after_ms(), None);
}

#[test]
fn a_server_that_breaks_is_asked_again_and_the_failure_is_told() {
    let mut queue = open();
    typed(&mut queue, "the sea");
    queue.begin();
    queue.refuse(Failure::Broken);
    assert!(matches!(queue.state(), SaveState::Failed { .. }));
    assert_eq!(queue.retry_after_ms(), Some(5_000));
}

#[test]
fn a_server_that_is_asked_too_often_is_left_alone_for_as_long_as_it_says() {
    let mut queue = open();
    typed(&mut queue, "the sea");
    queue.begin();
    queue.refuse(Refusal::TooMany { retry_after_secs: 37 }.into());
    typed(&mut queue, "the sea rises");
    assert!(!queue.may_begin());
    assert_eq!(queue.retry_after_ms(), Some(37_000));
}

#[test]
fn how_much_waits_on_the_device_is_counted_in_batches() {
    let mut queue = open();
    for content in ["a", "ab", "ab", "abc"] {
        typed(&mut queue, content);
        let draft = queue.draft(0).expect("unsent text");
        let name = DraftName::new(UserId::from_random([9; 21]), scene(1, "").id, 1, "desk");
        queue.was_kept(&name, draft.changes > 0);
    }
    queue.begin();
    queue.refuse(Failure::Lost);
    assert_eq!(queue.state(), SaveState::Offline { changes: 3, kept: true });
}

#[test]
fn a_session_that_ended_keeps_the_text_and_says_so() {
    let mut queue = open();
    typed(&mut queue, "the sea");
    queue.begin();
    queue.refuse(Refusal::SignedOut.into());
    assert_eq!(queue.state(), SaveState::SignedOut { kept: false });
    assert_eq!(queue.texts().content, "the sea");
    assert!(queue.may_retry(), "once somebody has logged in");
    assert_eq!(queue.retry_after_ms(), None, "but nobody can know when");
}

#[test]
fn a_refused_text_is_not_sent_again_by_itself_until_it_changes() {
    let mut queue = open();
    queue.type_text(Field::Title, String::new(), 0);
    queue.begin();
    queue.refuse(Refusal::invalid("title", Problem::Empty).into());
    assert_eq!(queue.state(), SaveState::Failed { why: "The title is empty.".into(), kept: false });
    assert!(!queue.may_begin() && !queue.may_retry() && queue.retry_after_ms().is_none());
    queue.type_text(Field::Title, "T".into(), 0);
    assert!(queue.may_begin());
}

#[test]
fn a_draft_goes_when_the_server_has_it_and_not_before() {
    let mut queue = open();
    let name = DraftName::new(UserId::from_random([9; 21]), scene(1, "").id, 1, "desk");
    typed(&mut queue, "the sea");
    assert!(queue.draft(5).is_some());
    assert_eq!(queue.was_kept(&name, true), []);
    queue.begin();
    assert_eq!(queue.outlived(), [], "it may still be lost on the way");
    queue.confirm(scene(2, "the sea"), 0);
    assert_eq!(queue.outlived(), [name]);
}
