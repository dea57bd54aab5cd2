//! Moves that were made from an order which has changed since.

use domain::{
    error::{Entity as Kind, Problem},
    id::{ChapterId, SceneId},
    studio::{ChapterMove, NewChapter, NewPart, Outline, SceneMove},
};

use crate::support::{Draft, Fixture, assert_not_found, on_both_databases, refusal, value};

async fn outline(fixture: &Fixture, draft: &Draft) -> Outline {
    value(fixture.backend.outline(&draft.author, draft.story).await.unwrap())
}

async fn scenes(fixture: &Fixture, draft: &Draft) -> Vec<SceneId> {
    outline(fixture, draft).await.chapters.into_iter().flat_map(|line| line.scenes).map(|scene| scene.id).collect()
}

async fn chapters(fixture: &Fixture, draft: &Draft) -> Vec<ChapterId> {
    outline(fixture, draft).await.chapters.into_iter().map(|line| line.chapter.id).collect()
}

/// A chapter of three scenes: a, b and c.
async fn three(fixture: &Fixture) -> (Draft, [SceneId; 3]) {
    let draft = fixture.draft("a").await;
    let b = fixture.add_scene(&draft.author, draft.chapter, "b").await.id;
    let c = fixture.add_scene(&draft.author, draft.chapter, "c").await.id;
    let all = [draft.scene, b, c];
    (draft, all)
}

fn nowhere(chapter_id: ChapterId) -> SceneMove {
    SceneMove { chapter_id, index: None, after_id: None, before_id: None, structure_version: None }
}

fn after(chapter_id: ChapterId, after: SceneId, structure_version: impl Into<Option<i64>>) -> SceneMove {
    SceneMove { after_id: Some(after), structure_version: structure_version.into(), ..nowhere(chapter_id) }
}

fn before(chapter_id: ChapterId, before: SceneId) -> SceneMove {
    SceneMove { before_id: Some(before), ..nowhere(chapter_id) }
}

/// The order that a conflict shows.
#[track_caller]
fn shown(refusal: domain::Error) -> Outline {
    let domain::Error::Conflict(current) = refusal else { panic!("not a conflict but {refusal:?}") };
    current.read().expect("a conflict about an order")
}

