//! The texts a scene had before, and the way back to one of them.
//!
//! Going back is a save: a new version, and the text it replaces is in the history in its turn. What is typed and not saved
//! yet is not replaced; it is compared with the text that came back, as with any that was saved elsewhere.

use domain::{
    id::SceneId,
    studio::{Revision, RevisionHead, RevisionKind},
};
use leptos::{html::Dialog, prelude::*, task::spawn_local};
use web_sys::{HtmlDetailsElement, HtmlDialogElement, ScrollIntoViewOptions, ScrollLogicalPosition};

use super::{
    comparison::Side,
    count::counted,
    icons::{Glyph, Icon},
    time_ago::TimeAgo,
};
use crate::{
    api::{
        Failure,
        past::{read_history, read_revision, restore_revision},
    },
    client::{Desk, Texts},
};

/// The list, read when it is opened and after each save while it is open; one text of it beside the present one.
#[component]
pub fn History(desk: Desk, scene: SceneId) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let listed = RwSignal::new(None::<Result<Vec<RevisionHead>, Failure>>);
    let shown = RwSignal::new(None::<Revision>);
    let watched = desk.clone();
    let version = Memo::new(move |_| watched.version());
    Effect::new(move |_| {
        // Read, not only tracked: a memo that nobody reads does not look.
        let asked = version.get();
        if is_open.get() && asked.is_some() {
            spawn_local(async move {
                let answer = read_history(scene).await;
                // An answer that was overtaken by a save says nothing of it.
                if version.try_get_untracked() == Some(asked) {
                    listed.set(Some(answer));
                }
            });
        }
    });
    let list = move || match listed.get() {
        None => view! { <p class="muted">"Loading…"</p> }.into_any(),
        Some(Err(failure)) => view! { <p class="field__error" role="alert">{failure.to_string()}</p> }.into_any(),
        Some(Ok(heads)) if heads.is_empty() => {
            view! { <p class="muted">"No earlier text yet. Each save that replaces one keeps it here."</p> }.into_any()
        }
        Some(Ok(heads)) => {
            let lines = heads.into_iter().map(|head| view! { <Line head scene shown listed /> }).collect_view();
            view! { <ol class="revisions">{lines}</ol> }.into_any()
        }
    };

    view! {
        <details on:toggle=move |event| is_open.set(event_target::<HtmlDetailsElement>(&event).open())>
            <summary class="inspector__summary">
                <Icon glyph=Glyph::Chevron />
                <h2 class="inspector__title">"History"</h2>
            </summary>
            {list}
        </details>
        <Shown desk scene shown />
    }
}

#[component]
fn Line(
    head: RevisionHead,
    scene: SceneId,
    shown: RwSignal<Option<Revision>>,
    listed: RwSignal<Option<Result<Vec<RevisionHead>, Failure>>>,
) -> impl IntoView {
    let n = head.n;
    let show = move |_| {
        spawn_local(async move {
            match read_revision(scene, n).await {
                Ok(revision) => shown.set(Some(revision)),
                Err(failure) => listed.set(Some(Err(failure))),
            }
        });
    };
    let name = head.name.unwrap_or_else(|| label(head.kind).to_owned());
    view! {
        <li class="revisions__item">
            <span>
                <TimeAgo at=head.created_at />
                {format!(" · {}", counted(head.word_count, "word"))}
                <span class="muted">{format!(" · {name}")}</span>
            </span>
            <button type="button" class="button button--quiet button--small" aria-label=format!("Show text {n}") on:click=show>
                "Show"
            </button>
        </li>
    }
}

fn label(kind: RevisionKind) -> &'static str {
    match kind {
        RevisionKind::Auto => "saved",
        RevisionKind::Named => "named",
        RevisionKind::Conflict => "not chosen in a comparison",
        RevisionKind::PreRestore => "before an old text came back",
        RevisionKind::PreReplace => "before words were replaced",
        RevisionKind::Import => "imported",
        RevisionKind::Publish => "published",
    }
}

/// Scrolls each text to where it begins to differ: a scene is longer than a dialog.
fn show_differences(dialog: &HtmlDialogElement) {
    for mark in [".comparison__par--removed", ".comparison__par--added"] {
        // Both selectors are well-formed.
        if let Some(paragraph) = dialog.query_selector(mark).ok().flatten() {
            let nearest = ScrollIntoViewOptions::new();
            nearest.set_block(ScrollLogicalPosition::Nearest);
            paragraph.scroll_into_view_with_scroll_into_view_options(&nearest);
        }
    }
}

/// The chosen text and the present one, in a dialog.
#[component]
fn Shown(desk: Desk, scene: SceneId, shown: RwSignal<Option<Revision>>) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move |_| {
        if let (true, Some(dialog)) = (shown.with(Option::is_some), dialog.get()) {
            // Refused when it is open already.
            let _ = dialog.show_modal();
            request_animation_frame(move || show_differences(&dialog));
        }
    });
    let close = Callback::new(move |()| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    });
    let sides = move || shown.get().map(|revision| view! { <Sides desk=desk.clone() scene revision close /> });
    view! {
        <dialog
            class="dialog dialog--wide"
            node_ref=dialog
            aria-labelledby="history-title"
            on:close=move |_| shown.set(None)
        >
            <div class="comparison">
                <h2 class="dialog__title" id="history-title">
                    "An earlier text of this scene"
                </h2>
                {sides}
            </div>
        </dialog>
    }
}

/// The two texts side by side, as they were when the dialog was opened.
#[component]
fn Sides(desk: Desk, scene: SceneId, revision: Revision, close: Callback<()>) -> impl IntoView {
    let trouble = RwSignal::new(None::<Failure>);
    let is_pending = RwSignal::new(false);
    let n = revision.n;
    let at = u64::try_from(revision.created_at.timestamp_millis()).unwrap_or_default();
    let present = untrack(|| desk.texts());
    let old = Texts { title: revision.title, content: revision.content, ..present.clone() };
    let restore = move |_| {
        if is_pending.get_untracked() {
            return;
        }
        is_pending.set(true);
        trouble.set(None);
        let desk = desk.clone();
        let version = untrack(|| desk.version());
        spawn_local(async move {
            let answer = restore_revision(scene, n, version).await;
            is_pending.set(false);
            match answer {
                Ok(scene) => {
                    desk.receive(scene);
                    close.run(());
                }
                Err(failure) => trouble.set(Some(failure)),
            }
        });
    };
    view! {
        {move || trouble.get().map(|failure| view! { <p class="field__error" role="alert">{failure.to_string()}</p> })}
        <div class="comparison__sides">
            <Side heading="Earlier text" place="saved" at_ms=at texts=old.clone() other=present.clone() added=false>
                <button
                    type="button"
                    class="button button--primary"
                    aria-busy=move || is_pending.get().then_some("true")
                    on:click=restore
                >
                    "Restore this text"
                </button>
            </Side>
            <Side heading="Present text" place="as it stands" at_ms=None texts=present other=old added=true>
                <button type="button" class="button" on:click=move |_| close.run(())>
                    "Keep this text"
                </button>
            </Side>
        </div>
    }
}
