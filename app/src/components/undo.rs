//! The way back from the trash, offered at once after something went there.

use domain::{
    id::TrashId,
    studio::{Restored, TrashKind},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

use super::toast::Toast;
use crate::api::{Failure, past::restore_item};

/// Says that something went to the trash, and offers to take it back. `Undo` goes to `path` afterwards, if there is one.
pub fn offer_undo(toast: Toast, item: TrashId, what: &'static str, path: Option<String>) {
    toast.show(move || view! { <Undo toast item what path=path.clone() /> });
}

/// Where a thing is that came back.
pub fn path_of(restored: &Restored) -> String {
    let story = format!("/studio/story/{}", restored.story_id);
    if restored.kind == TrashKind::Scene { format!("{story}/scene/{}", restored.id) } else { story }
}

#[component]
fn Undo(toast: Toast, item: TrashId, what: &'static str, path: Option<String>) -> impl IntoView {
    let navigate = use_navigate();
    let is_pending = RwSignal::new(false);
    let trouble = RwSignal::new(None::<Failure>);
    let undo = move |_| {
        if is_pending.get_untracked() {
            return;
        }
        is_pending.set(true);
        let (navigate, path) = (navigate.clone(), path.clone());
        spawn_local(async move {
            match restore_item(item).await {
                Ok(_) => {
                    toast.clear();
                    if let Some(path) = path {
                        navigate(&path, leptos_router::NavigateOptions::default());
                    }
                }
                // The toast may have gone meanwhile; what it was about waits in the trash.
                Err(failure) => {
                    is_pending.try_set(false);
                    trouble.try_set(Some(failure));
                }
            }
        });
    };
    let words = move || match trouble.get() {
        None => view! { {format!("{what} moved to the trash.")} }.into_any(),
        Some(failure) => {
            view! { {format!("{failure} It is in the ")} <a href="/studio/trash">"trash"</a> "." }.into_any()
        }
    };
    view! {
        <span class="toast__text">{words}</span>
        <button type="button" class="button" aria-busy=move || is_pending.get().then_some("true") on:click=undo>
            "Undo"
        </button>
    }
}
