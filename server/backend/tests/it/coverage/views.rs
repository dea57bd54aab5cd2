//! Every view there is: those of the story that is changed, and some of another.

use backend::{
    Backend, Error,
    cache::{Status, View},
};
use domain::{
    cache::{Audience, Key, Plan},
    page::Page,
    reading::{NovelsQuery, Sort},
};

use super::changes::Scenery;

/// The columns of the matrix. Those that begin with “other” show a story that has nothing to do with the change.
pub(super) const VIEWS: [&str; 28] = [
    "shelf",
    "story",
    "outline",
    "chapter",
    "scenes",
    "scene",
    "characters",
    "character",
    "settings",
    "setting",
    "novels",
    "popular novels",
    "novel",
    "reading",
    "boards",
    "feed",
    "own feed",
    "board",
    "own board",
    "post",
    "own post",
    "replies",
    "progress",
    "other shelf",
    "other outline",
    "other novel",
    "other reading",
    "other scene",
];

/// A view, as it was answered.
pub(super) struct Seen {
    pub(super) key: Key,
    /// What it relies on beside its own tags: what is said about a story is there only as long as the story is.
    relies_on: Option<Key>,
    pub(super) status: Status,
    pub(super) body: String,
}

impl Seen {
    /// Has this view one of the plan's tags?
    pub(super) fn has_one_of(&self, plan: &Plan) -> bool {
        has_one_of(&self.key, plan)
    }

    /// Has what it relies on?
    pub(super) fn relies_on_one_of(&self, plan: &Plan) -> bool {
        self.relies_on.as_ref().is_some_and(|key| has_one_of(key, plan))
    }

    fn relying_on(self, key: Key) -> Self {
        Seen { relies_on: Some(key), ..self }
    }
}

fn has_one_of(key: &Key, plan: &Plan) -> bool {
    key.tags().iter().any(|tag| plan.tags.contains(tag))
}

/// Reads the view of this name; none if it is not found.
pub(super) async fn read(backend: &Backend, scenery: &Scenery, view: &str) -> Option<Seen> {
    let Scenery { author, reader, story, chapter, scene, character, setting, post, other, .. } = scenery;
    let popular = NovelsQuery { sort: Sort::Popular, ..NovelsQuery::first() };
    match view {
        "shelf" => seen(backend.stories(author).await),
        "story" => seen(backend.story(author, *story).await),
        "outline" => seen(backend.outline(author, *story).await),
        "chapter" => seen(backend.chapter(author, *chapter).await),
        "scenes" => seen(backend.scenes(author, *chapter).await),
        "scene" => seen(backend.scene(author, *scene).await),
        "characters" => seen(backend.characters(author, *story).await),
        "character" => seen(backend.character(author, *character).await),
        "settings" => seen(backend.settings(author, *story).await),
        "setting" => seen(backend.setting(author, *setting).await),
        "novels" => seen(backend.novels(NovelsQuery::first()).await),
        "popular novels" => seen(backend.novels(popular).await),
        "novel" => seen(backend.novel(*story).await),
        "reading" => seen(backend.read_chapter(*chapter).await),
        "boards" => seen(backend.forums().await),
        "feed" => seen(backend.posts(None, None, Page::first()).await),
        "own feed" => seen(backend.posts(Some(reader), None, Page::first()).await),
        "board" => seen(backend.posts(None, Some(*story), Page::first()).await),
        "own board" => seen(backend.posts(Some(reader), Some(*story), Page::first()).await),
        "post" => seen(backend.post(None, *post).await).map(|post| post.relying_on(Key::Novel(*story))),
        "own post" => seen(backend.post(Some(reader), *post).await).map(|post| post.relying_on(Key::Novel(*story))),
        "replies" => seen(backend.replies(*post).await).map(|replies| replies.relying_on(Key::Novel(*story))),
        "progress" => seen(backend.progress(reader, *story).await),
        "other shelf" => seen(backend.stories(&other.author).await),
        "other outline" => seen(backend.outline(&other.author, other.story).await),
        "other novel" => seen(backend.novel(other.story).await),
        "other reading" => seen(backend.read_chapter(other.chapter).await),
        "other scene" => seen(backend.scene(&other.author, other.scene).await),
        unknown => panic!("say here how to read {unknown}"),
    }
}

fn seen<T>(view: Result<View<T>, Error>) -> Option<Seen> {
    match view {
        Ok(view) => Some(Seen {
            key: view.key.expect("only cached views stand in the matrix"),
            relies_on: None,
            status: view.status,
            body: String::from_utf8(view.body.to_vec()).expect("JSON"),
        }),
        Err(Error::Refused(domain::Error::NotFound(_))) => None,
        Err(error) => panic!("a view fails: {error:?}"),
    }
}

/// The column of a key: a new kind of view does not compile until it has one.
fn column(key: &Key) -> &'static str {
    match key {
        Key::Shelf(_) => "shelf",
        Key::Story { .. } => "story",
        Key::Outline { .. } => "outline",
        Key::Chapter { .. } => "chapter",
        Key::ChapterScenes { .. } => "scenes",
        Key::Scene { .. } => "scene",
        Key::Characters { .. } => "characters",
        Key::Character { .. } => "character",
        Key::Settings { .. } => "settings",
        Key::Setting { .. } => "setting",
        Key::Progress { .. } => "progress",
        Key::Novels(NovelsQuery { sort: Sort::Latest, .. }) => "novels",
        Key::Novels(NovelsQuery { sort: Sort::Popular, .. }) => "popular novels",
        Key::Novel(_) => "novel",
        Key::Reading { .. } => "reading",
        Key::Forums => "boards",
        Key::Feed { audience: Audience::Public, .. } => "feed",
        Key::Feed { audience: Audience::User(_), .. } => "own feed",
        Key::Board { audience: Audience::Public, .. } => "board",
        Key::Board { audience: Audience::User(_), .. } => "own board",
        Key::Post { audience: Audience::Public, .. } => "post",
        Key::Post { audience: Audience::User(_), .. } => "own post",
        Key::Replies(_) => "replies",
    }
}

#[tokio::test]
async fn a_column_shows_the_view_that_it_names() {
    let fixture = crate::support::Fixture::sqlite().await;
    let scenery = Scenery::build(&fixture).await;

    for view in VIEWS {
        let key = read(&fixture.backend, &scenery, view).await.expect("everything is published").key;
        assert_eq!(column(&key), view.trim_start_matches("other "));
    }
}
