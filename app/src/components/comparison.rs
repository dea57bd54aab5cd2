//! Two texts of one scene, side by side, paragraph by paragraph.

use leptos::prelude::*;
use similar::{ChangeTag, TextDiff};

use crate::client::{Clash, ClashReason, Desk, Field, Texts};

/// Shown when there are two texts of a scene; whichever is chosen, the other can be had back from the history.
#[component]
pub fn Comparison(desk: Desk, clash: Clash) -> impl IntoView {
    let (title, lead, other) = match clash.reason {
        ClashReason::SavedElsewhere => (
            "This scene changed elsewhere",
            "It was saved on another page or device after you opened it here. Nothing is lost: choose the text to go on with; \
             the other one stays in the history.",
            "Saved text",
        ),
        ClashReason::FoundOnDevice => (
            "Unsaved text was found on this device",
            "An earlier visit left text that never reached the server. Choose the text to go on with; the other one stays in \
             the history.",
            "Saved text",
        ),
    };
    let (mine, theirs) = (desk.clone(), desk);

    view! {
        <section class="comparison" aria-labelledby="comparison-title">
            <h2 class="comparison__title" id="comparison-title">{title}</h2>
            <p class="comparison__lead">{lead}</p>
            <div class="comparison__sides">
                <Side heading="Your text" texts=clash.mine.clone() other=clash.theirs.clone() added=true>
                    <button type="button" class="button button--primary" on:click=move |_| mine.keep_mine()>
                        "Keep mine"
                    </button>
                </Side>
                <Side heading=other texts=clash.theirs other=clash.mine added=false>
                    <button type="button" class="button" on:click=move |_| theirs.keep_theirs()>
                        "Keep saved text"
                    </button>
                </Side>
            </div>
        </section>
    }
}

#[component]
fn Side(heading: &'static str, texts: Texts, other: Texts, added: bool, children: Children) -> impl IntoView {
    let words = domain::text::word_count(&texts.content);
    let class =
        if added { "comparison__par comparison__par--added" } else { "comparison__par comparison__par--removed" };
    let paragraphs: Vec<_> = paragraphs(&texts, &other)
        .into_iter()
        .map(|(text, differs)| view! { <p class=if differs { class } else { "comparison__par" }>{text}</p> })
        .collect();

    view! {
        <article class="comparison__side">
            <header class="comparison__head">
                <h3>{heading}</h3>
                <p class="muted">{format!("{words} words")}</p>
            </header>
            <div class="comparison__text">{paragraphs}</div>
            <div class="actions">{children()}</div>
        </article>
    }
}

/// The paragraphs of `texts`, and whether `other` has them too.
fn paragraphs(texts: &Texts, other: &Texts) -> Vec<(String, bool)> {
    let whole = |texts: &Texts| format!("{}\n{}", texts.get(Field::Title), texts.get(Field::Content));
    let (mine, theirs) = (whole(texts), whole(other));
    let diff = TextDiff::from_lines(&theirs, &mine);
    let lines = diff.iter_all_changes().filter(|change| change.tag() != ChangeTag::Delete);
    lines
        .map(|change| (change.value().trim_end().to_owned(), change.tag() == ChangeTag::Insert))
        .filter(|(text, _)| !text.is_empty())
        .collect()
}
