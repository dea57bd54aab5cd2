//! Drafts in IndexedDB, for what is too long for localStorage: text by name, in one table.
//!
//! The crates that wrap IndexedDB bring a runtime and bindings of their own; three operations on one table need neither.

use std::{cell::Cell, rc::Rc};

use futures::channel::oneshot;
use js_sys::Array;
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

use super::js::{Attempt, call, property, set};

const DATABASE: &str = "fictures";
const TABLE: &str = "drafts";

/// Keeps `text` under `name`; done when the browser says that it is on the disk.
pub(super) async fn put(name: &str, text: &str) -> Attempt<()> {
    change("put", &[text.into(), name.into()]).await
}

/// Removes what is kept under `name`, if anything is.
pub(super) async fn delete(name: &str) -> Attempt<()> {
    change("delete", &[name.into()]).await
}

/// Every entry whose name begins with `prefix`.
pub(super) async fn all(prefix: &str) -> Attempt<Vec<(String, String)>> {
    let database = open().await?;
    let (transaction, table) = begin(&database, "readonly")?;
    let names = call(&table, "getAllKeys", &[])?;
    let texts = call(&table, "getAll", &[])?;
    let done = outcome(&transaction, "oncomplete").await;
    close(&database);
    done?;
    let list = |request: &JsValue| property(request, "result").map(|list| list.unchecked_into::<Array>());
    let (names, texts) = (list(&names)?, list(&texts)?);
    let entries =
        names.iter().zip(texts.iter()).filter_map(|(name, text)| Some((name.as_string()?, text.as_string()?)));
    Ok(entries.filter(|(name, _)| name.starts_with(prefix)).collect())
}

async fn change(method: &str, arguments: &[JsValue]) -> Attempt<()> {
    let database = open().await?;
    let (transaction, table) = begin(&database, "readwrite")?;
    call(&table, method, arguments)?;
    let done = outcome(&transaction, "oncomplete").await;
    close(&database);
    done
}

async fn open() -> Attempt<JsValue> {
    let request = call(&property(&window(), "indexedDB")?, "open", &[DATABASE.into(), 1.into()])?;
    let opening = request.clone();
    let create = Closure::<dyn FnMut()>::new(move || {
        // Failing leaves the table out, and every transaction then says so.
        let _ = property(&opening, "result").and_then(|database| call(&database, "createObjectStore", &[TABLE.into()]));
    });
    set(&request, "onupgradeneeded", create.as_ref())?;
    outcome(&request, "onsuccess").await?;
    property(&request, "result")
}

fn begin(database: &JsValue, mode: &str) -> Attempt<(JsValue, JsValue)> {
    let transaction = call(database, "transaction", &[TABLE.into(), mode.into()])?;
    let table = call(&transaction, "objectStore", &[TABLE.into()])?;
    Ok((transaction, table))
}

fn close(database: &JsValue) {
    // One that cannot be closed is closed with the page.
    let _ = call(database, "close", &[]);
}

/// Waits until `good` happens to a request or a transaction, or something bad does.
async fn outcome(target: &JsValue, good: &str) -> Attempt<()> {
    let (told, heard) = oneshot::channel();
    let told = Rc::new(Cell::new(Some(told)));
    let hear = |is_good: bool| {
        let told = Rc::clone(&told);
        Closure::<dyn FnMut()>::new(move || {
            // Whoever waits may have lost patience.
            let _ = told.take().map(|tell| tell.send(is_good));
        })
    };
    let mut listening = Listening { target, closures: Vec::new() };
    listening.to(good, hear(true))?;
    for bad in ["onerror", "onabort", "onblocked"] {
        listening.to(bad, hear(false))?;
    }
    match heard.await {
        Ok(true) => Ok(()),
        Ok(false) | Err(_) => Err(property(target, "error").unwrap_or_default()),
    }
}

/// Closures that an object calls, until this goes; after that it calls none of them.
struct Listening<'a> {
    target: &'a JsValue,
    closures: Vec<(String, Closure<dyn FnMut()>)>,
}

impl Listening<'_> {
    fn to(&mut self, event: &str, closure: Closure<dyn FnMut()>) -> Attempt<()> {
        set(self.target, event, closure.as_ref())?;
        self.closures.push((event.to_owned(), closure));
        Ok(())
    }
}

impl Drop for Listening<'_> {
    fn drop(&mut self) {
        for (event, _) in &self.closures {
            // What took a closure takes nothing in its place, too.
            let _ = set(self.target, event, &JsValue::NULL);
        }
    }
}
