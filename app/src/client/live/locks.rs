//! One tab of many: the Web Locks API, which `web-sys` does not count as stable yet.

use js_sys::{Function, Object, Promise, Reflect};
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

#[wasm_bindgen]
extern "C" {
    // Missing where the page did not come over a secure connection: then the call fails.
    #[wasm_bindgen(catch, js_namespace = ["navigator", "locks"], js_name = request)]
    fn request(name: &str, options: &Object, granted: &JsValue) -> Result<Promise, JsValue>;
}

/// A lock that was asked for. Dropped, it is given back, or no longer waited for.
pub(super) struct Lock(AbortController);

impl Lock {
    /// Waits for the lock `name`, and calls `granted` when this tab holds it: at once, when another tab closes, or never.
    ///
    /// `None` where the browser has no locks.
    pub(super) fn wait(name: &str, granted: impl FnOnce() + 'static) -> Option<Lock> {
        let control = AbortController::new().ok()?;
        let options = Object::new();
        let signal = control.signal();
        Reflect::set(&options, &"signal".into(), &signal).ok()?;
        let hold = Closure::once_into_js(move || {
            granted();
            // Held until the promise is settled: when the lock is dropped, or the tab is gone.
            Promise::new(&mut |resolve: Function, _| {
                let end = Closure::once_into_js(move || resolve.call0(&JsValue::NULL).map(drop));
                // It fails for no event name, and this is one.
                let _ = signal.add_event_listener_with_callback("abort", end.unchecked_ref());
            })
        });
        let asked = request(name, &options, &hold).ok()?;
        spawn_local(async move {
            // Rejected when it is no longer waited for, which is nobody's trouble.
            let _ = JsFuture::from(asked).await;
        });
        Some(Lock(control))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.0.abort();
    }
}
