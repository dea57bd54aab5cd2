//! Text on this device that the server does not have: where it is, and that it was saved.

use std::time::Duration;

use domain::id::{SceneId, StoryId, UserId};
use leptos::{ev, leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};

use super::{
    confirm_button::ConfirmButton,
    count::counted,
    icons::{Glyph, Icon},
    time_ago::TimeAgo,
};
use crate::client::{Replayed, Unsent, discard, in_browser, replay, track_left, unsent};

/// The first pause before the server is asked again, and the longest; in between it doubles.
const PAUSES_SECS: (u64, u64) = (5, 60);

/// What a writer has on this device. Clones are the same.
#[derive(Clone, Copy)]
pub struct Outbox {
    author: UserId,
    /// The scene that has a desk of its own, which sees to its text.
    open: Signal<Option<SceneId>>,
    unsent: RwSignal<Vec<Unsent>>,
    saved: RwSignal<Vec<String>>,
    /// When the server is asked again.
    retry: StoredValue<Option<TimeoutHandle>>,
}

/// Sends what earlier visits left, when the page opens and whenever the network or the writer comes back; and what a desk
/// left, whose scene was closed before it could be sent.
///
/// The scene that is `open` has a desk of its own, which sees to its text.
pub fn use_outbox(author: UserId, open: Signal<Option<SceneId>>) -> Outbox {
    let (unsent, saved) = (RwSignal::new(Vec::new()), RwSignal::new(Vec::new()));
    let outbox = Outbox { author, open, unsent, saved, retry: StoredValue::new(None) };
    if in_browser() {
        Effect::new(move || {
            track_left();
            outbox.send(PAUSES_SECS.0);
        });
        let online = window_event_listener(ev::online, move |_| outbox.send(PAUSES_SECS.0));
        let focused = window_event_listener(ev::focus, move |_| outbox.send(PAUSES_SECS.0));
        on_cleanup(move || {
            online.remove();
            focused.remove();
        });
    }
    outbox
}

impl Outbox {
    fn send(self, pause_secs: u64) {
        let Some(except) = self.open.try_get_untracked() else { return }; // the page is gone
        if let Some(waiting) = self.retry.try_update_value(Option::take).flatten() {
            waiting.clear();
        }
        spawn_local(async move {
            // First what there is: sending may take its time.
            let _ = self.unsent.try_set(unsent(self.author).await);
            let Replayed { saved, is_unanswered } = replay(self.author, except).await;
            if !saved.is_empty() {
                let _ = self.saved.try_update(|all| all.extend(saved));
            }
            let _ = self.unsent.try_set(unsent(self.author).await);
            if is_unanswered {
                let next_secs = (pause_secs * 2).min(PAUSES_SECS.1);
                let retry = set_timeout_with_handle(move || self.send(next_secs), Duration::from_secs(pause_secs));
                let _ = self.retry.try_set_value(retry.ok());
            }
        });
    }

    /// The unsent texts of a story, one for each scene; tracks.
    fn of_story(self, story: StoryId) -> Vec<Unsent> {
        let mut of_story: Vec<Unsent> =
            self.unsent.with(|all| all.iter().filter(|one| one.draft.story == Some(story)).cloned().collect());
        of_story.sort_by_key(|one| one.name.scene().map(|scene| scene.to_string()));
        of_story.dedup_by_key(|one| one.name.scene());
        of_story
    }
}

/// On the card of a story: which of its scenes have text that is only here.
#[component]
pub fn UnsentBadge(outbox: Outbox, story: StoryId) -> impl IntoView {
    move || {
        let scenes = outbox.of_story(story);
        let count = i64::try_from(scenes.len()).unwrap_or(i64::MAX);
        (count > 0).then(|| {
            let links = scenes.into_iter().filter_map(|one| {
                let path = format!("/studio/story/{story}/scene/{}", one.name.scene()?);
                let title = Some(one.draft.scene_title).filter(|title| !title.is_empty());
                Some(view! {
                    <li>
                        <a href=path>{title.unwrap_or_else(|| "Untitled scene".to_owned())}</a>
                    </li>
                })
            });
            view! {
                <div class="unsent">
                    <p class="badge badge--unsent">
                        <Icon glyph=Glyph::Offline />
                        {format!("Unsent text on this device: {}", counted(count, "scene"))}
                    </p>
                    <ul class="unsent__scenes">{links.collect_view()}</ul>
                </div>
            }
        })
    }
}

