//! A post in a list.

use domain::community::{Post, PostKind, StoryRef};
use leptos::prelude::*;

use super::{
    count::{grouped, replies},
    icons::{Glyph, Icon},
    time_ago::TimeAgo,
};

/// What kind of post it is, in a word.
pub fn kind_name(kind: PostKind) -> &'static str {
    match kind {
        PostKind::Discussion => "Discussion",
        PostKind::Theory => "Theory",
        PostKind::Review => "Review",
        PostKind::Question => "Question",
        PostKind::FanContent => "Fan content",
    }
}

/// A post and its beginning; the whole card is the link. `story` is named where posts of several are together.
#[component]
pub fn PostCard(post: Signal<Post>, #[prop(optional_no_strip)] story: Option<StoryRef>) -> impl IntoView {
    // What is counted changes while one looks; the rest seldom does.
    let likes = Memo::new(move |_| post.with(|post| post.like_count));
    let answers = Memo::new(move |_| post.with(|post| post.reply_count));
    let text = Memo::new(move |_| post.with(|post| (post.title.clone(), excerpt(&post.content))));
    let post = post.get_untracked();
    let path = format!("/community/posts/{}", post.id);
    view! {
        <article class="card post-card">
            <p class="byline">
                <span class="badge badge--kind">{kind_name(post.kind)}</span>
                <span>{post.author.username.clone()}</span>
                <TimeAgo at=post.created_at />
                {story
                    .map(|story| {
                        view! {
                            <span>
                                "in " <a href=format!("/community/story/{}", story.id)>{story.title}</a>
                            </span>
                        }
                    })}
            </p>
            <h2 class="post-card__title">
                <a class="card__link" href=path>
                    {move || text.get().0}
                </a>
            </h2>
            <p class="post-card__excerpt">{move || text.get().1}</p>
            <p class="post-card__foot">
                <span class="post-card__replies">
                    <Icon glyph=Glyph::Heart />
                    <span class="visually-hidden">"Likes: "</span>
                    {move || grouped(likes.get())}
                </span>
                <span class="post-card__replies">
                    <Icon glyph=Glyph::Talk />
                    {move || replies(answers.get())}
                </span>
            </p>
        </article>
    }
}

/// The beginning of a text, without the marks of Markdown; the style sheet cuts it to three lines.
fn excerpt(content: &str) -> String {
    let lines = content.lines().map(|line| line.trim_start_matches(['>', '#', ' ']));
    let text = lines.collect::<Vec<_>>().join(" ");
    text.chars().filter(|c| !matches!(c, '*' | '`')).take(400).collect()
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn an_excerpt_is_plain_and_keeps_what_only_looks_like_a_mark() {
        assert_eq!(excerpt("> *He* said:\n\n## No\na > b, snake_case"), "He said:  No a > b, snake_case");
    }
}
