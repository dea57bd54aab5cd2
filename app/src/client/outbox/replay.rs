//! Text that an earlier visit left, saved without its scene being opened.

use std::collections::BTreeSet;

use domain::{
    Error as Refusal,
    id::{SceneId, UserId},
    studio::Scene,
};

use super::{Standing, Unsent, left_behind, neighbours, release};
use crate::api::{Failure, studio};

/// What became of the texts that were left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// The titles of the scenes whose text the server has now.
    pub saved: Vec<String>,
    /// Did the server not answer, so that it should be asked again?
    pub is_unanswered: bool,
}

/// Saves what was typed upon the stored version, but of the scene `except`. What was typed upon another stays, for its writer to choose.
pub async fn replay(person: UserId, except: Option<SceneId>) -> Replayed {
    let mut replayed = Replayed::default();
    let mut seen = BTreeSet::new();
    for unsent in left_behind(person, None).await {
        // The newest of each scene; after it, an older one is a text to choose from.
        let scene = unsent.name.scene().filter(|scene| Some(*scene) != except && seen.insert(scene.to_string()));
        if scene.is_none() {
            continue;
        }
        match send(&unsent).await {
            Ok(Some(stored)) => {
                neighbours::tell_desks(person, &stored);
                replayed.saved.push(unsent.draft.scene_title.clone());
                release(vec![unsent.name]).await;
            }
            Ok(None) => {}
            Err(Failure::Lost | Failure::Broken | Failure::Refused(Refusal::TooMany { .. })) => {
                replayed.is_unanswered = true;
                break;
            }
            Err(Failure::Refused(Refusal::SignedOut)) => break,
            // The scene is gone, or the text breaks a rule: its writer sees to it.
            Err(Failure::Refused(_)) => {}
        }
    }
    replayed
}

/// Sends a text. Answers the scene that holds it now, or nothing where its writer must choose.
async fn send(unsent: &Unsent) -> Result<Option<Scene>, Failure> {
    let Some(scene) = unsent.name.scene() else { return Ok(None) };
    let mut edit = unsent.draft.edit.clone();
    // Once more if the version that it was typed upon became another by this very text.
    for _ in 0..2 {
        match studio::edit_scene(scene, edit.clone()).await {
            Ok(stored) => return Ok(Some(stored)),
            Err(Failure::Refused(Refusal::Conflict(current))) => {
                let Some(stored) = current.read::<Scene>() else { return Err(Failure::Broken) };
                match unsent.draft.against(&stored) {
                    Standing::Arrived => return Ok(Some(stored)),
                    Standing::Next => edit.version = Some(stored.version),
                    Standing::Ahead | Standing::Apart => return Ok(None),
                }
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(None)
}