/// Says that text of an earlier visit was saved.
#[component]
pub fn SavedNotice(outbox: Outbox) -> impl IntoView {
    move || {
        let titles = outbox.saved.get();
        (!titles.is_empty()).then(|| {
            view! {
                <div class="notice notice--ok saved-notice" role="status">
                    <Icon glyph=Glyph::Check />
                    <p class="notice__body">
                        {format!(
                            "Text from this device was saved: {}. The text that was there before is in the history.",
                            titles.join(", "),
                        )}
                    </p>
                </div>
            }
        })
    }
}

/// Unsent texts of stories that are not on the shelf any more: their writer can still take them.
#[component]
pub fn Strays(outbox: Outbox, stories: Signal<Vec<StoryId>>) -> impl IntoView {
    let strays = move || {
        let known = stories.get();
        let is_stray = |one: &Unsent| one.draft.story.is_none_or(|story| !known.contains(&story));
        outbox.unsent.with(|all| all.iter().filter(|one| is_stray(one)).cloned().collect::<Vec<_>>())
    };
    view! { <Texts texts=Signal::derive(strays) author=outbox.author on_change=outbox.unsent /> }
}

/// What this device has of a scene that cannot be opened.
#[component]
pub fn LeftOfScene(author: UserId, scene: SceneId) -> impl IntoView {
    let all = RwSignal::new(Vec::new());
    Effect::new(move |_| spawn_local(async move { drop(all.try_set(unsent(author).await)) }));
    let of_scene = move || {
        all.with(|all: &Vec<Unsent>| {
            all.iter().filter(|one| one.name.scene() == Some(scene)).cloned().collect::<Vec<_>>()
        })
    };
    view! { <Texts texts=Signal::derive(of_scene) author on_change=all /> }
}

#[component]
fn Texts(texts: Signal<Vec<Unsent>>, author: UserId, on_change: RwSignal<Vec<Unsent>>) -> impl IntoView {
    move || {
        let texts = texts.get();
        (!texts.is_empty()).then(|| {
            let each = texts.into_iter().map(|one| view! { <Stray one author on_change /> }).collect_view();
            view! {
                <section class="notice notice--warning" aria-label="Text that is only on this device">
                    <Icon glyph=Glyph::Warning />
                    <div class="notice__body">
                        <p class="notice__title">"Text that is only on this device"</p>
                        <p>"Its scene cannot be opened: it may be in the trash. Nothing is removed from here by itself."</p>
                        {each}
                    </div>
                </section>
            }
        })
    }
}

#[component]
fn Stray(one: Unsent, author: UserId, on_change: RwSignal<Vec<Unsent>>) -> impl IntoView {
    let title = one.draft.scene_title.clone();
    let text = one.draft.edit.content.clone().unwrap_or_default();
    let notes = [&one.draft.edit.summary, &one.draft.edit.goal, &one.draft.edit.conflict, &one.draft.edit.outcome];
    let text = notes.into_iter().flatten().fold(text, |text, note| format!("{text}\n\n{note}"));
    let at = i64::try_from(one.draft.kept_at).ok().and_then(chrono::DateTime::from_timestamp_millis);
    let discarded = one;
    let discard = Callback::new(move |()| {
        let one = discarded.clone();
        spawn_local(async move {
            discard(one).await;
            let _ = on_change.try_set(unsent(author).await);
        });
    });
    // No children: what would be written into a textarea is not escaped.
    view! {
        <details class="unsent__text">
            <summary>{title} " · " {at.map(|at| view! { <TimeAgo at /> })}</summary>
            <textarea class="field__input" rows="8" readonly aria-label="Unsent text" prop:value=text></textarea>
            <ConfirmButton
                label="Discard this text"
                question="Remove this text from the device for ever?"
                confirm="Discard"
                on_confirm=discard
            />
        </details>
    }
}
