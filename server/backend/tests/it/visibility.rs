//! What you may not see does not exist.

use domain::{
    error::Entity as Kind,
    id::{ChapterId, PartId, SceneId, StoryId},
    studio::{ChapterMove, NewChapter, NewPart, NewScene, NewStory, PartEdit, SceneMove, StoryEdit},
    user::Role,
};

use crate::support::{assert_not_found, content, on_both_databases, refusal, value};

on_both_databases! {
    async fn drafts_of_others_are_not_found_by_any_way(fixture) {
        let draft = fixture.draft("secret").await;
        let part = NewPart { title: "Part".into(), summary: None };
        let part = fixture.backend.add_part(&draft.author, draft.story, part).await.unwrap().value().id;
        let (backend, other) = (&fixture.backend, &fixture.writer().await);

        assert_not_found(backend.story(other, draft.story).await, Kind::Story);
        assert_not_found(backend.outline(other, draft.story).await, Kind::Story);
        assert_not_found(backend.part(other, part).await, Kind::Part);
        assert_not_found(backend.chapter(other, draft.chapter).await, Kind::Chapter);
        assert_not_found(backend.scenes(other, draft.chapter).await, Kind::Chapter);
        assert_not_found(backend.scene(other, draft.scene).await, Kind::Scene);
        assert_not_found(backend.revisions(other, draft.scene).await, Kind::Scene);
        assert_not_found(backend.revision(other, draft.scene, 1).await, Kind::Scene);
        assert_not_found(backend.novel(draft.story).await, Kind::Story);
        assert_not_found(backend.read_chapter(draft.chapter).await, Kind::Chapter);
        assert_eq!(value(backend.stories(other).await.unwrap()).stories, []);
        assert_eq!(value(backend.novels(domain::reading::NovelsQuery::first()).await.unwrap()).stories, []);
    }

    async fn nobody_changes_what_is_anothers(fixture) {
        let draft = fixture.draft("mine").await;
        let part = NewPart { title: "Part".into(), summary: None };
        let part = fixture.backend.add_part(&draft.author, draft.story, part.clone()).await.unwrap().value().id;
        let (backend, other) = (&fixture.backend, &fixture.writer().await);
        let before: Vec<i64> = fixture.look("SELECT seq FROM invalidation_events").await;
        let title = Some("Taken".to_owned());

        let edit = StoryEdit { title: title.clone(), version: Some(1), ..StoryEdit::default() };
        assert_not_found(backend.edit_story(other, draft.story, edit).await, Kind::Story);
        assert_not_found(backend.delete_story(other, draft.story, None).await, Kind::Story);
        assert_not_found(backend.publish_story(other, draft.story).await, Kind::Story);
        assert_not_found(backend.unpublish_story(other, draft.story).await, Kind::Story);
        let edit = PartEdit { title, version: Some(1), ..PartEdit::default() };
        assert_not_found(backend.edit_part(other, part, edit).await, Kind::Part);
        assert_not_found(backend.delete_part(other, part, None).await, Kind::Part);
        let chapter = NewChapter { title: "In".into(), summary: None, part_id: None };
        assert_not_found(backend.add_chapter(other, draft.story, chapter).await, Kind::Story);
        assert_not_found(backend.publish_chapter(other, draft.chapter).await, Kind::Chapter);
        assert_not_found(backend.delete_chapter(other, draft.chapter, None).await, Kind::Chapter);
        let there = ChapterMove::to_index(None, 0);
        assert_not_found(backend.move_chapter(other, draft.chapter, there).await, Kind::Chapter);
        let scene = NewScene { title: "In".into(), content: None };
        assert_not_found(backend.add_scene(other, draft.chapter, scene).await, Kind::Chapter);
        assert_not_found(backend.edit_scene(other, draft.scene, content(1, "theirs")).await, Kind::Scene);
        assert_not_found(backend.restore_revision(other, draft.scene, 1, Some(1)).await, Kind::Scene);
        assert_not_found(backend.delete_scene(other, draft.scene, None).await, Kind::Scene);

        assert_eq!(fixture.look::<i64>("SELECT seq FROM invalidation_events").await, before);
    }

    async fn nothing_can_be_moved_into_what_is_anothers(fixture) {
        let (mine, theirs) = (fixture.draft("mine").await, fixture.draft("theirs").await);
        let part = NewPart { title: "Part".into(), summary: None };
        let part = fixture.backend.add_part(&theirs.author, theirs.story, part).await.unwrap().value().id;

        let into = SceneMove::to_index(theirs.chapter, 0);
        assert_not_found(fixture.backend.move_scene(&mine.author, mine.scene, into).await, Kind::Chapter);
        let into = ChapterMove::to_index(Some(part), 0);
        assert_not_found(fixture.backend.move_chapter(&mine.author, mine.chapter, into).await, Kind::Part);
    }

    async fn a_move_to_another_story_of_ones_own_is_refused_by_name(fixture) {
        let draft = fixture.draft("text").await;
        let second = fixture.draft_by(draft.author.clone(), "text").await;

        let into = SceneMove::to_index(second.chapter, 0);
        let refused = refusal(fixture.backend.move_scene(&draft.author, draft.scene, into).await);

        assert_eq!(refused.field(), Some("chapterId"));
    }

    async fn ids_that_nothing_has_are_not_found(fixture) {
        let (backend, author) = (&fixture.backend, &fixture.writer().await);
        let chapter = ChapterId::from_random(rand::random());
        let scene = SceneId::from_random(rand::random());

        assert_not_found(backend.story(author, StoryId::from_random(rand::random())).await, Kind::Story);
        assert_not_found(backend.part(author, PartId::from_random(rand::random())).await, Kind::Part);
        assert_not_found(backend.scenes(author, chapter).await, Kind::Chapter);
        assert_not_found(backend.read_chapter(chapter).await, Kind::Chapter);
        assert_not_found(backend.edit_scene(author, scene, content(1, "x")).await, Kind::Scene);
    }

    async fn readers_have_no_studio(fixture) {
        let (backend, reader) = (&fixture.backend, &fixture.person(Role::Reader).await);

        let new = NewStory { title: "Mine".into(), summary: None, genre: None };
        assert_eq!(refusal(backend.create_story(reader, new).await), domain::Error::Forbidden);
        assert_eq!(refusal(backend.stories(reader).await), domain::Error::Forbidden);
    }
}
