//! How a use case's result becomes an answer.

use axum::{
    Json,
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use backend::{
    Backend,
    cache::{Report, View},
};
use domain::{
    cache::Saved,
    community::{PostAnswer, ReplyAnswer},
    studio::{ChapterAnswer, PartAnswer, SceneAnswer, StoryAnswer},
};
use http::{HeaderValue, StatusCode, header, request::Parts};
use serde::Serialize;
use serde_json::json;

use super::Problem;
use crate::router::Server;

/// What every handler returns.
pub(crate) type Answer = Result<Response, Problem>;

/// One request's way to the use cases and back. It notes for the middleware which views were read and what became
/// stale, so that no handler writes a caching header.
pub(crate) struct Door {
    pub(crate) backend: Backend,
    report: Report,
}

impl Door {
    /// 200 with a view, byte for byte as it is cached.
    pub(crate) fn read<T>(&self, view: View<T>) -> Answer {
        self.report.read(&view);
        Ok(([(header::CONTENT_TYPE, "application/json")], view.body).into_response())
    }

    /// 200 with what was written.
    pub(crate) fn saved<T: Serialize>(&self, saved: Saved<T>) -> Answer {
        self.report.saved(&saved);
        Ok(Json(saved.value()).into_response())
    }

    /// 201 with what was created, and where it is.
    pub(crate) fn created<T: Serialize + Located>(&self, saved: Saved<T>) -> Answer {
        let location = HeaderValue::try_from(saved.value().location()).map_err(|_| Problem::internal())?;
        let answer = self.saved(saved)?;
        Ok((StatusCode::CREATED, [(header::LOCATION, location)], answer).into_response())
    }

    /// 200 with a sentence about what is gone.
    pub(crate) fn removed(&self, saved: Saved<()>, message: &str) -> Answer {
        self.saved(saved.map(|()| json!({ "message": message })))
    }

    /// 200 with something that is never cached.
    pub(crate) fn plain<T: Serialize>(&self, value: &T) -> Answer {
        Ok(Json(value).into_response())
    }
}

impl FromRequestParts<Server> for Door {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Problem> {
        let report = parts.extensions.get::<Report>().cloned().ok_or_else(Problem::internal)?;
        Ok(Door { backend: server.backend.clone(), report })
    }
}

/// Something with an address of its own.
pub(crate) trait Located {
    /// The path that answers with it.
    fn location(&self) -> String;
}

impl Located for StoryAnswer {
    fn location(&self) -> String {
        format!("/studio/api/story/{}", self.story.id)
    }
}

impl Located for PartAnswer {
    fn location(&self) -> String {
        format!("/studio/api/parts/{}", self.part.id)
    }
}

impl Located for ChapterAnswer {
    fn location(&self) -> String {
        format!("/studio/api/chapters/{}", self.chapter.id)
    }
}

impl Located for SceneAnswer {
    fn location(&self) -> String {
        format!("/studio/api/scenes/{}", self.scene.id)
    }
}

impl Located for PostAnswer {
    fn location(&self) -> String {
        format!("/community/api/posts/{}", self.post.id)
    }
}

impl Located for ReplyAnswer {
    /// A reply is read with the others of its post.
    fn location(&self) -> String {
        format!("/community/api/posts/{}/replies", self.reply.post_id)
    }
}
