//! What can be done with a chapter as a whole.

use domain::{
    id::ChapterId,
    studio::{ChapterEdit, ChapterStatus, OutlineChapter},
};
use leptos::{prelude::*, task::spawn_local};

use super::{confirm_button::ConfirmButton, title_form::TitleForm, toast::Toast, undo::offer_undo};
use crate::api::{Failure, studio};

/// Rename, publish or unpublish, and move to the trash.
#[component]
pub fn ChapterActs(id: ChapterId, chapter: Memo<Option<OutlineChapter>>) -> impl IntoView {
    let refusal = RwSignal::new(None::<String>);
    let version = move || chapter.with_untracked(|chapter| chapter.as_ref().map(|found| found.chapter.version));
    let title = chapter.with_untracked(|chapter| chapter.as_ref().map(|found| found.chapter.title.clone()));
    let rename = move |title| {
        let edit = ChapterEdit { title: Some(title), summary: None, version: version() };
        async move { studio::edit_chapter(id, edit).await.map(|_| ()) }
    };
    let report = move |result: Result<(), Failure>| refusal.set(result.err().map(|failure| failure.to_string()));
    let publish = move |_| spawn_local(async move { report(studio::publish_chapter(id).await.map(|_| ())) });
    let unpublish = move |_| spawn_local(async move { report(studio::unpublish_chapter(id).await.map(|_| ())) });
    let toast = expect_context::<Toast>();
    let delete = Callback::new(move |()| {
        spawn_local(async move {
            match studio::delete_chapter(id).await {
                Ok(()) => offer_undo(toast, id.into(), "Chapter", None),
                refused => report(refused),
            }
        });
    });
    let is_published = Memo::new(move |_| {
        chapter.with(|chapter| chapter.as_ref().is_some_and(|found| found.chapter.status == ChapterStatus::Published))
    });

    view! {
        <details class="outline__more">
            <summary>"Chapter…"</summary>
            <TitleForm
                label="New title of the chapter"
                act="Rename"
                submit=rename
                class="outline__add"
                value=title.unwrap_or_default()
            />
            <div class="actions">
                <button type="button" class="button button--small" on:click=publish>
                    {move || if is_published.get() { "Publish changes" } else { "Publish chapter" }}
                </button>
                <Show when=move || is_published.get()>
                    <button type="button" class="button button--small button--quiet" on:click=unpublish>
                        "Unpublish"
                    </button>
                </Show>
            </div>
            <ConfirmButton
                label="Delete Chapter"
                question="Move this chapter and its scenes to the trash?"
                confirm="Move to trash"
                on_confirm=delete
            />
            {move || refusal.get().map(|why| view! { <p class="field__error" role="alert">{why}</p> })}
        </details>
    }
}
