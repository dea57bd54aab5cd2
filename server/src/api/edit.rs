//! Which version an edit was made from: the field `version`, or `If-Match: "v<version>"`.

use axum::extract::{FromRequest, FromRequestParts, Request};
use domain::{
    community::{LikeWish, NewPost, NewReply, PostEdit, ReplyEdit},
    error::Problem as Wrong,
    reading::NewProgress,
    studio::{
        ChapterEdit, ChapterMove, CharacterEdit, Import, NewChapter, NewCharacter, NewPart, NewScene, NewSetting,
        NewStory, PartEdit, Replace, SceneEdit, SceneMove, SettingEdit, StoryEdit,
    },
    user::{Credentials, NewAccount},
};
use http::{HeaderMap, header, request::Parts};
use schemars::JsonSchema;
use serde::{Deserialize, de::DeserializeOwned};

use super::{
    Problem,
    json::{Bounded, Json, MAX_NOTES_BYTES, MAX_TEXT_BYTES, Nothing},
};

/// An edit, with the version it was made from filled in from the header where the body does not say.
pub(crate) struct Edit<T>(pub(crate) T);

/// The version that `If-Match` asks for. `*` asks for any, which is what no header at all asks for.
pub(crate) struct IfMatch(pub(crate) Option<i64>);

/// Which version to restore a revision onto.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RestoreWish {
    #[serde(default)]
    pub(crate) version: Option<i64>,
}

/// Something that names the version it was made from.
pub(crate) trait Versioned {
    /// The place where it is named.
    fn version(&mut self) -> &mut Option<i64>;
}

macro_rules! versioned {
    ($($edit:ty),*) => {$(
        impl Versioned for $edit {
            fn version(&mut self) -> &mut Option<i64> {
                &mut self.version
            }
        }
    )*};
}

versioned!(StoryEdit, PartEdit, ChapterEdit, SceneEdit, CharacterEdit, SettingEdit, PostEdit, ReplyEdit, RestoreWish);

macro_rules! bounded {
    ($($body:ty),*) => {$(impl Bounded for $body {})*};
}

bounded!(Nothing, NewAccount, Credentials, NewStory, StoryEdit, NewPart, PartEdit, NewChapter, ChapterEdit);
bounded!(NewProgress, ChapterMove, SceneMove, RestoreWish, PostEdit, LikeWish, NewReply, ReplyEdit);

impl Bounded for NewPost {
    const NAMES_OTHERS: bool = true;
}

macro_rules! bounded_as_notes {
    ($($body:ty),*) => {$(
        impl Bounded for $body {
            const MAX_BYTES: usize = MAX_NOTES_BYTES;
        }
    )*};
}

bounded_as_notes!(NewCharacter, CharacterEdit, NewSetting, SettingEdit);

impl Bounded for Import {
    const MAX_BYTES: usize = MAX_TEXT_BYTES;
}

impl Bounded for Replace {
    const MAX_BYTES: usize = MAX_TEXT_BYTES;
    const NAMES_OTHERS: bool = true;
}

impl Bounded for NewScene {
    const MAX_BYTES: usize = MAX_TEXT_BYTES;
}

impl Bounded for SceneEdit {
    const MAX_BYTES: usize = MAX_TEXT_BYTES;
}

impl<S: Sync, T: DeserializeOwned + Bounded + Versioned> FromRequest<S> for Edit<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let header = if_match(request.headers())?;
        let Json(mut edit) = Json::<T>::from_request(request, state).await?;
        let version = edit.version();
        *version = agree(*version, header)?;
        Ok(Edit(edit))
    }
}

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        if_match(&parts.headers).map(IfMatch)
    }
}

/// One version, if body and header do not name two.
fn agree(body: Option<i64>, header: Option<i64>) -> Result<Option<i64>, Problem> {
    match (body, header) {
        (Some(body), Some(header)) if body != header => Err(refused()),
        _ => Ok(body.or(header)),
    }
}

/// Reads `If-Match`. Proxies that compress mark tags as weak, so `W/` is passed over; an edit was made from one version,
/// so a list may only repeat it.
fn if_match(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let mut version = None;
    for value in headers.get_all(header::IF_MATCH) {
        let text = value.to_str().map_err(|_| refused())?;
        for tag in text.split(',').map(str::trim).filter(|tag| *tag != "*") {
            version = agree(version, Some(read_tag(tag).ok_or_else(refused)?))?;
        }
    }
    Ok(version)
}

fn read_tag(tag: &str) -> Option<i64> {
    let strong = tag.strip_prefix("W/").unwrap_or(tag);
    let digits = strong.strip_prefix("\"v")?.strip_suffix('"')?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

fn refused() -> Problem {
    domain::Error::invalid("version", Wrong::NotAllowed).into()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn asked(text: &'static str) -> Result<Option<i64>, ()> {
        let headers = HeaderMap::from_iter([(header::IF_MATCH, HeaderValue::from_static(text))]);
        if_match(&headers).map_err(|_| ())
    }

    #[test]
    fn a_version_is_read_in_every_form_of_the_header() {
        for text in ["\"v3\"", "W/\"v3\"", " \"v3\" ", "\"v3\", W/\"v3\"", "*, \"v3\""] {
            assert_eq!(asked(text), Ok(Some(3)), "{text}");
        }
        assert_eq!(asked("*"), Ok(None));
    }

    #[test]
    fn what_names_no_version_or_two_is_refused() {
        for text in ["", "v3", "\"3\"", "\"v\"", "\"v-3\"", "\"abc\"", "\"v3\", \"v4\"", "\"v99999999999999999999\""] {
            assert_eq!(asked(text), Err(()), "{text}");
        }
    }

    #[test]
    fn body_and_header_must_agree() {
        assert!(matches!(agree(Some(3), Some(3)), Ok(Some(3))));
        assert!(matches!(agree(None, Some(3)), Ok(Some(3))));
        assert!(agree(Some(3), Some(4)).is_err());
    }
}
