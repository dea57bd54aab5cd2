//! Replies to a post, in threads.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    id::{PostId, ReplyId},
    text::POST,
    user::Author,
};

/// How deep a thread goes; an answer to the deepest reply stays at its level.
pub const MAX_DEPTH: i32 = 5;

/// An answer to a post or to another reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Reply {
    pub id: ReplyId,
    pub post_id: PostId,
    pub parent_reply_id: Option<ReplyId>,
    /// 0 for an answer to the post itself.
    pub depth: i32,
    pub author: Author,
    pub content: String,
    /// Sanitised when it was written; safe to insert.
    pub html: String,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub edited_at: Option<DateTime<Utc>>,
}

/// What a new reply is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewReply {
    #[schemars(length(min = POST.min, max = POST.max))]
    pub content: String,
    #[serde(default)]
    pub parent_reply_id: Option<ReplyId>,
}

/// What to change in a reply.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ReplyEdit {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = POST.min, max = POST.max))]
    pub content: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// `{reply}`, as the contract answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReplyAnswer {
    pub reply: Reply,
}

/// `{replies}` in reading order: each reply is followed by the answers to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Replies {
    pub replies: Vec<Reply>,
}
