//! Views are remembered until what they show is written, and no longer.

use backend::cache::Status::{Hit, Miss};
use domain::{
    reading::NovelsQuery,
    studio::{SceneEdit, StoryEdit},
};

use crate::support::{Draft, Fixture, content, on_both_databases, status, value};

/// Reads every view of a draft once, and says what the cache did for each.
async fn read_all(fixture: &Fixture, draft: &Draft) -> Vec<(&'static str, backend::cache::Status)> {
    let (backend, author) = (&fixture.backend, &draft.author);
    vec![
        ("shelf", status(backend.stories(author).await)),
        ("story", status(backend.story(author, draft.story).await)),
        ("outline", status(backend.outline(author, draft.story).await)),
        ("chapter", status(backend.chapter(author, draft.chapter).await)),
        ("scenes", status(backend.scenes(author, draft.chapter).await)),
        ("scene", status(backend.scene(author, draft.scene).await)),
        ("characters", status(backend.characters(author, draft.story).await)),
        ("settings", status(backend.settings(author, draft.story).await)),
        ("novel", status(backend.novel(draft.story).await)),
        ("reading", status(backend.read_chapter(draft.chapter).await)),
    ]
}

/// The views that the cache had to ask the database for.
async fn missed(fixture: &Fixture, draft: &Draft) -> Vec<&'static str> {
    let all = read_all(fixture, draft).await;
    all.into_iter().filter(|(_, status)| *status != Hit).map(|(name, _)| name).collect()
}

