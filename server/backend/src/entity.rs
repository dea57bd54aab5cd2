//! The rows. They never leave this crate: what leaves are the types of `domain`.

#![expect(unreachable_pub, reason = "the derive wants public types; the module itself is private")]

pub mod cache_alert;
pub mod cache_metric_bucket;
pub mod chapter;
pub mod character;
pub mod history;
pub mod idempotency_key;
pub mod invalidation_event;
pub mod part;
pub mod post;
pub mod post_like;
pub mod reading_progress;
pub mod reply;
pub mod scene;
pub mod scene_revision;
pub mod session;
pub mod setting;
pub mod story;
pub mod user;

use std::str::FromStr;

use serde::{
    Deserialize,
    de::{IntoDeserializer, value::Error as NotAWord},
};

/// Reads a stored id.
///
/// # Errors
/// Fails when the database holds something that no writer of ours put there.
pub fn id<T: FromStr>(text: &str) -> Result<T, sea_orm::DbErr> {
    text.parse().map_err(|_| sea_orm::DbErr::Type(format!("a stored id is not one: {text:?}")))
}

/// Reads a stored list of texts.
///
/// # Errors
/// Fails when the database holds something else.
pub fn entries(json: sea_orm::JsonValue) -> Result<Vec<String>, sea_orm::DbErr> {
    serde_json::from_value(json).map_err(|_| sea_orm::DbErr::Type("a stored list is not one of texts".to_owned()))
}

/// Reads a stored word of one of our enums.
///
/// # Errors
/// Fails when the database holds a word that this program does not know.
pub fn word<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, sea_orm::DbErr> {
    let word: Result<T, NotAWord> = T::deserialize(text.into_deserializer());
    word.map_err(|_| sea_orm::DbErr::Type(format!("a stored word is not known: {text:?}")))
}
