//! The way back from the trash: whole, in place, and unpublished.

use std::time::Duration;

use domain::{
    Error,
    error::Entity as Kind,
    id::{PartId, TrashId},
    studio::{
        ChapterMove, NewChapter, NewCharacter, NewPart, NewSetting, Outline, Scenes, Story, TrashItem, TrashKind,
    },
    user::{Role, User},
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};

use crate::support::{Draft, Fixture, assert_not_found, on_both_databases, refusal, value};

fn item(id: impl ToString) -> TrashId {
    id.to_string().parse().expect("an id")
}

async fn trash(fixture: &Fixture, author: &User) -> Vec<TrashItem> {
    fixture.backend.trash(author).await.expect("the trash can be seen").trash
}

async fn restore(fixture: &Fixture, author: &User, id: impl ToString) {
    fixture.backend.restore(author, item(id)).await.expect("it comes back");
}

/// A part with the chapter of `draft` in it.
async fn part_around(fixture: &Fixture, draft: &Draft) -> PartId {
    let new = NewPart { title: "North".into(), summary: None };
    let part = fixture.backend.add_part(&draft.author, draft.story, new).await.unwrap().value().id;
    let into = ChapterMove::to_index(Some(part), 0);
    fixture.backend.move_chapter(&draft.author, draft.chapter, into).await.unwrap();
    part
}

/// Everything its author can see of a story.
async fn seen(fixture: &Fixture, draft: &Draft) -> (Vec<Story>, Outline, Vec<Scenes>) {
    let shelf = value(fixture.backend.stories(&draft.author).await.expect("a shelf")).stories;
    let outline = value(fixture.backend.outline(&draft.author, draft.story).await.expect("an outline"));
    // The way there and back counts as two changes of the order, which is the same afterwards.
    let outline = Outline { structure_version: 0, ..outline };
    let mut scenes = Vec::new();
    for chapter in &outline.chapters {
        scenes.push(value(fixture.backend.scenes(&draft.author, chapter.chapter.id).await.expect("scenes")));
    }
    (shelf, outline, scenes)
}

