//! Interfaces of the browser by the names of their methods.
//!
//! IndexedDB, locks and channels are used here only, and only by writers. Bindings for them would be part of the script
//! that every reader loads; calls by name cost that script nothing.

use js_sys::{Array, Function, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};

/// What goes wrong in there is a value of any kind; all that matters is that something did.
pub(super) type Attempt<T> = Result<T, JsValue>;

/// A property of an object.
pub(super) fn property(object: &JsValue, name: &str) -> Attempt<JsValue> {
    Reflect::get(object, &name.into())
}

/// Gives a property of an object another value.
pub(super) fn set(object: &JsValue, name: &str, value: &JsValue) -> Attempt<()> {
    Reflect::set(object, &name.into(), value).map(drop)
}

/// Calls a method of an object.
pub(super) fn call(object: &JsValue, method: &str, arguments: &[JsValue]) -> Attempt<JsValue> {
    let method: Function = property(object, method)?.dyn_into()?;
    method.apply(object, &arguments.iter().collect::<Array>())
}

/// Makes an object of a class that the window has, with one argument.
pub(super) fn make(class: &str, argument: JsValue) -> Attempt<JsValue> {
    let class: Function = property(&window(), class)?.dyn_into()?;
    Reflect::construct(&class, &Array::of1(&argument))
}
