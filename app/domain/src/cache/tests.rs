//! Properties across the files of this folder.

mod absence;
mod alerts;
mod forms;
mod parsing;
mod push;

use super::*;
use crate::{
    id::{ChapterId, CharacterId, PartId, PostId, SceneId, SettingId, StoryId, UserId},
    page::Page,
    reading::NovelsQuery,
};

fn id<T>(make: fn([u8; 21]) -> T, seed: u8) -> T {
    make([seed; 21])
}

fn story(seed: u8) -> StoryId {
    id(StoryId::from_random, seed)
}

fn chapter(seed: u8) -> ChapterId {
    id(ChapterId::from_random, seed)
}

fn scene(seed: u8) -> SceneId {
    id(SceneId::from_random, seed)
}

fn user(seed: u8) -> UserId {
    id(UserId::from_random, seed)
}

fn post(seed: u8) -> PostId {
    id(PostId::from_random, seed)
}

/// How many kinds of change there are.
const CHANGES: usize = 26;

/// One change of every kind, in story `s`, whose chapter and scene no other story has.
fn changes(s: u8) -> [Change; CHANGES] {
    let (story, author, chapter, scene, post) = (story(s), user(s), chapter(s), scene(s), post(s));
    let scenes = vec![scene];
    [
        Change::Story { story, author },
        Change::StoryRestored { story, author },
        Change::StoryDeleted { story, author },
        Change::StoryPublished { story, author, chapters: vec![chapter], scenes: scenes.clone() },
        Change::StoryUnpublished { story, author },
        Change::Part { part: id(PartId::from_random, s), story },
        Change::PartDeleted { part: id(PartId::from_random, s), story, author },
        Change::PartRestored { part: id(PartId::from_random, s), story, author },
        Change::Chapter { chapter, story, author },
        Change::ChapterMoved { chapter, story, author },
        Change::ChapterDeleted { chapter, story, author, scenes: scenes.clone() },
        Change::ChapterRestored { chapter, story, author, scenes: scenes.clone() },
        Change::ChapterPublished { chapter, story, author, scenes: scenes.clone() },
        Change::ChapterUnpublished { chapter, story, author, scenes },
        Change::Scene { scene, chapter, story },
        Change::SceneRestored { scene, chapter, story },
        Change::ScenesReplaced { story, scenes: vec![(scene, chapter)] },
        Change::SceneMoved { scene, from: chapter, to: self::chapter(s ^ 32), story },
        Change::SceneDeleted { scene, chapter, story },
        Change::Character { character: id(CharacterId::from_random, s), story },
        Change::Setting { setting: id(SettingId::from_random, s), story },
        Change::Progress { reader: author, story },
        Change::Post { post, story },
        Change::PostDeleted { post, story },
        Change::Liked { post, story },
        Change::Reply { post, story },
    ]
}

/// Every view that belongs to story `s` alone.
fn views_of(s: u8) -> Vec<Key> {
    let (story, author, chapter) = (story(s), user(s), chapter(s));
    let (scene, character, setting) = (scene(s), id(CharacterId::from_random, s), id(SettingId::from_random, s));
    vec![
        Key::Shelf(author),
        Key::Story { story, author },
        Key::Outline { story, author },
        Key::Chapter { story, chapter, author },
        Key::ChapterScenes { story, chapter, author },
        Key::Scene { story, scene, author },
        Key::Characters { story, author },
        Key::Character { story, character, author },
        Key::Settings { story, author },
        Key::Setting { story, setting, author },
        Key::Progress { reader: author, story },
        Key::Novel(story),
        Key::Reading { story, chapter },
        Key::Post { post: post(s), audience: Audience::Public },
        Key::Post { post: post(s), audience: Audience::User(author) },
        Key::Replies(post(s)),
    ]
}

fn makes_stale(change: &Change, key: &Key) -> bool {
    let tags = key.tags();
    change.plan().tags.iter().any(|tag| tags.contains(tag))
}

