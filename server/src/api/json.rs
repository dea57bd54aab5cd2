//! JSON bodies: what is no JSON is 400, what is JSON but not what was asked for is 422 and names the field.

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
};
use futures::StreamExt;
use http::{HeaderMap, StatusCode, header};
use schemars::JsonSchema;
use serde::{
    Deserialize,
    de::{DeserializeOwned, IgnoredAny},
};
use serde_json::error::Category;

use super::Problem;

/// How many bytes a body may have: the longest legal post, with every character as two escapes of six bytes.
const MAX_BYTES: usize = 256 * 1024;
/// The same for a character or a place: several notes of 5,000 characters and lists of fifty names.
pub(crate) const MAX_NOTES_BYTES: usize = 1024 * 1024;
/// The same for the text of a scene: 510,000 characters of up to twelve bytes.
pub(crate) const MAX_TEXT_BYTES: usize = 8 * 1024 * 1024;
/// How much of a body that is too large is read and thrown away, so that its sender lives to hear the answer.
const MAX_DRAINED_BYTES: usize = 64 * 1024 * 1024;

/// A JSON object that must be there.
pub(crate) struct Json<T>(pub(crate) T);

/// A JSON object that may be left out.
pub(crate) struct Optional<T>(pub(crate) T);

/// The body of a request that has nothing to say: empty, or `{}`.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// How long a body may be, by what it holds.
pub(crate) trait Bounded {
    /// In bytes.
    const MAX_BYTES: usize = MAX_BYTES;
    /// Does it name things that may not be there?
    const NAMES_OTHERS: bool = false;
}

impl<S: Sync, T: DeserializeOwned + Bounded> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        check_type(&parts.headers)?;
        object(&collect(body, T::MAX_BYTES).await?).map(Json)
    }
}

impl<S: Sync, T: DeserializeOwned + Default + Bounded> FromRequest<S> for Optional<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = collect(body, T::MAX_BYTES).await?;
        if bytes.is_empty() {
            return Ok(Optional(T::default()));
        }
        check_type(&parts.headers)?;
        object(&bytes).map(Optional)
    }
}

/// Refuses what does not say that it is JSON: a form of another site can send anything else without being asked.
fn check_type(headers: &HeaderMap) -> Result<(), Problem> {
    let text = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json")) {
        return Ok(());
    }
    let message = "Send JSON, and say so with Content-Type: application/json.";
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", message))
}

/// Reads a body of at most `max` bytes.
pub(crate) async fn collect(body: Body, max: usize) -> Result<Bytes, Problem> {
    let mut chunks = body.into_data_stream();
    let (mut bytes, mut seen) = (Vec::new(), 0_usize);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Problem::malformed("The body ended early."))?;
        seen += chunk.len();
        if seen <= max {
            bytes.extend_from_slice(&chunk);
        } else if seen > MAX_DRAINED_BYTES {
            break;
        }
    }
    if seen > max { Err(Problem::too_large(max)) } else { Ok(bytes.into()) }
}

/// Reads a JSON object.
fn object<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // Whether it is JSON at all comes first: a wrong field in front must not hide garbage behind it.
    serde_json::from_slice::<IgnoredAny>(bytes).map_err(|error| not_json(&error))?;
    // serde would take an array for an object with its fields in order.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(invalid("The body is not a JSON object."));
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(&mut json).map_err(|error| refused(&error))
}

fn not_json(error: &serde_json::Error) -> Problem {
    Problem::malformed(format!("This is not JSON: see line {}, column {}.", error.line(), error.column()))
}

fn invalid(message: impl Into<String>) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", message)
}

