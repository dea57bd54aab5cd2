//! What an earlier visit left on the device.

use super::*;

fn name(desk: &str) -> DraftName {
    DraftName::new(UserId::from_random([9; 21]), scene(1, "").id, 1, desk)
}

fn draft(version: i64, content: &str) -> Draft {
    let edit = SceneEdit { content: Some(content.into()), version: Some(version), ..SceneEdit::default() };
    Draft { edit, story: None, scene_title: "The ferry".into(), sent: Vec::new(), changes: 2, kept_at: 3 }
}

fn found(queue: &mut SaveQueue, draft: Draft) {
    queue.found(vec![(name("earlier"), draft)]);
}

#[test]
fn text_that_was_typed_upon_the_stored_version_is_saved_by_itself_and_that_is_said() {
    let mut queue = open();
    found(&mut queue, draft(1, "unsent"));
    assert!(queue.may_begin());
    assert_eq!(edit(&mut queue).content.as_deref(), Some("unsent"));
    assert!(!queue.has_replayed());
    queue.confirm(scene(2, "unsent"), 0);
    assert!(queue.has_replayed());
    assert_eq!(queue.outlived(), [name("earlier")]);
    typed(&mut queue, "unsent and more");
    assert!(!queue.has_replayed(), "said once, not for ever");
}

#[test]
fn text_that_was_typed_upon_another_version_is_offered_and_not_just_sent() {
    let mut queue = SaveQueue::default();
    queue.receive(scene(4, "sea"));
    found(&mut queue, draft(1, "unsent"));

    let clash = queue.clash().expect("two texts");

    assert_eq!((clash.mine.content.as_str(), clash.mine_at, clash.reason), ("unsent", 3, ClashReason::FoundOnDevice));
    assert_eq!(queue.begin(), None);
    assert_eq!(queue.outlived(), [], "it stays until its writer has chosen");
}

#[test]
fn a_draft_that_the_server_already_has_is_no_choice_and_goes() {
    let mut queue = open();
    found(&mut queue, draft(0, "sea"));
    assert_eq!(queue.clash(), None);
    assert_eq!(queue.outlived(), [name("earlier")]);
}

#[test]
fn a_draft_whose_save_arrived_before_the_crash_goes_on_from_there() {
    let mut queue = SaveQueue::default();
    queue.receive(scene(2, "half"));
    let sent = vec![Texts::from(&scene(2, "half")).mark()];
    found(&mut queue, Draft { sent, ..draft(1, "half and half") });
    assert_eq!(queue.clash(), None);
    assert_eq!(edit(&mut queue).version, Some(2));
}

#[test]
fn a_draft_waits_while_the_scene_on_the_screen_is_older_than_it() {
    let mut queue = open();
    found(&mut queue, draft(3, "unsent"));
    assert_eq!((queue.clash(), queue.begin()), (None, None), "the old scene came from this device");
    queue.receive(scene(3, "new"));
    assert_eq!(edit(&mut queue).content.as_deref(), Some("unsent"));
}

#[test]
fn a_draft_waits_while_its_writer_types_something_else() {
    let mut queue = open();
    typed(&mut queue, "typed before the device was looked at");
    found(&mut queue, draft(1, "unsent"));
    assert_eq!(queue.texts().content, "typed before the device was looked at");
    queue.begin();
    queue.confirm(scene(2, "typed before the device was looked at"), 0);
    assert_eq!(queue.clash().expect("two texts").mine.content, "unsent");
}

#[test]
fn of_several_drafts_one_is_looked_at_after_the_other() {
    let mut queue = open();
    queue.found(vec![(name("newest"), draft(1, "newest")), (name("older"), draft(1, "older"))]);
    queue.begin();
    queue.confirm(scene(2, "newest"), 0);
    let clash = queue.clash().expect("the older one is a text to choose from now");
    assert_eq!((clash.mine.content.as_str(), clash.theirs.content.as_str()), ("older", "newest"));
}

#[test]
fn a_draft_that_is_found_twice_counts_once() {
    let mut queue = SaveQueue::default();
    queue.receive(scene(4, "sea"));
    found(&mut queue, draft(1, "unsent"));
    found(&mut queue, draft(1, "unsent"));
    queue.keep_theirs();
    queue.begin();
    queue.confirm(scene(5, "sea"), 0);
    assert_eq!(queue.clash(), None);
}

#[test]
fn every_field_of_a_scene_is_kept_and_found() {
    let mut queue = open();
    for field in Field::ALL {
        queue.type_text(field, format!("my {}", field.name()), 0);
    }
    queue.set_status(SceneStatus::Done, 0);
    let draft = queue.draft(0).expect("unsent text");

    let mut next = open();
    next.found(vec![(name("earlier"), draft)]);

    assert_eq!(next.texts(), queue.texts());
}
