//! A reply in its thread before the server has it.

use std::collections::HashSet;

use chrono::DateTime;
use domain::{
    cache::Key,
    community::{MAX_DEPTH, PostAnswer, Replies, Reply},
    id::{LENGTH, PostId, ReplyId},
    user::{Author, User},
};

use crate::client::{Mutation, Patch, now_ms, random};

/// The version of a reply that the server has not counted yet; its own begin with 1.
pub const UNSENT: i64 = 0;

/// The reply as it will look, but for its Markdown.
pub(super) fn early(post: PostId, to: Option<ReplyId>, user: &User, content: String) -> Reply {
    Reply {
        // Replaced by the server's: it only has to differ from those on this page.
        id: ReplyId::from_random([(); LENGTH].map(|()| u8::try_from(random() & 0xff).unwrap_or_default())),
        post_id: post,
        parent_reply_id: to,
        depth: 0,
        author: Author { id: user.id, username: user.username.clone() },
        html: paragraphs(&content),
        content,
        version: UNSENT,
        created_at: i64::try_from(now_ms()).ok().and_then(DateTime::from_timestamp_millis).unwrap_or_default(),
        edited_at: None,
    }
}

/// What sending `reply` will change: the thread, and the post's count.
pub(super) fn showing(reply: Reply) -> Mutation<Reply> {
    let post = reply.post_id;
    let counted = Patch::of(move |answer: &PostAnswer| {
        let mut post = answer.post.clone();
        post.reply_count += 1;
        Some(PostAnswer { post })
    });
    Mutation::new()
        .shows(Key::Replies(post), Patch::of(move |thread: &Replies| with(thread, &reply)))
        .shows_where(|key| matches!(key, Key::Post { post: id, .. } if *id == post), &counted)
}

/// The thread with `reply` in its place; nothing, if the server's copy of it is there already.
fn with(thread: &Replies, reply: &Reply) -> Option<Replies> {
    let is_sent = |known: &Reply| {
        known.author.id == reply.author.id && known.content == reply.content && known.created_at >= reply.created_at
    };
    if thread.replies.iter().any(|known| known.id == reply.id || is_sent(known)) {
        return None;
    }
    let mut replies = thread.replies.clone();
    let question = replies.iter().position(|known| Some(known.id) == reply.parent_reply_id);
    let depth = question.map_or(0, |index| (replies[index].depth + 1).min(MAX_DEPTH));
    // Below the question and all that was answered to it before.
    let place = question.map_or(replies.len(), |index| {
        let mut below = HashSet::from([replies[index].id]);
        let answers = replies[index + 1..].iter();
        let later = answers.take_while(|known| {
            known.parent_reply_id.is_some_and(|parent| below.contains(&parent)) && below.insert(known.id)
        });
        index + 1 + later.count()
    });
    replies.insert(place, Reply { depth, ..reply.clone() });
    Some(Replies { replies })
}

/// Plain text as paragraphs; the server's Markdown takes their place in a moment. Nothing in it is markup.
fn paragraphs(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let paragraphs = escaped.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    paragraphs.map(|paragraph| format!("<p>{paragraph}</p>")).collect()
}

#[cfg(test)]
mod tests {
    use domain::id::UserId;

    use super::*;

    fn reply(n: u8, to: Option<u8>, depth: i32) -> Reply {
        Reply {
            id: ReplyId::from_random([n; LENGTH]),
            post_id: PostId::from_random([0; LENGTH]),
            parent_reply_id: to.map(|n| ReplyId::from_random([n; LENGTH])),
            depth,
            author: Author { id: UserId::from_random([n; LENGTH]), username: "noor".to_owned() },
            content: n.to_string(),
            html: String::new(),
            version: 1,
            created_at: DateTime::default(),
            edited_at: None,
        }
    }

    fn order(replies: &Replies) -> Vec<(String, i32)> {
        replies.replies.iter().map(|reply| (reply.content.clone(), reply.depth)).collect()
    }

    #[test]
    fn an_early_reply_stands_where_the_servers_will() {
        let thread =
            Replies { replies: vec![reply(1, None, 0), reply(2, Some(1), 1), reply(3, Some(2), 2), reply(4, None, 0)] };

        let last = with(&thread, &reply(9, None, 0)).expect("it is new");
        let inside = with(&thread, &reply(9, Some(1), 0)).expect("it is new");

        assert_eq!(order(&last).last(), Some(&("9".to_owned(), 0)));
        assert_eq!(order(&inside)[3], ("9".to_owned(), 1));
    }

    #[test]
    fn it_is_not_shown_beside_the_servers_copy() {
        let sent = reply(9, None, 0);
        let copy = Reply { id: ReplyId::from_random([10; LENGTH]), ..sent.clone() };

        assert_eq!(with(&Replies { replies: vec![copy] }, &sent), None);
    }

    #[test]
    fn markup_in_an_early_reply_is_text() {
        assert_eq!(
            paragraphs("<img src=x onerror=\"a()\">\n\n& so on"),
            "<p>&lt;img src=x onerror=&quot;a()&quot;&gt;</p><p>&amp; so on</p>"
        );
    }
}
