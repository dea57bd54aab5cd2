//! What a writer may rely on.

use chrono::DateTime;
use domain::{
    error::{Current, Problem},
    id::{ChapterId, SceneId, StoryId},
};

use domain::Error as Refusal;

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
        status: domain::studio::SceneStatus::Draft,
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

#[test]
fn an_opened_scene_is_saved_and_has_nothing_to_send() {
    let mut queue = open();
    assert_eq!(queue.state(), SaveState::Saved { at_ms: 0 });
    assert_eq!(queue.begin(), None);
}

#[test]
fn an_edit_names_its_version_and_only_what_changed() {
    let mut queue = open();
    queue.type_text(Field::Content, "the sea".into());

    let edit = queue.begin().expect("something to save");

    assert_eq!(edit.version, Some(1));
    assert_eq!(edit.content.as_deref(), Some("the sea"));
    assert_eq!(edit.title, None);
}

#[test]
fn it_is_never_called_saved_before_the_server_has_it() {
    let mut queue = open();
    queue.type_text(Field::Content, "the sea".into());
    assert_eq!(queue.state(), SaveState::Unsaved);
    queue.begin();
    assert_eq!(queue.state(), SaveState::Saving);
    queue.confirm(scene(2, "the sea"), 99);
    assert_eq!(queue.state(), SaveState::Saved { at_ms: 99 });
}

#[test]
fn letters_typed_during_a_save_stay_and_go_upon_the_new_version() {
    let mut queue = open();
    queue.type_text(Field::Content, "the sea".into());
    queue.begin();
    queue.type_text(Field::Content, "the sea rises".into());
    assert_eq!(queue.begin(), None, "one save at a time");
    queue.confirm(scene(2, "the sea"), 0);

    let edit = queue.begin().expect("more to save");

    assert_eq!((edit.version, edit.content.as_deref()), (Some(2), Some("the sea rises")));
}

#[test]
fn text_that_the_server_cleans_is_not_sent_again_and_again() {
    let mut queue = open();
    queue.type_text(Field::Title, "The ferry ".into());
    queue.begin();
    queue.confirm(scene(2, "sea"), 0);
    assert_eq!(queue.begin(), None);
    assert_eq!(queue.texts().title, "The ferry ", "what is being typed is not replaced");
}

#[test]
fn a_newer_scene_replaces_the_text_only_where_nothing_was_typed() {
    let mut queue = open();
    queue.receive(scene(2, "theirs"));
    assert_eq!(queue.texts().content, "theirs");

    queue.type_text(Field::Content, "mine".into());
    queue.receive(scene(3, "theirs again"));
    assert_eq!(queue.texts().content, "mine");
}

#[test]
fn an_older_scene_from_a_late_answer_changes_nothing() {
    let mut queue = open();
    queue.receive(scene(3, "new"));
    queue.receive(scene(2, "old"));
    assert_eq!(queue.texts().content, "new");
}

#[test]
fn without_an_answer_the_text_stays_and_can_be_sent_again() {
    let mut queue = open();
    queue.type_text(Field::Content, "the sea".into());
    queue.begin();
    queue.refuse(Failure::Lost);
    assert_eq!(queue.state(), SaveState::Offline);
    assert!(queue.is_dirty());
    assert!(queue.begin().is_some());
}

#[test]
fn a_session_that_ended_keeps_the_text_and_says_so() {
    let mut queue = open();
    queue.type_text(Field::Content, "the sea".into());
    queue.begin();
    queue.refuse(Refusal::SignedOut.into());
    assert_eq!(queue.state(), SaveState::SignedOut);
    assert_eq!(queue.texts().content, "the sea");
}

#[test]
fn a_refused_text_is_not_sent_again_by_itself_until_it_changes() {
    let mut queue = open();
    queue.type_text(Field::Title, String::new());
    queue.begin();
    queue.refuse(Refusal::invalid("title", Problem::Empty).into());
    assert_eq!(queue.state(), SaveState::Failed { why: "The title is empty.".into(), kept: false });
    assert!(!queue.may_begin());
    queue.type_text(Field::Title, "T".into());
    assert!(queue.may_begin());
}

#[test]
fn a_conflict_keeps_both_texts_and_sends_nothing_by_itself() {
    let mut queue = open();
    queue.type_text(Field::Content, "mine".into());
    queue.begin();
    queue.refuse(conflict(5, "theirs"));

    let clash = queue.clash().expect("two texts");

    assert_eq!((clash.mine.content.as_str(), clash.theirs.content.as_str()), ("mine", "theirs"));
    assert_eq!(queue.state(), SaveState::Conflict);
    assert_eq!(queue.begin(), None);
}

#[test]
fn keeping_mine_goes_upon_the_version_that_won() {
    let mut queue = open();
    queue.type_text(Field::Content, "mine".into());
    queue.begin();
    queue.refuse(conflict(5, "theirs"));
    queue.keep_mine();

    let edit = queue.begin().expect("my text");

    assert_eq!((edit.version, edit.content.as_deref()), (Some(5), Some("mine")));
}

#[test]
fn keeping_theirs_saves_mine_first_so_that_it_can_be_had_back() {
    let mut queue = open();
    queue.type_text(Field::Content, "mine".into());
    queue.begin();
    queue.refuse(conflict(5, "theirs"));
    queue.keep_theirs();

    let first = queue.begin().expect("my text goes into the history");
    queue.confirm(scene(6, "mine"), 0);
    let second = queue.begin().expect("then theirs again");

    assert_eq!((first.version, first.content.as_deref()), (Some(5), Some("mine")));
    assert_eq!((second.version, second.content.as_deref()), (Some(6), Some("theirs")));
}

#[test]
fn text_found_on_the_device_is_offered_and_not_just_sent() {
    let mut queue = open();
    queue.found(&Draft { base_version: 1, title: "The ferry".into(), content: "unsent".into(), kept_at: 0 });
    assert_eq!(queue.clash().expect("two texts").mine.content, "unsent");
    assert_eq!(queue.begin(), None);
}

#[test]
fn a_draft_that_the_server_already_has_is_no_clash() {
    let mut queue = open();
    queue.found(&Draft { base_version: 1, title: "The ferry".into(), content: "sea".into(), kept_at: 0 });
    assert_eq!(queue.clash(), None);
}
