//! The address of a view together with the type that is found there.

use std::marker::PhantomData;

use domain::{
    cache::{Audience, Key},
    community::{Forums, PostAnswer, Posts, Replies},
    id::{ChapterId, PostId, SceneId, StoryId, UserId},
    page::Page,
    reading::{NovelContents, Novels, NovelsQuery, Reading},
    studio::{Outline, SceneAnswer, Stories, StoryAnswer},
};

/// A key whose view is a `T`. Made only here, so that no page reads a view as something it is not.
#[derive(Clone, Debug, PartialEq)]
pub struct Address<T> {
    key: Key,
    holds: PhantomData<fn() -> T>,
}

impl<T> Address<T> {
    fn new(key: Key) -> Self {
        Address { key, holds: PhantomData }
    }

    /// The key.
    pub fn key(&self) -> &Key {
        &self.key
    }
}

impl Address<Stories> {
    /// One writer's stories.
    pub fn shelf(author: UserId) -> Self {
        Address::new(Key::Shelf(author))
    }
}

impl Address<StoryAnswer> {
    /// A story as its author sees it.
    pub fn story(story: StoryId, author: UserId) -> Self {
        Address::new(Key::Story { story, author })
    }
}

impl Address<Outline> {
    /// The parts, chapters and scenes of a story.
    pub fn outline(story: StoryId, author: UserId) -> Self {
        Address::new(Key::Outline { story, author })
    }
}

impl Address<SceneAnswer> {
    /// One scene with its working text.
    pub fn scene(story: StoryId, scene: SceneId, author: UserId) -> Self {
        Address::new(Key::Scene { story, scene, author })
    }
}

impl Address<Novels> {
    /// The public list of novels.
    pub fn novels(query: NovelsQuery) -> Self {
        Address::new(Key::Novels(query))
    }
}

impl Address<NovelContents> {
    /// A published story and its contents.
    pub fn novel(story: StoryId) -> Self {
        Address::new(Key::Novel(story))
    }
}

impl Address<Reading> {
    /// The published text of a chapter.
    pub fn reading(story: StoryId, chapter: ChapterId) -> Self {
        Address::new(Key::Reading { story, chapter })
    }
}

impl Address<Forums> {
    /// The boards of all stories.
    pub fn forums() -> Self {
        Address::new(Key::Forums)
    }
}

impl Address<Posts> {
    /// Posts of all boards.
    pub fn feed(audience: Audience, page: Page) -> Self {
        Address::new(Key::Feed { audience, page })
    }

    /// Posts of one board.
    pub fn board(story: StoryId, audience: Audience, page: Page) -> Self {
        Address::new(Key::Board { story, audience, page })
    }
}

impl Address<PostAnswer> {
    /// One post.
    pub fn post(post: PostId, audience: Audience) -> Self {
        Address::new(Key::Post { post, audience })
    }
}

impl Address<Replies> {
    /// The replies to a post.
    pub fn replies(post: PostId) -> Self {
        Address::new(Key::Replies(post))
    }
}
