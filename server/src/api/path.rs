//! What is in a path: text that is no id names nothing, so it answers 404 like any other unknown id.

use std::str::FromStr;

use axum::extract::{FromRequestParts, RawPathParams};
use domain::{
    cache,
    error::Entity,
    id::{ChapterId, CharacterId, PartId, PostId, ReplyId, SceneId, SettingId, StoryId, TrashId},
};
use http::request::Parts;

use super::Problem;

/// The `{id}` of a path.
pub(crate) struct Id<T>(pub(crate) T);

/// The `{n}` of a path: a revision's number.
pub(crate) struct Nth(pub(crate) i64);

/// The `{key}` of a path.
pub(crate) struct CacheKey(pub(crate) cache::Key);

/// A thing that paths name.
pub(crate) trait Named: FromStr {
    /// What is missing when the name leads nowhere.
    const ENTITY: Entity;
}

impl Named for StoryId {
    const ENTITY: Entity = Entity::Story;
}

impl Named for PartId {
    const ENTITY: Entity = Entity::Part;
}

impl Named for ChapterId {
    const ENTITY: Entity = Entity::Chapter;
}

impl Named for SceneId {
    const ENTITY: Entity = Entity::Scene;
}

impl Named for CharacterId {
    const ENTITY: Entity = Entity::Character;
}

impl Named for SettingId {
    const ENTITY: Entity = Entity::Setting;
}

impl Named for TrashId {
    const ENTITY: Entity = Entity::TrashItem;
}

impl Named for PostId {
    const ENTITY: Entity = Entity::Post;
}

impl Named for ReplyId {
    const ENTITY: Entity = Entity::Reply;
}

/// Reads the parameter `name`; `None` when it cannot be read, or is not even text.
async fn read<T: FromStr>(parts: &mut Parts, name: &str) -> Option<T> {
    let params = RawPathParams::from_request_parts(parts, &()).await.ok()?;
    let (_, text) = params.iter().find(|(found, _)| *found == name)?;
    text.parse().ok()
}

impl<S: Sync, T: Named> FromRequestParts<S> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        read(parts, "id").await.map(Id).ok_or_else(|| T::ENTITY.into())
    }
}

impl<S: Sync> FromRequestParts<S> for Nth {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        read(parts, "n").await.map(Nth).ok_or_else(|| Entity::Revision.into())
    }
}

impl<S: Sync> FromRequestParts<S> for CacheKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        read(parts, "key").await.map(CacheKey).ok_or_else(|| Entity::Page.into())
    }
}
