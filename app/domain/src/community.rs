//! Conversation about stories.

mod post;
mod reply;

pub use post::{Forum, Forums, LikeWish, Liked, NewPost, Post, PostAnswer, PostEdit, PostKind, Posts, StoryRef};
pub use reply::{MAX_DEPTH, NewReply, Replies, Reply, ReplyAnswer, ReplyEdit};