/// Says which field of well-formed JSON is to blame, and for what.
fn refused(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let cause = error.inner();
    if cause.classify() != Category::Data {
        return not_json(cause); // such as half of a surrogate pair, which only shows when a string is read
    }
    let text = cause.to_string();
    let path = error.path().to_string();
    // serde names a field in its message when the path cannot: the field is not there, or there twice.
    let (field, problem) = if let Some(name) = quoted(&text, "missing field ") {
        (within(&path, name), "is missing")
    } else if let Some(name) = quoted(&text, "unknown field ") {
        (within(&path, name), "is not a field of this request")
    } else if let Some(name) = quoted(&text, "duplicate field ") {
        (within(&path, name), "is there twice")
    } else if text.starts_with("unknown variant ") {
        (path, "is not one of the allowed values")
    } else if text.starts_with("an id has ") {
        (path, "is not an id")
    } else {
        (path, "has the wrong type")
    };
    let shown: String = field.chars().filter(|c| !c.is_control()).take(100).collect();
    invalid(format!("The {shown} {problem}.")).blame(&shown)
}

/// The path of the field `name` of the object at `path`; serde may have gone into the field already, or not yet.
fn within(path: &str, name: &str) -> String {
    let is_there = path == name || path.strip_suffix(name).is_some_and(|parent| parent.ends_with('.'));
    match path {
        "." => name.to_owned(),
        path if is_there => path.to_owned(),
        path => format!("{path}.{name}"),
    }
}

/// The name between backticks behind `start`.
fn quoted<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    text.strip_prefix(start)?.strip_prefix('`')?.split('`').next()
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;
    use domain::{
        community::NewPost,
        studio::{Import, NewStory, SceneEdit},
    };

    use super::*;

    fn status<T: DeserializeOwned>(text: &str) -> u16 {
        object::<T>(text.as_bytes()).err().map_or(200, |problem| problem.into_response().status().as_u16())
    }

    fn blamed<T: DeserializeOwned>(text: &str) -> String {
        object::<T>(text.as_bytes()).err().map(|problem| format!("{problem:?}")).unwrap_or_default()
    }

    #[test]
    fn text_that_is_no_json_is_malformed_even_behind_a_wrong_field() {
        for text in ["", "{", "nonsense", r#"{"nope":1,}"#, r#"{"title":"\ud800"}"#, "{\"title\":\"\u{1}\"}"] {
            assert_eq!(status::<NewStory>(text), 400, "{text}");
        }
    }

    #[test]
    fn json_of_another_shape_is_invalid() {
        for text in ["[]", r#"["Salt"]"#, "null", "1", r#""title""#, "{}", r#"{"title":1}"#, r#"{"title":null}"#] {
            assert_eq!(status::<NewStory>(text), 422, "{text}");
        }
    }

    #[test]
    fn the_field_to_blame_is_named() {
        assert!(blamed::<NewStory>(r#"{"title":"a","colour":"red"}"#).contains(r#"Some("colour")"#));
        assert!(blamed::<NewStory>(r#"{"summary":"a"}"#).contains(r#"Some("title")"#));
        assert!(blamed::<NewStory>(r#"{"title":"a","title":"b"}"#).contains(r#"Some("title")"#));
        assert!(blamed::<SceneEdit>(r#"{"version":"1"}"#).contains(r#"Some("version")"#));
        assert!(blamed::<SceneEdit>(r#"{"status":"lost"}"#).contains(r#"Some("status")"#));
        assert!(blamed::<NewPost>(r#"{"storyId":"short"}"#).contains(r#"Some("storyId")"#));
    }

    #[test]
    fn a_field_inside_another_is_named_by_its_path() {
        assert!(blamed::<Import>(r#"{"format":"json","chapters":[{}]}"#).contains(r#"Some("chapters[0].title")"#));
        assert!(blamed::<Import>(r#"{"format":"json","story":{"x":1}}"#).contains(r#"Some("story.x")"#));
        assert!(blamed::<Import>(r#"{"format":"json","story":{"title":1}}"#).contains(r#"Some("story.title")"#));
    }

    #[test]
    fn a_tower_of_brackets_is_refused_without_falling_over() {
        let tower = format!(r#"{{"title":{}"#, "[".repeat(100_000));

        assert_eq!(status::<NewStory>(&tower), 400);
    }
}
