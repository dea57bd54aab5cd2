//! What was promised and cannot be found any more.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::{
    community::Replies,
    id::{PostId, SceneId},
    studio::{Revisions, SceneAnswer},
};
use http::StatusCode;

use super::{
    client::{Client, NoReply},
    oracle::{Fact, Oracle},
    stage::Stage,
};

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
            Err(NoReply(cause)) => losses.push(format!("scene {scene} cannot be read: {cause}")),
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
) -> Result<String, NoReply> {
    let session = Some(&stage.sets[account].session);
    let path = format!("/studio/api/scenes/{scene}");
    let SceneAnswer { scene: current } = client.get(&path, session).await?.read()?;
    let acked = oracle.acknowledged(Fact::Working(scene));
    if current.version < acked {
        return Err(NoReply(format!("it is version {}, but {acked} was acknowledged", current.version)));
    }
    let Revisions { revisions } = client.get(&format!("{path}/revisions"), session).await?.read()?;
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
                let found = client.get(&format!("/community/api/posts/{}", said.post), None).await;
                if !found.is_ok_and(|answer| answer.status == StatusCode::OK) {
                    losses.push(format!("post {} is gone", said.post));
                }
            }
        }
    }
    for (post, said) in replies {
        match client.get(&format!("/community/api/posts/{post}/replies"), None).await.and_then(|found| found.read()) {
            Ok(Replies { replies }) => {
                let there: HashSet<_> = replies.into_iter().map(|reply| reply.content).collect();
                let missing = said.iter().filter(|reply| !there.contains(*reply));
                losses.extend(missing.map(|reply| format!("post {post}: {reply} is gone")));
            }
            Err(NoReply(cause)) => losses.push(format!("the replies to {post} cannot be read: {cause}")),
        }
    }
    losses
}