fn texts(change: &Change) -> Vec<String> {
    change.plan().tags.iter().map(ToString::to_string).collect()
}

#[test]
fn the_first_entities_of_the_seed_have_exactly_the_mapped_tags() {
    let (s, c, x, u, p) = (story(1), chapter(1), scene(1), user(1), post(1));
    let table: Vec<(Change, Vec<String>)> = vec![
        (
            Change::Scene { scene: x, chapter: c, story: s },
            vec![format!("scene:{x}"), format!("chapter:{c}:scenes"), format!("story:{s}:chapters")],
        ),
        (
            Change::Chapter { chapter: c, story: s, author: u },
            vec![
                format!("chapter:{c}"),
                format!("chapter:{c}:scenes"),
                format!("story:{s}:chapters"),
                format!("user:{u}:stories"),
            ],
        ),
        (
            Change::Story { story: s, author: u },
            vec![format!("story:{s}"), format!("user:{u}:stories"), "stories:published".into()],
        ),
        (
            Change::Part { part: id(PartId::from_random, 1), story: s },
            vec![format!("part:{}", id(PartId::from_random, 1)), format!("story:{s}:chapters")],
        ),
        (
            Change::Character { character: id(CharacterId::from_random, 1), story: s },
            vec![format!("character:{}", id(CharacterId::from_random, 1)), format!("story:{s}:characters")],
        ),
        (
            Change::Setting { setting: id(SettingId::from_random, 1), story: s },
            vec![format!("setting:{}", id(SettingId::from_random, 1)), format!("story:{s}:settings")],
        ),
        (Change::Progress { reader: u, story: s }, vec![format!("user:{u}:progress")]),
        (
            Change::Post { post: p, story: s },
            vec![
                format!("post:{p}"),
                format!("story:{s}:community"),
                "community:feed".into(),
                "community:stories:all".into(),
            ],
        ),
        (
            Change::Liked { post: p, story: s },
            vec![format!("post:{p}"), "community:feed".into(), "community:stories:all".into()],
        ),
        (
            Change::Reply { post: p, story: s },
            vec![format!("post:{p}:replies"), format!("post:{p}"), "community:feed".into()],
        ),
    ];
    for (change, expected) in table {
        assert_eq!(texts(&change), expected, "{change:?}");
    }
}

#[test]
fn what_readers_can_see_has_the_mapped_tags_and_those_of_the_public_views() {
    let (s, c, x, u) = (story(1), chapter(1), scene(1), user(1));
    let whole = [
        format!("story:{s}"),
        format!("story:{s}:chapters"),
        format!("story:{s}:public"),
        format!("user:{u}:stories"),
        "stories:published".into(),
        format!("story:{s}:community"),
        "community:feed".into(),
        "community:stories:all".into(),
    ];
    let of_chapter = [
        format!("chapter:{c}"),
        format!("chapter:{c}:scenes"),
        format!("story:{s}:chapters"),
        format!("user:{u}:stories"),
        format!("scene:{x}"),
        format!("chapter:{c}:public"),
        format!("story:{s}:public"),
        "stories:published".into(),
        "community:stories:all".into(),
    ];
    let published = Change::StoryPublished { story: s, author: u, chapters: vec![c], scenes: vec![x] };
    let inner =
        [format!("chapter:{c}"), format!("chapter:{c}:scenes"), format!("chapter:{c}:public"), format!("scene:{x}")];

    assert_eq!(texts(&Change::StoryUnpublished { story: s, author: u }), whole);
    assert_eq!(texts(&Change::StoryDeleted { story: s, author: u }), whole);
    assert_eq!(texts(&published), [whole.as_slice(), &inner].concat());
    for change in [
        Change::ChapterPublished { chapter: c, story: s, author: u, scenes: vec![x] },
        Change::ChapterUnpublished { chapter: c, story: s, author: u, scenes: vec![x] },
        Change::ChapterDeleted { chapter: c, story: s, author: u, scenes: vec![x] },
    ] {
        assert_eq!(texts(&change), of_chapter, "{change:?}");
    }
}

