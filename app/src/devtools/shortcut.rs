//! Ctrl+Shift+D and Ctrl+Shift+M (Cmd on a Mac), by the place of the keys on the keyboard.

use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::KeyboardEvent;

use super::Tool;
use crate::client::in_browser;

/// Calls `act` on a shortcut for as long as the component lives.
///
/// Browsers use the same keys for bookmarks and profiles, but do not reserve them: the page hears them first, in the
/// capture phase, and takes them away only from those who may see the tools.
pub(super) fn on_shortcut(act: impl Fn(Tool) + 'static) {
    if !in_browser() {
        return;
    }
    let listener = Closure::<dyn Fn(KeyboardEvent)>::new(move |event: KeyboardEvent| {
        if let Some(tool) = tool(&event) {
            event.prevent_default();
            event.stop_propagation();
            act(tool);
        }
    });
    let function = listener.as_ref().unchecked_ref::<js_sys::Function>().clone();
    // Adding a listener to a window fails only where there is no window.
    let _ = window().add_event_listener_with_callback_and_bool("keydown", &function, true);
    let kept = SendWrapper::new((listener, function));
    on_cleanup(move || {
        let (listener, function) = kept.take();
        let _ = window().remove_event_listener_with_callback_and_bool("keydown", &function, true);
        drop(listener);
    });
}

/// The tool that these keys are for.
fn tool(event: &KeyboardEvent) -> Option<Tool> {
    let accelerator = event.ctrl_key() != event.meta_key();
    let quiet = !event.alt_key() && !event.repeat() && !event.is_composing();
    if !(accelerator && event.shift_key() && quiet) {
        return None;
    }
    match event.code().as_str() {
        "KeyD" => Some(Tool::Cache),
        "KeyM" => Some(Tool::Metrics),
        _ => None,
    }
}
