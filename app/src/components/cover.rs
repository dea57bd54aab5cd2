//! A cover made of a title.

use domain::id::StoryId;
use leptos::prelude::*;

/// How many tints of cloth the style sheet has.
const TINTS: usize = 6;

/// The title of a story on one of six cloths, chosen by its id. It says nothing that is not said beside it.
#[component]
pub fn Cover(id: StoryId, title: String, #[prop(optional, into)] author: Option<String>) -> impl IntoView {
    let tint = id.as_str().bytes().map(usize::from).sum::<usize>() % TINTS + 1;
    view! {
        <div class=format!("cover cover--tint-{tint}") aria-hidden="true">
            <span class="cover__title">{title}</span>
            {author.map(|author| view! { <span class="cover__author">{author}</span> })}
        </div>
    }
}
