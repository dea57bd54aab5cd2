//! How far a reader got: remembered in what can be read now, and nowhere else.

use backend::cache::Status::{Hit, Miss};
use domain::{
    error::{Entity as Kind, Problem},
    id::{ChapterId, SceneId, StoryId},
    reading::{NewProgress, Progress},
    studio::SceneMove,
    user::{Role, User},
};

use crate::support::{Draft, Fixture, assert_not_found, on_both_databases, refusal, status, value};

/// A novel of two chapters: two scenes of two words, then one of six.
async fn novel(fixture: &Fixture) -> (Draft, SceneId, ChapterId, SceneId) {
    let draft = fixture.draft("two words").await;
    let second = fixture.add_scene(&draft.author, draft.chapter, "two more").await.id;
    let chapter = fixture.add_chapter(&draft.author, draft.story, "Two").await;
    let last = fixture.add_scene(&draft.author, chapter, "now there are six words more").await.id;
    fixture.backend.publish_story(&draft.author, draft.story).await.unwrap();
    (draft, second, chapter, last)
}

fn to(chapter_id: ChapterId, scene_id: impl Into<Option<SceneId>>) -> NewProgress {
    NewProgress { chapter_id, scene_id: scene_id.into() }
}

async fn put(fixture: &Fixture, reader: &User, story: StoryId, new: NewProgress) -> Progress {
    let saved = fixture.backend.read_to(reader, story, new).await.expect("the place can be read");
    saved.value().progress.clone().expect("it was just made")
}

async fn get(fixture: &Fixture, reader: &User, story: StoryId) -> Option<Progress> {
    value(fixture.backend.progress(reader, story).await.expect("the story is public")).progress
}