on_both_databases! {
    async fn what_went_last_is_listed_first_with_what_went_along(fixture) {
        let draft = fixture.draft("one two").await;
        let second = fixture.add_scene(&draft.author, draft.chapter, "three").await.id;
        let third = fixture.add_scene(&draft.author, draft.chapter, "four five six").await.id;
        fixture.backend.delete_scene(&draft.author, third, None).await.unwrap();
        fixture.tick();
        fixture.backend.delete_chapter(&draft.author, draft.chapter, None).await.unwrap();

        let listed = trash(fixture, &draft.author).await;

        let named: Vec<_> = listed.iter().map(|item| (item.id, item.kind, item.title.as_str())).collect();
        assert_eq!(named, [(item(draft.chapter), TrashKind::Chapter, "One"), (item(third), TrashKind::Scene, "A scene")]);
        let counts: Vec<_> = listed.iter().map(|item| (item.chapter_count, item.scene_count, item.word_count)).collect();
        assert_eq!(counts, [(0, 2, 3), (0, 0, 3)]);
        assert_eq!((listed[0].story_id, listed[0].story_title.as_str()), (draft.story, "The Lighthouse"));
        assert_eq!((listed[0].days_left, listed[0].deleted_at), (30, fixture.backend.now()));
        let of_story = fixture.backend.story_trash(&draft.author, draft.story).await.unwrap().trash;
        assert_eq!(of_story, listed);
        assert_not_found(fixture.backend.restore(&draft.author, item(second)).await, Kind::TrashItem);
    }

    async fn a_story_comes_back_with_all_that_went_with_it_and_nothing_else(fixture) {
        let draft = fixture.draft("stays").await;
        let part = part_around(fixture, &draft).await;
        let earlier = fixture.add_scene(&draft.author, draft.chapter, "went earlier").await.id;
        fixture.backend.delete_scene(&draft.author, earlier, None).await.unwrap();
        let before = seen(fixture, &draft).await;
        fixture.backend.delete_story(&draft.author, draft.story, None).await.unwrap();
        assert_not_found(fixture.backend.story_trash(&draft.author, draft.story).await, Kind::Story);
        assert_not_found(fixture.backend.scene(&draft.author, draft.scene).await, Kind::Scene);
        assert_not_found(fixture.backend.part(&draft.author, part).await, Kind::Part);
        let story = trash(fixture, &draft.author).await.into_iter().find(|item| item.kind == TrashKind::Story).unwrap();
        assert_eq!((story.part_count, story.chapter_count, story.scene_count), (1, 1, 1));

        let restored = fixture.backend.restore(&draft.author, item(draft.story)).await.unwrap();

        assert_eq!((restored.value().kind, restored.value().story_id), (TrashKind::Story, draft.story));
        assert_eq!(seen(fixture, &draft).await, before);
        assert_eq!(value(fixture.backend.scene(&draft.author, draft.scene).await.unwrap()).scene.content, "stays");
        let left: Vec<_> = trash(fixture, &draft.author).await.iter().map(|item| item.id).collect();
        assert_eq!(left, [item(earlier)]);
    }

    async fn what_comes_back_is_unpublished_and_was_no_secret_meanwhile(fixture) {
        let draft = fixture.novel("text").await;
        for removed in [item(draft.scene), item(draft.chapter), item(draft.story)] {
            if removed == item(draft.scene) {
                fixture.backend.delete_scene(&draft.author, draft.scene, None).await.unwrap();
                assert_eq!(fixture.read_html(draft.chapter).await, [""; 0]);
            } else if removed == item(draft.chapter) {
                fixture.backend.delete_chapter(&draft.author, draft.chapter, None).await.unwrap();
                assert_not_found(fixture.backend.read_chapter(draft.chapter).await, Kind::Chapter);
            } else {
                fixture.backend.delete_story(&draft.author, draft.story, None).await.unwrap();
            }

            restore(fixture, &draft.author, removed).await;

            let scene = value(fixture.backend.scene(&draft.author, draft.scene).await.unwrap()).scene;
            assert_eq!((scene.published_version, scene.version), (None, 1));
        }
        assert_not_found(fixture.backend.novel(draft.story).await, Kind::Story);
        assert_not_found(fixture.backend.read_chapter(draft.chapter).await, Kind::Chapter);

        fixture.backend.publish_story(&draft.author, draft.story).await.unwrap();
        assert_eq!(fixture.read_html(draft.chapter).await, ["<p>text</p>\n"]);
    }

    async fn what_belongs_into_the_trash_waits_for_its_parent(fixture) {
        let draft = fixture.draft("text").await;
        let part = part_around(fixture, &draft).await;
        let (backend, author) = (&fixture.backend, &draft.author);
        backend.delete_scene(author, draft.scene, None).await.unwrap();
        let blocked = async |id: TrashId| match refusal(backend.restore(author, id).await) {
            Error::ParentInTrash { parent, title } => (parent, title),
            other => panic!("not held back by its parent but {other:?}"),
        };

        backend.delete_chapter(author, draft.chapter, None).await.unwrap();
        assert_eq!(blocked(item(draft.scene)).await, (Kind::Chapter, "One".into()));
        backend.delete_part(author, part, None).await.unwrap();
        assert_eq!(blocked(item(draft.scene)).await, (Kind::Part, "North".into()));
        assert_eq!(blocked(item(draft.chapter)).await, (Kind::Part, "North".into()));
        backend.delete_story(author, draft.story, None).await.unwrap();
        for id in [item(draft.scene), item(draft.chapter), item(part)] {
            assert_eq!(blocked(id).await, (Kind::Story, "The Lighthouse".into()));
        }

        for id in [item(draft.story), item(part), item(draft.chapter), item(draft.scene)] {
            restore(fixture, author, id).await;
        }
        assert_eq!(trash(fixture, author).await, []);
        assert_eq!(value(backend.scene(author, draft.scene).await.unwrap()).scene.content, "text");
    }

    async fn what_went_with_its_part_waits_for_the_part_by_name(fixture) {
        let draft = fixture.draft("text").await;
        let part = part_around(fixture, &draft).await;
        fixture.backend.delete_scene(&draft.author, draft.scene, None).await.unwrap();
        fixture.backend.delete_part(&draft.author, part, None).await.unwrap();

        let refused = refusal(fixture.backend.restore(&draft.author, item(draft.scene)).await);

        assert_eq!(refused, Error::ParentInTrash { parent: Kind::Part, title: "North".into() });
        assert_not_found(fixture.backend.restore(&draft.author, item(draft.chapter)).await, Kind::TrashItem);
    }

    async fn it_comes_back_once(fixture) {
        let draft = fixture.draft("text").await;
        fixture.backend.delete_scene(&draft.author, draft.scene, None).await.unwrap();
        let attempts = (0..6).map(|_| {
            let (backend, author, scene) = (fixture.backend.clone(), draft.author.clone(), item(draft.scene));
            tokio::spawn(async move { backend.restore(&author, scene).await })
        });

        let mut won = 0;
        for attempt in attempts.collect::<Vec<_>>() {
            match attempt.await.unwrap() {
                Ok(_) => won += 1,
                late => assert_not_found(late, Kind::TrashItem),
            }
        }

        assert_eq!(won, 1);
        assert_not_found(fixture.backend.restore(&draft.author, item(draft.scene)).await, Kind::TrashItem);
        assert_not_found(fixture.backend.restore(&draft.author, TrashId::from_random([9; 21])).await, Kind::TrashItem);
    }

    async fn people_and_places_come_back_alone_and_with_their_story(fixture) {
        let draft = fixture.draft("text").await;
        let (backend, author) = (&fixture.backend, &draft.author);
        let mira = NewCharacter { name: "Mira".into(), ..NewCharacter::default() };
        let mira = backend.add_character(author, draft.story, mira).await.unwrap().value().clone();
        let pier = NewSetting { name: "The pier".into(), ..NewSetting::default() };
        let pier = backend.add_setting(author, draft.story, pier).await.unwrap().value().clone();

        backend.delete_character(author, mira.id, None).await.unwrap();
        fixture.tick();
        backend.delete_setting(author, pier.id, None).await.unwrap();
        let kinds: Vec<_> = trash(fixture, author).await.into_iter().map(|item| (item.kind, item.title)).collect();
        assert_eq!(kinds, [(TrashKind::Setting, "The pier".into()), (TrashKind::Character, "Mira".into())]);
        restore(fixture, author, mira.id).await;
        restore(fixture, author, pier.id).await;
        backend.delete_story(author, draft.story, None).await.unwrap();
        let gone = trash(fixture, author).await.remove(0);
        assert_eq!((gone.character_count, gone.setting_count), (1, 1));
        assert_not_found(backend.restore(author, item(mira.id)).await, Kind::TrashItem);
        restore(fixture, author, draft.story).await;

        assert_eq!(value(backend.characters(author, draft.story).await.unwrap()).characters, [mira]);
        assert_eq!(value(backend.settings(author, draft.story).await.unwrap()).settings, [pier]);
    }

    async fn the_trash_of_others_holds_nothing(fixture) {
        let draft = fixture.draft("text").await;
        fixture.backend.delete_chapter(&draft.author, draft.chapter, None).await.unwrap();
        let (stranger, reader) = (fixture.writer().await, fixture.person(Role::Reader).await);

        assert_eq!(trash(fixture, &stranger).await, []);
        assert_not_found(fixture.backend.story_trash(&stranger, draft.story).await, Kind::Story);
        assert_not_found(fixture.backend.restore(&stranger, item(draft.chapter)).await, Kind::TrashItem);
        assert_eq!(refusal(fixture.backend.trash(&reader).await), Error::Forbidden);
        assert_eq!(refusal(fixture.backend.restore(&reader, item(draft.chapter)).await), Error::Forbidden);
        assert_eq!(trash(fixture, &draft.author).await.len(), 1);
    }

    async fn what_is_removed_and_brought_back_is_what_it_was_order_included(fixture) {
        let mut runner = TestRunner::new(Config { cases: 8, failure_persistence: None, ..Config::default() });
        let shape = prop::collection::vec(prop::collection::vec(0_usize..4, 0..3), 1..4);
        let removals = prop::collection::vec((0_u8..4, any::<prop::sample::Index>()), 1..6);

        let outcome = runner.run(&(shape, removals), |(shape, removals)| {
            let there_and_back = tokio::time::timeout(Duration::from_secs(60), there_and_back(fixture, shape, removals));
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(there_and_back))?;
            Ok(())
        });

        outcome.unwrap();
    }
}

