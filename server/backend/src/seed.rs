//! Data to begin with: a small library for people, and fixed stories for tests.
//!
//! Both go through the use cases that everyone else goes through, so what they leave is what people could have left.
//! The demo has a history: its novels were written and talked about over the last few days, on a clock of its own.

mod demo;
mod manuscript;
mod talk;
mod test_data;

use std::collections::HashMap;

use domain::{
    id::StoryId,
    studio::StoryStatus,
    user::{Role, User},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

pub use self::test_data::STORY_IDS;
use crate::{
    Backend, Error,
    entity::{chapter, id, post, post_like, reply, scene, story, user, word},
};

/// What seeding did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The data was not there, and is now.
    Planted,
    /// The data was there already; nothing was changed.
    Found,
    /// The data was put back as it is on the first day.
    Restored,
}

/// An account of the seed, and how to log in to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogIn {
    pub username: &'static str,
    pub password: &'static str,
    pub role: Role,
}

/// A story of the seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeededStory {
    pub id: StoryId,
    pub title: String,
    pub status: StoryStatus,
    pub chapters: u64,
    pub scenes: u64,
}

/// What there is after seeding: log-ins, ids and counts, for whoever prints them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeedSummary {
    pub outcome: Outcome,
    pub log_ins: Vec<LogIn>,
    pub stories: Vec<SeededStory>,
    /// On the boards of these stories.
    pub posts: u64,
    /// To these posts.
    pub replies: u64,
    /// Of these posts.
    pub likes: u64,
}

impl Backend {
    /// Plants the demo: a writer with two published novels and a draft, a reader, a developer, and people who talk.
    ///
    /// It does nothing when one of the demo's accounts is there. Whatever it writes is outdated in this backend's cache;
    /// a server that has another cache does not hear of it.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn seed(&self) -> Result<SeedSummary, Error> {
        let outcome = if self.any_of(&demo::LOG_INS).await? { Outcome::Found } else { demo::plant(self).await? };
        self.seed_summary(outcome, &demo::LOG_INS, demo::WRITER).await
    }

    /// Puts the fixed stories for tests back as they are on the first day: three stories with five chapters of three
    /// scenes each, the first of them published. Whatever was added to these stories since is gone.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn seed_test_data(&self) -> Result<SeedSummary, Error> {
        let outcome = test_data::restore(self).await?;
        self.seed_summary(outcome, &[test_data::WRITER], test_data::WRITER.username).await
    }

    async fn any_of(&self, log_ins: &[LogIn]) -> Result<bool, Error> {
        let names = log_ins.iter().map(|log_in| log_in.username);
        let found = user::Entity::find().filter(user::Column::UsernameNorm.is_in(names));
        Ok(found.count(self.database.read()).await? > 0)
    }

    async fn seed_summary(&self, outcome: Outcome, log_ins: &[LogIn], writer: &str) -> Result<SeedSummary, Error> {
        let read = self.database.read();
        let writer = user::Entity::find().filter(user::Column::UsernameNorm.eq(writer)).one(read).await?;
        let mut summary =
            SeedSummary { outcome, log_ins: log_ins.to_vec(), stories: Vec::new(), posts: 0, replies: 0, likes: 0 };
        let Some(writer) = writer else { return Ok(summary) };

        let stories = story::Entity::find()
            .filter(story::Column::AuthorId.eq(writer.id))
            .filter(story::Column::DeletedAt.is_null())
            .order_by_asc(story::Column::CreatedAt)
            .order_by_asc(story::Column::Title)
            .all(read)
            .await?;
        for story in stories {
            let chapters = chapter::Entity::find()
                .filter(chapter::Column::StoryId.eq(&story.id))
                .filter(chapter::Column::DeletedAt.is_null());
            let scenes = scene::Entity::find()
                .filter(scene::Column::StoryId.eq(&story.id))
                .filter(scene::Column::DeletedAt.is_null());
            let posts = post::Entity::find()
                .filter(post::Column::StoryId.eq(&story.id))
                .filter(post::Column::DeletedAt.is_null());
            for post in posts.all(read).await? {
                let replies = reply::Entity::find()
                    .filter(reply::Column::PostId.eq(&post.id))
                    .filter(reply::Column::DeletedAt.is_null());
                let likes = post_like::Entity::find().filter(post_like::Column::PostId.eq(&post.id));
                summary.posts += 1;
                summary.replies += replies.count(read).await?;
                summary.likes += likes.count(read).await?;
            }
            summary.stories.push(SeededStory {
                id: id(&story.id)?,
                status: word(&story.status)?,
                chapters: chapters.count(read).await?,
                scenes: scenes.count(read).await?,
                title: story.title,
            });
        }
        Ok(summary)
    }
}

/// The people of a seed by name.
type Cast = HashMap<&'static str, User>;
