//! The fixed stories for tests: the same three ids, titles, order and text after every run.

use domain::{
    cache::Change,
    id::{PostId, StoryId},
    studio::{NewChapter, NewScene},
    user::{Role, User},
};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};

use super::{LogIn, Outcome};
use crate::{
    Backend, Error,
    entity::{id, post, story, user, word},
};

/// The ids of the three stories.
pub const STORY_IDS: [&str; 3] = ["g6Jy-EoFLW_TuyxHVjIci", "FjmVo1UY6qRweYQPrOoWP", "4dAQF4PpmSBTRRGxxU7IZ"];

/// Whose stories they are.
pub(super) const WRITER: LogIn =
    LogIn { username: "cache-writer", password: "cache-writer-password", role: Role::Writer };

const CHAPTERS: usize = 5;
const SCENES: usize = 3;

/// Empties the three stories and fills them again; the first one is published whole.
pub(super) async fn restore(backend: &Backend) -> Result<Outcome, Error> {
    let (author, outcome) = match writer(backend).await? {
        Some(author) => (author, Outcome::Restored),
        None => {
            let email = format!("{}@example.org", WRITER.username);
            let author = backend.create_user(WRITER.username, &email, WRITER.password, WRITER.role).await?;
            (author, Outcome::Planted)
        }
    };
    for (number, text) in (1..).zip(STORY_IDS) {
        let story: StoryId = text.parse().expect("the fixed ids are ids");
        clear_board(backend, story).await?;
        begin_anew(backend, &author, story, number).await?;
        fill(backend, &author, story, number).await?;
    }
    let published = STORY_IDS[0].parse().expect("the fixed ids are ids");
    backend.publish_story(&author, published).await?;
    Ok(outcome)
}

async fn writer(backend: &Backend) -> Result<Option<User>, Error> {
    let row = user::Entity::find()
        .filter(user::Column::UsernameNorm.eq(WRITER.username))
        .one(backend.database.read())
        .await?;
    let user = row.map(|row| Ok(User { id: id(&row.id)?, role: word(&row.role)?, username: row.username }));
    user.transpose()
}

/// Removes the posts one by one: each is a view of its own, and every cache must forget it.
async fn clear_board(backend: &Backend, story: StoryId) -> Result<(), Error> {
    let posts: Vec<String> = post::Entity::find()
        .select_only()
        .column(post::Column::Id)
        .filter(post::Column::StoryId.eq(story.as_str()))
        .into_tuple()
        .all(backend.database.read())
        .await?;
    for key in posts {
        let post: PostId = id(&key)?;
        backend
            .write(async |transaction| {
                post::Entity::delete_by_id(key).exec(transaction).await?;
                Ok(((), Change::PostDeleted { post, story }))
            })
            .await?;
    }
    Ok(())
}

/// Puts an empty story in the place of the old one; with it goes everything that belonged to it.
async fn begin_anew(backend: &Backend, author: &User, story: StoryId, number: usize) -> Result<(), Error> {
    let now = backend.time.now();
    let row = story::Model {
        id: story.to_string(),
        author_id: author.id.to_string(),
        title: format!("Cache Test Story {number}"),
        summary: format!("Fixed text for tests, story {number} of 3. `seed-test-data` puts it back."),
        genre: Some("Test".to_owned()),
        status: "writing".to_owned(),
        published_at: None,
        version: 1,
        structure_version: 1,
        created_at: now,
        updated_at: now,
        deleted_at: None,
        deleted_by: None,
        trash_batch_id: None,
    };
    backend
        .write(async |transaction| {
            story::Entity::delete_by_id(story.as_str()).exec(transaction).await?;
            story::Entity::insert(row.into_active_model()).exec_without_returning(transaction).await?;
            // To every cache this is what it looks like: all that was there is gone.
            Ok(((), Change::StoryDeleted { story, author: author.id }))
        })
        .await?;
    Ok(())
}

async fn fill(backend: &Backend, author: &User, story: StoryId, number: usize) -> Result<(), Error> {
    for chapter in 1..=CHAPTERS {
        let head = NewChapter { title: format!("Chapter {chapter}"), summary: None, part_id: None };
        let id = backend.add_chapter(author, story, head).await?.value().id;
        for scene in 1..=SCENES {
            let content = text(number, chapter, scene);
            let scene = NewScene { title: format!("Scene {chapter}.{scene}"), content: Some(content) };
            backend.add_scene(author, id, scene).await?;
        }
    }
    Ok(())
}

/// What a scene says: where it is, so that a test can tell every scene from every other.
fn text(story: usize, chapter: usize, scene: usize) -> String {
    format!(
        "This is scene {scene} of chapter {chapter} in cache test story {story}.\n\n\
         The lamp over the landing was lit, and *somebody* had left the ledger open at the day. \
         \"It says what it said,\" the keeper told her. \"Read it again whenever you like.\"\n\n\
         She read it again. It had not changed."
    )
}