/// Writes a story of this shape (parts, of chapters, of so many scenes; the first part's chapters stand alone), removes
/// things from it, and brings them back, the last first: after each, everything must look as before its removal.
async fn there_and_back(fixture: &Fixture, shape: Vec<Vec<usize>>, removals: Vec<(u8, prop::sample::Index)>) {
    let draft = fixture.draft("text").await;
    for (number, chapters) in shape.into_iter().enumerate() {
        let new = NewPart { title: format!("Part {number}"), summary: None };
        let part = fixture.backend.add_part(&draft.author, draft.story, new).await.expect("a part").value().id;
        for scenes in chapters {
            let new = NewChapter { title: "More".into(), summary: None, part_id: (number > 0).then_some(part) };
            let chapter = fixture.backend.add_chapter(&draft.author, draft.story, new).await.expect("a chapter");
            for scene in 0..scenes {
                fixture.add_scene(&draft.author, chapter.value().id, &format!("text {scene}")).await;
            }
        }
    }
    let mut removed = Vec::new();
    for (kind, which) in removals {
        fixture.tick();
        let before = seen(fixture, &draft).await;
        if let Some(id) = remove(fixture, &draft, kind, which, &before.1).await {
            removed.push((id, before));
        }
        if kind == 0 {
            break; // nothing is left to remove
        }
    }
    assert_eq!(trash(fixture, &draft.author).await.len(), removed.len());
    for (id, before) in removed.into_iter().rev() {
        restore(fixture, &draft.author, id).await;
        assert_eq!(seen(fixture, &draft).await, before);
    }
}

/// Removes one of the things of a kind that the outline shows.
async fn remove(
    fixture: &Fixture,
    draft: &Draft,
    kind: u8,
    which: prop::sample::Index,
    outline: &Outline,
) -> Option<TrashId> {
    let (backend, author) = (&fixture.backend, &draft.author);
    match kind {
        0 => {
            backend.delete_story(author, draft.story, None).await.expect("gone");
            Some(item(draft.story))
        }
        1 if !outline.parts.is_empty() => {
            let part = which.get(&outline.parts).id;
            backend.delete_part(author, part, None).await.expect("gone");
            Some(item(part))
        }
        2 if !outline.chapters.is_empty() => {
            let chapter = which.get(&outline.chapters).chapter.id;
            backend.delete_chapter(author, chapter, None).await.expect("gone");
            Some(item(chapter))
        }
        3 => {
            let scenes: Vec<_> = outline.chapters.iter().flat_map(|chapter| &chapter.scenes).collect();
            let scene = (!scenes.is_empty()).then(|| which.get(&scenes).id)?;
            backend.delete_scene(author, scene, None).await.expect("gone");
            Some(item(scene))
        }
        _ => None,
    }
}
