//! Revisions: no acknowledged text is lost.

use domain::{
    error::Entity as Kind,
    studio::{RevisionKind, SceneEdit, SceneStatus},
};

use crate::support::{Draft, Fixture, assert_not_found, conflicting_scene, content, on_both_databases};

async fn texts(fixture: &Fixture, draft: &Draft) -> Vec<String> {
    let revisions = fixture.backend.revisions(&draft.author, draft.scene).await.unwrap().revisions;
    revisions.into_iter().map(|revision| revision.content).collect()
}

on_both_databases! {
    async fn every_saved_text_is_a_revision_the_newest_first(fixture) {
        let draft = fixture.draft("one").await;
        fixture.save(&draft, 1, "two").await;
        fixture.save(&draft, 2, "").await;

        assert_eq!(texts(fixture, &draft).await, ["", "two", "one"]);
        let second = fixture.backend.revision(&draft.author, draft.scene, 2).await.unwrap();
        assert_eq!((second.n, second.content.as_str(), second.word_count), (2, "two", 1));
    }

    async fn the_history_lists_what_was_there_before_the_present_text(fixture) {
        let draft = fixture.draft("one").await;
        assert_eq!(fixture.backend.history(&draft.author, draft.scene).await.unwrap(), []);
        fixture.save(&draft, 1, "two words").await;
        fixture.save(&draft, 2, "and three words").await;

        let heads = fixture.backend.history(&draft.author, draft.scene).await.unwrap();

        assert_eq!(heads.iter().map(|head| (head.n, head.word_count)).collect::<Vec<_>>(), [(2, 2), (1, 1)]);
        let stranger = fixture.writer().await;
        assert_not_found(fixture.backend.history(&stranger, draft.scene).await, Kind::Scene);
    }

    async fn a_save_that_changes_no_text_makes_no_revision(fixture) {
        let draft = fixture.draft("one").await;
        fixture.save(&draft, 1, "one").await;
        let edit = SceneEdit { status: Some(SceneStatus::Done), version: Some(2), ..SceneEdit::default() };
        fixture.backend.edit_scene(&draft.author, draft.scene, edit).await.unwrap();

        assert_eq!(texts(fixture, &draft).await, ["one"]);
    }

    async fn a_new_title_is_a_new_text(fixture) {
        let draft = fixture.draft("one").await;
        let edit = SceneEdit { title: Some("Renamed".into()), version: Some(1), ..SceneEdit::default() };
        fixture.backend.edit_scene(&draft.author, draft.scene, edit).await.unwrap();

        let revisions = fixture.backend.revisions(&draft.author, draft.scene).await.unwrap().revisions;
        let titles: Vec<&str> = revisions.iter().map(|revision| revision.title.as_str()).collect();
        assert_eq!(titles, ["Renamed", "A scene"]);
    }

    async fn a_restored_revision_is_a_new_version_and_nothing_is_lost(fixture) {
        let draft = fixture.draft("one").await;
        fixture.save(&draft, 1, "two").await;

        let restored = fixture.backend.restore_revision(&draft.author, draft.scene, 1, Some(2)).await.unwrap();

        assert_eq!((restored.value().version, restored.value().content.as_str()), (3, "one"));
        assert_eq!(texts(fixture, &draft).await, ["one", "two", "one"]);
        let revisions = fixture.backend.revisions(&draft.author, draft.scene).await.unwrap().revisions;
        let kinds: Vec<_> = revisions.iter().map(|revision| revision.kind).collect();
        assert_eq!(kinds, [RevisionKind::Auto, RevisionKind::PreRestore, RevisionKind::Auto], "newest first");
    }

    async fn a_restore_keeps_to_the_rules_of_an_edit(fixture) {
        let draft = fixture.draft("one").await;
        fixture.save(&draft, 1, "two").await;
        let restore = async |n, version| {
            fixture.backend.restore_revision(&draft.author, draft.scene, n, version).await
        };

        assert_eq!(conflicting_scene(restore(1, Some(1)).await).version, 2);
        assert_eq!(crate::support::refusal(restore(1, None).await), domain::Error::VersionRequired);
        assert_not_found(restore(9, Some(2)).await, Kind::Revision);
    }

    async fn of_two_texts_the_one_that_was_not_chosen_is_kept_for_ever(fixture) {
        let draft = fixture.draft("one").await;
        let theirs = fixture.save(&draft, 1, "theirs").await;
        let settle = async |edit, losing| {
            fixture.backend.settle_scene(&draft.author, draft.scene, edit, losing).await
        };

        // The stored text was chosen: nothing changes but the history.
        let kept = settle(SceneEdit { version: Some(2), ..SceneEdit::default() }, content(1, "mine")).await.unwrap();
        assert_eq!((kept.value().version, &kept.value().content), (3, &theirs.content));
        // The text on the screen was chosen.
        let kept = settle(content(3, "mine again"), content(3, "theirs")).await.unwrap();
        assert_eq!((kept.value().version, kept.value().content.as_str()), (4, "mine again"));

        let revisions = fixture.backend.revisions(&draft.author, draft.scene).await.unwrap().revisions;
        let kept: Vec<_> = revisions.iter().map(|revision| (revision.kind, revision.content.as_str())).collect();
        assert_eq!(kept, [
            (RevisionKind::Auto, "mine again"),
            (RevisionKind::Conflict, "theirs"),
            (RevisionKind::Conflict, "mine"),
            (RevisionKind::Auto, "theirs"),
            (RevisionKind::Auto, "one"),
        ], "newest first");
    }

    async fn notes_that_were_not_chosen_are_kept_in_words(fixture) {
        let draft = fixture.draft("one").await;
        let edit = SceneEdit { version: Some(1), ..SceneEdit::default() };
        let losing = SceneEdit { goal: Some("get home".into()), outcome: Some("drowns".into()), ..SceneEdit::default() };

        fixture.backend.settle_scene(&draft.author, draft.scene, edit, losing).await.unwrap();

        let revisions = fixture.backend.revisions(&draft.author, draft.scene).await.unwrap().revisions;
        assert_eq!(revisions[0].content, "one", "the present text is the newest revision");
        let notes = (revisions[1].kind, revisions[1].content.as_str());
        assert_eq!(notes, (RevisionKind::Conflict, "Goal: get home\n\nOutcome: drowns"));
    }

    async fn a_choice_keeps_to_the_rules_of_an_edit(fixture) {
        let draft = fixture.draft("one").await;
        fixture.save(&draft, 1, "two").await;
        let stranger = fixture.writer().await;
        let settle = async |author, edit| {
            fixture.backend.settle_scene(author, draft.scene, edit, content(1, "lost")).await
        };

        assert_eq!(conflicting_scene(settle(&draft.author, content(1, "three")).await).version, 2);
        let unversioned = SceneEdit { version: None, ..content(1, "three") };
        assert_eq!(crate::support::refusal(settle(&draft.author, unversioned).await), domain::Error::VersionRequired);
        assert_not_found(settle(&stranger, content(2, "three")).await, Kind::Scene);
        assert_eq!(texts(fixture, &draft).await, ["two", "one"], "a refused choice leaves no trace");
    }

    async fn what_was_published_is_marked_to_be_kept_for_ever(fixture) {
        let draft = fixture.draft("one").await;
        fixture.save(&draft, 1, "two").await;
        fixture.backend.publish_story(&draft.author, draft.story).await.unwrap();
        fixture.save(&draft, 2, "three").await;

        let revisions = fixture.backend.revisions(&draft.author, draft.scene).await.unwrap().revisions;
        let kinds: Vec<RevisionKind> = revisions.iter().map(|revision| revision.kind).collect();
        assert_eq!(kinds, [RevisionKind::Auto, RevisionKind::Publish, RevisionKind::Auto]);
    }

    async fn a_list_of_long_texts_holds_as_many_as_fit(fixture) {
        let draft = fixture.draft("start").await;
        for version in 1..=34 {
            let text = format!("{version} {}", "x".repeat(499_000));
            fixture.save(&draft, version, &text).await;
        }

        let listed = fixture.backend.revisions(&draft.author, draft.scene).await.unwrap().revisions;

        assert_eq!(listed.first().map(|revision| revision.n), Some(35));
        assert_eq!(listed.len(), 32);
        assert_eq!(fixture.backend.revision(&draft.author, draft.scene, 1).await.unwrap().content, "start");
    }
}