on_both_databases! {
    async fn a_view_is_a_miss_then_a_hit_and_fresh_right_after_a_write(fixture) {
        let draft = fixture.draft("old").await;
        let read = async || fixture.backend.scene(&draft.author, draft.scene).await;
        assert_eq!(status(read().await), Miss);
        assert_eq!(status(read().await), Hit);

        let saved = fixture.save(&draft, 1, "new").await;

        let view = read().await.unwrap();
        assert_eq!(view.status, Miss);
        assert_eq!(value(view).scene, saved);
        assert_eq!(status(read().await), Hit);
    }

    async fn saving_a_scene_costs_its_writer_three_views_and_readers_none(fixture) {
        let draft = fixture.novel("old").await;
        read_all(fixture, &draft).await;

        fixture.save(&draft, 1, "new").await;

        assert_eq!(missed(fixture, &draft).await, ["outline", "scenes", "scene"]);
        assert_eq!(missed(fixture, &draft).await, [""; 0]);
    }

    async fn editing_a_chapter_costs_readers_nothing(fixture) {
        let draft = fixture.novel("text").await;
        read_all(fixture, &draft).await;

        fixture.rename_chapter(&draft, 1, "Renamed").await;

        assert_eq!(missed(fixture, &draft).await, ["shelf", "outline", "chapter", "scenes"]);
    }

    async fn editing_a_story_outdates_all_that_belongs_to_it(fixture) {
        let draft = fixture.novel("text").await;
        read_all(fixture, &draft).await;

        let edit = StoryEdit { title: Some("Renamed".into()), version: Some(1), ..StoryEdit::default() };
        fixture.backend.edit_story(&draft.author, draft.story, edit).await.unwrap();

        assert_eq!(missed(fixture, &draft).await.len(), 10);
        let reading = value(fixture.backend.read_chapter(draft.chapter).await.unwrap());
        assert_eq!(reading.chapter.story_title, "Renamed");
    }

    async fn publishing_and_unpublishing_outdate_what_readers_see(fixture) {
        let draft = fixture.draft("text").await;
        let listed = async || value(fixture.backend.novels(NovelsQuery::first()).await.unwrap()).stories.len();
        assert_eq!(listed().await, 0);

        fixture.backend.publish_story(&draft.author, draft.story).await.unwrap();
        assert_eq!(listed().await, 1);
        read_all(fixture, &draft).await;
        fixture.save(&draft, 1, "new").await;
        fixture.backend.publish_chapter(&draft.author, draft.chapter).await.unwrap();
        assert_eq!(fixture.read_html(draft.chapter).await, ["<p>new</p>\n"]);
        fixture.backend.unpublish_story(&draft.author, draft.story).await.unwrap();

        assert_eq!(listed().await, 0);
        assert!(fixture.backend.read_chapter(draft.chapter).await.is_err());
    }

    async fn what_is_not_there_is_remembered_until_it_comes_to_be(fixture) {
        let draft = fixture.draft("text").await;
        let cache = fixture.backend.cache();
        cache.reset_counters();

        for _ in 0..3 {
            assert!(fixture.backend.read_chapter(draft.chapter).await.is_err());
        }
        assert_eq!((cache.counters().misses, cache.counters().hits), (1, 2));

        fixture.backend.publish_story(&draft.author, draft.story).await.unwrap();
        assert_eq!(fixture.read_html(draft.chapter).await, ["<p>text</p>\n"]);
        fixture.backend.unpublish_chapter(&draft.author, draft.chapter).await.unwrap();
        for _ in 0..2 {
            assert!(fixture.backend.read_chapter(draft.chapter).await.is_err());
        }
        fixture.backend.publish_chapter(&draft.author, draft.chapter).await.unwrap();
        assert_eq!(fixture.read_html(draft.chapter).await, ["<p>text</p>\n"]);
    }

    async fn changing_one_story_leaves_the_views_of_another(fixture) {
        let (one, other) = (fixture.novel("one").await, fixture.novel("other").await);
        read_all(fixture, &one).await;
        read_all(fixture, &other).await;

        fixture.save(&one, 1, "changed").await;
        fixture.rename_chapter(&one, 1, "changed").await;
        fixture.backend.publish_chapter(&one.author, one.chapter).await.unwrap();
        fixture.backend.delete_scene(&one.author, one.scene, None).await.unwrap();

        assert_eq!(missed(fixture, &other).await, [""; 0]);
    }

    async fn a_refused_edit_outdates_nothing(fixture) {
        let draft = fixture.novel("text").await;
        read_all(fixture, &draft).await;

        assert!(fixture.backend.edit_scene(&draft.author, draft.scene, content(7, "late")).await.is_err());

        assert_eq!(missed(fixture, &draft).await, [""; 0]);
    }

    async fn the_clock_of_a_read_is_no_earlier_than_the_write_before_it(fixture) {
        let draft = fixture.draft("text").await;

        let edit = SceneEdit { goal: Some("see".into()), version: Some(1), ..SceneEdit::default() };
        let saved = fixture.backend.edit_scene(&draft.author, draft.scene, edit).await.unwrap();

        let view = fixture.backend.scene(&draft.author, draft.scene).await.unwrap();
        assert!(view.clock >= saved.clock());
        let again = fixture.backend.scene(&draft.author, draft.scene).await.unwrap();
        assert!(again.clock >= saved.clock());
        assert_eq!(again.etag, view.etag);
    }

    async fn readers_who_ask_while_writers_write_never_see_an_older_text(fixture) {
        let draft = fixture.draft("0").await;
        let acknowledged = std::sync::Arc::new(std::sync::atomic::AtomicI64::new(1));

        let readers = [0, 1].map(|_| {
            let (backend, draft, acknowledged) = (fixture.backend.clone(), draft.clone(), acknowledged.clone());
            tokio::spawn(async move {
                loop {
                    let floor = acknowledged.load(std::sync::atomic::Ordering::SeqCst);
                    let seen = value(backend.scene(&draft.author, draft.scene).await.unwrap()).scene.version;
                    assert!(seen >= floor, "version {seen} after {floor} was acknowledged");
                    if floor == 40 {
                        return;
                    }
                    // A hit waits for nothing, and this runtime has two threads for everyone.
                    tokio::task::yield_now().await;
                }
            })
        });
        for version in 1..40 {
            let saved = fixture.save(&draft, version, &version.to_string()).await;
            acknowledged.store(saved.version, std::sync::atomic::Ordering::SeqCst);
        }

        for reader in readers {
            reader.await.unwrap();
        }
    }

    async fn a_write_whose_writer_hung_up_leaves_no_old_answer_behind(fixture) {
        let draft = fixture.draft("0").await;

        for patience in 0..40 {
            let present = value(fixture.backend.scene(&draft.author, draft.scene).await.unwrap()).scene;
            let edit = content(present.version, &format!("edit {patience}"));
            let (backend, writer) = (fixture.backend.clone(), draft.clone());
            let save = tokio::spawn(async move { backend.edit_scene(&writer.author, writer.scene, edit).await });
            for _ in 0..patience {
                tokio::task::yield_now().await;
            }
            save.abort();
            let _ = save.await;

            // One more write waits for whatever is still under way.
            let chapter = value(fixture.backend.chapter(&draft.author, draft.chapter).await.unwrap()).chapter;
            fixture.rename_chapter(&draft, chapter.version, &format!("after {patience}")).await;
            let seen = value(fixture.backend.scene(&draft.author, draft.scene).await.unwrap()).scene;
            let stored: Vec<String> = fixture.look("SELECT body FROM scenes").await;
            assert_eq!(stored, [seen.content]);
        }
    }
}
