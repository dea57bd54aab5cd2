//! A novel as its readers see it: published text only.

mod progress;

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use crate::{
    Error,
    error::Problem,
    id::{ChapterId, SceneId, StoryId},
    page::{Cursor, Page},
    user::Author,
};

pub use progress::{NewProgress, Progress, ProgressAnswer, ReadingPlace};

/// The order of the public list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// Last published first.
    #[default]
    Latest,
    /// Most discussed first.
    Popular,
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Sort::Latest => "latest",
            Sort::Popular => "popular",
        })
    }
}

impl FromStr for Sort {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "latest" => Ok(Sort::Latest),
            "popular" => Ok(Sort::Popular),
            _ => Err(Error::invalid("sort", Problem::NotAllowed)),
        }
    }
}

/// Which novels are wanted. `search` looks into titles and summaries and is never cached: its values have no bound.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NovelsQuery {
    pub search: Option<String>,
    pub genre: Option<String>,
    pub sort: Sort,
    pub page: Page,
}

impl NovelsQuery {
    /// The front page of the list.
    pub fn first() -> Self {
        NovelsQuery { search: None, genre: None, sort: Sort::Latest, page: Page::first() }
    }
}

/// A published story, in a list or at the head of its page. Counts are of published text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Novel {
    pub id: StoryId,
    pub title: String,
    pub summary: String,
    pub genre: Option<String>,
    pub author: Author,
    pub chapter_count: i64,
    pub word_count: i64,
    #[serde(deserialize_with = "instant")]
    pub published_at: DateTime<Utc>,
}

/// Reads an instant as it is written, in RFC 3339. chrono's own reading takes many more spellings, and a first page has no
/// room for them.
fn instant<'de, D: Deserializer<'de>>(from: D) -> Result<DateTime<Utc>, D::Error> {
    let text = String::deserialize(from)?;
    DateTime::parse_from_rfc3339(&text).map(|instant| instant.to_utc()).map_err(D::Error::custom)
}

/// `{stories, next}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Novels {
    pub stories: Vec<Novel>,
    pub next: Option<Cursor>,
}

/// A line of a table of contents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContentsLine {
    pub id: ChapterId,
    pub title: String,
    pub word_count: i64,
}

/// `{story, chapters}`: a novel and its contents, in reading order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NovelContents {
    pub story: Novel,
    pub chapters: Vec<ContentsLine>,
}

/// The head of a chapter that is being read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReadingHead {
    pub id: ChapterId,
    pub story_id: StoryId,
    pub story_title: String,
    pub title: String,
    pub author: Author,
    pub word_count: i64,
    #[serde(deserialize_with = "instant")]
    pub published_at: DateTime<Utc>,
}

/// A published scene, rendered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReadingScene {
    pub id: SceneId,
    pub title: String,
    /// Sanitised when it was published; safe to insert.
    pub html: String,
}

/// A neighbour of the chapter that is being read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Neighbour {
    pub id: ChapterId,
    pub title: String,
}

/// `{chapter, scenes, previous, next}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reading {
    pub chapter: ReadingHead,
    pub scenes: Vec<ReadingScene>,
    pub previous: Option<Neighbour>,
    pub next: Option<Neighbour>,
}
