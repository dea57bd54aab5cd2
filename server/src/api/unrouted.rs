//! What the API answers where it has no route.

use axum::response::{IntoResponse, Response};
use domain::error::Entity;
use http::{StatusCode, header};

use super::Problem;

/// 404, in JSON: no route has this path.
pub(crate) async fn no_such_route() -> Problem {
    Entity::Page.into()
}

/// Gives an empty 405 the body that every error of the API has; its `Allow` header stays.
pub(crate) async fn in_json(response: Response) -> Response {
    if response.status() != StatusCode::METHOD_NOT_ALLOWED || response.headers().contains_key(header::CONTENT_TYPE) {
        return response;
    }
    let allow = response.headers().get(header::ALLOW).cloned();
    let message = "This path does not take this method.";
    let mut problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message).into_response();
    if let Some(allow) = allow {
        problem.headers_mut().insert(header::ALLOW, allow);
    }
    problem
}
