//! Every change that a use case performs.

use backend::Error;
use domain::{
    cache::{Change, Plan, Saved},
    community::{LikeWish, NewPost, NewReply, PostEdit, ReplyEdit},
    id::{ChapterId, CharacterId, PartId, PostId, ReplyId, SceneId, SettingId, StoryId},
    reading::NewProgress,
    studio::{
        ChapterMove, CharacterEdit, NewChapter, NewCharacter, NewPart, NewScene, NewSetting, NewStory, PartEdit,
        Replace, SceneMove, Search, SettingEdit, StoryEdit,
    },
    user::{Role, User},
};

use crate::support::{Draft, Fixture, content};

/// The rows of the matrix.
pub(crate) const CHANGES: [&str; 40] = [
    "create a story",
    "edit a story",
    "delete a story",
    "restore a story",
    "publish a story",
    "unpublish a story",
    "add a part",
    "edit a part",
    "delete a part",
    "restore a part",
    "add a chapter",
    "edit a chapter",
    "move a chapter",
    "delete a chapter",
    "restore a chapter",
    "publish a chapter",
    "unpublish a chapter",
    "add a scene",
    "save a scene",
    "restore a revision",
    "move a scene within its chapter",
    "move a scene to another chapter",
    "delete a scene",
    "restore a scene",
    "replace words",
    "add a character",
    "edit a character",
    "delete a character",
    "add a setting",
    "edit a setting",
    "delete a setting",
    "read on",
    "write a post",
    "edit a post",
    "delete a post",
    "like a post",
    "unlike a post",
    "write a reply",
    "edit a reply",
    "delete a reply",
];

/// A published story with all that there can be, and another that nobody touches.
pub(crate) struct Scenery {
    pub(crate) author: User,
    /// A member who wrote nothing.
    pub(crate) reader: User,
    pub(crate) story: StoryId,
    part: PartId,
    pub(crate) chapter: ChapterId,
    second_chapter: ChapterId,
    pub(super) scene: SceneId,
    second_scene: SceneId,
    pub(super) character: CharacterId,
    pub(super) setting: SettingId,
    pub(super) post: PostId,
    reply: ReplyId,
    pub(super) other: Draft,
}

impl Scenery {
    pub(crate) async fn build(fixture: &Fixture) -> Self {
        let Draft { author, story, chapter, scene } = fixture.draft("text").await;
        let (backend, reader) = (&fixture.backend, fixture.person(Role::Reader).await);
        let part = saved(backend.add_part(&author, story, NewPart { title: "North".into(), summary: None }).await).id;
        let second_chapter = fixture.add_chapter(&author, story, "Two").await;
        let second_scene = fixture.add_scene(&author, chapter, "more text").await.id;
        let into = ChapterMove::to_index(Some(part), 1);
        saved(backend.move_chapter(&author, second_chapter, into).await);
        let character = saved(backend.add_character(&author, story, new_character()).await).id;
        let setting = saved(backend.add_setting(&author, story, new_setting()).await).id;
        saved(backend.publish_story(&author, story).await);
        let post = saved(backend.add_post(&author, new_post(story)).await).id;
        let reply = saved(backend.add_reply(&author, post, new_reply()).await).id;
        let other = fixture.novel("another text").await;
        saved(backend.add_post(&other.author, new_post(other.story)).await);
        Scenery {
            author,
            reader,
            story,
            part,
            chapter,
            second_chapter,
            scene,
            second_scene,
            character,
            setting,
            post,
            reply,
            other,
        }
    }
}

fn new_post(story: StoryId) -> NewPost {
    NewPost { story_id: story, title: "A post".into(), content: "Words.".into(), kind: None }
}

fn new_reply() -> NewReply {
    NewReply { content: "Words.".into(), parent_reply_id: None }
}