on_both_databases! {
    async fn a_scene_stands_beside_the_neighbour_it_was_put_to(fixture) {
        let (draft, [a, b, c]) = three(fixture).await;

        for (scene, wish, order) in [
            (a, after(draft.chapter, b, None), [b, a, c]),
            (a, after(draft.chapter, c, None), [b, c, a]),
            (a, before(draft.chapter, b), [a, b, c]),
            (c, before(draft.chapter, b), [a, c, b]),
        ] {
            fixture.backend.move_scene(&draft.author, scene, wish).await.unwrap();
            assert_eq!(scenes(fixture, &draft).await, order);
        }
    }

    async fn a_wish_must_name_one_place_and_no_more(fixture) {
        let (draft, [a, b, c]) = three(fixture).await;
        let wishes = [
            (nowhere(draft.chapter), "index", Problem::Missing),
            (SceneMove { index: Some(0), ..after(draft.chapter, b, None) }, "index", Problem::Contradiction),
            (SceneMove { before_id: Some(c), ..after(draft.chapter, b, None) }, "afterId", Problem::Contradiction),
            (after(draft.chapter, a, None), "afterId", Problem::DoesNotBelong),
            (before(draft.chapter, a), "beforeId", Problem::DoesNotBelong),
        ];

        for (wish, field, problem) in wishes {
            let refused = refusal(fixture.backend.move_scene(&draft.author, a, wish).await);
            assert_eq!(refused, domain::Error::invalid(field, problem));
        }
        assert_eq!(scenes(fixture, &draft).await, [a, b, c]);
    }

    async fn from_another_order_a_neighbour_still_counts_and_an_index_does_not(fixture) {
        let (draft, [a, b, c]) = three(fixture).await;
        let old = outline(fixture, &draft).await.structure_version;
        fixture.backend.move_scene(&draft.author, c, SceneMove::to_index(draft.chapter, 0)).await.unwrap();

        fixture.backend.move_scene(&draft.author, a, after(draft.chapter, b, old)).await.unwrap();
        assert_eq!(scenes(fixture, &draft).await, [c, b, a]);
        let wish = SceneMove { structure_version: Some(old), ..SceneMove::to_index(draft.chapter, 0) };
        let present = shown(refusal(fixture.backend.move_scene(&draft.author, a, wish).await));

        assert_eq!(present, outline(fixture, &draft).await);
        assert_eq!(scenes(fixture, &draft).await, [c, b, a]);
        let wish = SceneMove { structure_version: Some(present.structure_version), ..SceneMove::to_index(draft.chapter, 0) };
        fixture.backend.move_scene(&draft.author, a, wish).await.unwrap();
        assert_eq!(scenes(fixture, &draft).await, [a, c, b]);
    }

    async fn from_another_order_whose_neighbour_or_chapter_has_gone_the_present_one_is_shown(fixture) {
        let (draft, [a, b, c]) = three(fixture).await;
        let second = fixture.add_chapter(&draft.author, draft.story, "Two").await;
        let old = outline(fixture, &draft).await.structure_version;
        fixture.backend.delete_scene(&draft.author, b, None).await.unwrap();
        fixture.backend.delete_chapter(&draft.author, second, None).await.unwrap();
        let present = outline(fixture, &draft).await;

        let beside = fixture.backend.move_scene(&draft.author, a, after(draft.chapter, b, old)).await;
        assert_eq!(shown(refusal(beside)), present);
        let wish = SceneMove { structure_version: Some(old), ..SceneMove::to_index(second, 0) };
        assert_eq!(shown(refusal(fixture.backend.move_scene(&draft.author, a, wish).await)), present);
        assert_eq!(scenes(fixture, &draft).await, [a, c]);
        let gone = fixture.backend.move_scene(&draft.author, b, after(draft.chapter, a, old)).await;
        assert_not_found(gone, Kind::Scene);
    }

    async fn chapters_keep_to_the_same_rules(fixture) {
        let draft = fixture.draft("text").await;
        let second = fixture.add_chapter(&draft.author, draft.story, "Two").await;
        let third = fixture.add_chapter(&draft.author, draft.story, "Three").await;
        let first = draft.chapter;
        let old = outline(fixture, &draft).await.structure_version;
        let nowhere = ChapterMove { part_id: None, index: None, after_id: None, before_id: None, structure_version: Some(old) };
        let put = async |chapter, wish| fixture.backend.move_chapter(&draft.author, chapter, wish).await;

        put(third, ChapterMove { before_id: Some(first), ..nowhere.clone() }).await.unwrap();
        assert_eq!(chapters(fixture, &draft).await, [third, first, second]);
        put(third, ChapterMove { after_id: Some(first), ..nowhere.clone() }).await.unwrap();
        assert_eq!(chapters(fixture, &draft).await, [first, third, second]);
        let late = put(third, ChapterMove { index: Some(0), ..nowhere.clone() }).await;
        assert_eq!(shown(refusal(late)), outline(fixture, &draft).await);
        let part = NewPart { title: "Part".into(), summary: None };
        let part = fixture.backend.add_part(&draft.author, draft.story, part).await.unwrap().value().id;
        fixture.backend.delete_part(&draft.author, part, None).await.unwrap();
        let late = put(third, ChapterMove { part_id: Some(part), after_id: Some(first), ..nowhere }).await;
        assert_eq!(shown(refusal(late)), outline(fixture, &draft).await);
    }

    async fn a_chapter_in_front_of_another_stands_behind_the_part_between_them(fixture) {
        let draft = fixture.draft("text").await;
        let part = NewPart { title: "Part".into(), summary: None };
        let part = fixture.backend.add_part(&draft.author, draft.story, part).await.unwrap().value().id;
        let inside = NewChapter { title: "Inside".into(), summary: None, part_id: Some(part) };
        let inside = fixture.backend.add_chapter(&draft.author, draft.story, inside).await.unwrap().value().id;
        let [last, moved] = [
            fixture.add_chapter(&draft.author, draft.story, "Last").await,
            fixture.add_chapter(&draft.author, draft.story, "Moved").await,
        ];
        let nowhere = ChapterMove { part_id: None, index: None, after_id: None, before_id: None, structure_version: None };

        let wish = ChapterMove { before_id: Some(last), ..nowhere.clone() };
        fixture.backend.move_chapter(&draft.author, moved, wish).await.unwrap();
        assert_eq!(chapters(fixture, &draft).await, [draft.chapter, inside, moved, last]);
        let wish = ChapterMove { after_id: Some(draft.chapter), ..nowhere };
        fixture.backend.move_chapter(&draft.author, moved, wish).await.unwrap();
        assert_eq!(chapters(fixture, &draft).await, [draft.chapter, moved, inside, last]);
    }

    async fn what_comes_goes_and_moves_counts_and_what_is_written_does_not(fixture) {
        let (draft, [a, b, _]) = three(fixture).await;
        let version = async || outline(fixture, &draft).await.structure_version;
        let start = version().await;

        fixture.save(&draft, 1, "other words").await;
        fixture.rename_chapter(&draft, 1, "Renamed").await;
        fixture.backend.publish_story(&draft.author, draft.story).await.unwrap();
        assert_eq!(version().await, start);
        fixture.backend.move_scene(&draft.author, a, after(draft.chapter, b, None)).await.unwrap();
        assert_eq!(version().await, start + 1);
        fixture.backend.delete_scene(&draft.author, a, None).await.unwrap();
        assert_eq!(version().await, start + 2);
        fixture.backend.restore(&draft.author, a.to_string().parse().expect("an id")).await.unwrap();
        assert_eq!(version().await, start + 3);
        fixture.add_chapter(&draft.author, draft.story, "Two").await;
        assert_eq!(version().await, start + 4);
    }

    async fn only_text_that_readers_have_not_got_is_unpublished(fixture) {
        let draft = fixture.draft("text").await;
        let head = async || {
            let line = outline(fixture, &draft).await.chapters.remove(0);
            (line.chapter.unpublished, line.scenes[0].unpublished)
        };
        assert_eq!(head().await, (true, true));
        fixture.backend.publish_story(&draft.author, draft.story).await.unwrap();
        assert_eq!(head().await, (false, false));

        let notes = domain::studio::SceneEdit { goal: Some("home".into()), version: Some(1), ..Default::default() };
        let noted = fixture.backend.edit_scene(&draft.author, draft.scene, notes).await.unwrap();
        assert!(!noted.value().unpublished);
        assert_eq!(head().await, (false, false));
        assert!(fixture.save(&draft, 2, "other words").await.unpublished);
        assert_eq!(head().await, (false, true));
        fixture.rename_chapter(&draft, 1, "Renamed").await;
        assert_eq!(head().await, (true, true));
        fixture.backend.publish_chapter(&draft.author, draft.chapter).await.unwrap();
        assert_eq!(head().await, (false, false));
    }
}
