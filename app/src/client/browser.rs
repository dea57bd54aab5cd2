//! The few questions that only a browser can answer.

use leptos::prelude::window;

/// Is this code running in a browser? On the server the client cache has no state.
pub fn in_browser() -> bool {
    cfg!(target_family = "wasm")
}

/// Milliseconds since 1970 by the browser's clock; 0 on the server. For ages and labels, never to order writes.
#[expect(clippy::as_conversions, reason = "a positive f64 below 2^53 is a whole number of milliseconds")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a date is positive and far below 2^53")]
#[expect(clippy::disallowed_methods, reason = "this is the browser's clock")]
pub fn now_ms() -> u64 {
    if in_browser() { js_sys::Date::now() as u64 } else { 0 }
}

/// Milliseconds since the page was loaded, as exact as the browser tells; 0 on the server. For measuring only.
pub(super) fn precise_ms() -> f64 {
    if in_browser() { window().performance().map_or(0.0, |performance| performance.now()) } else { 0.0 }
}

/// `12:04` in the visitor's time zone.
pub fn clock_text(at_ms: u64) -> String {
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(float(at_ms)));
    format!("{:02}:{:02}", date.get_hours(), date.get_minutes())
}

/// `12:04:31.250` in the visitor's time zone.
pub fn exact_clock_text(at_ms: u64) -> String {
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(float(at_ms)));
    format!("{}:{:02}.{:03}", clock_text(at_ms), date.get_seconds(), date.get_milliseconds())
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "dates are far below 2^53")]
fn float(ms: u64) -> f64 {
    ms as f64
}

/// Does the browser think that it has a network?
pub fn is_online() -> bool {
    !in_browser() || window().navigator().on_line()
}

/// Where a server function leads to is loaded anew, not rendered from what this page knows: after logging in or out, the
/// visitor is another.
pub fn load_redirects_anew() {
    // Refused when it was said before, which is as well.
    let _ = leptos::server_fn::redirect::set_redirect_hook(go_to);
}

/// Loads another page of this site, leaving nothing of this one in memory.
pub fn go_to(path: &str) {
    // Failing would mean that the path is no URL; then the visitor stays where they are.
    let _ = window().location().set_href(path);
}

/// Loads this page anew: the visitor is another by now, and nothing of what is shown is theirs. Whoever has unsaved text
/// on it is asked first, by the browser.
pub(super) fn begin_anew() {
    // Refused by the person, or where the page is on its way out already.
    let _ = window().location().reload();
}

/// A number that differs from tab to tab; 0 on the server. For scattering requests, never for secrets.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a random number below 2^52"
)]
pub fn random() -> u64 {
    if in_browser() { (js_sys::Math::random() * 4_503_599_627_370_496.0) as u64 } else { 0 }
}
