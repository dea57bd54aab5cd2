//! How high the dock is: dragged, or set with the arrow keys, and remembered.

use leptos::{
    ev::{KeyboardEvent, PointerEvent},
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::client::RememberedDock;

/// In percent of the window.
const USUAL: u8 = 40;
const LEAST: u8 = 20;
const MOST: u8 = 70;
const STEP: u8 = 5;
/// What the style sheet measures dock and page by.
const PROPERTY: &str = "--dock";

/// The height, as it was left, told to the style sheet for as long as the dock is there.
pub fn use_height() -> RwSignal<u8> {
    let height = RwSignal::new(RememberedDock::read().height.unwrap_or(USUAL).clamp(LEAST, MOST));
    Effect::new(move |_| {
        // Set by script, which the policy for content allows; refused only for what is no property.
        let _ = root().map(|root| root.style().set_property(PROPERTY, &format!("{}vh", height.get())));
    });
    on_cleanup(|| {
        let _ = root().map(|root| root.style().remove_property(PROPERTY));
    });
    height
}

fn root() -> Option<HtmlElement> {
    document().document_element()?.dyn_into().ok()
}

/// The upper edge of the dock.
#[component]
pub fn Handle(height: RwSignal<u8>) -> impl IntoView {
    let is_held = RwSignal::new(false);
    let on_keydown = move |event: KeyboardEvent| {
        if let Some(changed) = by_key(height.get_untracked(), &event.key()) {
            event.prevent_default();
            height.set(changed);
        }
    };
    let on_pointerdown = move |event: PointerEvent| {
        event.prevent_default();
        if let Some(handle) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) {
            // The pointer may leave the handle while it is dragged. Refused for a pointer that is gone already.
            let _ = handle.set_pointer_capture(event.pointer_id());
            is_held.set(true);
        }
    };
    let on_pointermove = move |event: PointerEvent| {
        if let Some(root) = root().filter(|_| is_held.get_untracked()) {
            height.set(by_pointer(event.client_y(), root.client_height()));
        }
    };

    view! {
        <div
            class="dock__handle"
            class:dock__handle--held=move || is_held.get()
            role="separator"
            tabindex="0"
            aria-orientation="horizontal"
            aria-label="Height of the tools"
            aria-valuemin=LEAST.to_string()
            aria-valuemax=MOST.to_string()
            aria-valuenow=move || height.get().to_string()
            aria-valuetext=move || format!("{} % of the window", height.get())
            on:keydown=on_keydown
            on:pointerdown=on_pointerdown
            on:pointermove=on_pointermove
            on:lostpointercapture=move |_| is_held.set(false)
        ></div>
    }
}

/// The height after this key; `None` for a key that does not change it.
fn by_key(height: u8, key: &str) -> Option<u8> {
    let changed = match key {
        "ArrowUp" => height + STEP,
        "ArrowDown" => height - STEP,
        "Home" => LEAST,
        "End" => MOST,
        _ => return None,
    };
    Some(changed.clamp(LEAST, MOST))
}

/// The height at which the upper edge is where the pointer is, both measured from the top of the window in pixels.
fn by_pointer(pointer_y: i32, window_height: i32) -> u8 {
    let percent = (window_height - pointer_y).saturating_mul(100) / window_height.max(1);
    u8::try_from(percent.clamp(LEAST.into(), MOST.into())).unwrap_or(USUAL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_move_the_edge_within_its_limits() {
        let moved = ["ArrowUp", "ArrowDown", "Home", "End", "a"].map(|key| by_key(40, key));
        assert_eq!(moved, [Some(45), Some(35), Some(LEAST), Some(MOST), None]);
        assert_eq!((by_key(MOST, "ArrowUp"), by_key(LEAST, "ArrowDown")), (Some(MOST), Some(LEAST)));
    }

    #[test]
    fn the_edge_follows_the_pointer_within_its_limits() {
        let heights = [(400, 1_000), (0, 1_000), (990, 1_000), (-50, 700), (10, 0)].map(|(y, h)| by_pointer(y, h));
        assert_eq!(heights, [60, MOST, LEAST, MOST, LEAST]);
    }
}