fn new_character() -> NewCharacter {
    serde_json::from_str(r#"{"name":"Ada"}"#).expect("a character needs a name and no more")
}

fn new_setting() -> NewSetting {
    serde_json::from_str(r#"{"name":"The pound"}"#).expect("a place needs a name and no more")
}

fn saved<T: Clone>(outcome: Result<Saved<T>, Error>) -> T {
    outcome.expect("a use case of the scenery works").value().clone()
}

fn plan<T>(outcome: Result<Saved<T>, Error>) -> Plan {
    outcome.expect("a change of the matrix works").plan().clone()
}

/// What must have happened before the views are warmed.
pub(crate) async fn prepare(fixture: &Fixture, scenery: &Scenery, change: &str) {
    let Scenery { author, reader, story, part, chapter, scene, post, .. } = scenery;
    let backend = &fixture.backend;
    match change {
        "restore a story" => drop(plan(backend.delete_story(author, *story, None).await)),
        "restore a part" => drop(plan(backend.delete_part(author, *part, None).await)),
        "restore a chapter" => drop(plan(backend.delete_chapter(author, *chapter, None).await)),
        "restore a scene" => drop(plan(backend.delete_scene(author, *scene, None).await)),
        "publish a story" => drop(plan(backend.unpublish_story(author, *story).await)),
        "publish a chapter" => drop(plan(backend.unpublish_chapter(author, *chapter).await)),
        "restore a revision" => drop(plan(backend.edit_scene(author, *scene, content(1, "new text")).await)),
        "unlike a post" => drop(plan(backend.like(reader, *post, LikeWish { liked: Some(true) }).await)),
        _ => {}
    }
}

/// Performs a change, and says what its plan was.
pub(crate) async fn perform(fixture: &Fixture, scenery: &Scenery, change: &str) -> Plan {
    let plans = [
        to_story(fixture, scenery, change).await,
        to_part_or_chapter(fixture, scenery, change).await,
        to_scene(fixture, scenery, change).await,
        to_notes(fixture, scenery, change).await,
        to_talk(fixture, scenery, change).await,
    ];
    plans.into_iter().flatten().next().unwrap_or_else(|| panic!("say here how to {change}"))
}

async fn to_story(fixture: &Fixture, scenery: &Scenery, change: &str) -> Option<Plan> {
    let (backend, author, story) = (&fixture.backend, &scenery.author, scenery.story);
    Some(match change {
        "create a story" => {
            plan(backend.create_story(author, NewStory { title: "New".into(), summary: None, genre: None }).await)
        }
        "edit a story" => {
            let version = saved_version(fixture, scenery).await;
            let edit = StoryEdit { title: Some("Renamed".into()), version: Some(version), ..StoryEdit::default() };
            plan(backend.edit_story(author, story, edit).await)
        }
        "delete a story" => plan(backend.delete_story(author, story, None).await),
        "restore a story" => plan(backend.restore(author, trashed(story.as_str())).await),
        "publish a story" => plan(backend.publish_story(author, story).await),
        "unpublish a story" => plan(backend.unpublish_story(author, story).await),
        _ => return None,
    })
}

async fn saved_version(fixture: &Fixture, scenery: &Scenery) -> i64 {
    let story = fixture.backend.story(&scenery.author, scenery.story).await.expect("the story is there");
    story.value().expect("a story").story.version
}

async fn to_part_or_chapter(fixture: &Fixture, scenery: &Scenery, change: &str) -> Option<Plan> {
    let Scenery { author, story, part, chapter, .. } = scenery;
    let backend = &fixture.backend;
    Some(match change {
        "add a part" => plan(backend.add_part(author, *story, NewPart { title: "South".into(), summary: None }).await),
        "edit a part" => {
            let edit = PartEdit { title: Some("East".into()), version: Some(1), ..PartEdit::default() };
            plan(backend.edit_part(author, *part, edit).await)
        }
        "delete a part" => plan(backend.delete_part(author, *part, None).await),
        "restore a part" => plan(backend.restore(author, trashed(part.as_str())).await),
        "add a chapter" => {
            let new = NewChapter { title: "Three".into(), summary: None, part_id: None };
            plan(backend.add_chapter(author, *story, new).await)
        }
        "edit a chapter" => {
            let edit = domain::studio::ChapterEdit { title: Some("First".into()), summary: None, version: Some(1) };
            plan(backend.edit_chapter(author, *chapter, edit).await)
        }
        "move a chapter" => plan(backend.move_chapter(author, *chapter, ChapterMove::to_index(None, 1)).await),
        "delete a chapter" => plan(backend.delete_chapter(author, *chapter, None).await),
        "restore a chapter" => plan(backend.restore(author, trashed(chapter.as_str())).await),
        "publish a chapter" => plan(backend.publish_chapter(author, *chapter).await),
        "unpublish a chapter" => plan(backend.unpublish_chapter(author, *chapter).await),
        _ => return None,
    })
}

async fn to_scene(fixture: &Fixture, scenery: &Scenery, change: &str) -> Option<Plan> {
    let Scenery { author, chapter, second_chapter, scene, second_scene, .. } = scenery;
    let backend = &fixture.backend;
    Some(match change {
        "add a scene" => {
            let new = NewScene { title: "Noon".into(), content: Some("Words.".into()) };
            plan(backend.add_scene(author, *chapter, new).await)
        }
        "save a scene" => plan(backend.edit_scene(author, *scene, content(1, "new text")).await),
        "restore a revision" => plan(backend.restore_revision(author, *scene, 1, Some(2)).await),
        "move a scene within its chapter" => {
            plan(backend.move_scene(author, *second_scene, SceneMove::to_index(*chapter, 0)).await)
        }
        "move a scene to another chapter" => {
            plan(backend.move_scene(author, *scene, SceneMove::to_index(*second_chapter, 0)).await)
        }
        "delete a scene" => plan(backend.delete_scene(author, *scene, None).await),
        "restore a scene" => plan(backend.restore(author, trashed(scene.as_str())).await),
        _ => return None,
    })
}

async fn to_notes(fixture: &Fixture, scenery: &Scenery, change: &str) -> Option<Plan> {
    let Scenery { author, reader, story, chapter, character, setting, .. } = scenery;
    let backend = &fixture.backend;
    Some(match change {
        "add a character" => plan(backend.add_character(author, *story, new_character()).await),
        "edit a character" => {
            let edit = CharacterEdit { name: Some("Eve".into()), version: Some(1), ..CharacterEdit::default() };
            plan(backend.edit_character(author, *character, edit).await)
        }
        "delete a character" => plan(backend.delete_character(author, *character, None).await),
        "add a setting" => plan(backend.add_setting(author, *story, new_setting()).await),
        "edit a setting" => {
            let edit = SettingEdit { name: Some("The quay".into()), version: Some(1), ..SettingEdit::default() };
            plan(backend.edit_setting(author, *setting, edit).await)
        }
        "delete a setting" => plan(backend.delete_setting(author, *setting, None).await),
        "replace words" => {
            let search = Search { query: "text".into(), case: false, word: false, regex: false };
            let hits = backend.search(author, *story, search).await.expect("can be searched").hits;
            let [query, replacement] = ["text".into(), "words".into()];
            let wish = Replace { query, replacement, hits, case: false, word: false, regex: false };
            plan(backend.replace(author, *story, wish).await)
        }
        "read on" => {
            let place = NewProgress { chapter_id: *chapter, scene_id: None };
            plan(backend.read_to(reader, *story, place).await)
        }
        _ => return None,
    })
}

async fn to_talk(fixture: &Fixture, scenery: &Scenery, change: &str) -> Option<Plan> {
    let Scenery { author, reader, story, post, reply, .. } = scenery;
    let backend = &fixture.backend;
    let wish = |liked| LikeWish { liked: Some(liked) };
    Some(match change {
        "write a post" => plan(backend.add_post(author, new_post(*story)).await),
        "edit a post" => {
            let edit = PostEdit { title: Some("Renamed".into()), version: Some(1), ..PostEdit::default() };
            plan(backend.edit_post(author, *post, edit).await)
        }
        "delete a post" => plan(backend.delete_post(author, *post, None).await),
        "like a post" => plan(backend.like(reader, *post, wish(true)).await),
        "unlike a post" => plan(backend.like(reader, *post, wish(false)).await),
        "write a reply" => plan(backend.add_reply(reader, *post, new_reply()).await),
        "edit a reply" => {
            let edit = ReplyEdit { content: Some("Others.".into()), version: Some(1) };
            plan(backend.edit_reply(author, *reply, edit).await)
        }
        "delete a reply" => plan(backend.delete_reply(author, *reply, None).await),
        _ => return None,
    })
}

fn trashed<T: std::str::FromStr>(id: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    id.parse().expect("an item of the trash has the id of what was thrown away")
}

/// The rows that perform a change: a new kind of change does not compile until it has one.
fn rows(change: &Change) -> &'static [&'static str] {
    match change {
        Change::Story { .. } => &["create a story", "edit a story"],
        Change::StoryRestored { .. } => &["restore a story"],
        Change::StoryDeleted { .. } => &["delete a story"],
        Change::StoryPublished { .. } => &["publish a story"],
        Change::StoryUnpublished { .. } => &["unpublish a story"],
        Change::Part { .. } => &["add a part", "edit a part"],
        Change::PartDeleted { .. } => &["delete a part"],
        Change::PartRestored { .. } => &["restore a part"],
        Change::Chapter { .. } => &["add a chapter", "edit a chapter"],
        Change::ChapterMoved { .. } => &["move a chapter"],
        Change::ChapterDeleted { .. } => &["delete a chapter"],
        Change::ChapterRestored { .. } => &["restore a chapter"],
        Change::ChapterPublished { .. } => &["publish a chapter"],
        Change::ChapterUnpublished { .. } => &["unpublish a chapter"],
        Change::Scene { .. } => &["add a scene", "save a scene", "restore a revision"],
        Change::SceneRestored { .. } => &["restore a scene"],
        Change::SceneMoved { .. } => &["move a scene within its chapter", "move a scene to another chapter"],
        Change::SceneDeleted { .. } => &["delete a scene"],
        Change::ScenesReplaced { .. } => &["replace words"],
        Change::Character { .. } => &["add a character", "edit a character", "delete a character"],
        Change::Setting { .. } => &["add a setting", "edit a setting", "delete a setting"],
        Change::Progress { .. } => &["read on"],
        Change::Post { .. } => &["write a post", "edit a post"],
        Change::PostDeleted { .. } => &["delete a post"],
        Change::Liked { .. } => &["like a post", "unlike a post"],
        Change::Reply { .. } => &["write a reply", "edit a reply", "delete a reply"],
    }
}

#[test]
fn a_row_stands_in_the_matrix() {
    let (post, story) = (PostId::from_random([0; 21]), StoryId::from_random([0; 21]));

    for name in rows(&Change::Liked { post, story }).iter().chain(rows(&Change::Reply { post, story })) {
        assert!(CHANGES.contains(name), "{name}");
    }
}
