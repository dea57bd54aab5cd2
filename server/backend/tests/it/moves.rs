//! Moves: positions change, text does not, and nothing is ever in two places.

use domain::{
    id::{ChapterId, PartId, SceneId},
    studio::{ChapterMove, NewChapter, NewPart, Outline, SceneMove},
};

use crate::support::{Draft, Fixture, on_both_databases, value};

async fn outline(fixture: &Fixture, draft: &Draft) -> Outline {
    value(fixture.backend.outline(&draft.author, draft.story).await.unwrap())
}

async fn chapters(fixture: &Fixture, draft: &Draft) -> Vec<ChapterId> {
    outline(fixture, draft).await.chapters.into_iter().map(|chapter| chapter.chapter.id).collect()
}

async fn scenes(fixture: &Fixture, draft: &Draft, chapter: ChapterId) -> Vec<SceneId> {
    let found = outline(fixture, draft).await.chapters.into_iter().find(|line| line.chapter.id == chapter);
    found.expect("the chapter is there").scenes.into_iter().map(|scene| scene.id).collect()
}

async fn put(fixture: &Fixture, draft: &Draft, chapter: ChapterId, part: Option<PartId>, index: u32) {
    let wish = ChapterMove::to_index(part, index);
    fixture.backend.move_chapter(&draft.author, chapter, wish).await.expect("the chapter can be moved");
}

async fn add_part(fixture: &Fixture, draft: &Draft) -> PartId {
    let new = NewPart { title: "Part".into(), summary: None };
    fixture.backend.add_part(&draft.author, draft.story, new).await.unwrap().value().id
}

