//! Two at once at the same thing, in every pair: the data stays whole, and where only one can win, one does.

use backend::{Backend, Error};
use domain::{
    Error as Refusal,
    community::{LikeWish, NewPost},
    id::{ChapterId, PostId},
    studio::{ChapterEdit, ChapterMove, Scene, SceneMove},
    user::User,
};

use crate::support::{Draft, Fixture, content, on_both_databases, value};

/// What somebody does to a story, one of its chapters, the scene in it, or the post about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Save,
    Restore,
    Rename,
    MoveScene,
    MoveChapter,
    PublishChapter,
    HideChapter,
    PublishStory,
    Like,
    DeleteScene,
    DeleteChapter,
    DeleteStory,
    DeletePost,
}

const ACTS: [Act; 13] = [
    Act::Save,
    Act::Restore,
    Act::Rename,
    Act::MoveScene,
    Act::MoveChapter,
    Act::PublishChapter,
    Act::HideChapter,
    Act::PublishStory,
    Act::Like,
    Act::DeleteScene,
    Act::DeleteChapter,
    Act::DeleteStory,
    Act::DeletePost,
];

/// A published novel, an empty chapter, and a post.
#[derive(Clone)]
struct Scenery {
    draft: Draft,
    second: ChapterId,
    post: PostId,
}

async fn scenery(fixture: &Fixture, author: &User) -> Scenery {
    let draft = fixture.draft_by(author.clone(), "start").await;
    let second = fixture.add_chapter(author, draft.story, "Two").await;
    fixture.backend.publish_story(author, draft.story).await.unwrap();
    let post = NewPost { story_id: draft.story, title: "T".into(), content: "C".into(), kind: None };
    let post = fixture.backend.add_post(author, post).await.unwrap().value().id;
    Scenery { draft, second, post }
}

/// Does one of two things; `number` tells the two apart. Answers with the text that was acknowledged, if one was.
async fn act(backend: Backend, scenery: Scenery, act: Act, number: usize) -> Result<Option<String>, Error> {
    let Scenery { draft: Draft { author, story, chapter, scene }, second, post } = scenery;
    let text = |scene: &Scene| Some(scene.content.clone());
    Ok(match act {
        Act::Save => {
            let edit = content(1, &format!("text {number}"));
            text(backend.edit_scene(&author, scene, edit).await?.value())
        }
        Act::Restore => text(backend.restore_revision(&author, scene, 1, Some(1)).await?.value()),
        Act::Rename => {
            let edit = ChapterEdit { title: Some(format!("Title {number}")), version: Some(1), ..Default::default() };
            backend.edit_chapter(&author, chapter, edit).await.map(|_| None)?
        }
        Act::MoveScene => backend.move_scene(&author, scene, SceneMove::to_index(second, 0)).await.map(|_| None)?,
        Act::MoveChapter => {
            backend.move_chapter(&author, chapter, ChapterMove::to_index(None, 1)).await.map(|_| None)?
        }
        Act::PublishChapter => backend.publish_chapter(&author, chapter).await.map(|_| None)?,
        Act::HideChapter => backend.unpublish_chapter(&author, chapter).await.map(|_| None)?,
        Act::PublishStory => backend.publish_story(&author, story).await.map(|_| None)?,
        Act::Like => backend.like(&author, post, LikeWish { liked: Some(true) }).await.map(|_| None)?,
        Act::DeleteScene => backend.delete_scene(&author, scene, None).await.map(|_| None)?,
        Act::DeleteChapter => backend.delete_chapter(&author, chapter, None).await.map(|_| None)?,
        Act::DeleteStory => backend.delete_story(&author, story, None).await.map(|_| None)?,
        Act::DeletePost => backend.delete_post(&author, post, None).await.map(|_| None)?,
    })
}

/// Of which two only one can win: both change the same version, or remove the same thing.
fn only_one_wins(one: Act, other: Act) -> bool {
    let changes_text = |act| matches!(act, Act::Save | Act::Restore);
    let removes = |act| matches!(act, Act::DeleteScene | Act::DeleteChapter | Act::DeleteStory | Act::DeletePost);
    (changes_text(one) && changes_text(other)) || (one == other && (one == Act::Rename || removes(one)))
}

/// May somebody be refused in this way by what the other did? Nobody is, for any other reason.
#[track_caller]
fn assert_beaten(outcome: &Result<Option<String>, Error>, one: Act, other: Act) {
    match outcome {
        Ok(_) | Err(Error::Refused(Refusal::Conflict(_) | Refusal::NotFound(_))) => {}
        Err(error) => panic!("{one:?} beside {other:?}: {error:?}"),
    }
}

