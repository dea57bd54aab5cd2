//! What a writer had: things in the trash, and the texts a scene had before. It is looked at rarely and changes with every
//! save, so it is never cached, and is no view.

use domain::{
    id::{SceneId, TrashId},
    studio::{Restored, Revision, RevisionHead, Scene, Trash},
};
use leptos::prelude::*;

use super::{Failure, JsonBody};
use crate::client::Transport;

/// All that the visitor removed, what went last first.
///
/// # Errors
/// Refuses readers.
#[server(prefix = "/api/fn", endpoint = "read_trash", input = JsonBody, output = JsonBody, client = Transport)]
pub async fn read_trash() -> Result<Trash, Failure> {
    use super::context::{backend, failed, user};

    backend().trash(&user()?).await.map_err(failed)
}

/// Brings something back from the trash, with all that went with it.
///
/// # Errors
/// Refuses what is not yours, and what was in something that is in the trash itself.
#[server(prefix = "/api/fn", endpoint = "restore_item", input = JsonBody, output = JsonBody, client = Transport)]
pub async fn restore_item(item: TrashId) -> Result<Restored, Failure> {
    use super::context::{backend, saved, user};

    saved(backend().restore(&user()?, item).await)
}

/// The texts a scene had before the present one, the newest first.
///
/// # Errors
/// Refuses what is not yours.
#[server(prefix = "/api/fn", endpoint = "read_history", input = JsonBody, output = JsonBody, client = Transport)]
pub async fn read_history(scene: SceneId) -> Result<Vec<RevisionHead>, Failure> {
    use super::context::{backend, failed, user};

    backend().history(&user()?, scene).await.map_err(failed)
}

/// Makes an old text of a scene the present one, as a new version; the one it replaces is kept in its turn.
///
/// # Errors
/// A conflict if `version` is not the stored one any more; it brings the stored scene along.
#[server(prefix = "/api/fn", endpoint = "restore_revision", input = JsonBody, output = JsonBody, client = Transport)]
pub async fn restore_revision(scene: SceneId, n: i64, version: Option<i64>) -> Result<Scene, Failure> {
    use super::context::{backend, saved, user};

    saved(backend().restore_revision(&user()?, scene, n, version).await)
}

/// One text that a scene had.
///
/// # Errors
/// Refuses what is not yours, and a number that no revision has.
#[server(prefix = "/api/fn", endpoint = "read_revision", input = JsonBody, output = JsonBody, client = Transport)]
pub async fn read_revision(scene: SceneId, n: i64) -> Result<Revision, Failure> {
    use super::context::{backend, failed, user};

    backend().revision(&user()?, scene, n).await.map_err(failed)
}
