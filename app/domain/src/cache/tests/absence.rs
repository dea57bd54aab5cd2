//! What is remembered not to be there must be forgotten by whatever makes it be.

use proptest::prelude::*;

use super::*;

/// The views that may not have been there before this change, and may be there after it.
///
/// What a view relies on beside its own tags is another view with an absence of its own: a post is found again when its
/// story is.
fn begun(change: &Change) -> Vec<Key> {
    match change.clone() {
        Change::Story { story, author } => of_story(story, author),
        Change::StoryRestored { story, author } => {
            [of_story(story, author), of_chapter(story, author, chapter(7), &[scene(7)])].concat()
        }
        Change::StoryPublished { story, author, chapters, .. } => {
            let boards = [Audience::Public, Audience::User(author), Audience::User(user(200))]
                .map(|audience| Key::Board { story, audience, page: Page::first() });
            let readings = chapters.into_iter().map(|chapter| Key::Reading { story, chapter });
            let progress = [author, user(200)].map(|reader| Key::Progress { reader, story });
            [Key::Novel(story)].into_iter().chain(boards).chain(readings).chain(progress).collect()
        }
        // Whatever was in it comes back.
        Change::PartRestored { story, author, .. } => of_chapter(story, author, chapter(7), &[scene(7)]),
        Change::Chapter { chapter, story, author } => of_chapter(story, author, chapter, &[]),
        Change::ChapterRestored { chapter, story, author, scenes } => of_chapter(story, author, chapter, &scenes),
        Change::ChapterPublished { chapter, story, .. } => vec![Key::Reading { story, chapter }],
        Change::Scene { scene, story, .. } | Change::SceneRestored { scene, story, .. } => {
            vec![Key::Scene { story, scene, author: user(7) }]
        }
        Change::Character { character, story } => vec![Key::Character { story, character, author: user(7) }],
        Change::Setting { setting, story } => vec![Key::Setting { story, setting, author: user(7) }],
        Change::Post { post, .. } => {
            let audiences = [Audience::Public, Audience::User(user(7))];
            audiences.map(|audience| Key::Post { post, audience }).into_iter().chain([Key::Replies(post)]).collect()
        }
        // A part is no view of its own.
        Change::Part { .. }
        | Change::StoryDeleted { .. }
        | Change::StoryUnpublished { .. }
        | Change::PartDeleted { .. }
        | Change::ChapterMoved { .. }
        | Change::ChapterDeleted { .. }
        | Change::ChapterUnpublished { .. }
        | Change::ScenesReplaced { .. }
        | Change::SceneMoved { .. }
        | Change::SceneDeleted { .. }
        | Change::Progress { .. }
        | Change::PostDeleted { .. }
        | Change::Liked { .. }
        | Change::Reply { .. } => Vec::new(),
    }
}

fn of_story(story: StoryId, author: UserId) -> Vec<Key> {
    vec![
        Key::Story { story, author },
        Key::Outline { story, author },
        Key::Characters { story, author },
        Key::Settings { story, author },
    ]
}

fn of_chapter(story: StoryId, author: UserId, chapter: ChapterId, scenes: &[SceneId]) -> Vec<Key> {
    let scenes = scenes.iter().map(|scene| Key::Scene { story, scene: *scene, author });
    let itself = [Key::Chapter { story, chapter, author }, Key::ChapterScenes { story, chapter, author }];
    itself.into_iter().chain(scenes).collect()
}

/// Any change, with any number of chapters and scenes where it names several.
fn any_change() -> impl Strategy<Value = Change> {
    let ids = || proptest::collection::vec(any::<u8>(), 0..6);
    (any::<u8>(), 0..CHANGES, ids(), ids()).prop_map(|(s, n, many_chapters, many_scenes)| {
        let several: Vec<SceneId> = many_scenes.into_iter().map(scene).collect();
        match changes(s).into_iter().nth(n).expect("there are so many") {
            Change::StoryPublished { story, author, .. } => {
                let chapters = many_chapters.into_iter().map(chapter).collect();
                Change::StoryPublished { story, author, chapters, scenes: several }
            }
            Change::ChapterRestored { chapter, story, author, .. } => {
                Change::ChapterRestored { chapter, story, author, scenes: several }
            }
            Change::ChapterPublished { chapter, story, author, .. } => {
                Change::ChapterPublished { chapter, story, author, scenes: several }
            }
            other => other,
        }
    })
}

proptest! {
    #[test]
    fn an_absence_that_is_remembered_has_a_tag_of_every_change_that_ends_it(change in any_change()) {
        for key in begun(&change).into_iter().filter(|key| key.policy().missing_secs > 0) {
            prop_assert!(makes_stale(&change, &key), "{change:?} begins {key}");
        }
    }
}

#[test]
fn the_absence_of_replies_is_never_remembered() {
    let post = post(1);
    let written = Change::Post { post, story: story(1) };

    assert!(!makes_stale(&written, &Key::Replies(post)));
    assert_eq!(Key::Replies(post).policy().missing_secs, 0);
}

#[test]
fn no_absence_is_remembered_for_longer_than_a_minute() {
    assert!(views_of(1).iter().all(|key| key.policy().missing_secs <= 60));
}
