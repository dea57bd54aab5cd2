//! What is in a query. Names that nobody asked about are passed over; an empty value is an absent one.

use axum::extract::{FromRequestParts, Query};
use domain::{
    cache::Key,
    id::{StoryId, UserId},
    page::{Cursor, Page},
    reading::{NovelsQuery, Sort},
    studio::{self, ExportFormat},
    text,
};
use http::request::Parts;
use serde::{Deserialize, de::DeserializeOwned};

use super::Problem;

/// `?limit=&after=`.
#[derive(Deserialize)]
struct PageParams {
    limit: Option<String>,
    after: Option<String>,
}

impl PageParams {
    fn page(self) -> Result<Page, Problem> {
        let after = present(self.after).map(|text| text.parse::<Cursor>()).transpose().map_err(Problem::in_query)?;
        Ok(Page::new(limit(self.limit)?, after))
    }
}

/// Which novels: `?q=&genre=&sort=&limit=&after=`.
pub(crate) struct Novels(pub(crate) NovelsQuery);

#[derive(Deserialize)]
struct NovelsParams {
    q: Option<String>,
    genre: Option<String>,
    sort: Option<String>,
    limit: Option<String>,
    after: Option<String>,
}

impl<S: Sync> FromRequestParts<S> for Novels {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let NovelsParams { q, genre, sort, limit, after } = params(parts).await?;
        let search = present(q).map(|q| text::SEARCH.check("q", &q)).transpose().map_err(Problem::in_query)?;
        let genre =
            present(genre).map(|genre| text::GENRE.check("genre", &genre)).transpose().map_err(Problem::in_query)?;
        let sort = present(sort).map(|sort| sort.parse::<Sort>()).transpose().map_err(Problem::in_query)?;
        let page = PageParams { limit, after }.page()?;
        Ok(Novels(NovelsQuery { search: present(search), genre, sort: sort.unwrap_or_default(), page }))
    }
}

/// Which posts: `?storyId=&limit=&after=`.
pub(crate) struct Posts {
    pub(crate) story: Option<StoryId>,
    pub(crate) page: Page,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PostsParams {
    story_id: Option<String>,
    limit: Option<String>,
    after: Option<String>,
}

impl<S: Sync> FromRequestParts<S> for Posts {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let PostsParams { story_id, limit, after } = params(parts).await?;
        let story = present(story_id).map(|id| id.parse::<StoryId>()).transpose();
        let story = story.map_err(|error| Problem::malformed(format!("The storyId is not an id: {error}.")))?;
        Ok(Posts { story, page: PageParams { limit, after }.page()? })
    }
}

/// What to search for: `?q=&case=&word=&regex=`. White space in `q` counts.
pub(crate) struct Search(pub(crate) studio::Search);

#[derive(Deserialize)]
struct SearchParams {
    q: Option<String>,
    case: Option<String>,
    word: Option<String>,
    regex: Option<String>,
}

impl<S: Sync> FromRequestParts<S> for Search {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let SearchParams { q, case, word, regex } = params(parts).await?;
        let search = studio::Search {
            query: q.unwrap_or_default(),
            case: switch("case", case)?,
            word: switch("word", word)?,
            regex: switch("regex", regex)?,
        };
        // Whether `q` is a good one is said to the author alone.
        Ok(Search(search))
    }
}

/// In which form a story leaves: `?format=`; absent is Markdown.
pub(crate) struct Format(pub(crate) ExportFormat);

#[derive(Deserialize)]
struct FormatParams {
    format: Option<String>,
}

impl<S: Sync> FromRequestParts<S> for Format {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let FormatParams { format } = params(parts).await?;
        match present(format).as_deref() {
            None | Some("markdown") => Ok(Format(ExportFormat::Markdown)),
            Some("html") => Ok(Format(ExportFormat::Html)),
            Some("txt") => Ok(Format(ExportFormat::Txt)),
            Some("epub") => Ok(Format(ExportFormat::Epub)),
            Some("json") => Ok(Format(ExportFormat::Json)),
            Some(_) => Err(Problem::malformed("The format is not one of the allowed values.").blame("format")),
        }
    }
}

/// `true` or `false`; absent is `false`.
fn switch(name: &str, value: Option<String>) -> Result<bool, Problem> {
    match present(value).as_deref() {
        None | Some("false" | "0") => Ok(false),
        Some("true" | "1") => Ok(true),
        Some(_) => Err(Problem::malformed(format!("The {name} is neither true nor false.")).blame(name)),
    }
}

/// Which entries of the server cache: `?prefix=&limit=`.
pub(crate) struct Entries {
    pub(crate) prefix: String,
    pub(crate) limit: usize,
}

#[derive(Deserialize)]
struct EntriesParams {
    prefix: Option<String>,
    limit: Option<String>,
}

impl<S: Sync> FromRequestParts<S> for Entries {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let EntriesParams { prefix, limit: wanted } = params(parts).await?;
        let page = Page::new(limit(wanted)?, None);
        let limit = usize::try_from(page.limit()).map_err(|_| Problem::internal())?;
        Ok(Entries { prefix: prefix.unwrap_or_default(), limit })
    }
}

/// Which key: `?key=`.
pub(crate) struct KeyWanted(pub(crate) Key);

#[derive(Deserialize)]
struct KeyParams {
    key: Option<String>,
}

impl<S: Sync> FromRequestParts<S> for KeyWanted {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let KeyParams { key } = params(parts).await?;
        let key = key.and_then(|text| text.parse().ok()).map(KeyWanted);
        key.ok_or_else(|| Problem::malformed("The key is not one of a view.").blame("key"))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HeardParams {
    last_event_id: Option<String>,
}

/// `?lastEventId=`: what a listener heard last, when it cannot send a header.
pub(super) async fn last_event_id(parts: &mut Parts) -> Result<Option<String>, Problem> {
    let HeardParams { last_event_id } = params(parts).await?;
    Ok(present(last_event_id))
}

#[derive(Deserialize)]
struct PersonParams {
    person: Option<String>,
}

/// `?person=`: as whom a listener wants to hear.
pub(super) async fn person(parts: &mut Parts) -> Result<Option<UserId>, Problem> {
    let PersonParams { person } = params(parts).await?;
    let person = present(person).map(|id| id.parse::<UserId>()).transpose();
    person.map_err(|error| Problem::malformed(format!("The person is not an id: {error}.")))
}

pub(super) async fn params<T: DeserializeOwned>(parts: &mut Parts) -> Result<T, Problem> {
    let read = Query::<T>::from_request_parts(parts, &()).await;
    read.map(|Query(params)| params).map_err(|_| Problem::malformed("The query cannot be read."))
}

pub(super) fn present(value: Option<String>) -> Option<String> {
    value.filter(|value| !value.is_empty())
}

/// A number of entries; however large, it is a number.
fn limit(text: Option<String>) -> Result<Option<u32>, Problem> {
    let Some(text) = present(text) else { return Ok(None) };
    let digits = text.bytes().all(|byte| byte.is_ascii_digit()) && text.bytes().any(|byte| byte != b'0');
    if digits {
        Ok(Some(text.parse().unwrap_or(u32::MAX)))
    } else {
        Err(Problem::malformed("The limit is not a number from 1 to 100.").blame("limit"))
    }
}
