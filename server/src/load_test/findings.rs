//! What was promised and cannot be found any more.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    time::Duration,
};

use domain::{
    community::{PostAnswer, Replies},
    id::{PostId, SceneId},
    studio::{Revisions, SceneAnswer},
};
use serde::de::DeserializeOwned;
use tokio::time::sleep;

use super::{
    oracle::{Fact, Oracle},
    stage::Stage,
};
use crate::client::{Client, Missing, Session};

/// How often a server is asked that is not there, and how long is waited in between.
const TRIES: u32 = 40;
const PAUSE: Duration = Duration::from_millis(250);

/// Looks for everything that was acknowledged, and says what is lost.
pub(super) async fn losses(client: &Client, stage: &Stage, oracle: &Oracle) -> Vec<String> {
    let mut losses = Vec::new();
    let mut by_scene: BTreeMap<(usize, SceneId), Vec<String>> = BTreeMap::new();
    for kept in oracle.kept() {
        by_scene.entry((kept.account, kept.scene)).or_default().push(kept.token);
    }
    for ((account, scene), tokens) in by_scene {
        match texts(client, stage, account, scene, oracle).await {
            Ok(texts) => {
                let missing = tokens.iter().filter(|token| !texts.contains(&format!("Token {token}.")));
                losses.extend(missing.map(|token| format!("scene {scene}: the text {token} is nowhere")));
            }
            Err(cause) => losses.push(format!("scene {scene} cannot be read: {cause}")),
        }
    }
    losses.extend(lost_talk(client, oracle).await);
    losses
}

/// The current text of a scene and all its revisions, in one.
async fn texts(
    client: &Client,
    stage: &Stage,
    account: usize,
    scene: SceneId,
    oracle: &Oracle,
) -> Result<String, String> {
    let session = Some(&stage.sets[account].session);
    let path = format!("/studio/api/scenes/{scene}");
    let SceneAnswer { scene: current } = read(client, &path, session).await?;
    let acked = oracle.acknowledged(Fact::Working(scene));
    if current.version < acked {
        return Err(format!("it is version {}, but {acked} was acknowledged", current.version));
    }
    let Revisions { revisions } = read(client, &format!("{path}/revisions"), session).await?;
    let texts = revisions.into_iter().map(|revision| revision.content).chain([current.content]);
    Ok(texts.collect::<Vec<_>>().join("\n"))
}

/// Posts and replies that were acknowledged and are not there.
async fn lost_talk(client: &Client, oracle: &Oracle) -> Vec<String> {
    let mut losses = Vec::new();
    let mut replies: HashMap<PostId, Vec<String>> = HashMap::new();
    for said in oracle.said() {
        match said.reply {
            Some(reply) => replies.entry(said.post).or_default().push(reply),
            None => {
                let found = read::<PostAnswer>(client, &format!("/community/api/posts/{}", said.post), None).await;
                losses.extend(found.err().map(|cause| format!("post {} is gone: {cause}", said.post)));
            }
        }
    }
    for (post, said) in replies {
        match read(client, &format!("/community/api/posts/{post}/replies"), None).await {
            Ok(Replies { replies }) => {
                let there: HashSet<_> = replies.into_iter().map(|reply| reply.content).collect();
                let missing = said.iter().filter(|reply| !there.contains(*reply));
                losses.extend(missing.map(|reply| format!("post {post}: {reply} is gone")));
            }
            Err(cause) => losses.push(format!("the replies to {post} cannot be read: {cause}")),
        }
    }
    losses
}

/// Reads `path`, as often as it takes to find somebody: a server that is away for a moment has lost nothing.
async fn read<T: DeserializeOwned>(client: &Client, path: &str, session: Option<&Session>) -> Result<T, String> {
    let mut tries = TRIES;
    loop {
        tries -= 1;
        match client.get(path, session).await.and_then(|answer| answer.read()) {
            Err(missing) if missing.kind == Missing::Nobody && tries > 0 => sleep(PAUSE).await,
            outcome => return outcome.map_err(|missing| missing.cause),
        }
    }
}