#[test]
fn what_comes_back_outdates_the_views_that_said_it_was_not_there() {
    let (s, c, x, u, p) = (story(1), chapter(1), scene(1), user(1), id(PartId::from_random, 1));
    let (itself, outline, shelf) = (format!("story:{s}"), format!("story:{s}:chapters"), format!("user:{u}:stories"));
    let table: Vec<(Change, Vec<String>)> = vec![
        (
            Change::StoryRestored { story: s, author: u },
            vec![itself.clone(), outline.clone(), shelf.clone(), "stories:published".into()],
        ),
        (
            Change::PartRestored { part: p, story: s, author: u },
            vec![format!("part:{p}"), itself.clone(), outline.clone(), shelf.clone()],
        ),
        (
            Change::PartDeleted { part: p, story: s, author: u },
            vec![format!("part:{p}"), itself, outline.clone(), shelf.clone(), "stories:published".into()],
        ),
        (
            Change::ChapterRestored { chapter: c, story: s, author: u, scenes: vec![x] },
            vec![format!("chapter:{c}"), format!("chapter:{c}:scenes"), outline.clone(), shelf, format!("scene:{x}")],
        ),
        (
            Change::SceneRestored { scene: x, chapter: c, story: s },
            vec![format!("scene:{x}"), format!("chapter:{c}:scenes"), outline],
        ),
    ];
    for (change, expected) in table {
        assert_eq!(texts(&change), expected, "{change:?}");
    }
}

#[test]
fn a_scene_that_moves_outdates_each_view_of_both_chapters_once() {
    let (s, x, from, to) = (story(1), scene(1), chapter(1), chapter(2));
    let moved = |to| texts(&Change::SceneMoved { scene: x, from, to, story: s });
    let of = |chapter| [format!("chapter:{chapter}:scenes"), format!("chapter:{chapter}:public")];
    let around = [format!("story:{s}:chapters"), format!("story:{s}:public")];
    let itself = [format!("scene:{x}")];

    assert_eq!(moved(from), [itself.as_slice(), &of(from), &around].concat());
    let counted = ["stories:published".to_owned()];
    assert_eq!(moved(to), [itself.as_slice(), &of(from), &of(to), &counted, &around].concat());
}

#[test]
fn replacing_words_names_each_scene_and_each_chapter_once() {
    let (s, one, two) = (story(1), chapter(1), chapter(2));
    let scenes = vec![(scene(1), one), (scene(2), two), (scene(3), one)];

    let [a, b, c] = [1, 2, 3].map(|n| format!("scene:{}", scene(n)));
    let expected =
        [a, b, c, format!("chapter:{one}:scenes"), format!("chapter:{two}:scenes"), format!("story:{s}:chapters")];
    assert_eq!(texts(&Change::ScenesReplaced { story: s, scenes }), expected);
}

#[test]
fn page_types_are_those_of_the_contract() {
    use PageType::{Browse, Community, Reading, Writing};
    let everywhere = vec![Writing, Reading, Browse, Community];
    for change in changes(1) {
        let expected = match change {
            Change::Story { .. } | Change::StoryRestored { .. } => vec![Writing, Reading, Browse],
            Change::StoryDeleted { .. }
            | Change::StoryPublished { .. }
            | Change::StoryUnpublished { .. }
            | Change::ChapterPublished { .. }
            | Change::ChapterUnpublished { .. } => everywhere.clone(),
            Change::Part { .. }
            | Change::PartDeleted { .. }
            | Change::PartRestored { .. }
            | Change::Chapter { .. }
            | Change::ChapterMoved { .. }
            | Change::ChapterDeleted { .. }
            | Change::ChapterRestored { .. }
            | Change::Scene { .. }
            | Change::SceneRestored { .. }
            | Change::ScenesReplaced { .. }
            | Change::SceneMoved { .. }
            | Change::SceneDeleted { .. } => vec![Writing, Reading],
            Change::Character { .. } | Change::Setting { .. } => vec![Writing],
            Change::Progress { .. } => vec![Reading],
            Change::Post { .. } | Change::PostDeleted { .. } | Change::Liked { .. } => vec![Community],
            Change::Reply { .. } => vec![Community, Reading],
        };
        assert_eq!(change.plan().page_types, expected, "{change:?}");
    }
}

