//! The tree of a story: chapters and scenes, to open, add, rename and publish.

use domain::{
    id::{ChapterId, SceneId, StoryId},
    studio::{ChapterStatus, NewChapter, NewScene, Outline, OutlineChapter, SceneHead},
};
use leptos::prelude::*;

use super::{
    chapter_acts::ChapterActs,
    icons::{Glyph, Icon},
    title_form::TitleForm,
};
use crate::api::studio;

/// The whole tree. `open` is the scene that is being written.
#[component]
pub fn OutlineTree(story: StoryId, outline: Signal<Outline>, open: Signal<Option<SceneId>>) -> impl IntoView {
    let chapters =
        move || outline.with(|outline| outline.chapters.iter().map(|chapter| chapter.chapter.id).collect::<Vec<_>>());
    let add = move |title| async move {
        let chapter = NewChapter { title, summary: None, part_id: None };
        studio::add_chapter(story, chapter).await.map(|_| ())
    };
    let is_empty = Memo::new(move |_| outline.with(|outline| outline.chapters.is_empty()));

    view! {
        <nav class="studio__tree outline" aria-label="Outline">
            <Show when=move || is_empty.get()>
                <p class="muted">"A story begins with a chapter. Add the first one here."</p>
            </Show>
            <ul class="outline__list">
                <For each=chapters key=|id| *id let:id>
                    <ChapterBranch story id outline open />
                </For>
            </ul>
            <TitleForm label="Title of the new chapter" act="Add chapter"
                glyph=Glyph::Plus submit=add class="outline__add outline__add--chapter" />
        </nav>
    }
}

#[component]
fn ChapterBranch(
    story: StoryId,
    id: ChapterId,
    outline: Signal<Outline>,
    open: Signal<Option<SceneId>>,
) -> impl IntoView {
    let chapter = Memo::new(move |_| find_chapter(&outline.read(), id));
    let title = move || chapter.with(|chapter| chapter.as_ref().map(|found| found.chapter.title.clone()));
    let scenes = move || {
        chapter.with(|chapter| chapter.iter().flat_map(|found| &found.scenes).map(|scene| scene.id).collect::<Vec<_>>())
    };
    let folded = RwSignal::new(false);
    let add = move |title| async move { studio::add_scene(id, NewScene { title, content: None }).await.map(|_| ()) };

    view! {
        <li class="outline__chapter">
            <div class="outline__row">
                <button
                    type="button"
                    class="outline__fold"
                    aria-label="Scenes of this chapter"
                    aria-expanded=move || (!folded.get()).to_string()
                    on:click=move |_| folded.update(|folded| *folded = !*folded)
                >
                    <Icon glyph=Glyph::Chevron />
                </button>
                <span class="outline__name">{title}</span>
                {move || chapter.with(|chapter| chapter.as_ref().map(badge))}
                <span class="outline__count">
                    {move || chapter.with(|chapter| chapter.as_ref().map(|found| words(&found.scenes)))}
                </span>
            </div>
            <div hidden=move || folded.get()>
                <ul class="outline__scenes">
                    <For each=scenes key=|id| *id let:scene>
                        <SceneLeaf story scene chapter open />
                    </For>
                </ul>
                <TitleForm label="Title of the new scene" act="Add scene" glyph=Glyph::Plus submit=add class="outline__add" />
                <ChapterActs id chapter />
            </div>
        </li>
    }
}

#[component]
fn SceneLeaf(
    story: StoryId,
    scene: SceneId,
    chapter: Memo<Option<OutlineChapter>>,
    open: Signal<Option<SceneId>>,
) -> impl IntoView {
    let head = Memo::new(move |_| chapter.with(|chapter| find_scene(chapter.as_ref(), scene)));
    view! {
        <li class="outline__scene">
            <div class="outline__row">
                <a
                    class="outline__link"
                    href=format!("/studio/story/{story}/scene/{scene}")
                    aria-current=move || (open.get() == Some(scene)).then_some("page")
                >
                    <span class="outline__name">
                        {move || head.with(|head| head.as_ref().map(|head| head.title.clone()))}
                    </span>
                </a>
                <span class="outline__count">{move || head.with(|head| head.as_ref().map(|head| head.word_count))}</span>
            </div>
        </li>
    }
}

fn find_chapter(outline: &Outline, id: ChapterId) -> Option<OutlineChapter> {
    outline.chapters.iter().find(|chapter| chapter.chapter.id == id).cloned()
}

fn find_scene(chapter: Option<&OutlineChapter>, id: SceneId) -> Option<SceneHead> {
    chapter?.scenes.iter().find(|scene| scene.id == id).cloned()
}

fn words(scenes: &[SceneHead]) -> i64 {
    scenes.iter().map(|scene| scene.word_count).sum()
}

/// What readers see of a chapter: nothing, all of it, or an earlier text.
fn badge(chapter: &OutlineChapter) -> impl IntoView + use<> {
    let behind = chapter.chapter.unpublished || chapter.scenes.iter().any(|scene| scene.unpublished);
    let (class, text) = match chapter.chapter.status {
        ChapterStatus::Draft => ("badge badge--draft", "Draft"),
        ChapterStatus::Published if behind => ("badge badge--changed", "Changes"),
        ChapterStatus::Published => ("badge badge--published", "Published"),
    };
    view! { <span class=class>{text}</span> }
}