/// What must be true of every database at any time.
const NEVER: [(&str, &str); 8] = [
    (
        "a live scene in a removed chapter",
        "SELECT COUNT(*) FROM scenes JOIN chapters ON chapters.id = scenes.chapter_id
      WHERE scenes.deleted_at IS NULL AND chapters.deleted_at IS NOT NULL",
    ),
    (
        "a live chapter in a removed story",
        "SELECT COUNT(*) FROM chapters JOIN stories ON stories.id = chapters.story_id
      WHERE chapters.deleted_at IS NULL AND stories.deleted_at IS NOT NULL",
    ),
    (
        "a scene in another story than its chapter",
        "SELECT COUNT(*) FROM scenes JOIN chapters ON chapters.id = scenes.chapter_id
      WHERE scenes.story_id <> chapters.story_id",
    ),
    (
        "something published in the trash",
        "SELECT COUNT(*) FROM scenes WHERE deleted_at IS NOT NULL AND published_version IS NOT NULL",
    ),
    (
        "a chapter published in the trash",
        "SELECT COUNT(*) FROM chapters WHERE deleted_at IS NOT NULL AND status = 'published'",
    ),
    (
        "a wrong count of likes",
        "SELECT COUNT(*) FROM posts WHERE like_count <> (SELECT COUNT(*) FROM post_likes WHERE post_id = posts.id)",
    ),
    (
        "a present text that is no revision",
        "SELECT COUNT(*) FROM scenes WHERE NOT EXISTS (SELECT 1 FROM scene_revisions
      WHERE scene_id = scenes.id AND body = scenes.body AND scene_revisions.title = scenes.title)",
    ),
    (
        "a published text that is no revision",
        "SELECT COUNT(*) FROM scenes WHERE published_body IS NOT NULL AND NOT EXISTS (SELECT 1 FROM scene_revisions
      WHERE scene_id = scenes.id AND body = scenes.published_body)",
    ),
];

/// Two people do two things at once, and everything is looked at afterwards.
async fn collide(fixture: &Fixture, author: &User, one: Act, other: Act) {
    let scenery = scenery(fixture, author).await;
    let start = |what, number| tokio::spawn(act(fixture.backend.clone(), scenery.clone(), what, number));
    let (first, second) = tokio::join!(start(one, 1), start(other, 2));
    let outcomes = [first.unwrap(), second.unwrap()];

    outcomes.iter().for_each(|outcome| assert_beaten(outcome, one, other));
    let winners = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert!(winners >= 1, "{one:?} beside {other:?}: somebody must win");
    if only_one_wins(one, other) {
        assert_eq!(winners, 1, "{one:?} beside {other:?}: {outcomes:?}");
    }
    for text in outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()?.as_ref()) {
        let scene = scenery.draft.scene;
        let kept = format!("SELECT COUNT(*) FROM scene_revisions WHERE scene_id = '{scene}' AND body = '{text}'");
        assert!(fixture.look::<i64>(&kept).await[0] >= 1, "{one:?} beside {other:?}: {text} is lost");
    }
    assert_fresh(fixture, &scenery, one, other).await;
}

/// What is read afterwards is what is stored.
async fn assert_fresh(fixture: &Fixture, scenery: &Scenery, one: Act, other: Act) {
    let Draft { author, story, scene, .. } = &scenery.draft;
    let live = format!("SELECT body FROM scenes WHERE id = '{scene}' AND deleted_at IS NULL");
    let seen = fixture.backend.scene(author, *scene).await.ok().map(|view| value(view).scene.content);
    assert_eq!(seen, fixture.look::<String>(&live).await.pop(), "{one:?} beside {other:?}");

    let listed: Option<Vec<String>> = fixture.backend.outline(author, *story).await.ok().map(|view| {
        let lines = value(view).chapters.into_iter();
        lines.flat_map(|line| line.scenes).map(|scene| scene.id.to_string()).collect()
    });
    let live = format!("SELECT id FROM scenes WHERE story_id = '{story}' AND deleted_at IS NULL");
    assert_eq!(listed.unwrap_or_default(), fixture.look::<String>(&live).await, "{one:?} beside {other:?}");

    let read = async |chapter| -> Vec<String> {
        let view = fixture.backend.read_chapter(chapter).await.ok();
        view.into_iter().flat_map(|view| value(view).scenes).map(|scene| scene.html).collect()
    };
    let seen = [read(scenery.draft.chapter).await, read(scenery.second).await].concat();
    let public = format!(
        "SELECT published_html FROM scenes JOIN chapters ON chapters.id = chapter_id JOIN stories ON stories.id = chapters.story_id
         WHERE chapters.story_id = '{story}' AND scenes.deleted_at IS NULL AND scenes.published_version IS NOT NULL
           AND chapters.status = 'published' AND stories.status = 'published'"
    );
    assert_eq!(seen, fixture.look::<String>(&public).await, "{one:?} beside {other:?}");
}

on_both_databases! {
    async fn two_at_once_leave_everything_whole_in_every_pair(fixture) {
        let author = fixture.writer().await;
        for (at, one) in ACTS.into_iter().enumerate() {
            for other in &ACTS[at..] {
                for _ in 0..3 {
                    collide(fixture, &author, one, *other).await;
                }
            }
            for (what, count) in NEVER {
                assert_eq!(fixture.look::<i64>(count).await, [0], "{what}, after {one:?}");
            }
        }
    }
}
