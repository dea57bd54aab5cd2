//! The studio: a writer's own stories, and nobody else's.

mod chapters;
mod characters;
mod files;
mod parts;
mod revisions;
mod scenes;
mod search;
mod settings;
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
        .merge(characters::router())
        .merge(settings::router())
        .merge(trash::router())
        .merge(search::router())
        .merge(files::router())
}
