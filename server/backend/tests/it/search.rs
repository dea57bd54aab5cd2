//! Search and replace over a story: every place, all or nothing, and nothing lost.

use domain::{
    Error,
    error::{Entity as Kind, Problem},
    studio::{Hit, HitField, Hits, Replace, Replaced, RevisionKind, Search},
    user::Role,
};

use crate::support::{Draft, Fixture, assert_not_found, conflicting_scene, on_both_databases, refusal, value};

async fn found(fixture: &Fixture, draft: &Draft, query: &str) -> Hits {
    let search = Search { query: query.into(), ..Search::default() };
    fixture.backend.search(&draft.author, draft.story, search).await.expect("a search")
}

fn replacement(query: &str, replacement: &str, hits: &[Hit]) -> Replace {
    Replace { query: query.into(), replacement: replacement.into(), hits: hits.to_vec(), ..Replace::default() }
}

async fn replace(fixture: &Fixture, draft: &Draft, wish: Replace) -> Result<Replaced, backend::Error> {
    fixture.backend.replace(&draft.author, draft.story, wish).await.map(|saved| saved.value().clone())
}

async fn content(fixture: &Fixture, draft: &Draft) -> String {
    value(fixture.backend.scene(&draft.author, draft.scene).await.expect("the scene is there")).scene.content
}

