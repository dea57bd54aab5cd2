//! Conversation about stories: read by anyone, written by members.

use aide::axum::{
    ApiRouter,
    routing::{get_with, patch_with, post_with},
};
use domain::{
    community::{
        Forums, LikeWish, Liked, NewPost, NewReply, PostAnswer, PostEdit, Posts, Replies, ReplyAnswer, ReplyEdit,
    },
    id::{PostId, ReplyId},
};

use super::{
    Answer, Door, Problem,
    answer::{Created, Removed, Shown, Stored},
    edit::{Edit, IfMatch},
    json::{Json, Optional},
    path::Id,
    query,
    visitor::{Anyone, Member},
};
use crate::router::Server;

pub(crate) fn router() -> ApiRouter<Server> {
    ApiRouter::new()
        .api_route("/stories", get_with(forums, |op| op.summary("The boards of published stories, the busiest first")))
        .api_route(
            "/posts",
            get_with(posts, |op| op.summary("Posts, the newest first, page by page"))
                .post_with(add_post, |op| op.summary("Write a post")),
        )
        .api_route(
            "/posts/{id}",
            get_with(show_post, |op| op.summary("A post, and whether you like it"))
                .patch_with(edit_post, |op| op.summary("Change a post, as its author or a moderator"))
                .delete_with(delete_post, |op| op.summary("Remove a post, as its author or a moderator")),
        )
        .api_route("/posts/{id}/like", post_with(like, |op| op.summary("Like a post, or no longer")))
        .api_route(
            "/posts/{id}/replies",
            get_with(replies, |op| op.summary("The replies to a post, each before its answers"))
                .post_with(add_reply, |op| op.summary("Reply to a post, or to a reply")),
        )
        .api_route(
            "/replies/{id}",
            patch_with(edit_reply, |op| op.summary("Change a reply, as its author or a moderator"))
                .delete_with(delete_reply, |op| op.summary("Remove a reply, as its author or a moderator")),
        )
}

async fn forums(door: Door) -> Answer<Shown<Forums>> {
    door.read(door.backend.forums().await?)
}

async fn posts(door: Door, Anyone(visitor): Anyone, query: query::Posts) -> Answer<Shown<Posts>> {
    let view = door.backend.posts(visitor.user.as_ref(), query.story, query.page).await;
    door.read(view.map_err(Problem::in_query)?)
}

async fn add_post(door: Door, member: Member, Json(new): Json<NewPost>) -> Answer<Created<PostAnswer>> {
    let saved = door.backend.add_post(&member, new).await?;
    door.created(saved.map(|post| PostAnswer { post }))
}

async fn show_post(door: Door, Anyone(visitor): Anyone, Id(post): Id<PostId>) -> Answer<Shown<PostAnswer>> {
    door.read(door.backend.post(visitor.user.as_ref(), post).await?)
}

async fn edit_post(
    door: Door,
    member: Member,
    Id(post): Id<PostId>,
    Edit(edit): Edit<PostEdit>,
) -> Answer<Stored<PostAnswer>> {
    let saved = door.backend.edit_post(&member, post, edit).await?;
    door.saved(saved.map(|post| PostAnswer { post }))
}

async fn delete_post(
    door: Door,
    member: Member,
    Id(post): Id<PostId>,
    IfMatch(version): IfMatch,
) -> Answer<Stored<Removed>> {
    let saved = door.backend.delete_post(&member, post, version).await?;
    door.removed(saved, "The post is gone.")
}

async fn like(
    door: Door,
    member: Member,
    Id(post): Id<PostId>,
    Optional(wish): Optional<LikeWish>,
) -> Answer<Stored<Liked>> {
    door.saved(door.backend.like(&member, post, wish).await?)
}

async fn replies(door: Door, Id(post): Id<PostId>) -> Answer<Shown<Replies>> {
    door.read(door.backend.replies(post).await?)
}

async fn add_reply(
    door: Door,
    member: Member,
    Id(post): Id<PostId>,
    Json(new): Json<NewReply>,
) -> Answer<Created<ReplyAnswer>> {
    let saved = door.backend.add_reply(&member, post, new).await?;
    door.created(saved.map(|reply| ReplyAnswer { reply }))
}

async fn edit_reply(
    door: Door,
    member: Member,
    Id(reply): Id<ReplyId>,
    Edit(edit): Edit<ReplyEdit>,
) -> Answer<Stored<ReplyAnswer>> {
    let saved = door.backend.edit_reply(&member, reply, edit).await?;
    door.saved(saved.map(|reply| ReplyAnswer { reply }))
}

async fn delete_reply(
    door: Door,
    member: Member,
    Id(reply): Id<ReplyId>,
    IfMatch(version): IfMatch,
) -> Answer<Stored<Removed>> {
    let saved = door.backend.delete_reply(&member, reply, version).await?;
    door.removed(saved, "The reply is gone.")
}
