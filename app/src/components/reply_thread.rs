//! Replies, each with the answers to it below.

use domain::community::Reply;
use leptos::prelude::*;

use super::{
    icons::{Glyph, Icon},
    reply_form::UNSENT,
    time_ago::TimeAgo,
};

/// The thread of a post, out of replies in reading order.
#[component]
pub fn ReplyThread(replies: Vec<Reply>) -> impl IntoView {
    let branches = branches(replies);
    view! { <Branches branches /> }
}

/// A reply and the answers to it.
#[derive(Debug, PartialEq)]
struct Branch {
    reply: Reply,
    answers: Vec<Branch>,
}

/// Groups replies in reading order by their depth.
fn branches(replies: Vec<Reply>) -> Vec<Branch> {
    let mut roots: Vec<Branch> = Vec::new();
    for reply in replies {
        let mut level = &mut roots;
        for _ in 0..reply.depth {
            if level.is_empty() {
                break; // an answer whose question is gone stands in its place
            }
            let last = level.len() - 1;
            level = &mut level[last].answers;
        }
        level.push(Branch { reply, answers: Vec::new() });
    }
    roots
}

#[component]
fn Branches(branches: Vec<Branch>) -> impl IntoView {
    let items = branches.into_iter().map(|branch| view! { <Answer branch /> }).collect_view();
    view! { <ol class="thread">{items}</ol> }
}

#[component]
fn Answer(branch: Branch) -> AnyView {
    let Branch { reply, answers } = branch;
    let id = reply.id;
    if reply.version == UNSENT {
        return view! { <Unsent reply /> }.into_any();
    }
    view! {
        <li class="reply" id=format!("reply-{id}")>
            <p class="byline">
                <span class="reply__author">{reply.author.username}</span>
                <a class="reply__permalink" href=format!("#reply-{id}")>
                    <TimeAgo at=reply.created_at />
                </a>
                {reply.edited_at.map(|_| view! { <span>"edited"</span> })}
            </p>
            <div class="prose reply__text" inner_html=reply.html></div>
            <p>
                <a class="reply__answer" href=format!("/community/posts/{}?to={id}#answer", reply.post_id)>
                    <Icon glyph=Glyph::Talk />
                    "Reply"
                    <span class="visually-hidden">" to this"</span>
                </a>
            </p>
            {(!answers.is_empty()).then(|| view! { <Branches branches=answers /> })}
        </li>
    }
    .into_any()
}

/// A reply that the server does not have yet: nothing can be answered to it.
#[component]
fn Unsent(reply: Reply) -> impl IntoView {
    view! {
        <li class="reply" aria-busy="true">
            <p class="byline">
                <span class="reply__author">{reply.author.username}</span>
                <span>"Sending…"</span>
            </p>
            <div class="prose reply__text" inner_html=reply.html></div>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use domain::{id::*, user::Author};

    use super::*;

    fn reply(n: u8, depth: i32) -> Reply {
        Reply {
            id: ReplyId::from_random([n; LENGTH]),
            post_id: PostId::from_random([0; LENGTH]),
            parent_reply_id: None,
            depth,
            author: Author { id: UserId::from_random([0; LENGTH]), username: "noor".to_owned() },
            content: String::new(),
            html: String::new(),
            version: 1,
            created_at: DateTime::default(),
            edited_at: None,
        }
    }

    fn shape(branches: &[Branch]) -> String {
        branches.iter().map(|branch| format!("({})", shape(&branch.answers))).collect()
    }

    #[test]
    fn answers_are_grouped_below_what_they_answer() {
        let replies = [(1, 0), (2, 1), (3, 2), (4, 1), (5, 0)].map(|(n, depth)| reply(n, depth));
        assert_eq!(shape(&branches(replies.into())), "((())())()");
    }

    #[test]
    fn an_answer_without_its_question_is_still_shown() {
        assert_eq!(shape(&branches(vec![reply(1, 2), reply(2, 0)])), "()()");
    }
}
