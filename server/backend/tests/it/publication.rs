//! Readers see the text of the last publication, never a later one.

use domain::{
    error::Entity as Kind,
    studio::{ChapterStatus, StoryStatus},
};

use crate::support::{assert_not_found, on_both_databases, value};

on_both_databases! {
    async fn publishing_a_story_shows_its_present_text(fixture) {
        let draft = fixture.draft("The *sea*.").await;

        let saved = fixture.backend.publish_story(&draft.author, draft.story).await.unwrap();

        assert_eq!(saved.value().status, StoryStatus::Published);
        assert_eq!(fixture.read_html(draft.chapter).await, ["<p>The <em>sea</em>.</p>\n"]);
        let novel = value(fixture.backend.novel(draft.story).await.unwrap());
        assert_eq!((novel.story.chapter_count, novel.story.word_count), (1, 2));
        assert_eq!(novel.chapters[0].title, "One");
    }

    async fn a_later_draft_stays_with_its_writer(fixture) {
        let draft = fixture.novel("published").await;

        fixture.save(&draft, 1, "half a sen").await;
        fixture.rename_chapter(&draft, 1, "Working title").await;

        assert_eq!(fixture.read_html(draft.chapter).await, ["<p>published</p>\n"]);
        let reading = value(fixture.backend.read_chapter(draft.chapter).await.unwrap());
        assert_eq!(reading.chapter.title, "One");
        assert_eq!(value(fixture.backend.novel(draft.story).await.unwrap()).chapters[0].title, "One");
        let scene = value(fixture.backend.scene(&draft.author, draft.scene).await.unwrap()).scene;
        assert_eq!((scene.version, scene.published_version), (2, Some(1)));
    }

    async fn publishing_a_chapter_again_shows_what_was_written_since(fixture) {
        let draft = fixture.novel("first").await;
        fixture.save(&draft, 1, "second").await;
        fixture.rename_chapter(&draft, 1, "Renamed").await;
        fixture.add_scene(&draft.author, draft.chapter, "added").await;

        fixture.backend.publish_chapter(&draft.author, draft.chapter).await.unwrap();

        assert_eq!(fixture.read_html(draft.chapter).await, ["<p>second</p>\n", "<p>added</p>\n"]);
        assert_eq!(value(fixture.backend.read_chapter(draft.chapter).await.unwrap()).chapter.title, "Renamed");
        let scene = value(fixture.backend.scene(&draft.author, draft.scene).await.unwrap()).scene;
        assert_eq!(scene.published_version, Some(2));
    }

    async fn publishing_changes_no_version_and_keeps_the_first_time(fixture) {
        let draft = fixture.novel("text").await;
        let first = value(fixture.backend.novel(draft.story).await.unwrap()).story.published_at;
        fixture.tick();

        let again = fixture.backend.publish_story(&draft.author, draft.story).await.unwrap();

        assert_eq!(again.value().published_at, Some(first));
        assert_eq!(again.value().version, 1);
        assert_eq!(fixture.look::<i64>("SELECT version FROM scenes").await, [1]);
    }

    async fn a_chapter_waits_until_its_story_is_public(fixture) {
        let draft = fixture.draft("text").await;

        let saved = fixture.backend.publish_chapter(&draft.author, draft.chapter).await.unwrap();

        assert_eq!(saved.value().status, ChapterStatus::Published);
        assert_not_found(fixture.backend.read_chapter(draft.chapter).await, Kind::Chapter);
        fixture.backend.publish_story(&draft.author, draft.story).await.unwrap();
        assert_eq!(fixture.read_html(draft.chapter).await, ["<p>text</p>\n"]);
    }

    async fn an_unpublished_chapter_is_gone_for_readers_only(fixture) {
        let draft = fixture.novel("text").await;
        fixture.add_chapter(&draft.author, draft.story, "Two").await;

        let saved = fixture.backend.unpublish_chapter(&draft.author, draft.chapter).await.unwrap();

        assert_eq!((saved.value().status, saved.value().published_at), (ChapterStatus::Draft, None));
        assert_not_found(fixture.backend.read_chapter(draft.chapter).await, Kind::Chapter);
        let novel = value(fixture.backend.novel(draft.story).await.unwrap());
        assert_eq!((novel.chapters, novel.story.word_count), (vec![], 0));
        let scene = value(fixture.backend.scene(&draft.author, draft.scene).await.unwrap()).scene;
        assert_eq!((scene.content.as_str(), scene.published_version), ("text", None));
    }

    async fn an_unpublished_story_is_gone_whole_until_it_is_published_again(fixture) {
        let draft = fixture.novel("text").await;

        fixture.backend.unpublish_story(&draft.author, draft.story).await.unwrap();
        assert_not_found(fixture.backend.novel(draft.story).await, Kind::Story);
        assert_not_found(fixture.backend.read_chapter(draft.chapter).await, Kind::Chapter);

        fixture.backend.publish_story(&draft.author, draft.story).await.unwrap();
        assert_eq!(fixture.read_html(draft.chapter).await, ["<p>text</p>\n"]);
    }

    async fn a_public_story_without_a_chapter_has_empty_contents(fixture) {
        let author = fixture.writer().await;
        let story = fixture.add_story(&author, "Bare").await;

        fixture.backend.publish_story(&author, story).await.unwrap();

        assert_eq!(value(fixture.backend.novel(story).await.unwrap()).chapters, []);
    }

    async fn neighbours_are_the_chapters_that_can_be_read(fixture) {
        let draft = fixture.novel("one").await;
        let hidden = fixture.add_chapter(&draft.author, draft.story, "Hidden").await;
        let last = fixture.add_chapter(&draft.author, draft.story, "Last").await;
        fixture.backend.publish_chapter(&draft.author, last).await.unwrap();

        let first = value(fixture.backend.read_chapter(draft.chapter).await.unwrap());
        assert_eq!(first.previous, None);
        assert_eq!(first.next.map(|chapter| chapter.id), Some(last));
        fixture.backend.publish_chapter(&draft.author, hidden).await.unwrap();
        let first = value(fixture.backend.read_chapter(draft.chapter).await.unwrap());
        assert_eq!(first.next.map(|chapter| chapter.id), Some(hidden));
    }

    async fn no_published_column_ever_holds_a_byte_that_was_not_published(fixture) {
        let draft = fixture.novel("public one").await;
        fixture.save(&draft, 1, "SECRET").await;
        fixture.add_scene(&draft.author, draft.chapter, "SECRET").await;
        let chapter = fixture.add_chapter(&draft.author, draft.story, "SECRET").await;
        fixture.add_scene(&draft.author, chapter, "SECRET").await;
        fixture.rename_chapter(&draft, 1, "SECRET").await;

        let views = [
            fixture.backend.novels(domain::reading::NovelsQuery::first()).await.unwrap().body,
            fixture.backend.novel(draft.story).await.unwrap().body,
            fixture.backend.read_chapter(draft.chapter).await.unwrap().body,
            fixture.backend.forums().await.unwrap().body,
        ];

        for body in views {
            assert!(!String::from_utf8_lossy(&body).contains("SECRET"));
        }
    }
}