on_both_databases! {
    async fn who_has_not_begun_has_no_progress(fixture) {
        let (draft, ..) = novel(fixture).await;
        let reader = fixture.person(Role::Reader).await;

        assert_eq!(get(fixture, &reader, draft.story).await, None);
    }

    async fn turning_back_keeps_the_furthest_place(fixture) {
        let (draft, second, chapter, last) = novel(fixture).await;
        let reader = fixture.person(Role::Reader).await;

        let first = put(fixture, &reader, draft.story, to(draft.chapter, None)).await;
        assert_eq!((first.place.percent, &first.furthest), (0, &first.place));
        let far = put(fixture, &reader, draft.story, to(chapter, last)).await;
        assert_eq!((far.place.percent, far.furthest.percent), (40, 40));
        fixture.tick();
        let back = put(fixture, &reader, draft.story, to(draft.chapter, second)).await;

        assert_eq!((back.place.scene_id, back.place.percent), (Some(second), 20));
        assert_eq!((back.furthest.scene_id, back.furthest.percent), (Some(last), 40));
        assert!(back.updated_at > far.updated_at);
        assert_eq!(get(fixture, &reader, draft.story).await, Some(back));
    }

    async fn each_reader_has_their_own(fixture) {
        let (draft, ..) = novel(fixture).await;
        let (one, other) = (fixture.person(Role::Reader).await, fixture.person(Role::Reader).await);
        status(fixture.backend.progress(&other, draft.story).await);

        put(fixture, &one, draft.story, to(draft.chapter, draft.scene)).await;

        assert_eq!(status(fixture.backend.progress(&other, draft.story).await), Hit);
        assert_eq!(get(fixture, &other, draft.story).await, None);
        assert_eq!(fixture.look::<i64>("SELECT COUNT(*) FROM reading_progress").await, [1]);
    }

    async fn a_place_that_readers_cannot_go_to_is_refused(fixture) {
        let (draft, ..) = novel(fixture).await;
        let elsewhere = novel(fixture).await.0;
        let hidden = fixture.add_chapter(&draft.author, draft.story, "Hidden").await;
        let unpublished = fixture.add_scene(&draft.author, draft.chapter, "SECRET").await.id;
        let reader = fixture.person(Role::Reader).await;

        for (new, field) in [
            (to(hidden, None), "chapterId"),
            (to(elsewhere.chapter, None), "chapterId"),
            (to(draft.chapter, unpublished), "sceneId"),
            (to(draft.chapter, elsewhere.scene), "sceneId"),
        ] {
            let refused = refusal(fixture.backend.read_to(&reader, draft.story, new).await);
            assert_eq!(refused, domain::Error::invalid(field, Problem::DoesNotBelong));
        }
        let draft = fixture.draft("private").await;
        assert_not_found(fixture.backend.progress(&reader, draft.story).await, Kind::Story);
        let here = to(draft.chapter, None);
        assert_not_found(fixture.backend.read_to(&reader, draft.story, here).await, Kind::Story);
        assert_eq!(fixture.look::<i64>("SELECT COUNT(*) FROM reading_progress").await, [0]);
    }

    async fn it_follows_what_is_public_now(fixture) {
        let (draft, second, chapter, last) = novel(fixture).await;
        let reader = fixture.person(Role::Reader).await;
        put(fixture, &reader, draft.story, to(chapter, last)).await;
        put(fixture, &reader, draft.story, to(draft.chapter, second)).await;

        fixture.backend.delete_scene(&draft.author, second, None).await.unwrap();
        let place = get(fixture, &reader, draft.story).await.expect("its chapter is there").place;
        assert_eq!((place.chapter_id, place.scene_id), (draft.chapter, None));
        fixture.backend.unpublish_chapter(&draft.author, chapter).await.unwrap();
        let progress = get(fixture, &reader, draft.story).await.expect("its chapter is there");
        assert_eq!(progress.furthest, progress.place);
        fixture.backend.unpublish_chapter(&draft.author, draft.chapter).await.unwrap();
        assert_eq!(get(fixture, &reader, draft.story).await, None);
        fixture.backend.unpublish_story(&draft.author, draft.story).await.unwrap();
        assert_not_found(fixture.backend.progress(&reader, draft.story).await, Kind::Story);
    }

    async fn a_scene_that_moves_takes_its_readers_along(fixture) {
        let (draft, second, chapter, _) = novel(fixture).await;
        let reader = fixture.person(Role::Reader).await;
        put(fixture, &reader, draft.story, to(draft.chapter, second)).await;

        let wish = SceneMove::to_index(draft.chapter, 0);
        fixture.backend.move_scene(&draft.author, second, wish).await.unwrap();

        let place = get(fixture, &reader, draft.story).await.expect("the scene is there").place;
        assert_eq!((place.scene_id, place.percent), (Some(second), 0));
        let away = SceneMove::to_index(chapter, 0);
        fixture.backend.move_scene(&draft.author, second, away).await.unwrap();
        let place = get(fixture, &reader, draft.story).await.expect("its chapter is there").place;
        assert_eq!((place.chapter_id, place.scene_id), (chapter, Some(second)));
    }

    async fn reading_on_costs_nobody_else_a_hit(fixture) {
        let (draft, ..) = novel(fixture).await;
        let reader = fixture.person(Role::Reader).await;
        let all = async || {
            [
                status(fixture.backend.progress(&reader, draft.story).await),
                status(fixture.backend.novel(draft.story).await),
                status(fixture.backend.read_chapter(draft.chapter).await),
                status(fixture.backend.outline(&draft.author, draft.story).await),
            ]
        };
        all().await;

        put(fixture, &reader, draft.story, to(draft.chapter, draft.scene)).await;

        assert_eq!(all().await, [Miss, Hit, Hit, Hit]);
    }

    async fn two_windows_of_one_reader_leave_the_furthest_of_both(fixture) {
        let (draft, second, chapter, last) = novel(fixture).await;
        for _ in 0..8 {
            let reader = fixture.person(Role::Reader).await;
            let (here, there) = (to(draft.chapter, second), to(chapter, last));
            let (one, other) = tokio::join!(
                fixture.backend.read_to(&reader, draft.story, here),
                fixture.backend.read_to(&reader, draft.story, there),
            );
            assert!(one.is_ok() && other.is_ok());

            let progress = get(fixture, &reader, draft.story).await.expect("both were here");
            assert_eq!(progress.furthest.scene_id, Some(last));
        }
    }
}
