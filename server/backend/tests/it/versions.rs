//! Optimistic concurrency: who wrote from which version.

use domain::studio::{ChapterEdit, NewPart, PartEdit, SceneEdit, StoryEdit};

use crate::support::{assert_not_found, conflicting_scene, content, on_both_databases, refusal, value};

on_both_databases! {
    async fn an_edit_from_the_stored_version_makes_the_next(fixture) {
        let draft = fixture.draft("first").await;

        let saved = fixture.save(&draft, 1, "second").await;

        assert_eq!((saved.version, saved.content.as_str()), (2, "second"));
        let read = value(fixture.backend.scene(&draft.author, draft.scene).await.unwrap()).scene;
        assert_eq!(read, saved);
    }

    async fn an_edit_that_names_no_version_is_refused_and_changes_nothing(fixture) {
        let draft = fixture.draft("first").await;

        let edit = SceneEdit { version: None, ..content(1, "second") };
        let refused = refusal(fixture.backend.edit_scene(&draft.author, draft.scene, edit).await);

        assert_eq!(refused, domain::Error::VersionRequired);
        assert_eq!(fixture.look::<String>("SELECT body FROM scenes").await, ["first"]);
    }

    async fn an_edit_from_an_old_version_gets_the_stored_scene_and_changes_nothing(fixture) {
        let draft = fixture.draft("first").await;
        fixture.save(&draft, 1, "second").await;

        let late = fixture.backend.edit_scene(&draft.author, draft.scene, content(1, "third")).await;

        let current = conflicting_scene(late);
        assert_eq!((current.version, current.content.as_str()), (2, "second"));
        assert_eq!(fixture.look::<i64>("SELECT version FROM scenes").await, [2]);
    }

    async fn a_version_of_the_future_is_refused_too(fixture) {
        let draft = fixture.draft("first").await;

        let early = fixture.backend.edit_scene(&draft.author, draft.scene, content(7, "second")).await;

        assert_eq!(conflicting_scene(early).version, 1);
    }

    async fn fields_that_an_edit_does_not_name_stay(fixture) {
        let draft = fixture.draft("the text").await;

        let edit = SceneEdit { goal: Some("get home".into()), version: Some(1), ..SceneEdit::default() };
        let saved = fixture.backend.edit_scene(&draft.author, draft.scene, edit).await.unwrap();

        assert_eq!(saved.value().content, "the text");
        assert_eq!(saved.value().goal, "get home");
        assert_eq!(saved.value().word_count, 2);
    }

    async fn stories_parts_and_chapters_keep_to_the_same_rules(fixture) {
        let draft = fixture.draft("text").await;
        let (backend, author) = (&fixture.backend, &draft.author);
        let part = NewPart { title: "Part".into(), summary: None };
        let part = backend.add_part(author, draft.story, part).await.unwrap().value().id;

        let title = || Some("New".to_owned());
        for (version, wanted) in [(None, 428), (Some(9), 409), (Some(1), 200), (Some(1), 409), (Some(2), 200)] {
            let edit = StoryEdit { title: title(), version, ..StoryEdit::default() };
            let story = backend.edit_story(author, draft.story, edit).await.map(|saved| saved.value().version);
            let edit = PartEdit { title: title(), version, ..PartEdit::default() };
            let part = backend.edit_part(author, part, edit).await.map(|saved| saved.value().version);
            let edit = ChapterEdit { title: title(), version, ..ChapterEdit::default() };
            let chapter = backend.edit_chapter(author, draft.chapter, edit).await.map(|saved| saved.value().version);

            for outcome in [story, part, chapter] {
                match (wanted, outcome) {
                    (200, Ok(next)) => assert_eq!(Some(next), version.map(|version| version + 1)),
                    (428, outcome) => assert_eq!(refusal(outcome), domain::Error::VersionRequired),
                    (409, outcome) => assert!(matches!(refusal(outcome), domain::Error::Conflict(_))),
                    (_, outcome) => panic!("{wanted} expected, not {outcome:?}"),
                }
            }
        }
    }

    async fn of_two_writers_at_once_one_wins_and_the_other_is_told(fixture) {
        let draft = fixture.draft("start").await;

        for round in 0..8 {
            let version = round + 1;
            let [ours, theirs] = [format!("ours {round}"), format!("theirs {round}")];
            let save = |text: &str| {
                let (backend, draft, edit) = (fixture.backend.clone(), draft.clone(), content(version, text));
                tokio::spawn(async move { backend.edit_scene(&draft.author, draft.scene, edit).await })
            };
            let (one, other) = tokio::join!(save(&ours), save(&theirs));
            let (one, other) = (one.unwrap(), other.unwrap());

            assert!(one.is_ok() != other.is_ok(), "exactly one of them wins");
            let (winner, loser) = if one.is_ok() { (one, other) } else { (other, one) };
            let won = winner.unwrap();
            assert_eq!(conflicting_scene(loser), *won.value());
            assert_eq!(won.value().version, version + 1);
        }
    }

    async fn every_acknowledged_text_can_be_found_after_a_storm_of_writers(fixture) {
        let draft = fixture.draft("start").await;

        let writers = (0..6).map(|writer| {
            let (backend, draft) = (fixture.backend.clone(), draft.clone());
            tokio::spawn(async move {
                let mut acknowledged = Vec::new();
                let mut version = 1;
                for turn in 0..5 {
                    let text = format!("writer {writer}, turn {turn}");
                    match backend.edit_scene(&draft.author, draft.scene, content(version, &text)).await {
                        Ok(saved) => {
                            version = saved.value().version;
                            acknowledged.push(text);
                        }
                        conflict => version = conflicting_scene(conflict).version,
                    }
                }
                acknowledged
            })
        });
        let mut acknowledged = vec!["start".to_owned()];
        for writer in writers.collect::<Vec<_>>() {
            acknowledged.extend(writer.await.unwrap());
        }

        let kept = fixture.backend.revisions(&draft.author, draft.scene).await.unwrap().revisions;
        let kept: Vec<String> = kept.into_iter().rev().map(|revision| revision.content).collect();
        let [mut kept_sorted, mut acknowledged_sorted] = [kept.clone(), acknowledged.clone()];
        kept_sorted.sort();
        acknowledged_sorted.sort();
        assert_eq!(kept_sorted, acknowledged_sorted);
        let current = value(fixture.backend.scene(&draft.author, draft.scene).await.unwrap()).scene;
        assert_eq!(Some(&current.content), kept.last(), "the newest revision is the present text");
        assert_eq!(current.version, i64::try_from(acknowledged.len()).unwrap());
    }

    async fn a_removal_names_a_version_or_none(fixture) {
        let draft = fixture.draft("first").await;
        fixture.save(&draft, 1, "second").await;

        let late = fixture.backend.delete_scene(&draft.author, draft.scene, Some(1)).await;
        assert_eq!(conflicting_scene(late).version, 2);
        fixture.backend.delete_scene(&draft.author, draft.scene, Some(2)).await.unwrap();
        fixture.backend.delete_chapter(&draft.author, draft.chapter, None).await.unwrap();

        let again = fixture.backend.delete_chapter(&draft.author, draft.chapter, None).await;
        assert_not_found(again, domain::error::Entity::Chapter);
    }
}
