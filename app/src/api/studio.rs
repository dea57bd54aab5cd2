//! What writers do.

use domain::{
    id::{ChapterId, SceneId, StoryId},
    studio::{
        Chapter, ChapterEdit, ChapterMove, NewChapter, NewScene, NewStory, Scene, SceneEdit, SceneMove, Story,
        StoryEdit,
    },
};
use leptos::prelude::*;

use super::{Failure, JsonBody};
use crate::client::Transport;

/// Starts a story.
///
/// # Errors
/// Names the field that is not acceptable.
#[server(prefix = "/api/fn", endpoint = "create_story", input = JsonBody, output = JsonBody, client = Transport)]
pub async fn create_story(story: NewStory) -> Result<Story, Failure> {
    use super::context::{backend, saved, user};

    saved(backend().create_story(&user()?, story).await)
}

/// Changes a story's title, summary or genre.
///
/// # Errors
/// A conflict brings the stored story along.
#[server(prefix = "/api/fn", endpoint = "edit_story", input = JsonBody, output = JsonBody, client = Transport)]
pub async fn edit_story(story: StoryId, edit: StoryEdit) -> Result<Story, Failure> {
    use super::context::{backend, saved, user};

    saved(backend().edit_story(&user()?, story, edit).await)
}

/// Moves a story to the trash.
///
/// # Errors
/// Refuses what is not yours.
#[server(prefix = "/api/fn", endpoint = "delete_story", input = JsonBody, output = JsonBody, client = Transport)]
pub async fn delete_story(story: StoryId) -> Result<(), Failure> {
    use super::context::{backend, saved, user};

    saved(backend().delete_story(&user()?, story, None).await)
}

/// Makes a story public, with the present text of all its chapters.
///
/// # Errors
/// Refuses what is not yours.
#[server(prefix = "/api/fn", endpoint = "publish_story", input = JsonBody, output = JsonBody, client = Transport)]
pub async fn publish_story(story: StoryId) -> Result<Story, Failure> {
    use super::context::{backend, saved, user};

    saved(backend().publish_story(&user()?, story).await)
}

/// Hides a story from everyone but its author.
///
/// # Errors
/// Refuses what is not yours.
#[server(prefix = "/api/fn", endpoint = "unpublish_story", input = JsonBody, output = JsonBody, client = Transport)]
pub async fn unpublish_story(story: StoryId) -> Result<Story, Failure> {
    use super::context::{backend, saved, user};

    saved(backend().unpublish_story(&user()?, story).await)
}

/// Adds a chapter at the end of a story.
///
/// # Errors
/// Names the field that is not acceptable.
#[server(prefix = "/api/fn", endpoint = "add_chapter", input = JsonBody, output = JsonBody, client = Transport)]
pub async fn add_chapter(story: StoryId, chapter: NewChapter) -> Result<Chapter, Failure> {
    use super::context::{backend, saved, user};

    saved(backend().add_chapter(&user()?, story, chapter).await)
}

/// Changes a chapter's title or summary.
///
/// # Errors
/// A conflict brings the stored chapter along.
#[server(prefix = "/api/fn", endpoint = "edit_chapter", input = JsonBody, output = JsonBody, client = Transport)]
pub async fn edit_chapter(chapter: ChapterId, edit: ChapterEdit) -> Result<Chapter, Failure> {
    use super::context::{backend, saved, user};

    saved(backend().edit_chapter(&user()?, chapter, edit).await)
}

/// Moves a chapter among its siblings.
///
/// # Errors
/// Refuses what is not yours.
#[server(prefix = "/api/fn", endpoint = "move_chapter", input = JsonBody, output = JsonBody, client = Transport)]
pub async fn move_chapter(chapter: ChapterId, place: ChapterMove) -> Result<Chapter, Failure> {
    use super::context::{backend, saved, user};

    saved(backend().move_chapter(&user()?, chapter, place).await)
}

/// Moves a chapter and its scenes to the trash.
///
/// # Errors
/// Refuses what is not yours.
#[server(prefix = "/api/fn", endpoint = "delete_chapter", input = JsonBody, output = JsonBody, client = Transport)]
pub async fn delete_chapter(chapter: ChapterId) -> Result<(), Failure> {
    use super::context::{backend, saved, user};

    saved(backend().delete_chapter(&user()?, chapter, None).await)
}

/// Publishes the present text of a chapter.
///
/// # Errors
/// Refuses what is not yours.
#[server(prefix = "/api/fn", endpoint = "publish_chapter", input = JsonBody, output = JsonBody, client = Transport)]
pub async fn publish_chapter(chapter: ChapterId) -> Result<Chapter, Failure> {
    use super::context::{backend, saved, user};

    saved(backend().publish_chapter(&user()?, chapter).await)
}

/// Hides a chapter from readers.
///
/// # Errors
/// Refuses what is not yours.
#[server(prefix = "/api/fn", endpoint = "unpublish_chapter", input = JsonBody, output = JsonBody, client = Transport)]
pub async fn unpublish_chapter(chapter: ChapterId) -> Result<Chapter, Failure> {
    use super::context::{backend, saved, user};

    saved(backend().unpublish_chapter(&user()?, chapter).await)
}

/// Adds a scene at the end of a chapter.
///
/// # Errors
/// Names the field that is not acceptable.
#[server(prefix = "/api/fn", endpoint = "add_scene", input = JsonBody, output = JsonBody, client = Transport)]
pub async fn add_scene(chapter: ChapterId, scene: NewScene) -> Result<Scene, Failure> {
    use super::context::{backend, saved, user};

    saved(backend().add_scene(&user()?, chapter, scene).await)
}

/// Saves a scene.
///
/// # Errors
/// A conflict brings the stored scene along.
#[server(prefix = "/api/fn", endpoint = "edit_scene", input = JsonBody, output = JsonBody, client = Transport)]
pub async fn edit_scene(scene: SceneId, edit: SceneEdit) -> Result<Scene, Failure> {
    use super::context::{backend, saved, user};

    saved(backend().edit_scene(&user()?, scene, edit).await)
}

/// Saves the text that its writer chose of two, and keeps what the other says differently as a revision.
///
/// # Errors
/// A conflict brings the stored scene along.
#[server(prefix = "/api/fn", endpoint = "settle_scene", input = JsonBody, output = JsonBody, client = Transport)]
pub async fn settle_scene(scene: SceneId, edit: SceneEdit, losing: SceneEdit) -> Result<Scene, Failure> {
    use super::context::{backend, saved, user};

    saved(backend().settle_scene(&user()?, scene, edit, losing).await)
}

/// Moves a scene to another place.
///
/// # Errors
/// Refuses what is not yours.
#[server(prefix = "/api/fn", endpoint = "move_scene", input = JsonBody, output = JsonBody, client = Transport)]
pub async fn move_scene(scene: SceneId, place: SceneMove) -> Result<Scene, Failure> {
    use super::context::{backend, saved, user};

    saved(backend().move_scene(&user()?, scene, place).await)
}

/// Moves a scene to the trash.
///
/// # Errors
/// Refuses what is not yours.
#[server(prefix = "/api/fn", endpoint = "delete_scene", input = JsonBody, output = JsonBody, client = Transport)]
pub async fn delete_scene(scene: SceneId) -> Result<(), Failure> {
    use super::context::{backend, saved, user};

    saved(backend().delete_scene(&user()?, scene, None).await)
}
