//! What lies on a device, in the form of today and of before.

use domain::{
    id::{SceneId, UserId},
    studio::SceneEdit,
};

use super::{Draft, DraftName};

fn name(version: i64, desk: &str) -> DraftName {
    DraftName::new(UserId::from_random([9; 21]), SceneId::from_random([1; 21]), version, desk)
}

#[test]
fn a_name_tells_scene_and_desk_and_no_two_desks_share_one() {
    let name = name(3, "18c-7f");
    assert_eq!(name.scene(), Some(SceneId::from_random([1; 21])));
    assert_eq!(name.desk(), Some("18c-7f"));
    assert_ne!(name, self::name(3, "18c-80"));
    assert_ne!(name, self::name(4, "18c-7f"));
    assert!(name.to_string().starts_with(&DraftName::prefix(UserId::from_random([9; 21]))));
}

#[test]
fn names_of_other_things_are_not_names_of_drafts() {
    for text in ["", "fictures:v1:guest:novels", "fictures:draft:", "fictures:draft:a:b:1:c", "somebody-else"] {
        assert_eq!(DraftName::read(text), None, "{text}");
    }
}

#[test]
fn a_draft_survives_its_own_text() {
    let edit = SceneEdit { content: Some("sea \"and\"\n salt".into()), version: Some(4), ..SceneEdit::default() };
    let draft = Draft { edit, story: None, scene_title: "S".into(), sent: vec![u64::MAX], changes: 3, kept_at: 5 };
    assert_eq!(Draft::of_text(&draft.to_text()), Some(draft));
}

#[test]
fn drafts_of_the_first_form_are_still_understood() {
    let text = r#"{"baseVersion":2,"title":"The ferry","content":"unsent","keptAt":7}"#;
    let draft = Draft::of_text(text).expect("a draft");
    assert_eq!((draft.edit.version, draft.edit.content.as_deref()), (Some(2), Some("unsent")));
    assert_eq!((draft.scene_title.as_str(), draft.kept_at), ("The ferry", 7));
    let old = format!("fictures:draft:{}:{}", UserId::from_random([9; 21]), SceneId::from_random([1; 21]));
    assert_eq!(DraftName::read(&old).expect("a name").desk(), None);
}

#[test]
fn what_is_no_draft_is_left_alone() {
    assert_eq!(Draft::of_text("{}"), None);
    assert_eq!(Draft::of_text("not even JSON"), None);
}

#[test]
fn of_two_texts_under_one_name_only_the_older_one_may_go() {
    let kept_at = |kept_at: u64| Draft {
        edit: SceneEdit::default(),
        story: None,
        scene_title: String::new(),
        sent: Vec::new(),
        changes: 1,
        kept_at,
    };
    assert!(kept_at(5).is_older_than(&kept_at(6)));
    assert!(!kept_at(6).is_older_than(&kept_at(5)), "it was typed while the other was on its way to the disk");
    assert!(!kept_at(5).is_older_than(&kept_at(5)), "nobody can say");
}
