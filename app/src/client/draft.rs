//! Text that the server has not confirmed, kept on the device.
//!
//! It lives outside the cache: no invalidation, log-out or schema change removes it. One draft per person and document.

use domain::id::{SceneId, UserId};
use serde::{Deserialize, Serialize};

use super::storage;

/// The unconfirmed text of one scene.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Draft {
    /// The version the text was typed upon.
    pub base_version: i64,
    pub title: String,
    pub content: String,
    /// Milliseconds since 1970.
    pub kept_at: u64,
}

impl Draft {
    fn name(person: UserId, scene: SceneId) -> String {
        format!("fictures:draft:{person}:{scene}")
    }

    /// Keeps this text on the device; false where the browser has no room or no storage, so that the page can say so.
    #[must_use]
    pub fn keep(&self, person: UserId, scene: SceneId) -> bool {
        storage::write(&Self::name(person, scene), self)
    }

    /// The text that was kept, if any.
    pub fn find(person: UserId, scene: SceneId) -> Option<Draft> {
        storage::read(&Self::name(person, scene))
    }

    /// Lets go of the text: the server has it.
    pub fn release(person: UserId, scene: SceneId) {
        storage::delete(&Self::name(person, scene));
    }
}