#[test]
fn what_a_writer_notes_about_people_and_places_costs_no_other_view() {
    let (s, author) = (story(1), user(1));
    let (character, setting) = (id(CharacterId::from_random, 1), id(SettingId::from_random, 1));
    let stale =
        |change: Change| -> Vec<Key> { views_of(1).into_iter().filter(|key| makes_stale(&change, key)).collect() };

    assert_eq!(
        stale(Change::Character { character, story: s }),
        [Key::Characters { story: s, author }, Key::Character { story: s, character, author }]
    );
    assert_eq!(
        stale(Change::Setting { setting, story: s }),
        [Key::Settings { story: s, author }, Key::Setting { story: s, setting, author }]
    );
}

#[test]
fn reading_on_outdates_the_progress_of_the_reader_alone() {
    let change = Change::Progress { reader: user(1), story: story(1) };
    let stale: Vec<Key> = views_of(1).into_iter().filter(|key| makes_stale(&change, key)).collect();

    assert_eq!(stale, [Key::Progress { reader: user(1), story: story(1) }]);
}

#[test]
fn a_deleted_story_takes_its_cast_its_places_and_its_bookmarks_out_of_every_cache() {
    let change = Change::StoryDeleted { story: story(1), author: user(1) };
    for key in views_of(1) {
        let is_its_own = !matches!(key, Key::Post { .. } | Key::Replies(_));
        assert_eq!(makes_stale(&change, &key), is_its_own, "{key}");
    }
}

#[test]
fn writing_never_costs_a_reader_a_hit() {
    let edit = Change::Scene { scene: scene(1), chapter: chapter(1), story: story(1) };
    for key in
        [Key::Reading { story: story(1), chapter: chapter(1) }, Key::Novel(story(1)), Key::Novels(NovelsQuery::first())]
    {
        assert!(!makes_stale(&edit, &key), "{key}");
    }
}

#[test]
fn hiding_a_story_hides_it_from_every_public_view() {
    let hide = Change::StoryUnpublished { story: story(1), author: user(1) };
    let first = Page::first();
    for key in [
        Key::Novels(NovelsQuery::first()),
        Key::Novel(story(1)),
        Key::Reading { story: story(1), chapter: chapter(1) },
        Key::Forums,
        Key::Feed { audience: Audience::Public, page: first.clone() },
        Key::Board { story: story(1), audience: Audience::Public, page: first },
    ] {
        assert!(makes_stale(&hide, &key), "{key}");
    }
}

#[test]
fn a_change_in_one_story_leaves_the_views_of_another_alone() {
    for change in changes(1) {
        for key in views_of(2) {
            assert!(!makes_stale(&change, &key), "{change:?} made {key} stale");
        }
    }
}

#[test]
fn a_plan_with_too_many_tags_leaves_the_decision_to_the_page_types() {
    let scenes = (0..=255).map(scene).collect();
    let plan = Change::ChapterPublished { chapter: chapter(1), story: story(1), author: user(1), scenes }.plan();
    assert_eq!(tags_header(&plan.tags), None);
    assert_eq!(group_invalidation(&plan.tags), None);
}

#[test]
fn clocks_of_two_epochs_have_no_order() {
    assert!(Clock::new(1, 5) > Clock::new(1, 4));
    assert_eq!(Clock::new(1, 5).partial_cmp(&Clock::new(2, 4)), None);
    assert_eq!(Clock::new(1, 5).later(Clock::new(2, 4)), Clock::new(2, 4));
}
