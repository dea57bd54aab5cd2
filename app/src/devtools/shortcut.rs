//! Ctrl+Shift+D (Cmd on a Mac), by the key's place on the keyboard.

use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::KeyboardEvent;

use crate::client::in_browser;

/// Calls `act` on the shortcut for as long as the component lives.
///
/// Browsers use the same keys for bookmarks, but do not reserve them: the page hears them first, in the capture phase,
/// and takes them away only from those who may see the tools.
pub(super) fn on_shortcut(act: impl Fn() + 'static) {
    if !in_browser() {
        return;
    }
    let listener = Closure::<dyn Fn(KeyboardEvent)>::new(move |event: KeyboardEvent| {
        if is_shortcut(&event) {
            event.prevent_default();
            event.stop_propagation();
            act();
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

fn is_shortcut(event: &KeyboardEvent) -> bool {
    let accelerator = event.ctrl_key() != event.meta_key();
    let quiet = !event.alt_key() && !event.repeat() && !event.is_composing();
    event.code() == "KeyD" && accelerator && event.shift_key() && quiet
}
