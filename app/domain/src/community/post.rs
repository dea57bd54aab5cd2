//! Posts, and the likes they get.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    id::{PostId, StoryId},
    page::Cursor,
    text::{POST, TITLE},
    user::Author,
};

/// What a post is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PostKind {
    #[default]
    Discussion,
    Theory,
    Review,
    Question,
    FanContent,
}

impl PostKind {
    /// Every kind, in the order they are offered.
    pub const ALL: [PostKind; 5] =
        [PostKind::Discussion, PostKind::Theory, PostKind::Review, PostKind::Question, PostKind::FanContent];

    /// The stored form.
    pub fn as_str(self) -> &'static str {
        match self {
            PostKind::Discussion => "discussion",
            PostKind::Theory => "theory",
            PostKind::Review => "review",
            PostKind::Question => "question",
            PostKind::FanContent => "fan-content",
        }
    }
}

/// A post, as one visitor sees it: `liked` is theirs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Post {
    pub id: PostId,
    pub story_id: StoryId,
    pub author: Author,
    #[serde(rename = "type")]
    pub kind: PostKind,
    pub title: String,
    pub content: String,
    /// Sanitised when it was written; safe to insert.
    pub html: String,
    pub like_count: i64,
    pub liked: bool,
    pub reply_count: i64,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub edited_at: Option<DateTime<Utc>>,
}

/// What a new post is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewPost {
    pub story_id: StoryId,
    #[schemars(length(min = TITLE.min, max = TITLE.max))]
    pub title: String,
    #[schemars(length(min = POST.min, max = POST.max))]
    pub content: String,
    #[serde(default, rename = "type")]
    pub kind: Option<PostKind>,
}

/// What to change in a post; absent fields stay.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PostEdit {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = TITLE.min, max = TITLE.max))]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = POST.min, max = POST.max))]
    pub content: Option<String>,
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<PostKind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// What a click on the heart asks for: a state, or (when absent) the other state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LikeWish {
    #[serde(default)]
    pub liked: Option<bool>,
}

/// How a post stands after a click on the heart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Liked {
    pub success: bool,
    pub liked: bool,
    pub like_count: i64,
}

/// `{post}`, as the contract answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PostAnswer {
    pub post: Post,
}

/// A story's name, for a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StoryRef {
    pub id: StoryId,
    pub title: String,
}

/// `{posts, stories, next}`: the newest posts first, and the stories they are about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Posts {
    pub posts: Vec<Post>,
    pub stories: Vec<StoryRef>,
    pub next: Option<Cursor>,
}

/// A story's board, from outside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Forum {
    pub id: StoryId,
    pub title: String,
    pub summary: String,
    pub genre: Option<String>,
    pub author: Author,
    pub post_count: i64,
    pub like_count: i64,
}

/// `{stories}`: every board, the busiest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Forums {
    pub stories: Vec<Forum>,
}
