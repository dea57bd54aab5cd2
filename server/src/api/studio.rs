//! The studio: a writer's own stories, and nobody else's.

mod chapters;
mod parts;
mod revisions;
mod scenes;
mod search;
mod stories;
mod trash;

use aide::axum::ApiRouter;

use crate::router::Server;

pub(crate) fn router() -> ApiRouter<Server> {
    ApiRouter::new()
        .merge(stories::router())
        .merge(parts::router())
        .merge(chapters::router())
        .merge(scenes::router())
        .merge(revisions::router())
        .merge(trash::router())
        .merge(search::router())
}
