//! Conversation about stories: read by anyone, written by members.

use axum::{
    Router,
    routing::{get, patch, post},
};
use domain::{
    community::{LikeWish, NewPost, NewReply, PostAnswer, PostEdit, ReplyAnswer, ReplyEdit},
    id::{PostId, ReplyId},
};

use super::{
    Answer, Door, Problem,
    edit::{Edit, IfMatch},
    json::{Json, Optional},
    path::Id,
    query::Posts,
    visitor::{Anyone, Member},
};
use crate::router::Server;

pub(crate) fn router() -> Router<Server> {
    Router::new()
        .route("/stories", get(forums))
        .route("/posts", get(posts).post(add_post))
        .route("/posts/{id}", get(show_post).patch(edit_post).delete(delete_post))
        .route("/posts/{id}/like", post(like))
        .route("/posts/{id}/replies", get(replies).post(add_reply))
        .route("/replies/{id}", patch(edit_reply).delete(delete_reply))
}

async fn forums(door: Door) -> Answer {
    door.read(door.backend.forums().await?)
}

async fn posts(door: Door, Anyone(visitor): Anyone, query: Posts) -> Answer {
    let view = door.backend.posts(visitor.user.as_ref(), query.story, query.page).await;
    door.read(view.map_err(Problem::in_query)?)
}

async fn add_post(door: Door, member: Member, Json(new): Json<NewPost>) -> Answer {
    let saved = door.backend.add_post(&member, new).await?;
    door.created(saved.map(|post| PostAnswer { post }))
}

async fn show_post(door: Door, Anyone(visitor): Anyone, Id(post): Id<PostId>) -> Answer {
    door.read(door.backend.post(visitor.user.as_ref(), post).await?)
}

async fn edit_post(door: Door, member: Member, Id(post): Id<PostId>, Edit(edit): Edit<PostEdit>) -> Answer {
    let saved = door.backend.edit_post(&member, post, edit).await?;
    door.saved(saved.map(|post| PostAnswer { post }))
}

async fn delete_post(door: Door, member: Member, Id(post): Id<PostId>, IfMatch(version): IfMatch) -> Answer {
    let saved = door.backend.delete_post(&member, post, version).await?;
    door.removed(saved, "The post is gone.")
}

async fn like(door: Door, member: Member, Id(post): Id<PostId>, Optional(wish): Optional<LikeWish>) -> Answer {
    door.saved(door.backend.like(&member, post, wish).await?)
}

async fn replies(door: Door, Id(post): Id<PostId>) -> Answer {
    door.read(door.backend.replies(post).await?)
}

async fn add_reply(door: Door, member: Member, Id(post): Id<PostId>, Json(new): Json<NewReply>) -> Answer {
    let saved = door.backend.add_reply(&member, post, new).await?;
    door.created(saved.map(|reply| ReplyAnswer { reply }))
}

async fn edit_reply(door: Door, member: Member, Id(reply): Id<ReplyId>, Edit(edit): Edit<ReplyEdit>) -> Answer {
    let saved = door.backend.edit_reply(&member, reply, edit).await?;
    door.saved(saved.map(|reply| ReplyAnswer { reply }))
}

async fn delete_reply(door: Door, member: Member, Id(reply): Id<ReplyId>, IfMatch(version): IfMatch) -> Answer {
    let saved = door.backend.delete_reply(&member, reply, version).await?;
    door.removed(saved, "The reply is gone.")
}
