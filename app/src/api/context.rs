//! Server only: what a request brings along, and how a use case's result becomes an answer.

use backend::{
    Backend, Visitor,
    cache::{Report, View},
};
use domain::{
    Error as Refusal,
    cache::{Audience, Key, Saved, Snapshot},
    error::Entity,
    id::UserId,
    user::User,
};
use http::{Method, StatusCode, header::ACCEPT, request::Parts};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

use super::{Failure, Json, Missing, Visit};

/// Gives the server functions and pages of one request what they need. `devtools` says whether this server shows the
/// cache tools to everyone.
pub fn provide(backend: Backend, visitor: Visitor, report: Report, devtools: bool) {
    let user = visitor.user.clone();
    let devtools = devtools || user.as_ref().is_some_and(|user| user.role.sees_cache_tools());
    provide_context(Visit { user, devtools });
    provide_context(Missing::new(|| set_status(StatusCode::NOT_FOUND)));
    provide_context(backend);
    provide_context(visitor);
    provide_context(report);
}

/// The use cases.
pub fn backend() -> Backend {
    expect_context()
}

/// Who is asking.
pub fn visitor() -> Visitor {
    expect_context()
}

/// The signed-in person who is asking.
///
/// # Errors
/// Refuses when nobody is signed in.
pub fn user() -> Result<User, Failure> {
    visitor().user.ok_or_else(|| refused(Refusal::SignedOut))
}

/// Lets in whoever may see the cache tools.
///
/// # Errors
/// Refuses everyone else, as the REST doors do.
pub fn developer() -> Result<(), Failure> {
    let Visit { user, devtools } = Visit::current();
    match (devtools, user) {
        (true, _) => Ok(()),
        (false, Some(_)) => Err(refused(Refusal::Forbidden)),
        (false, None) => Err(refused(Refusal::SignedOut)),
    }
}

/// The answer of a write: the value goes to the caller, the plan into the request's report and so into the headers.
///
/// # Errors
/// The refusal, with the status set.
pub fn saved<T>(result: Result<Saved<T>, backend::Error>) -> Result<T, Failure> {
    let saved = result.map_err(failed)?;
    expect_context::<Report>().saved(&saved);
    Ok(saved.into_parts().0)
}

/// The answer of a write that was shown before it was answered: the value and where it stands, so that the browser knows
/// which answers contain it.
///
/// # Errors
/// The refusal, with the status set.
pub fn placed<T>(result: Result<Saved<T>, backend::Error>) -> Result<Snapshot<T>, Failure> {
    let clock = result.as_ref().ok().map(Saved::clock);
    let value = saved(result)?;
    clock.map(|clock| Snapshot { value, clock }).ok_or(Failure::Broken)
}

/// Turns a use case's error into what the page may know, and sets the status.
pub fn failed(error: backend::Error) -> Failure {
    match error {
        backend::Error::Refused(refusal) => refused(refusal),
        backend::Error::Unavailable => {
            set_status(StatusCode::SERVICE_UNAVAILABLE);
            Failure::Broken
        }
        other => {
            tracing_error(&other);
            set_status(StatusCode::INTERNAL_SERVER_ERROR);
            Failure::Broken
        }
    }
}

fn tracing_error(error: &backend::Error) {
    leptos::logging::error!("a server function failed: {error:?}");
}

