//! A cover made of a title.

use domain::id::StoryId;
use leptos::prelude::*;

/// How many tints the style sheet has.
const TINTS: usize = 6;

/// The title of a story on one of six tints, chosen by its id.
#[component]
pub fn Cover(id: StoryId, title: String) -> impl IntoView {
    let tint = id.as_str().bytes().map(usize::from).sum::<usize>() % TINTS + 1;
    view! {
        <div class=format!("cover cover--tint-{tint}") aria-hidden="true">
            <span class="cover__title">{title}</span>
        </div>
    }
}
