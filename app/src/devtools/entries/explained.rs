//! What the server says: how it would answer a read of a key now, and which writes made which of its tags stale.

use chrono::{DateTime, Utc};
use domain::cache::{Explanation, Key, Origin, TagExplained, WriteExplained};
use leptos::{prelude::*, task::spawn_local};

use super::figures::span;
use crate::{api::Failure, client};

/// Asks at once, and again on a click: it is true for the moment it was asked.
#[component]
pub fn Explained(key: Key) -> impl IntoView {
    let answer = RwSignal::new(None::<Result<Explanation, Failure>>);
    let ask = move || {
        let key = key.clone();
        spawn_local(async move {
            let explained = client::explain(&key).await;
            // Whoever asked may look at another key by now.
            answer.try_set(Some(explained));
        });
    };
    ask();
    let told = move || match answer.get() {
        None => view! { <p class="detail__note">"Asking…"</p> }.into_any(),
        Some(Ok(explanation)) => view! { <Told explanation /> }.into_any(),
        Some(Err(failure)) => view! {
            <p class="devtools__trouble" role="alert">
                {format!("The server does not explain it: {failure}")}
            </p>
        }
        .into_any(),
    };
    view! {
        <h4 class="detail__head">
            "What the server would answer "
            <button type="button" class="devtools__button" on:click=move |_| ask()>
                "Explain again"
            </button>
        </h4>
        {told}
    }
}

#[component]
fn Told(explanation: Explanation) -> impl IntoView {
    let Explanation { store, outlook, reason, entry, tags, .. } = explanation;
    let entry = entry.map(|entry| {
        let words = format!(
            "Read from the database at {}, {} ago; such a view is kept for {}.",
            entry.clock,
            span(entry.age_ms),
            span(entry.lifetime_ms),
        );
        view! { <p class="detail__note">{words}</p> }
    });
    let tags = tags.into_iter().map(|tag| view! { <Written tag /> }).collect_view();
    view! {
        <p class="detail__outlook" data-outlook=outlook.as_str()>
            <strong>{outlook.as_str()}</strong>
            {format!(" ({store}): {reason}")}
        </p>
        {entry}
        <dl class="detail__facts">{tags}</dl>
    }
}

/// One tag, and the write of it that counts.
#[component]
fn Written(tag: TagExplained) -> impl IntoView {
    let TagExplained { tag, is_fenced, is_stale, last_write } = tag;
    let stands = match (is_fenced, is_stale) {
        (true, _) => "being written",
        (false, true) => "written since",
        (false, false) => "unchanged",
    };
    let written = last_write.map_or_else(|| "no write in the log".to_owned(), |write| words(&write));
    view! {
        <dt>
            <code class="tag">{tag}</code>
        </dt>
        <dd>{format!("{stands}; {written}")}</dd>
    }
}

fn words(write: &WriteExplained) -> String {
    let by = match write.origin {
        Origin::Request => "",
        Origin::Schedule => ", by the server's schedule",
        Origin::Manual => ", by hand",
    };
    format!("{} at {}{by} (clock {}, write {})", write.change, time(&write.at), write.clock, write.mutation)
}

fn time(at: &DateTime<Utc>) -> String {
    client::clock_text(u64::try_from(at.timestamp_millis()).unwrap_or_default())
}
