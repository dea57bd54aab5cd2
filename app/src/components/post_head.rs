//! A post, at the head of its page.

use domain::community::Post;
use leptos::prelude::*;

use super::{like_button::LikeButton, post_card::kind_name, time_ago::TimeAgo};

/// Title, author, text, and the heart.
#[component]
pub fn PostHead(post: Signal<Post>) -> impl IntoView {
    let byline = move || {
        let post = post.get();
        view! {
            <span class="badge badge--kind">{kind_name(post.kind)}</span>
            <span>{post.author.username}</span>
            <TimeAgo at=post.created_at />
            {post
                .edited_at
                .map(|at| {
                    view! {
                        <span>
                            "edited " <TimeAgo at />
                        </span>
                    }
                })}
        }
    };
    view! {
        <article class="post">
            <header class="post__head">
                <h1 class="post__title">{move || post.get().title}</h1>
                <p class="byline">{byline}</p>
            </header>
            <div class="prose" inner_html=move || post.get().html></div>
            <div class="post__foot">
                <LikeButton post />
            </div>
        </article>
    }
}
