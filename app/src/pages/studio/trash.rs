//! What a writer removed, and the way back.

use domain::studio::{Restored, Trash, TrashItem, TrashKind};
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_meta::Title;

use super::Doorkeeper;
use crate::{
    api::{
        Failure, Visit,
        past::{read_trash, restore_item},
    },
    client::in_browser,
    components::{
        count::counted,
        icons::{Glyph, Icon},
        loaded::{Loaded, Source},
        time_ago::TimeAgo,
        undo::path_of,
    },
};

/// `/studio/trash`.
#[component]
pub fn TrashPage() -> impl IntoView {
    view! {
        <Title text="Trash" />
        {match Visit::current().writer() {
            Some(_) => view! { <Removed /> }.into_any(),
            None => view! { <Doorkeeper path="/studio/trash".to_owned() /> }.into_any(),
        }}
    }
}

/// The trash as it was answered last.
#[derive(Clone, Copy)]
struct Listed(Resource<Result<Trash, Failure>>);

impl Source for Listed {
    type Value = Trash;

    fn get(self) -> Option<Result<Trash, Failure>> {
        self.0.get()
    }

    fn retry(self) {
        self.0.refetch();
    }
}

#[component]
fn Removed() -> impl IntoView {
    let listed = Listed(Resource::new(|| (), |()| read_trash()));
    let back = RwSignal::new(None::<Restored>);
    let on_restored = Callback::new(move |restored| {
        back.set(Some(restored));
        listed.retry();
    });
    if in_browser() {
        // Something may have been removed, or brought back, in another window.
        let looked = window_event_listener(ev::focus, move |_| listed.retry());
        on_cleanup(move || looked.remove());
    }

    view! {
        <div class="page page--column">
            <header class="page__head">
                <p>
                    <a href="/studio">"All stories"</a>
                </p>
                <h1 class="page__title">"Trash"</h1>
                <p class="page__lead">
                    "What you delete is kept for thirty days, with all that was in it. It comes back to the place it had; readers see it
                    when you publish it again."
                </p>
            </header>
            <div role="status">{move || back.get().map(|restored| view! { <Back restored /> })}</div>
            <Loaded of=listed let:trash>
                {move || {
                    trash
                        .with(|trash| trash.trash.is_empty())
                        .then(|| {
                            view! {
                                <div class="empty">
                                    <h2 class="empty__title">"Nothing in the trash"</h2>
                                    <p>"Stories, chapters and scenes that you delete wait here."</p>
                                </div>
                            }
                        })
                }}
                <ul class="trash">
                    <For each=move || trash.get().trash key=|item| item.id let:item>
                        <Item item on_restored />
                    </For>
                </ul>
            </Loaded>
        </div>
    }
}

/// Says what has come back, and leads there.
#[component]
fn Back(restored: Restored) -> impl IntoView {
    let path = path_of(&restored);
    view! {
        <div class="notice notice--ok">
            <Icon glyph=Glyph::Check />
            <p class="notice__body">{format!("“{}” is back. ", restored.title)} <a href=path>"Open"</a></p>
        </div>
    }
}

#[component]
fn Item(item: TrashItem, on_restored: Callback<Restored>) -> impl IntoView {
    let trouble = RwSignal::new(None::<Failure>);
    let is_pending = RwSignal::new(false);
    let id = item.id;
    let restore = move |_| {
        if is_pending.get_untracked() {
            return;
        }
        is_pending.set(true);
        trouble.set(None);
        spawn_local(async move {
            let answer = restore_item(id).await;
            is_pending.set(false);
            match answer {
                Ok(restored) => on_restored.run(restored),
                Err(failure) => trouble.set(Some(failure)),
            }
        });
    };

    view! {
        <li class="card trash__item">
            <div class="trash__body">
                <h2 class="trash__title">{item.title.clone()}</h2>
                <p class="muted">{about(&item)}</p>
                <p class="muted">
                    "Deleted " <TimeAgo at=item.deleted_at /> {format!(" · kept for {}", counted(item.days_left, "more day"))}
                </p>
                {move || trouble.get().map(|failure| view! { <p class="field__error" role="alert">{failure.to_string()}</p> })}
            </div>
            <button
                type="button"
                class="button button--small"
                aria-label=format!("Restore {}", item.title)
                aria-busy=move || is_pending.get().then_some("true")
                on:click=restore
            >
                "Restore"
            </button>
        </li>
    }
}

/// What it is, where it was, and what went with it.
fn about(item: &TrashItem) -> String {
    let kind = match item.kind {
        TrashKind::Story => "Story".to_owned(),
        TrashKind::Part => format!("Part of {}", item.story_title),
        TrashKind::Chapter => format!("Chapter of {}", item.story_title),
        TrashKind::Scene => format!("Scene of {}", item.story_title),
        TrashKind::Character => format!("Character of {}", item.story_title),
        TrashKind::Setting => format!("Place of {}", item.story_title),
    };
    let counts = [
        (item.part_count, "part"),
        (item.chapter_count, "chapter"),
        (item.scene_count, "scene"),
        (item.character_count, "character"),
        (item.setting_count, "place"),
        (item.word_count, "word"),
    ];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, noun)| counted(count, noun));
    std::iter::once(kind).chain(counts).collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use domain::id::{LENGTH, StoryId, TrashId};

    use super::*;

    #[test]
    fn it_is_said_what_went_with_it_and_nothing_of_what_did_not() {
        let chapter = TrashItem {
            id: TrashId::from_random([7; LENGTH]),
            kind: TrashKind::Chapter,
            title: "Departure".into(),
            deleted_at: DateTime::UNIX_EPOCH,
            days_left: 30,
            story_id: StoryId::from_random([7; LENGTH]),
            story_title: "The Night Ferry".into(),
            part_count: 0,
            chapter_count: 0,
            scene_count: 1,
            character_count: 0,
            setting_count: 0,
            word_count: 1_200,
        };

        assert_eq!(about(&chapter), "Chapter of The Night Ferry · 1 scene · 1,200 words");
    }
}
