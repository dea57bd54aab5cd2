//! Two texts of one scene, side by side, paragraph by paragraph.

use chrono::DateTime;
use leptos::prelude::*;
use similar::{ChangeTag, TextDiff};

use super::{count::counted, time_ago::TimeAgo};
use crate::client::{Clash, ClashReason, Desk, Field, Texts};

/// Shown when there are two texts of a scene; whichever is chosen, the other can be had back from the history.
#[component]
pub fn Comparison(desk: Desk, clash: Clash) -> impl IntoView {
    let (title, lead) = match clash.reason {
        ClashReason::SavedElsewhere => (
            "This scene changed elsewhere",
            "It was saved on another page or device after you opened it here. Nothing is lost: choose the text to go on with; \
             the other one stays in the history.",
        ),
        ClashReason::FoundOnDevice => (
            "Unsaved text was found on this device",
            "An earlier visit left text that never reached the server. Choose the text to go on with; the other one stays in \
             the history.",
        ),
    };
    let (mine, theirs) = (desk.clone(), desk);

    view! {
        <section class="comparison" aria-labelledby="comparison-title">
            <h2 class="comparison__title" id="comparison-title" tabindex="-1">
                {title}
            </h2>
            <p class="comparison__lead">{lead}</p>
            <div class="comparison__sides">
                <Side
                    heading="Your text"
                    place="on this device"
                    at_ms=clash.mine_at
                    texts=clash.mine.clone()
                    other=clash.theirs.clone()
                    added=true
                >
                    <button type="button" class="button button--primary" on:click=move |_| mine.keep_mine()>
                        "Keep mine"
                    </button>
                </Side>
                <Side
                    heading="Saved text"
                    place="saved"
                    at_ms=clash.theirs_at
                    texts=clash.theirs
                    other=clash.mine
                    added=false
                >
                    <button type="button" class="button" on:click=move |_| theirs.keep_theirs()>
                        "Keep saved text"
                    </button>
                </Side>
            </div>
        </section>
    }
}

/// One of two texts, with what differs marked.
#[component]
pub fn Side(
    heading: &'static str,
    place: &'static str,
    /// In milliseconds since 1970; none where it is being written.
    #[prop(into)]
    at_ms: Option<u64>,
    texts: Texts,
    other: Texts,
    added: bool,
    children: Children,
) -> impl IntoView {
    let words = counted(domain::text::word_count(&texts.content), "word");
    let at = at_ms.and_then(|ms| i64::try_from(ms).ok()).and_then(DateTime::from_timestamp_millis);
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
                <p class="muted">
                    {place} " " {at.map(|at| view! { <TimeAgo at /> })} {format!(" · {words}")}
                </p>
            </header>
            <div class="comparison__text">{paragraphs}</div>
            <div class="actions">{children()}</div>
        </article>
    }
}

/// The paragraphs of `texts`, and whether `other` has them too. Of the notes, only those that differ.
fn paragraphs(texts: &Texts, other: &Texts) -> Vec<(String, bool)> {
    let (mine, theirs) = (whole(texts), whole(other));
    let diff = TextDiff::from_lines(&theirs, &mine);
    let lines = diff.iter_all_changes().filter(|change| change.tag() != ChangeTag::Delete);
    let prose = lines
        .map(|change| (change.value().trim_end().to_owned(), change.tag() == ChangeTag::Insert))
        .filter(|(text, _)| !text.is_empty());
    let notes = [Field::Summary, Field::Goal, Field::Conflict, Field::Outcome].into_iter();
    let differing = notes.filter(|&field| texts.get(field) != other.get(field));
    prose.chain(differing.map(|field| (format!("{}: {}", field.name(), texts.get(field)), true))).collect()
}

fn whole(texts: &Texts) -> String {
    format!("{}\n{}\n", texts.get(Field::Title), texts.get(Field::Content))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_marked_and_only_notes_that_differ_are_shown() {
        let mine = Texts { content: "one\n\nmine".into(), goal: "home".into(), ..Texts::default() };
        let theirs = Texts { content: "one\n\ntheirs".into(), goal: "away".into(), ..Texts::default() };

        let shown = paragraphs(&mine, &theirs);

        assert_eq!(shown, [("one".into(), false), ("mine".into(), true), ("Goal: home".into(), true)]);
    }
}