on_both_databases! {
    async fn a_scene_stands_where_it_was_put(fixture) {
        let draft = fixture.draft("a").await;
        let b = fixture.add_scene(&draft.author, draft.chapter, "b").await.id;
        let c = fixture.add_scene(&draft.author, draft.chapter, "c").await.id;
        let a = draft.scene;

        for (scene, index, order) in [(c, 0, [c, a, b]), (c, 1, [a, c, b]), (a, 99, [c, b, a]), (b, 1, [c, b, a])] {
            let wish = SceneMove::to_index(draft.chapter, index);
            let moved = fixture.backend.move_scene(&draft.author, scene, wish).await.unwrap();

            assert_eq!(moved.value().version, 1, "who is writing may go on");
            assert_eq!(scenes(fixture, &draft, draft.chapter).await, order);
        }
    }

    async fn any_number_of_moves_keeps_every_scene_once_and_unchanged(fixture) {
        let draft = fixture.draft("scene 0").await;
        let second = fixture.add_chapter(&draft.author, draft.story, "Two").await;
        let mut all = vec![draft.scene];
        for number in 1..5 {
            all.push(fixture.add_scene(&draft.author, draft.chapter, &format!("scene {number}")).await.id);
        }
        let mut models = [all.clone(), vec![]];

        // Always between the same two: there is room for sixteen halvings, then everyone is renumbered.
        for step in 0..60_usize {
            let scene = all[step * 3 % all.len()];
            let (to, index) = (step % 7 / 4, step % 3);
            for model in &mut models {
                model.retain(|other| *other != scene);
            }
            let index = index.min(models[to].len());
            models[to].insert(index, scene);
            let chapter_id = [draft.chapter, second][to];
            let wish = SceneMove::to_index(chapter_id, u32::try_from(index).unwrap());
            fixture.backend.move_scene(&draft.author, scene, wish).await.unwrap();
        }

        assert_eq!(scenes(fixture, &draft, draft.chapter).await, models[0]);
        assert_eq!(scenes(fixture, &draft, second).await, models[1]);
        let mut texts: Vec<String> = fixture.look("SELECT body FROM scenes").await;
        texts.sort();
        assert_eq!(texts, ["scene 0", "scene 1", "scene 2", "scene 3", "scene 4"]);
        assert_eq!(fixture.look::<i64>("SELECT version FROM scenes").await, [1; 5]);
    }

    async fn views_are_fresh_after_a_move_that_renumbers_everyone(fixture) {
        let draft = fixture.draft("a").await;
        let b = fixture.add_scene(&draft.author, draft.chapter, "b").await.id;
        let c = fixture.add_scene(&draft.author, draft.chapter, "c").await.id;
        fixture.run("UPDATE scenes SET position = 1 WHERE body = 'a'").await;
        fixture.run("UPDATE scenes SET position = 2 WHERE body = 'b'").await;
        let before = value(fixture.backend.scene(&draft.author, b).await.unwrap()).scene.position;

        let wish = SceneMove::to_index(draft.chapter, 1);
        fixture.backend.move_scene(&draft.author, c, wish).await.unwrap();

        let after = value(fixture.backend.scene(&draft.author, b).await.unwrap()).scene.position;
        assert_ne!(before, after);
        assert_eq!(scenes(fixture, &draft, draft.chapter).await, [draft.scene, c, b]);
    }

    async fn a_published_scene_is_read_in_its_new_place_at_once(fixture) {
        let draft = fixture.novel("a").await;
        fixture.add_scene(&draft.author, draft.chapter, "b").await;
        fixture.backend.publish_chapter(&draft.author, draft.chapter).await.unwrap();
        assert_eq!(fixture.read_html(draft.chapter).await, ["<p>a</p>\n", "<p>b</p>\n"]);

        let wish = SceneMove::to_index(draft.chapter, 1);
        fixture.backend.move_scene(&draft.author, draft.scene, wish).await.unwrap();

        assert_eq!(fixture.read_html(draft.chapter).await, ["<p>b</p>\n", "<p>a</p>\n"]);
    }

    async fn a_scene_that_moves_to_a_draft_chapter_leaves_readers_and_the_counts(fixture) {
        let draft = fixture.novel("four words of text").await;
        let hidden = fixture.add_chapter(&draft.author, draft.story, "Hidden").await;
        let list = async || value(fixture.backend.novels(domain::reading::NovelsQuery::first()).await.unwrap());
        assert_eq!(list().await.stories[0].word_count, 4);

        let wish = SceneMove::to_index(hidden, 0);
        fixture.backend.move_scene(&draft.author, draft.scene, wish).await.unwrap();

        assert_eq!(fixture.read_html(draft.chapter).await, [""; 0]);
        assert_eq!(list().await.stories[0].word_count, 0);
    }

    async fn chapters_stand_in_parts_and_between_them(fixture) {
        let draft = fixture.draft("text").await;
        let prologue = draft.chapter;
        let part = add_part(fixture, &draft).await;
        let inside = NewChapter { title: "Inside".into(), summary: None, part_id: Some(part) };
        let inside = fixture.backend.add_chapter(&draft.author, draft.story, inside).await.unwrap().value().id;
        let epilogue = fixture.add_chapter(&draft.author, draft.story, "Epilogue").await;
        assert_eq!(chapters(fixture, &draft).await, [prologue, inside, epilogue]);

        put(fixture, &draft, epilogue, None, 0).await;
        assert_eq!(chapters(fixture, &draft).await, [epilogue, prologue, inside]);
        put(fixture, &draft, prologue, Some(part), 1).await;
        assert_eq!(chapters(fixture, &draft).await, [epilogue, inside, prologue]);
        put(fixture, &draft, inside, None, 1).await;
        assert_eq!(chapters(fixture, &draft).await, [epilogue, inside, prologue]);
        assert_eq!(outline(fixture, &draft).await.chapters[2].chapter.part_id, Some(part));
    }

    async fn chapters_without_room_are_renumbered_with_the_parts_between_them(fixture) {
        let draft = fixture.draft("text").await;
        let part = add_part(fixture, &draft).await;
        let inside = NewChapter { title: "Inside".into(), summary: None, part_id: Some(part) };
        let inside = fixture.backend.add_chapter(&draft.author, draft.story, inside).await.unwrap().value().id;
        let last = fixture.add_chapter(&draft.author, draft.story, "Last").await;
        fixture.run(&format!("UPDATE chapters SET position = 1 WHERE id = '{}'", draft.chapter)).await;
        fixture.run("UPDATE parts SET position = 2").await;

        put(fixture, &draft, last, None, 1).await;

        assert_eq!(chapters(fixture, &draft).await, [draft.chapter, last, inside]);
    }

    async fn contents_follow_the_outline(fixture) {
        let draft = fixture.novel("text").await;
        let second = fixture.add_chapter(&draft.author, draft.story, "Two").await;
        fixture.backend.publish_chapter(&draft.author, second).await.unwrap();

        put(fixture, &draft, second, None, 0).await;

        let contents = value(fixture.backend.novel(draft.story).await.unwrap()).chapters;
        let contents: Vec<ChapterId> = contents.into_iter().map(|line| line.id).collect();
        assert_eq!(contents, chapters(fixture, &draft).await);
        assert_eq!(contents, [second, draft.chapter]);
    }
}
