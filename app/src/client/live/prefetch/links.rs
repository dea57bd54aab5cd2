//! Links that are pointed at, focused, touched, or come into sight.

use std::{cell::Cell, time::Duration};

use js_sys::Array;
use leptos::{
    ev,
    leptos_dom::helpers::{TimeoutHandle, request_idle_callback},
    prelude::*,
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{
    Element, Event, HtmlAnchorElement, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit,
    MutationObserver, MutationObserverInit, NodeList,
};

use super::{arrived, prefetch};

/// Links that are fetched as soon as they are in sight: what one reads next, and cards that say so.
const IN_SIGHT: &str = "main a[rel=next], main a[data-prefetch]";

thread_local! {
    static WAITING: Cell<Option<TimeoutHandle>> = const { Cell::new(None) };
    static LOOKS: Cell<bool> = const { Cell::new(false) };
}

/// Watches the page's links: a hover counts after `hover_ms`.
pub(super) fn watch(hover_ms: u32) {
    let hover = Duration::from_millis(hover_ms.into());
    // The page's own listeners: they live exactly as long as the page.
    let _over = window_event_listener(ev::pointerover, move |event| wait(link_of(&event), hover));
    let _focus = window_event_listener(ev::focusin, move |event| wait(link_of(&event), hover));
    let _out = window_event_listener(ev::pointerout, |_| wait(None, Duration::ZERO));
    let _touch = window_event_listener(ev::touchstart, |event| wait(link_of(&event), Duration::ZERO));
    watch_sight();
}

/// The path that a click on the event's target would lead to, on this site.
fn link_of(event: &Event) -> Option<String> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    path_of(&target.closest("a[href]").ok().flatten()?)
}

fn path_of(link: &Element) -> Option<String> {
    let link = link.dyn_ref::<HtmlAnchorElement>()?;
    let is_ours = window().location().origin().is_ok_and(|origin| origin == link.origin());
    (is_ours && link.search().is_empty()).then(|| link.pathname())
}

/// Fetches for `path` after a while, unless something else is pointed at by then.
fn wait(path: Option<String>, after: Duration) {
    let handle = path.and_then(|path| set_timeout_with_handle(move || prefetch(&path), after).ok());
    if let Some(old) = WAITING.replace(handle) {
        old.clear();
    }
}

/// Watches for links that come into sight, on this page and on those that the router shows later.
fn watch_sight() {
    let seen = Closure::<dyn Fn(Array, IntersectionObserver)>::new(|entries: Array, observer: IntersectionObserver| {
        for entry in entries.iter().filter_map(|entry| entry.dyn_into::<IntersectionObserverEntry>().ok()) {
            if entry.is_intersecting() {
                observer.unobserve(&entry.target());
                path_of(&entry.target()).iter().for_each(|path| prefetch(path));
            }
        }
    });
    let options = IntersectionObserverInit::new();
    options.set_root_margin("50px");
    let sight = IntersectionObserver::new_with_options(seen.as_ref().unchecked_ref(), &options).ok();
    seen.forget(); // as long as the page
    let Some(sight) = sight else { return };
    look(&sight);

    let changed = Closure::<dyn Fn()>::new(move || {
        // Many changes make one look.
        if !LOOKS.replace(true) {
            let sight = sight.clone();
            request_idle_callback(move || {
                LOOKS.set(false);
                look(&sight);
                arrived();
            });
        }
    });
    let options = MutationObserverInit::new();
    options.set_child_list(true);
    options.set_subtree(true);
    if let (Ok(observer), Some(body)) = (MutationObserver::new(changed.as_ref().unchecked_ref()), document().body()) {
        // It fails without a thing to watch for, and there is one.
        let _ = observer.observe_with_options(&body, &options);
    }
    changed.forget(); // as long as the page
}

/// Watching a link twice is watching it once.
fn look(sight: &IntersectionObserver) {
    let links: Option<NodeList> = document().query_selector_all(IN_SIGHT).ok();
    let links = links.iter().flat_map(|links| (0..links.length()).filter_map(|index| links.get(index)));
    links.filter_map(|link| link.dyn_into::<Element>().ok()).for_each(|link| sight.observe(&link));
}