fn refused(refusal: Refusal) -> Failure {
    set_status(match &refusal {
        Refusal::SignedOut | Refusal::WrongCredentials => StatusCode::UNAUTHORIZED,
        Refusal::Forbidden => StatusCode::FORBIDDEN,
        Refusal::NotFound(_) => StatusCode::NOT_FOUND,
        Refusal::Invalid { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::Taken { .. } | Refusal::Conflict(_) | Refusal::ParentInTrash { .. } => StatusCode::CONFLICT,
        Refusal::VersionRequired => StatusCode::PRECONDITION_REQUIRED,
        Refusal::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
    });
    Failure::Refused(refusal)
}

fn set_status(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>().filter(|_| !is_plain_form()) {
        response.set_status(status);
    }
}

/// Was a form sent without JavaScript? Then the browser is led back to the form, which shows the refusal; any other status
/// would stop it on the way.
fn is_plain_form() -> bool {
    use_context::<Parts>().is_some_and(|parts| {
        let accepts = parts.headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
        parts.method == Method::POST && accepts.contains("text/html")
    })
}

/// Reads the view at `key` through the use case it belongs to.
pub(super) async fn read(key: Key) -> Result<Snapshot<Json>, Failure> {
    let backend = backend();
    let visitor = visitor().user;
    let me = |author: UserId| match &visitor {
        None => Err(refused(Refusal::SignedOut)),
        Some(user) if user.id == author => Ok(user),
        Some(_) => Err(refused(Refusal::NotFound(Entity::Page))),
    };
    let anyone = |audience: Audience| match audience {
        Audience::Public => Ok(None),
        Audience::User(user) => me(user).map(Some),
    };
    let asked = key.clone();
    // Before the first wait: a page that is rendered in two passes drops the contexts of the first.
    let report = expect_context::<Report>();
    match key {
        Key::Shelf(author) => answer(&asked, &report, backend.stories(me(author)?).await),
        Key::Story { story, author } => answer(&asked, &report, backend.story(me(author)?, story).await),
        Key::Outline { story, author } => answer(&asked, &report, backend.outline(me(author)?, story).await),
        Key::Chapter { chapter, author, .. } => answer(&asked, &report, backend.chapter(me(author)?, chapter).await),
        Key::ChapterScenes { chapter, author, .. } => {
            answer(&asked, &report, backend.scenes(me(author)?, chapter).await)
        }
        Key::Scene { scene, author, .. } => answer(&asked, &report, backend.scene(me(author)?, scene).await),
        Key::Characters { story, author } => answer(&asked, &report, backend.characters(me(author)?, story).await),
        Key::Character { character, author, .. } => {
            answer(&asked, &report, backend.character(me(author)?, character).await)
        }
        Key::Settings { story, author } => answer(&asked, &report, backend.settings(me(author)?, story).await),
        Key::Setting { setting, author, .. } => answer(&asked, &report, backend.setting(me(author)?, setting).await),
        Key::Progress { reader, story } => answer(&asked, &report, backend.progress(me(reader)?, story).await),
        Key::Novels(query) => answer(&asked, &report, backend.novels(query).await),
        Key::Novel(story) => answer(&asked, &report, backend.novel(story).await),
        Key::Reading { chapter, .. } => answer(&asked, &report, backend.read_chapter(chapter).await),
        Key::Forums => answer(&asked, &report, backend.forums().await),
        Key::Feed { audience, page } => answer(&asked, &report, backend.posts(anyone(audience)?, None, page).await),
        Key::Board { story, audience, page } => {
            answer(&asked, &report, backend.posts(anyone(audience)?, Some(story), page).await)
        }
        Key::Post { post, audience } => answer(&asked, &report, backend.post(anyone(audience)?, post).await),
        Key::Replies(post) => answer(&asked, &report, backend.replies(post).await),
    }
}

/// Passes a view on as the text it is stored as.
///
/// The view must be the one that was asked for: a key that names the wrong story would carry the wrong tags into the
/// browser, and its entry would miss the story's invalidations.
fn answer<T>(asked: &Key, report: &Report, result: Result<View<T>, backend::Error>) -> Result<Snapshot<Json>, Failure> {
    let view = result.map_err(failed)?;
    if view.key.as_ref().is_some_and(|key| key != asked) {
        return Err(refused(Refusal::NotFound(Entity::Page)));
    }
    report.read(&view);
    let text = String::from_utf8(view.body.to_vec()).map_err(|_| Failure::Broken)?;
    let value = Json::try_from(text).map_err(|_| Failure::Broken)?;
    Ok(Snapshot { value, clock: view.clock })
}
