//! What readers do on the boards. These work as plain forms, too.

use domain::{
    cache::Snapshot,
    community::{Liked, Post, PostKind, Reply},
    id::{PostId, ReplyId, StoryId},
};
use leptos::prelude::*;

use super::{Failure, JsonBody};
use crate::client::Transport;

/// Posts on the board of a story, and (as a plain form) goes on to the post.
///
/// # Errors
/// Names the field that is not acceptable.
#[server(prefix = "/api/fn", endpoint = "add_post", output = JsonBody, client = Transport)]
pub async fn add_post(story: StoryId, title: String, content: String, kind: PostKind) -> Result<Post, Failure> {
    use super::context::{backend, saved, user};

    let post = domain::community::NewPost { story_id: story, title, content, kind: Some(kind) };
    saved(backend().add_post(&user()?, post).await)
}

/// Sets whether the visitor likes a post.
///
/// # Errors
/// Refuses when nobody is signed in.
#[server(prefix = "/api/fn", endpoint = "like_post", output = JsonBody, client = Transport)]
pub async fn like_post(post: PostId, liked: bool) -> Result<Snapshot<Liked>, Failure> {
    use super::context::{backend, placed, user};

    let wish = domain::community::LikeWish { liked: Some(liked) };
    placed(backend().like(&user()?, post, wish).await)
}

/// Answers a post, or another reply.
///
/// # Errors
/// Names the field that is not acceptable.
#[server(prefix = "/api/fn", endpoint = "add_reply", output = JsonBody, client = Transport)]
pub async fn add_reply(post: PostId, parent: Option<ReplyId>, content: String) -> Result<Snapshot<Reply>, Failure> {
    use super::context::{backend, placed, user};

    let reply = domain::community::NewReply { content, parent_reply_id: parent };
    placed(backend().add_reply(&user()?, post, reply).await)
}
