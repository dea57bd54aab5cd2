//! The trash: what is removed leaves everyone at once, and is kept.

use domain::{
    error::Entity as Kind,
    reading::NovelsQuery,
    studio::{NewChapter, NewPart},
};

use crate::support::{assert_not_found, on_both_databases, value};

on_both_databases! {
    async fn a_removed_scene_leaves_readers_and_the_outline_at_once(fixture) {
        let draft = fixture.novel("text").await;
        assert_eq!(fixture.read_html(draft.chapter).await.len(), 1);

        fixture.backend.delete_scene(&draft.author, draft.scene, None).await.unwrap();

        assert_eq!(fixture.read_html(draft.chapter).await, [""; 0]);
        assert_not_found(fixture.backend.scene(&draft.author, draft.scene).await, Kind::Scene);
        let outline = value(fixture.backend.outline(&draft.author, draft.story).await.unwrap());
        assert_eq!(outline.chapters[0].scenes, []);
        assert_eq!(value(fixture.backend.scenes(&draft.author, draft.chapter).await.unwrap()).scenes, []);
        assert_eq!(fixture.look::<String>("SELECT body FROM scenes").await, ["text"], "it is kept");
    }

    async fn a_removed_chapter_takes_its_scenes_along(fixture) {
        let draft = fixture.novel("text").await;

        fixture.backend.delete_chapter(&draft.author, draft.chapter, None).await.unwrap();

        assert_not_found(fixture.backend.chapter(&draft.author, draft.chapter).await, Kind::Chapter);
        assert_not_found(fixture.backend.scenes(&draft.author, draft.chapter).await, Kind::Chapter);
        assert_not_found(fixture.backend.scene(&draft.author, draft.scene).await, Kind::Scene);
        assert_not_found(fixture.backend.read_chapter(draft.chapter).await, Kind::Chapter);
        assert_eq!(value(fixture.backend.novel(draft.story).await.unwrap()).chapters, []);
    }

    async fn a_removed_part_takes_its_chapters_along(fixture) {
        let draft = fixture.novel("text").await;
        let part = NewPart { title: "Part".into(), summary: None };
        let part = fixture.backend.add_part(&draft.author, draft.story, part).await.unwrap().value().id;
        let inside = NewChapter { title: "Inside".into(), summary: None, part_id: Some(part) };
        let inside = fixture.backend.add_chapter(&draft.author, draft.story, inside).await.unwrap().value().id;
        fixture.backend.publish_chapter(&draft.author, inside).await.unwrap();
        assert_eq!(value(fixture.backend.novel(draft.story).await.unwrap()).chapters.len(), 2);

        fixture.backend.delete_part(&draft.author, part, None).await.unwrap();

        assert_not_found(fixture.backend.part(&draft.author, part).await, Kind::Part);
        assert_not_found(fixture.backend.chapter(&draft.author, inside).await, Kind::Chapter);
        assert_eq!(value(fixture.backend.novel(draft.story).await.unwrap()).chapters.len(), 1);
        let outline = value(fixture.backend.outline(&draft.author, draft.story).await.unwrap());
        assert_eq!((outline.parts.len(), outline.chapters.len()), (0, 1));
    }

    async fn a_removed_story_is_gone_everywhere_at_once(fixture) {
        let draft = fixture.novel("text").await;
        let listed = async || value(fixture.backend.novels(NovelsQuery::first()).await.unwrap()).stories.len();
        assert_eq!(listed().await, 1);

        fixture.backend.delete_story(&draft.author, draft.story, None).await.unwrap();

        assert_eq!(listed().await, 0);
        assert_eq!(value(fixture.backend.stories(&draft.author).await.unwrap()).stories, []);
        assert_not_found(fixture.backend.novel(draft.story).await, Kind::Story);
        assert_not_found(fixture.backend.read_chapter(draft.chapter).await, Kind::Chapter);
        assert_not_found(fixture.backend.chapter(&draft.author, draft.chapter).await, Kind::Chapter);
        assert_not_found(fixture.backend.scene(&draft.author, draft.scene).await, Kind::Scene);
        assert_not_found(fixture.backend.publish_chapter(&draft.author, draft.chapter).await, Kind::Chapter);
    }

    async fn things_that_go_together_share_a_batch_and_earlier_ones_keep_theirs(fixture) {
        let draft = fixture.draft("first").await;
        let second = fixture.add_scene(&draft.author, draft.chapter, "second").await.id;
        fixture.backend.delete_scene(&draft.author, second, None).await.unwrap();

        fixture.backend.delete_chapter(&draft.author, draft.chapter, None).await.unwrap();

        let chapter: Vec<String> = fixture.look("SELECT trash_batch_id FROM chapters").await;
        let with_it: Vec<String> = fixture.look("SELECT trash_batch_id FROM scenes WHERE body = 'first'").await;
        let earlier: Vec<String> = fixture.look("SELECT trash_batch_id FROM scenes WHERE body = 'second'").await;
        assert_eq!(chapter, with_it);
        assert_ne!(chapter, earlier);
    }

    async fn what_is_in_the_trash_is_unpublished(fixture) {
        let draft = fixture.novel("text").await;

        fixture.backend.delete_story(&draft.author, draft.story, None).await.unwrap();

        assert_eq!(fixture.look::<String>("SELECT status FROM stories").await, ["writing"]);
        assert_eq!(fixture.look::<String>("SELECT status FROM chapters").await, ["draft"]);
        assert_eq!(fixture.look::<Option<String>>("SELECT published_html FROM scenes").await, [None]);
    }
}