on_both_databases! {
    async fn hits_come_in_reading_order_from_titles_and_texts(fixture) {
        let draft = fixture.draft("The sea — a scene.").await;
        let second = fixture.add_chapter(&draft.author, draft.story, "Two").await;
        fixture.add_scene(&draft.author, second, "no such word").await;
        let gone = fixture.add_scene(&draft.author, second, "a scene in the trash").await;
        fixture.backend.delete_scene(&draft.author, gone.id, None).await.unwrap();

        let hits = found(fixture, &draft, "SCENE").await;

        let places: Vec<_> = hits.hits.iter().map(|hit| (hit.chapter_id, hit.field, hit.start)).collect();
        let (title, content) = (HitField::Title, HitField::Content);
        assert_eq!(places, [(draft.chapter, title, 2), (draft.chapter, content, 12), (second, title, 2)]);
        let hit = &hits.hits[1];
        assert_eq!((hit.before.as_str(), hit.text.as_str(), hit.after.as_str()), ("The sea — a ", "scene", "."));
        assert_eq!((hit.scene_id, hit.version, hit.scene_title.as_str()), (draft.scene, 1, "A scene"));
        assert!(!hits.truncated);
    }

    async fn more_than_a_thousand_hits_are_cut_and_said_to_be(fixture) {
        let draft = fixture.draft(&"x ".repeat(999)).await;
        fixture.add_scene(&draft.author, draft.chapter, "x").await;
        let exactly = found(fixture, &draft, "x").await;
        assert_eq!((exactly.hits.len(), exactly.truncated), (1_000, false));

        fixture.add_scene(&draft.author, draft.chapter, "x").await;

        let more = found(fixture, &draft, "x").await;
        assert_eq!((more.hits.len(), more.truncated), (1_000, true));
    }

    async fn wanted_hits_are_replaced_and_others_are_not(fixture) {
        let draft = fixture.draft("é sea, sea, sea").await;
        let second = fixture.add_scene(&draft.author, draft.chapter, "the sea").await;
        let hits = found(fixture, &draft, "sea").await.hits;
        let wanted = [hits[2].clone(), hits[0].clone(), hits[3].clone()];

        let answer = replace(fixture, &draft, replacement("sea", "ocean", &wanted)).await.unwrap();

        assert_eq!(answer.replaced, 3);
        let versions: Vec<_> = answer.scenes.iter().map(|scene| scene.version).collect();
        assert_eq!(versions, [2, 2]);
        assert_eq!(content(fixture, &draft).await, "é ocean, sea, ocean");
        let other = value(fixture.backend.scene(&draft.author, second.id).await.unwrap()).scene;
        assert_eq!((other.content.as_str(), other.word_count, other.version), ("the ocean", 2, 2));
        let scenes = value(fixture.backend.scenes(&draft.author, draft.chapter).await.unwrap()).scenes;
        assert!(scenes.iter().all(|scene| scene.version == 2), "no view is stale");
    }

    async fn the_text_before_can_be_had_back(fixture) {
        let draft = fixture.draft("the sea").await;
        let hits = found(fixture, &draft, "sea").await.hits;
        replace(fixture, &draft, replacement("sea", "ocean", &hits)).await.unwrap();

        let revisions = fixture.backend.revisions(&draft.author, draft.scene).await.unwrap().revisions;

        let kept: Vec<_> = revisions.iter().map(|revision| (revision.kind, revision.content.as_str())).collect();
        assert_eq!(kept, [(RevisionKind::Auto, "the ocean"), (RevisionKind::PreReplace, "the sea")]);
        fixture.backend.restore_revision(&draft.author, draft.scene, revisions[1].n, Some(2)).await.unwrap();
        assert_eq!(content(fixture, &draft).await, "the sea");
    }

    async fn one_scene_that_changed_meanwhile_leaves_all_as_they_are(fixture) {
        let draft = fixture.draft("the sea").await;
        let second = fixture.add_scene(&draft.author, draft.chapter, "the sea").await.id;
        let hits = found(fixture, &draft, "sea").await.hits;
        fixture.save(&Draft { scene: second, ..draft.clone() }, 1, "the sea, still").await;

        let refused = replace(fixture, &draft, replacement("sea", "ocean", &hits)).await;

        let current = conflicting_scene(refused);
        assert_eq!((current.id, current.version, current.content.as_str()), (second, 2, "the sea, still"));
        assert_eq!(content(fixture, &draft).await, "the sea");
        assert_eq!(fixture.backend.revisions(&draft.author, draft.scene).await.unwrap().revisions.len(), 1);
    }

    async fn hits_that_are_not_there_or_overlap_are_refused(fixture) {
        let draft = fixture.draft("the sea").await;
        let hit = found(fixture, &draft, "sea").await.hits.remove(0);
        let refused = Error::invalid("hits", Problem::NotThere);
        let moved = Hit { start: 3, ..hit.clone() };
        let beyond = Hit { start: u32::MAX, length: u32::MAX, ..hit.clone() };
        let empty = Hit { length: 0, text: String::new(), ..hit.clone() };

        for hits in [vec![moved], vec![beyond], vec![empty], vec![hit.clone(), hit.clone()]] {
            assert_eq!(refusal(replace(fixture, &draft, replacement("sea", "ocean", &hits)).await), refused);
        }
        let none = replace(fixture, &draft, replacement("sea", "ocean", &[])).await;
        assert_eq!(refusal(none), Error::invalid("hits", Problem::Empty));
        let many = replace(fixture, &draft, replacement("sea", "ocean", &vec![hit; 1_001])).await;
        assert_eq!(refusal(many), Error::invalid("hits", Problem::TooMany { max: 1_000 }));
        assert_eq!(content(fixture, &draft).await, "the sea");
    }

    async fn an_expression_may_speak_of_its_groups(fixture) {
        let draft = fixture.draft("Mira Noor\nNoor Mira").await;
        let search = Search { query: r"^(\w+) (?P<last>\w+)$".into(), regex: true, ..Search::default() };
        let hits = fixture.backend.search(&draft.author, draft.story, search.clone()).await.unwrap().hits;
        let hits: Vec<Hit> = hits.into_iter().filter(|hit| hit.field == HitField::Content).collect();

        let wish = Replace { regex: true, ..replacement(&search.query, "${last}, $1", &hits) };
        replace(fixture, &draft, wish).await.unwrap();
        assert_eq!(content(fixture, &draft).await, "Noor, Mira\nMira, Noor");

        let plain = found(fixture, &draft, ", ").await.hits;
        replace(fixture, &draft, replacement(", ", " $1 ", &plain)).await.unwrap();
        assert_eq!(content(fixture, &draft).await, "Noor $1 Mira\nMira $1 Noor");
    }

    async fn what_would_be_too_long_or_empty_afterwards_is_refused(fixture) {
        let draft = fixture.draft(&"x".repeat(900)).await;
        let hits = found(fixture, &draft, "x").await.hits;
        let too_long = replace(fixture, &draft, replacement("x", &"y".repeat(600), &hits)).await;
        assert_eq!(refusal(too_long), Error::invalid("replacement", Problem::TooLong { max: 510_000 }));

        let title = found(fixture, &draft, "A scene").await.hits;
        let empty = replace(fixture, &draft, replacement("A scene", "", &title)).await;
        assert_eq!(refusal(empty), Error::invalid("replacement", Problem::Empty));
    }

    async fn nobody_searches_in_what_is_not_theirs(fixture) {
        let draft = fixture.draft("the sea").await;
        let (stranger, reader) = (fixture.draft("the sea").await, fixture.person(Role::Reader).await);
        let hits = found(fixture, &draft, "sea").await.hits;
        let search = || Search { query: "sea".into(), ..Search::default() };
        let wish = replacement("sea", "ocean", &hits);

        assert_not_found(fixture.backend.search(&stranger.author, draft.story, search()).await, Kind::Story);
        assert_not_found(fixture.backend.replace(&stranger.author, draft.story, wish.clone()).await, Kind::Story);
        // Through a story of their own they do not get at it either.
        assert_not_found(fixture.backend.replace(&stranger.author, stranger.story, wish.clone()).await, Kind::Scene);
        assert_eq!(refusal(fixture.backend.search(&reader, draft.story, search()).await), Error::Forbidden);
        assert_eq!(refusal(fixture.backend.replace(&reader, draft.story, wish).await), Error::Forbidden);
        assert_eq!(content(fixture, &draft).await, "the sea");
    }
}
